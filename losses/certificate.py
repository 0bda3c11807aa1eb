"""Certificates: what can be known of a problem, and how surely."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from losses.arrays import Array, frozen
from losses.curvature import bound, ends
from losses.frame import Frame
from losses.kinks import Kinks, lowest
from losses.loss import LOSSES, REGRESSION, SCORE
from losses.newton import minimize, newton
from losses.problem import DataProblem, Problem
from losses.separation import Separation, separable, separation
from losses.test_functions import TestFunction
from losses.window import least_squares

EXACT: Final = "exact"
BOUND: Final = "bound"
LOCAL: Final = "local"
NOTHING: Final = "none"

MOST_PAIRS: Final = 20_000
MOST_PARAMETERS: Final = 64
"""Beyond this many no optimum is searched for."""
MOST_SEARCHED: Final = 8
"""Beyond this many a loss that is not convex has too many valleys to search."""
MARGIN_LOSSES: Final = ("bce", "exponential", "focal", "cce")
"""Losses of the margin that fall for ever: separable data leave them without a minimum."""
BOUNDED_LOSSES: Final = ("huber", "logcosh", "squared_hinge", "bce", "exponential", "cce")
"""Convex losses of which a lowest place is surely somewhere, if data cannot be told apart or weights cost."""


@dataclass(frozen=True, eq=False)
class Certificate:
    """The optimum of a problem and its curvature.

    ``lipschitz`` (L) bounds the largest Hessian eigenvalue and
    ``critical_rate`` is 2/L, the largest stable learning rate of gradient
    descent. ``strong_convexity`` (mu) is the smallest eigenvalue and
    ``condition`` the ratio, both at the optimum; ``best_rate`` is 2/(L + mu).
    ``scope`` says how L is known: ``exact`` on a quadratic, a ``bound`` that
    holds everywhere, ``local`` at the optimum only, ``none`` where the loss
    has kinks. What is not known is None; ``exists`` is False where it is
    proved that there is no minimum, and ``loss`` then is what it falls to. At
    kinks the optimum is proved by a duality gap, elsewhere by gradient and
    Hessian in units in which neither drowns in rounding.
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


_known: WeakKeyDictionary[Problem, Certificate] = WeakKeyDictionary()


def certify(problem: Problem) -> Certificate:
    """What is known of ``problem``; computed once for each, and kept as long as it is."""
    found = _known.get(problem)
    if found is None:
        found = _known[problem] = _certified(problem)
    return found


def _certified(problem: Problem) -> Certificate:
    if isinstance(problem, DataProblem):
        if problem.quadratic:
            return _at(problem, _lowest_of_bowl(problem), EXACT)
        if not problem.smooth:
            return _kinked(problem)
        apart = separation(problem) if _falls_for_ever(problem) else Separation(any=False, all=False)
        if apart.any:
            return _without_minimum(problem, 0.0 if apart.all else None)
        if problem.dim > (MOST_PARAMETERS if problem.convex else MOST_SEARCHED):
            return _of_many(problem)
        if problem.convex and problem.model.linear:
            surely = apart.any is False and problem.loss.key in BOUNDED_LOSSES
            return _lowest_of_convex(problem, surely)
    if isinstance(problem, TestFunction):
        if not problem.bounded:
            return Certificate(None, None, exists=False, unique=False, scope=NOTHING)
        near = min(problem.minima, key=lambda m: float(np.square(problem.start - m).sum()))
        found = _at(problem, np.array(near), EXACT if problem.quadratic else LOCAL)
        return replace(found, loss=problem.lowest)  # what is computed at a rounded minimizer is rounding
    best = minimize(problem)
    return _unknown() if best is None else _at(problem, best, LOCAL)


def _unknown() -> Certificate:
    return Certificate(None, None, exists=None, unique=False, scope=NOTHING)


def _falls_for_ever(problem: DataProblem) -> bool:
    """Whether data that can be told apart would leave the problem without a minimum."""
    few = problem.dim <= MOST_PARAMETERS
    return few and problem.loss.key in MARGIN_LOSSES and not problem.l2 and not problem.l1


def _lowest_of_bowl(problem: DataProblem) -> Array:
    """Least squares by QR; with a penalty the one Newton step that a quadratic needs."""
    if not problem.l2:
        return least_squares(problem.x, problem.y)
    frame = Frame.of(problem)
    phi = np.zeros(problem.dim)
    for _ in range(2):
        phi = phi - np.linalg.solve(frame.hessian(phi), frame.gradient(phi))
    return np.asarray(frame.matrix @ phi)


def _lowest_of_convex(problem: DataProblem, surely: bool) -> Certificate:
    """A strict minimum of a convex problem, or a flat one where it is sure that there is one."""
    frame, unit = Frame.of(problem), np.ones(problem.dim)
    for start in _near(problem):
        with np.errstate(over="ignore", invalid="ignore"):
            best = newton(frame, frame.within(start), unit, flat=surely)
        if best is not None:
            return _at(problem, np.asarray(frame.matrix @ best), LOCAL)
    return _of_many(problem)


def _near(problem: DataProblem) -> Iterator[Array]:
    """Where a convex problem's lowest place may be near: of a regression the lines of other losses."""
    if problem.data.task != REGRESSION:
        yield np.zeros(problem.dim)
        return
    yield least_squares(problem.x, problem.y)
    scaled = problem.scaling is not None
    absolute = Kinks.of(DataProblem(problem.data, problem.model, LOSSES["mae"], standardize=scaled))
    found = lowest(absolute) if absolute else None
    if found is not None:
        yield found[0]


def _at(problem: Problem, optimum: Array, scope: str) -> Certificate:
    """The certificate of a known optimum: curvature there, or a bound that holds everywhere."""
    top, bottom = ends(problem, optimum)
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
        unique=problem.convex and positive,
        scope=scope,
        lipschitz=largest,
        strong_convexity=bottom,
        condition=top / bottom if positive else None,
        critical_rate=2.0 / largest if largest else None,
        best_rate=best if best is not None and largest and best < 2.0 / largest else None,
    )


def _kinked(problem: DataProblem) -> Certificate:
    """The lowest point of a convex problem with kinks: a corner of a polyhedron, or what closes a duality gap."""
    if not problem.convex or problem.dim > MOST_PARAMETERS:
        return _unknown()
    line = problem.dim == 2 and not (problem.l1 or problem.l2) and problem.loss.kinks
    if line and len(problem.y) ** 2 <= 2 * MOST_PAIRS:
        return _corner(problem)
    kinks = Kinks.of(problem)
    found = lowest(kinks) if kinks else None
    if found is None:
        return _unknown()
    best, only = found
    return Certificate(frozen(best), float(problem.value(best)), exists=True, unique=only, scope=NOTHING)


def _corner(problem: DataProblem) -> Certificate:
    """A piecewise linear bowl in two parameters: some optimum lies where two examples have their kink.

    That is the fundamental theorem of linear programming; for absolute
    deviations it says that a best line passes through two of the points.
    """
    count, kink = len(problem.y), problem.loss.kinks[0]
    signs = np.where(problem.y > 0.5, 1.0, -1.0)
    scores = signs * kink if problem.loss.space == SCORE else problem.y + kink
    x = problem.x[:, 0]
    i, j = np.triu_indices(count, 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (scores[j] - scores[i]) / (x[j] - x[i])
    corners = np.stack([slope, scores[i] - slope * x[i]], axis=-1)
    costs = problem.value(corners)
    best = corners[np.argmin(costs)]
    ties = corners[costs <= costs.min() + 1e-12 * (costs.min() + 1e-3 * np.median(costs))]
    together = bool(np.ptp(ties, axis=0).max() <= 1e-9 * (1 + np.abs(best).max()))
    return Certificate(  # from the corner of data that can be told apart a ray goes on
        optimum=frozen(best),
        loss=float(costs.min()),
        exists=True,
        unique=together and not (problem.loss.space == SCORE and separable(problem)),
        scope=NOTHING,
    )


def _of_many(problem: DataProblem) -> Certificate:
    """Of a problem with many parameters only a bound of its curvature is known, if that."""
    largest = bound(problem)
    return Certificate(
        None,
        None,
        exists=None,
        unique=False,
        scope=BOUND if largest else NOTHING,
        lipschitz=largest,
        critical_rate=2.0 / largest if largest else None,
    )


def _without_minimum(problem: DataProblem, least: float | None) -> Certificate:
    """A loss that falls for ever: to nothing where all is told apart, else to what is not known here."""
    largest = bound(problem)
    return Certificate(
        None,
        least,
        exists=False,
        unique=False,
        scope=BOUND,
        lipschitz=largest,
        critical_rate=2.0 / largest if largest else None,
    )
