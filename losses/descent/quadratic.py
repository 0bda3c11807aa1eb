"""Quadratic losses evaluated from their expansion about the optimum, at a cost independent of the data."""

from dataclasses import dataclass
from typing import Any, Final, Self
from weakref import WeakKeyDictionary

import numpy as np

from losses.certificate.certify import certify
from losses.core.arrays import Array
from losses.problem.problem import Problem

AGREEMENT_TOLERANCE: Final = 1e-12
"""Largest error of the model at the start, relative to the largest loss or gradient there."""


@dataclass(frozen=True, eq=False)
class QuadraticModel:
    """The function ``loss + gᵀδ + ½ δᵀHδ`` with δ = θ − center, batched as a problem is.

    ``residual_gradient`` is g: the gradient at the optimum, zero up to rounding.
    """

    center: Array
    loss: float
    residual_gradient: Array
    hessian_matrix: Array

    @classmethod
    def from_problem(cls, problem: Problem, theta: Array) -> Self | None:
        """Return the model of a quadratic problem, cached by problem.

        Returns None if the problem is not quadratic, if its optimum is unknown,
        or if the model is not accurate at ``theta (..., d)``.
        """
        if not problem.quadratic:
            return None
        if problem not in _models:
            _models[problem] = cls._about_optimum(problem)
        model = _models[problem]
        if model is None:
            return None
        value, gradient = problem.value_and_gradient(theta)
        gradient_error = np.abs(model.gradient(theta) - gradient).max()
        value_error = np.abs(model.value(theta) - value).max()
        accurate = (
            gradient_error <= AGREEMENT_TOLERANCE * np.abs(gradient).max()
            and value_error <= AGREEMENT_TOLERANCE * np.abs(value).max()
        )
        return model if accurate else None

    @classmethod
    def _about_optimum(cls, problem: Problem) -> Self | None:
        optimum = certify(problem).optimum
        if optimum is None:
            return None
        loss = float(problem.value(optimum))
        return cls(optimum, loss, problem.gradient(optimum), problem.hessian(optimum))

    def value(self, theta: Array) -> Array:
        """Return the losses ``(...)`` at points ``(..., d)``."""
        delta = theta - self.center
        return np.asarray(
            self.loss + (delta * (self.residual_gradient + 0.5 * delta @ self.hessian_matrix)).sum(axis=-1)
        )

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """Return the losses ``(...)`` and the gradients ``(..., d)``."""
        return self.value(theta), self.gradient(theta)

    def gradient(self, theta: Array) -> Array:
        """Return the gradients ``(..., d)`` at points ``(..., d)``."""
        return np.asarray(self.residual_gradient + np.dot(theta - self.center, self.hessian_matrix))


_models: WeakKeyDictionary[Problem, Any] = WeakKeyDictionary()
