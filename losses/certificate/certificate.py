"""Define certificates and build them from a known optimum, or without one."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from losses.certificate.curvature import (
    extreme_eigenvalues,
    global_lipschitz_bound,
    is_positive_definite,
    jumps_at,
)
from losses.core.arrays import Array, frozen
from losses.core.records import ReadOnlyArrays, describe_point
from losses.core.ternary import NO, UNKNOWN, YES, Ternary
from losses.expression.analytic import is_strictly_convex
from losses.problem.problem import Problem
from losses.problem.standardized_coordinates import StandardizedProblem

SCOPE_EXACT: Final = "exact"
"""The curvature is constant, as the problem is quadratic."""
SCOPE_BOUND: Final = "bound"
"""The largest curvature is a bound that holds everywhere."""
SCOPE_LOCAL: Final = "local"
"""The largest curvature is that at the optimum."""
SCOPE_START: Final = "start"
"""The largest curvature is that at the default start."""
SCOPE_NONE: Final = "none"
"""No curvature is known, as where the loss has kinks."""

MAX_PARAMETERS: Final = 64
"""Number of parameters up to which an optimum is searched for."""
EIGENVALUE_TOLERANCE: Final = 1e-9
"""An eigenvalue below this share of the largest may be a rounding error."""
RISE_STEP: Final = 1e-3
"""A change of the scores, as a share of their size, with which the loss must rise beside an optimum ..."""
RISE_TOLERANCE: Final = 1e-13
"""... by this share of it."""


@dataclass(frozen=True, eq=False, repr=False)
class Certificate(ReadOnlyArrays):
    """The optimum of a problem and its curvature; numbers that are not known are None.

    The claims ``exists``, ``unique`` and ``lowest`` are :class:`Ternary`: true or false only where that is
    proved, and otherwise unknown, which raises where a truth value is asked for. Compare with ``is YES``.

    Optima are proved by gradient and Hessian in standardized coordinates, in which rounding errors stay
    small; at kinks of convex problems by a duality gap, at other kinks by Lagrange multipliers and the
    curvature along the kinks; the fewest mistakes by counting.

    Directions in which the scores of several classes shift together are left out of the curvature.
    """

    optimum: Array | None
    """The minimizer, ``(d,)``; a local one, the best that was found, unless ``lowest``."""
    loss: float | None
    """The loss at the optimum; without a minimum its infimum."""
    exists: Ternary
    """Whether some point has a neighborhood without lower losses.

    Shown by an optimum, or by the growth of the loss in all directions; refuted by a direction along which
    the loss falls for ever from every point.
    """
    unique: Ternary
    """Whether the loss has exactly one global minimizer.

    Shown by convexity and a positive definite Hessian on all sides of the optimum, by a strictly convex loss
    of predictions that no other parameters make, or by kinks that pin it; refuted by a second minimizer, or
    if there is none.
    """
    scope: str
    """How ``lipschitz`` is known: one of the ``SCOPE_…`` constants."""
    lipschitz: float | None = None
    """L, the largest Hessian eigenvalue or an upper bound of it."""
    strong_convexity: float | None = None
    """μ, the smallest Hessian eigenvalue at the optimum; None if it is too small to tell from 0."""
    condition: float | None = None
    """The ratio of the largest Hessian eigenvalue to the smallest, both at the optimum."""
    critical_rate: float | None = None
    """2/L, the largest stable learning rate of gradient descent."""
    best_rate: float | None = None
    """2/(L + μ) with L at the optimum, the fastest rate near it; None unless below ``critical_rate``."""
    lowest: Ternary = UNKNOWN
    """Whether no loss below ``loss`` is possible, but for rounding errors.

    Shown by convexity at a stationary point, by a duality gap, by counting, or by a known infimum.
    """

    def __repr__(self) -> str:
        return f"<certificate: {'; '.join((self._describe_minimum(), *self._describe_curvature()))}>"

    def _describe_minimum(self) -> str:
        if self.optimum is None:
            known = f", infimum {self.loss:.6g}" if self.loss is not None else ""
            return ("no minimum" if self.exists is NO else "optimum not known") + known
        claims = "lowest" if self.lowest is YES else "the best that was found"
        claims += ", unique" if self.unique is YES else ""
        return f"minimum {self.loss:.6g} at {describe_point(self.optimum)}, {claims}"

    def _describe_curvature(self) -> list[str]:
        facts = []
        if self.lipschitz is not None:
            facts.append(f"L = {self.lipschitz:.6g} ({self.scope})")
        if self.condition is not None:
            facts.append(f"condition {self.condition:.6g}")
        if self.critical_rate is not None:
            facts.append(f"stable below rate {self.critical_rate:.6g}")
        return facts or ["curvature not known"]


def unknown_certificate() -> Certificate:
    """Return the certificate of a problem of which nothing is known."""
    return Certificate(None, None, exists=UNKNOWN, unique=UNKNOWN, scope=SCOPE_NONE)


def finite_ratio(numerator: float, denominator: float | None) -> float | None:
    """Return a positive quotient, or None if it is beyond float64 or the denominator is unknown."""
    if denominator is None or not numerator / np.finfo(np.float64).max < denominator < np.inf:
        return None
    return numerator / denominator


def certificate_at(
    problem: Problem,
    optimum: Array,
    scope: str,
    lowest: Ternary,
    *,
    basis: Array | None = None,
    standardized: StandardizedProblem | None = None,
) -> Certificate:
    """Return the certificate of a proved optimum ``(d,)``; ``lowest`` says whether none can be lower.

    A local scope becomes a bound if one is known that holds everywhere; otherwise no curvature is given where
    the largest jumps. ``basis (d, e)``, an orthonormal basis, tells that the problem is constant in the
    directions orthogonal to it; their curvature is ignored. ``standardized`` is the problem in its frame if
    the model is linear.
    """
    top, bottom = (
        extreme_eigenvalues(problem, optimum, standardized)
        if basis is None
        else _extreme_eigenvalues_within(problem, optimum, basis)
    )
    is_strict, bound = bottom > 0.0, global_lipschitz_bound(problem)
    if is_strict and basis is None and standardized is not None and not problem.quadratic:
        is_strict = _is_seen_to_rise(standardized, optimum)
    shifts = basis is not None and basis.shape[0] > basis.shape[1]
    lipschitz = top
    if scope == SCOPE_LOCAL and bound is not None:
        scope, lipschitz = SCOPE_BOUND, bound
    elif scope == SCOPE_LOCAL and jumps_at(problem, optimum):
        lipschitz = np.inf
    certificate = Certificate(
        optimum=frozen(optimum),
        loss=float(problem.value(optimum)),
        exists=YES,
        unique=NO if shifts else _is_unique(problem, optimum, lowest, is_strict, standardized),
        scope=SCOPE_NONE,
        lowest=lowest,
    )
    if not np.isfinite(lipschitz):
        return certificate
    best_rate = finite_ratio(2.0, top + bottom) if is_strict else None
    return replace(
        certificate,
        scope=scope,
        lipschitz=lipschitz,
        strong_convexity=bottom if is_strict else None,
        condition=top / bottom if is_strict else None,
        critical_rate=finite_ratio(2.0, lipschitz),
        best_rate=best_rate if best_rate is not None and lipschitz and best_rate < 2.0 / lipschitz else None,
    )


def _is_unique(
    problem: Problem,
    optimum: Array,
    lowest: Ternary,
    is_strict: bool,
    standardized: StandardizedProblem | None,
) -> Ternary:
    """Return whether a proved optimum is the only one; see :func:`certificate_at`.

    A convex problem has one minimizer if its Hessian there is positive definite, or if its loss is strictly
    convex and no two points have the same predictions. It has many if inputs depend exactly.
    """
    is_resolved = standardized is not None and standardized.is_resolved
    # The curvature of a quadratic is the same everywhere, so that it does not matter where the optimum is.
    is_stationary = problem.convex and (lowest is YES or (problem.quadratic and is_resolved))
    if is_strict and is_stationary and is_positive_definite(problem, optimum, standardized):
        return YES
    if standardized is None or not is_resolved:
        return UNKNOWN
    if not standardized.is_complete:
        return NO
    is_proved = (
        lowest is YES and not standardized.problem.l1 and is_strictly_convex(standardized.problem.loss)
    )
    return YES if is_proved and _is_seen_to_rise(standardized, optimum) else UNKNOWN


def _is_seen_to_rise(standardized: StandardizedProblem, optimum: Array) -> bool:
    """Return whether the computed loss is higher a little away from the optimum, along all axes of curvature.

    That of log cosh is not between two examples with the same inputs and targets 1 and 10⁶: there it is a
    straight line but for e^(−10⁶).
    """
    phi = standardized.to_local(optimum)
    axes = np.linalg.eigh(standardized.hessian_lower_bound(phi))[1].T
    problem = standardized.problem
    size = np.abs(problem.score(optimum)).mean() + problem.y.std()
    around = standardized.value(
        np.concatenate([phi + RISE_STEP * size * axes, phi - RISE_STEP * size * axes])
    )
    return bool((around > standardized.value(phi) * (1.0 + RISE_TOLERANCE)).all())


def _extreme_eigenvalues_within(problem: Problem, theta: Array, basis: Array) -> tuple[float, float]:
    """Return the largest and smallest eigenvalue in a subspace; the smallest is 0 unless surely positive."""
    values = np.linalg.eigvalsh(basis.T @ problem.hessian(theta) @ basis)
    top, bottom = float(values[-1]), float(values[0])
    return top, bottom if bottom > EIGENVALUE_TOLERANCE * top else 0.0


def certificate_without_optimum(
    problem: Problem, exists: Ternary, loss: float | None = None, start_curvature: float | None = None
) -> Certificate:
    """Return the certificate of a problem whose optimum is not known, or that has none.

    ``loss`` is the infimum, if it is proved. The curvature is a bound that holds everywhere, if one is known,
    otherwise ``start_curvature``, the largest at the start.
    """
    bound = global_lipschitz_bound(problem)
    lipschitz = start_curvature if bound is None else bound
    scope = SCOPE_NONE if lipschitz is None else SCOPE_START if bound is None else SCOPE_BOUND
    return Certificate(
        None,
        loss,
        exists=exists,
        unique=NO if exists is NO else UNKNOWN,
        scope=scope,
        lipschitz=lipschitz,
        critical_rate=finite_ratio(2.0, lipschitz),
        lowest=YES if loss is not None else UNKNOWN,
    )
