"""Define certificates and build them from a known optimum, or without one."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.certificate.curvature import extreme_eigenvalues, global_lipschitz_bound, is_positive_definite
from losses.core.arrays import Array, frozen
from losses.problem.problem import Problem

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


@dataclass(frozen=True, eq=False)
class Certificate:
    """The optimum of a problem and its curvature; what is not known is None.

    Optima are proved by gradient and Hessian in standardized coordinates, in which rounding errors stay
    small; at kinks of convex problems by a duality gap, at other kinks by Lagrange multipliers and the
    curvature along the kinks; the fewest mistakes by counting.

    Directions in which the scores of several classes shift together are left out of the curvature.
    """

    optimum: Array | None
    """The minimizer, ``(d,)``; a local one, the best that was found, unless ``lowest``."""
    loss: float | None
    """The loss at the optimum; without a minimum its infimum."""
    exists: bool | None
    """Whether there is a minimum: True or False if it is proved."""
    unique: bool
    """Whether the optimum is proved to be the only minimizer."""
    scope: str
    """How ``lipschitz`` is known: one of the ``SCOPE_…`` constants."""
    lipschitz: float | None = None
    """L, the largest Hessian eigenvalue or an upper bound of it."""
    strong_convexity: float | None = None
    """μ, the smallest Hessian eigenvalue at the optimum; 0 if it is not surely positive."""
    condition: float | None = None
    """The ratio of the largest Hessian eigenvalue to the smallest, both at the optimum."""
    critical_rate: float | None = None
    """2/L, the largest stable learning rate of gradient descent."""
    best_rate: float | None = None
    """2/(L + μ) with L at the optimum, the fastest rate near it; None unless below ``critical_rate``."""
    lowest: bool = False
    """Whether no loss below ``loss`` is possible."""


def unknown_certificate() -> Certificate:
    """Return the certificate of a problem of which nothing is known."""
    return Certificate(None, None, exists=None, unique=False, scope=SCOPE_NONE)


def finite_ratio(numerator: float, denominator: float | None) -> float | None:
    """Return a positive quotient, or None if it is beyond float64 or the denominator is unknown."""
    if denominator is None or not numerator / np.finfo(np.float64).max < denominator < np.inf:
        return None
    return numerator / denominator


def certificate_at(problem: Problem, optimum: Array, scope: str, basis: Array | None = None) -> Certificate:
    """Return the certificate of a proved optimum ``(d,)``.

    A local scope becomes a bound if one is known that holds everywhere. ``basis (d, e)``, an orthonormal
    basis, tells that the problem is constant in the directions orthogonal to it; their curvature is ignored.
    """
    top, bottom = (
        extreme_eigenvalues(problem, optimum)
        if basis is None
        else _extreme_eigenvalues_within(problem, optimum, basis)
    )
    is_strict = bottom > 0.0
    bound = global_lipschitz_bound(problem)
    if scope == SCOPE_LOCAL and bound is not None:
        scope, lipschitz = SCOPE_BOUND, bound
    else:
        lipschitz = top
    best_rate = finite_ratio(2.0, top + bottom) if is_strict else None
    return Certificate(
        optimum=frozen(optimum),
        loss=float(problem.value(optimum)),
        exists=True,
        unique=problem.convex and is_strict and basis is None and is_positive_definite(problem, optimum),
        scope=scope,
        lipschitz=lipschitz,
        strong_convexity=bottom,
        condition=top / bottom if is_strict else None,
        critical_rate=finite_ratio(2.0, lipschitz),
        best_rate=best_rate if best_rate is not None and lipschitz and best_rate < 2.0 / lipschitz else None,
        lowest=problem.convex,
    )


def _extreme_eigenvalues_within(problem: Problem, theta: Array, basis: Array) -> tuple[float, float]:
    """Return the largest and smallest eigenvalue in a subspace; the smallest is 0 unless surely positive."""
    values = np.linalg.eigvalsh(basis.T @ problem.hessian(theta) @ basis)
    top, bottom = float(values[-1]), float(values[0])
    return top, bottom if bottom > EIGENVALUE_TOLERANCE * top else 0.0


def certificate_without_optimum(
    problem: Problem, exists: bool | None, loss: float | None = None, start_curvature: float | None = None
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
        unique=False,
        scope=scope,
        lipschitz=lipschitz,
        critical_rate=finite_ratio(2.0, lipschitz),
        lowest=loss is not None,
    )
