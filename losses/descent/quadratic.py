"""Bowls: a quadratic loss by its optimum, its lowest value and its Hessian, whatever the number of examples."""

from dataclasses import dataclass
from typing import Any, Final, Self
from weakref import WeakKeyDictionary

import numpy as np

from losses.certificate.certify import certify
from losses.core.arrays import Array
from losses.problem.problem import Problem

AGREE: Final = 1e-12


@dataclass(frozen=True, eq=False)
class Bowl:
    """``loss + slope·δ + ½ δᵀ H δ`` with δ = θ − center, batched as a problem is.

    ``slope`` is what rounding has left of the gradient at the optimum.
    """

    center: Array
    loss: float
    slope: Array
    matrix: Array

    @classmethod
    def of(cls, problem: Problem, theta: Array) -> Self | None:
        """The bowl of a quadratic problem; None where there is none, or where it is not exact at ``theta``."""
        if not problem.quadratic:
            return None
        if problem not in _known:
            _known[problem] = cls._around_best(problem)
        bowl = _known[problem]
        if bowl is None:
            return None
        value, gradient = problem.value(theta), problem.gradient(theta)
        away = np.abs(bowl.gradient(theta) - gradient).max(), np.abs(bowl.value(theta) - value).max()
        exact = away[0] <= AGREE * np.abs(gradient).max() and away[1] <= AGREE * np.abs(value).max()
        return bowl if exact else None

    @classmethod
    def _around_best(cls, problem: Problem) -> Self | None:
        best = certify(problem).optimum
        if best is None:
            return None
        return cls(best, float(problem.value(best)), problem.gradient(best), problem.hessian(best))

    def value(self, theta: Any) -> Array:
        away = theta - self.center
        return np.asarray(self.loss + (away * (self.slope + 0.5 * away @ self.matrix)).sum(axis=-1))

    def value_and_gradient(self, theta: Any) -> tuple[Array, Array]:
        return self.value(theta), self.gradient(theta)

    def gradient(self, theta: Any) -> Array:
        return np.asarray(self.slope + np.dot(theta - self.center, self.matrix))


_known: WeakKeyDictionary[Problem, Any] = WeakKeyDictionary()
