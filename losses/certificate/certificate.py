"""What a certificate is."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.certificate.curvature import extreme_eigenvalues, global_lipschitz_bound, is_positive_definite
from losses.core.arrays import Array, frozen
from losses.problem.problem import Problem

SCOPE_EXACT: Final = "exact"
SCOPE_BOUND: Final = "bound"
SCOPE_LOCAL: Final = "local"
SCOPE_START: Final = "start"
SCOPE_NONE: Final = "none"

MAX_PARAMETERS: Final = 64
"""Beyond this many no optimum is searched for."""
EIGENVALUE_TOLERANCE: Final = 1e-9
"""A curvature below this share of the largest may be rounding."""


@dataclass(frozen=True, eq=False)
class Certificate:
    """The optimum of a problem and its curvature.

    ``exists`` is True where a minimum is proved to be somewhere, False where
    it is proved that there is none; ``lowest`` says that no loss below
    ``loss`` is possible, which then is what a problem without a minimum falls
    to. An ``optimum`` that is not the ``lowest`` for certain is a local one,
    the best that was found.

    ``lipschitz`` (L) bounds the largest Hessian eigenvalue and
    ``critical_rate`` is 2/L, the largest stable learning rate of gradient
    descent. ``strong_convexity`` (mu) is the smallest eigenvalue and
    ``condition`` the ratio, both at the optimum; ``best_rate`` is 2/(L + mu).
    ``scope`` says how L is known: ``exact`` on a quadratic, a ``global_lipschitz_bound`` that
    holds everywhere, ``local`` at the optimum or ``start`` at the problem's
    start only, ``none`` where the loss has kinks. What is not known is None.
    Ways in which the scores of several classes shift together count for nothing.

    Optima are proved by gradient and Hessian in units in which neither drowns
    in rounding; at kinks by a duality gap, or by multipliers that balance and
    a curvature along the kinks; fewest mistakes by counting.
    """

    optimum: Array | None
    loss: float | None
    exists: bool | None
    unique: bool
    scope: str
    lipschitz: float | None = None
    strong_convexity: float | None = None
    condition: float | None = None
    critical_rate: float | None = None
    best_rate: float | None = None
    lowest: bool = False


def unknown_certificate() -> Certificate:
    return Certificate(None, None, exists=None, unique=False, scope=SCOPE_NONE)


def certificate_at(problem: Problem, optimum: Array, scope: str, basis: Array | None = None) -> Certificate:
    """The certificate of a known optimum: curvature there, or a bound that holds everywhere.

    Only the curvature in some ``ways (d, e)`` counts where nothing changes in the others.
    """
    top, bottom = (
        extreme_eigenvalues(problem, optimum)
        if basis is None
        else _extreme_eigenvalues_within(problem, optimum, basis)
    )
    positive = bottom > 0.0
    everywhere = global_lipschitz_bound(problem)
    if scope == SCOPE_LOCAL and everywhere is not None:
        scope, largest = SCOPE_BOUND, everywhere
    else:
        largest = top
    best = 2.0 / (top + bottom) if positive else None
    return Certificate(
        optimum=frozen(optimum),
        loss=float(problem.value(optimum)),
        exists=True,
        unique=problem.convex and positive and basis is None and is_positive_definite(problem, optimum),
        scope=scope,
        lipschitz=largest,
        strong_convexity=bottom,
        condition=top / bottom if positive else None,
        critical_rate=2.0 / largest if largest else None,
        best_rate=best if best is not None and largest and best < 2.0 / largest else None,
        lowest=problem.convex,
    )


def _extreme_eigenvalues_within(problem: Problem, theta: Array, basis: Array) -> tuple[float, float]:
    """The largest and the smallest curvature in some ways, the smallest 0 where it is not surely positive."""
    values = np.linalg.eigvalsh(basis.T @ problem.hessian(theta) @ basis)
    top, bottom = float(values[-1]), float(values[0])
    return top, bottom if bottom > EIGENVALUE_TOLERANCE * top else 0.0


def certificate_without_optimum(
    problem: Problem, exists: bool | None, loss: float | None = None, start_curvature: float | None = None
) -> Certificate:
    """Where no optimum is known a bound of the curvature may be, or what it is at the start: ``start_curvature``."""
    everywhere = global_lipschitz_bound(problem)
    largest = start_curvature if everywhere is None else everywhere
    scope = SCOPE_NONE if largest is None else SCOPE_START if everywhere is None else SCOPE_BOUND
    return Certificate(
        None,
        loss,
        exists=exists,
        unique=False,
        scope=scope,
        lipschitz=largest,
        critical_rate=2.0 / largest if largest else None,
        lowest=loss is not None,
    )
