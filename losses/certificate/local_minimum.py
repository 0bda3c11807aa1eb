"""Certify local minima of nonconvex problems, and find the directions in which classes shift together."""

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
from losses.certificate.newton import minimize, newton, newton_steps, parameter_scales, rises_along
from losses.certificate.sharpness import sharpness
from losses.core.arrays import Array
from losses.core.ternary import UNKNOWN, YES
from losses.expression.attained_floor import attained_floor
from losses.loss.base import MULTICLASS
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem, Problem

MAX_MULTISTART_PARAMETERS: Final = 8
"""Number of parameters up to which a nonconvex loss is searched from several starts."""
MAX_NEWTON_STEPS: Final = 60
"""Newton steps from the one start of a problem with more parameters."""


def certify_local(problem: Problem) -> Certificate:
    """Return the certificate of the lowest local minimum that Newton's method finds.

    It has several starts if there are few parameters, otherwise only the default one.
    """
    optimum = basis = None
    if problem.dim <= MAX_PARAMETERS:
        basis = shift_free_basis(problem)
        with np.errstate(over="ignore", invalid="ignore"):
            if problem.dim <= MAX_MULTISTART_PARAMETERS and basis is None:
                optimum = minimize(problem)
            else:
                optimum = _minimize_in_subspace(problem, np.eye(problem.dim) if basis is None else basis)
    if optimum is None or _is_rounded_to_zero(problem, optimum):
        return certificate_without_optimum(problem, UNKNOWN, start_curvature=sharpness(problem))
    lowest = YES if problem.convex else UNKNOWN
    scope = SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL
    return certificate_at(problem, optimum, scope, lowest, basis=basis)


def _is_rounded_to_zero(problem: Problem, optimum: Array) -> bool:
    """Return whether the loss is 0 at a point and not seen to rise around it, and may be 0 by rounding only.

    Beside such a loss any curvature is large. A formula that attains 0 is there in truth, unless its
    prediction is rounded, as a probability near 1 is.
    """
    if problem.value(optimum) != 0.0 or rises_along(problem, optimum, np.diag(parameter_scales(problem))):
        return False
    return not (
        isinstance(problem, DataProblem)
        and problem.link.key == IDENTITY_KEY
        and attained_floor(problem.loss) == 0.0
    )


def shift_free_basis(problem: Problem) -> Array | None:
    """Return an orthonormal basis ``(d, e)`` of the directions in which classes do not shift together.

    Probabilities depend on differences of scores only, so adding a number to the same parameter of every
    class changes nothing, unless that is penalized. A minimum in the span of the basis is a minimum, and no
    descent leaves its start's translate of the span. Returns None for problems without several classes or
    without an output layer.
    """
    if not isinstance(problem, DataProblem) or problem.data.task != MULTICLASS:
        return None
    if not any(role.is_output for role in problem.roles):
        return None
    indices_by_column: dict[int, list[int]] = {}
    is_penalized = problem.penalized if problem.l1 or problem.l2 else np.zeros(problem.dim, dtype=bool)
    for i, role in enumerate(problem.roles):
        if role.is_output and not is_penalized[i]:
            indices_by_column.setdefault(role.column, []).append(i)
    shifts = np.zeros((len(indices_by_column), problem.dim))
    for shift, indices in zip(shifts, indices_by_column.values(), strict=True):
        shift[indices] = 1.0
    return np.asarray(np.linalg.svd(shifts)[2][len(shifts) :].T)


@dataclass(frozen=True, eq=False)
class _Subspace:
    """A problem on the plane through its start that ``basis (d, e)`` spans; coordinates φ ``(..., e)``."""

    problem: Problem
    basis: Array

    def to_theta(self, phi: Array) -> Array:
        """Return the parameters ``(..., d)`` at coordinates φ."""
        return np.asarray(self.problem.start + phi @ self.basis.T)

    def value(self, phi: Array) -> Array:
        return self.problem.value(self.to_theta(phi))

    def gradient(self, phi: Array) -> Array:
        return self.problem.gradient(self.to_theta(phi)) @ self.basis

    def hessian(self, phi: Array) -> Array:
        return self.basis.T @ self.problem.hessian(self.to_theta(phi)) @ self.basis


def _minimize_in_subspace(problem: Problem, basis: Array) -> Array | None:
    subspace, e = _Subspace(problem, basis), basis.shape[1]
    steps = newton_steps(problem, 1, MAX_NEWTON_STEPS)
    phi = newton(subspace, np.zeros(e), np.ones(e), steps=steps)
    return None if phi is None else subspace.to_theta(phi)
