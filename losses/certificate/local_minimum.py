"""Local optima of problems that are not convex, and ways in which several scores may shift together."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_EXACT,
    SCOPE_LOCAL,
    Certificate,
    certificate_at,
    certificate_without_optimum,
)
from losses.certificate.newton import minimize, newton
from losses.certificate.sharpness import sharpness
from losses.core.arrays import Array
from losses.loss.base import MULTICLASS
from losses.problem.problem import DataProblem, Problem

MAX_MULTISTART_PARAMETERS: Final = 8
"""Up to this many parameters a loss that is not convex is searched from several starts."""
MAX_NEWTON_STEPS: Final = 60
"""Newton steps from the one start of a problem with more."""


def certify_local(problem: Problem) -> Certificate:
    """Newton's best of several starts, or in many dimensions what it finds from the one start."""
    best, ways = None, shift_free_basis(problem)
    with np.errstate(over="ignore", invalid="ignore"):
        if problem.dim <= MAX_MULTISTART_PARAMETERS and ways is None:
            best = minimize(problem)
        elif problem.dim <= MAX_PARAMETERS:
            best = _minimize_in_subspace(problem, np.eye(problem.dim) if ways is None else ways)
    if best is None:
        return certificate_without_optimum(problem, None, start_curvature=sharpness(problem))
    return certificate_at(problem, best, SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL, ways)


def shift_free_basis(problem: Problem) -> Array | None:
    """A basis ``(d, e)`` of the ways in which classes do not shift together; None where nothing may shift.

    Only differences of scores count for probabilities, so one parameter may
    move by as much in every class and nothing changes, unless it is penalized.
    A minimum in all other ways is one, and no descent ever moves in these.
    """
    if not isinstance(problem, DataProblem) or problem.data.task != MULTICLASS:
        return None
    if not any(role.is_output for role in problem.roles):
        return None
    together: dict[int, list[int]] = {}
    paid = problem.penalized if problem.l1 or problem.l2 else np.zeros(problem.dim, dtype=bool)
    for i, role in enumerate(problem.roles):
        if role.is_output and not paid[i]:
            together.setdefault(role.column, []).append(i)
    shifts = np.zeros((len(together), problem.dim))
    for row, places in zip(shifts, together.values(), strict=True):
        row[places] = 1.0
    return np.asarray(np.linalg.svd(shifts)[2][len(shifts) :].T)


@dataclass(frozen=True, eq=False)
class _Subspace:
    """A problem about its start in some of its ways, ``(d, e)``."""

    problem: Problem
    basis: Array

    def to_theta(self, phi: Array) -> Array:
        return np.asarray(self.problem.start + phi @ self.basis.T)

    def value(self, phi: Array) -> Array:
        return self.problem.value(self.to_theta(phi))

    def gradient(self, phi: Array) -> Array:
        return self.problem.gradient(self.to_theta(phi)) @ self.basis

    def hessian(self, phi: Array) -> Array:
        return self.basis.T @ self.problem.hessian(self.to_theta(phi)) @ self.basis


def _minimize_in_subspace(problem: Problem, basis: Array) -> Array | None:
    span, count = _Subspace(problem, basis), basis.shape[1]
    best = newton(span, np.zeros(count), np.ones(count), steps=MAX_NEWTON_STEPS)
    return None if best is None else span.to_theta(best)
