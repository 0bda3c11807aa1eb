"""What a certificate is."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.certificate.curvature import bound, ends, surely_bends
from losses.core.arrays import Array, frozen
from losses.problem.problem import Problem

EXACT: Final = "exact"
BOUND: Final = "bound"
LOCAL: Final = "local"
START: Final = "start"
NOTHING: Final = "none"

MOST_PARAMETERS: Final = 64
"""Beyond this many no optimum is searched for."""
SMALLEST: Final = 1e-9
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
    ``scope`` says how L is known: ``exact`` on a quadratic, a ``bound`` that
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


def unknown() -> Certificate:
    return Certificate(None, None, exists=None, unique=False, scope=NOTHING)


def at(problem: Problem, optimum: Array, scope: str, ways: Array | None = None) -> Certificate:
    """The certificate of a known optimum: curvature there, or a bound that holds everywhere.

    Only the curvature in some ``ways (d, e)`` counts where nothing changes in the others.
    """
    top, bottom = ends(problem, optimum) if ways is None else _ends_within(problem, optimum, ways)
    positive = bottom > 0.0
    everywhere = bound(problem)
    if scope == LOCAL and everywhere is not None:
        scope, largest = BOUND, everywhere
    else:
        largest = top
    best = 2.0 / (top + bottom) if positive else None
    return Certificate(
        optimum=frozen(optimum),
        loss=float(problem.value(optimum)),
        exists=True,
        unique=problem.convex and positive and ways is None and surely_bends(problem, optimum),
        scope=scope,
        lipschitz=largest,
        strong_convexity=bottom,
        condition=top / bottom if positive else None,
        critical_rate=2.0 / largest if largest else None,
        best_rate=best if best is not None and largest and best < 2.0 / largest else None,
        lowest=problem.convex,
    )


def _ends_within(problem: Problem, at: Array, ways: Array) -> tuple[float, float]:
    """The largest and the smallest curvature in some ways, the smallest 0 where it is not surely positive."""
    values = np.linalg.eigvalsh(ways.T @ problem.hessian(at) @ ways)
    top, bottom = float(values[-1]), float(values[0])
    return top, bottom if bottom > SMALLEST * top else 0.0


def without_optimum(
    problem: Problem, exists: bool | None, loss: float | None = None, known: float | None = None
) -> Certificate:
    """Where no optimum is known a bound of the curvature may be, or what it is at the start: ``known``."""
    everywhere = bound(problem)
    largest = known if everywhere is None else everywhere
    scope = NOTHING if largest is None else START if everywhere is None else BOUND
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
