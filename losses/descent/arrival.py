"""When a run has arrived: the one criterion of the library and of the page.

A run has arrived at a step if from there to its end it stays near a minimum, which is one that the certificate
proves or one that Newton's method shows near the end of the run. Near is, for a strict minimum, within a
thousandth of half the window in each parameter, with at most a millionth of the loss at the start to lose. The
loss at the start counts from the minimum, so nothing depends on a constant added to the loss, nor on units.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from losses.certificate.certificate import MAX_PARAMETERS, Certificate
from losses.certificate.certify import certify
from losses.certificate.local_minimum import shift_free_basis
from losses.core.arrays import Array
from losses.core.ternary import NO, YES
from losses.descent.stationary import ROUNDING, nearby_minima
from losses.expression.autodiff import bounds
from losses.expression.node import POWER, subexpressions
from losses.expression.parser import CONSTANTS, parse_formula
from losses.loss.base import PREDICTION, Loss
from losses.problem.problem import DataProblem, Problem

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

ARRIVAL_DISTANCE: Final = 1e-3
"""The largest distance from a strict minimum, as a share of half the window along each parameter."""
ARRIVAL_GAP: Final = 1e-6
"""The largest loss above a strict minimum, as a share of the loss of the start above it."""
FLAT_ARRIVAL_GAP: Final = 1e-9
"""The same for a minimum that is not strict, from which there is no distance."""
FLOOR_MARGIN: Final = 1e-9
"""A loss is at its floor only if it stays there when predictions change by this share."""

_ROUNDED_OPERATIONS: Final = frozenset(
    ("/", "exp", "log", "log1p", "tanh", "sin", "cos", "cosh", "sinh", "sigmoid", "softplus")
)
"""The operations whose result may be rounded to a bound that it does not reach."""


@dataclass(frozen=True, eq=False)
class ArrivalFacts:
    """What the criterion needs to know of a problem."""

    problem: Problem
    certificate: Certificate
    half_window: Array
    """Half the window along each parameter, ``(d,)``, 1 where it has no width."""
    start_loss: float
    """The loss at the problem's default start."""
    has_strict_optimum: bool
    """Whether no other minimum is as low as the certified one nearby, so that distances from it count."""

    @cached_property
    def distance(self) -> Array:
        """The largest distance from a strict minimum in each parameter, ``(d,)``."""
        return ARRIVAL_DISTANCE * self.half_window

    @cached_property
    def basis(self) -> Array | None:
        """The directions ``(d, e)`` in which the loss changes; None if it may change in all."""
        return shift_free_basis(self.problem) if self.problem.dim <= MAX_PARAMETERS else None

    @cached_property
    def floor(self) -> float | None:
        """A value that the loss of an example attains and never falls below; None if none is known."""
        return attained_floor(self.problem.loss) if isinstance(self.problem, DataProblem) else None

    @cached_property
    def is_lowest(self) -> bool:
        """Whether the certified loss is attained and no lower one is possible."""
        c = self.certificate
        return c.loss is not None and c.lowest is YES and c.exists is YES

    @cached_property
    def may_have_other_minima(self) -> bool:
        """Whether a minimum may be found by second derivatives that the certificate does not know."""
        is_settled = self.has_strict_optimum or self.is_lowest or self.certificate.exists is NO
        return is_testable(self.problem) and not (self.problem.convex and is_settled)


_facts: WeakKeyDictionary[Problem, ArrivalFacts] = WeakKeyDictionary()


def arrival_facts(problem: Problem) -> ArrivalFacts:
    """Return the facts of a problem, which are computed once and kept as long as the problem."""
    if problem not in _facts:
        c = certify(problem)
        with np.errstate(all="ignore"):
            start_loss = float(problem.value(problem.start))
        reach = np.asarray(problem.reach)
        _facts[problem] = ArrivalFacts(
            problem, c, np.where(reach > 0.0, reach, 1.0), start_loss, _has_strict_optimum(problem, c)
        )
    return _facts[problem]


def _has_strict_optimum(problem: Problem, certificate: Certificate) -> bool:
    """Whether the certified optimum is strict: unique, or with a Hessian that is surely positive."""
    if certificate.optimum is None or certificate.exists is not YES:
        return False
    is_lowest = certificate.lowest is YES
    is_kinked_curve = not (problem.convex or problem.smooth or is_lowest)
    return certificate.unique is YES or bool(certificate.strong_convexity) or is_kinked_curve


def is_testable(problem: Problem) -> bool:
    """Whether minima can be shown by second derivatives: the problem is smooth and small enough."""
    return problem.smooth and problem.dim <= MAX_PARAMETERS


def attained_floor(loss: Loss) -> float | None:
    """Return a value that the loss of an example never falls below, and that it has wherever it seems to.

    It is the lower bound of the formula by interval arithmetic. None if there is no finite one, or if the
    formula may come so near to it that the difference is rounded away, as e^(−r) does.
    """
    if not loss.expression:
        return None
    settings = {setting.name: setting.default for setting in loss.settings}
    node = parse_formula(loss.expression, ("r", "p", "y", "z"), {**CONSTANTS, **settings})
    floor = bounds(node)[0]
    is_exact = all(
        part.op not in _ROUNDED_OPERATIONS and not (part.op == POWER and part.number < 0)
        for part in subexpressions(node)
    )
    return floor if is_exact and np.isfinite(floor) else None


@dataclass(frozen=True, eq=False)
class Targets:
    """For each of m runs the minimum near its end, if one is shown."""

    found: BoolArray
    """Whether there is one, ``(m,)``."""
    point: Array
    """The minimum ``(m, d)``; where it is not strict, the end of the run."""
    loss: Array
    """The loss at the minimum, ``(m,)``."""
    tolerance: Array
    """The largest loss above it, ``(m,)``."""
    is_strict: BoolArray
    """Whether the distance counts, ``(m,)``."""

    def select(self, rows: Array) -> "Targets":
        """Return the targets of some runs."""
        return Targets(
            self.found[rows], self.point[rows], self.loss[rows], self.tolerance[rows], self.is_strict[rows]
        )


def is_near(facts: ArrivalFacts, targets: Targets, theta: Array, loss: Array) -> BoolArray:
    """Whether points ``(m, ..., d)`` with losses ``(m, ...)`` meet the criterion for their run's target."""
    shape = (len(targets.found),) + (1,) * (loss.ndim - 1)
    near = loss - targets.loss.reshape(shape) <= targets.tolerance.reshape(shape)
    near &= targets.found.reshape(shape)
    if targets.is_strict.any():
        offset = theta - targets.point.reshape(*shape, -1)
        if facts.basis is not None:
            offset = offset @ facts.basis @ facts.basis.T
        is_close = (np.abs(offset) <= facts.distance).all(axis=-1)
        near &= is_close | ~targets.is_strict.reshape(shape)
    return np.asarray(near)


def find_targets(facts: ArrivalFacts, theta: Array, loss: Array, initial_loss: Array) -> Targets:
    """Return for runs that end at ``theta (m, d)`` the minima that they have arrived at.

    ``loss`` and ``initial_loss`` are those of end and start, ``(m,)``. The proofs are tried in this order:
    near a strict certified minimum, local or not; at the certified lowest loss; at the floor of the loss; near
    a minimum that Newton's method shows.
    """
    count = len(theta)
    targets = Targets(
        np.zeros(count, dtype=bool),
        theta.copy(),
        loss.copy(),
        np.zeros(count),
        np.zeros(count, dtype=bool),
    )
    ends = _Ends(theta, loss, initial_loss)
    c, rows = facts.certificate, np.arange(count)
    if facts.has_strict_optimum and c.optimum is not None:
        _add(facts, targets, ends, rows, np.broadcast_to(c.optimum, theta.shape), c.loss, is_strict=True)
    elif facts.is_lowest:
        _add(facts, targets, ends, rows, theta, c.loss, is_strict=False)
    rows = np.flatnonzero(~targets.found)
    if facts.floor is not None and len(rows):
        rows = rows[_is_at_floor(facts.problem, facts.floor, theta[rows], loss[rows])]
        _add(facts, targets, ends, rows, theta[rows], loss[rows], is_strict=False)
    rows = np.flatnonzero(~targets.found)
    if facts.may_have_other_minima and len(rows):
        minima = nearby_minima(facts.problem, theta[rows], facts.distance, facts.basis)
        found = minima.found
        _add(facts, targets, ends, rows[found], minima.point[found], minima.loss[found], is_strict=True)
    return targets


@dataclass(frozen=True, eq=False)
class _Ends:
    """The ends ``(m, d)`` of runs, their losses and those of the starts, ``(m,)``."""

    theta: Array
    loss: Array
    initial_loss: Array


def _add(
    facts: ArrivalFacts, targets: Targets, ends: _Ends, rows: IntArray, point: Array, level: Any, is_strict: bool
) -> None:
    """Make minima ``point (k, d)`` with losses ``level`` the targets of the runs ``rows (k,)`` that are near them.

    ``targets`` is changed in place.
    """
    level = np.broadcast_to(np.asarray(level, dtype=np.float64), rows.shape)
    height = ends.initial_loss[rows] - level
    default_height = np.abs(facts.start_loss - level)
    height = np.maximum(height, np.where(np.isfinite(default_height), default_height, 0.0))
    share = ARRIVAL_GAP if is_strict else FLAT_ARRIVAL_GAP
    targets.point[rows], targets.loss[rows] = point, level
    targets.tolerance[rows] = share * height + ROUNDING * np.maximum(np.abs(level), np.abs(ends.loss[rows]))
    targets.is_strict[rows], targets.found[rows] = is_strict, True
    targets.found[rows] = is_near(facts, targets.select(rows), ends.theta[rows], ends.loss[rows])


def _is_at_floor(problem: Problem, floor: float, theta: Array, loss: Array) -> BoolArray:
    """Whether every example is at the floor of the loss, however its prediction is rounded.

    The mean loss is the floor, then; a penalty must be zero.
    """
    reached = np.asarray(loss <= floor)
    if not isinstance(problem, DataProblem) or not reached.any():
        return np.zeros(len(theta), dtype=bool)
    z = problem.score(theta[reached])
    p = problem.link.value(z) if problem.loss.space == PREDICTION else z
    margin = FLOOR_MARGIN * (np.abs(p) + np.abs(problem.y if p.ndim == 2 else 0.0))
    stays = [
        (problem.loss.value(p + shift, problem.y) <= floor).all(axis=-1)
        for shift in (-margin, margin)
        if p.ndim == 2
    ]
    reached[reached] = np.logical_and.reduce(stays) if stays else False
    return reached
