"""Bowls: a quadratic loss by its optimum, its lowest value and its Hessian, whatever the number of examples."""

from dataclasses import dataclass
from typing import Any, Final, Self
from weakref import WeakKeyDictionary

import numpy as np

from losses.certificate.certify import certify
from losses.core.arrays import Array
from losses.problem.problem import Problem

AGREEMENT_TOLERANCE: Final = 1e-12


@dataclass(frozen=True, eq=False)
class QuadraticModel:
    """``loss + slope·δ + ½ δᵀ H δ`` with δ = θ − center, batched as a problem is.

    ``residual_gradient`` is what rounding has left of the gradient at the optimum.
    """

    center: Array
    loss: float
    residual_gradient: Array
    hessian_matrix: Array

    @classmethod
    def from_problem(cls, problem: Problem, theta: Array) -> Self | None:
        """The bowl of a quadratic problem; None where there is none, or where it is not exact at ``theta``."""
        if not problem.quadratic:
            return None
        if problem not in _models:
            _models[problem] = cls._about_optimum(problem)
        bowl = _models[problem]
        if bowl is None:
            return None
        value, gradient = problem.value_and_gradient(theta)
        away = np.abs(bowl.gradient(theta) - gradient).max(), np.abs(bowl.value(theta) - value).max()
        exact = (
            away[0] <= AGREEMENT_TOLERANCE * np.abs(gradient).max()
            and away[1] <= AGREEMENT_TOLERANCE * np.abs(value).max()
        )
        return bowl if exact else None

    @classmethod
    def _about_optimum(cls, problem: Problem) -> Self | None:
        best = certify(problem).optimum
        if best is None:
            return None
        return cls(best, float(problem.value(best)), problem.gradient(best), problem.hessian(best))

    def value(self, theta: Any) -> Array:
        away = theta - self.center
        return np.asarray(
            self.loss + (away * (self.residual_gradient + 0.5 * away @ self.hessian_matrix)).sum(axis=-1)
        )

    def value_and_gradient(self, theta: Any) -> tuple[Array, Array]:
        return self.value(theta), self.gradient(theta)

    def gradient(self, theta: Any) -> Array:
        return np.asarray(self.residual_gradient + np.dot(theta - self.center, self.hessian_matrix))


_models: WeakKeyDictionary[Problem, Any] = WeakKeyDictionary()
