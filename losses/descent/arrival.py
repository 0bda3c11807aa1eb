"""When a run has arrived: the one criterion of the library and of the page.

A run has arrived at a step if from there to its end its loss is at most a millionth above that of a minimum,
which is one that the certificate proves or one that Newton's method shows near the end of the run. The
millionth is one of the minimum's own loss, counted from that of perfect predictions, or a millionth of a
millionth of the loss at the problem's default start, counted from the minimum. So it depends neither on a
constant added to the loss, nor on units, nor on how high the run began.

Numbers for reading are 0 where they are rounding errors beside those of a usual run, and every place that
tells one takes it from here, so that no two contradict each other.
"""

from dataclasses import dataclass
from typing import Any, Final
from weakref import ReferenceType, WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from losses.certificate.certificate import MAX_PARAMETERS, Certificate
from losses.certificate.certify import certify
from losses.certificate.local_minimum import shift_free_basis
from losses.certificate.newton import lowest_grid_points
from losses.core.arrays import Array
from losses.core.lazy import cached_property
from losses.core.messages import without_rounding_errors
from losses.core.ternary import NO, YES
from losses.descent.stationary import ROUNDING_SHARE, may_search, nearby_minima
from losses.expression.attained_floor import attained_floor
from losses.loss.base import MULTICLASS, PREDICTION, REGRESSION
from losses.problem.benchmark_functions import TestFunction
from losses.problem.cost import evaluation_cost
from losses.problem.problem import DataProblem, Problem

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

LOSS_TOLERANCE: Final = 1e-6
"""The largest loss above the minimum, as a share of its loss above that of perfect predictions ..."""
PROGRESS_TOLERANCE: Final = 1e-12
"""... or, so that runs to a perfect fit arrive, of the loss of the default start above the minimum."""
SMALL_ERROR: Final = 1e-2
"""Predictions of a regression that are off by this share of the spread of targets have a small loss ..."""
SMALL_LOSSES: Final = 1e6
"""... and so many times as much is the greatest height that counts ..."""
UNDECIDED_LOSSES: Final = 1e2
"""... with two classes so many times the loss of scores that are 0."""
NEARBY: Final = 0.05
"""A minimum that need not be the lowest is near within this share of half the window in each parameter."""
CERTAIN_SCORE: Final = 100.0
"""The score of a prediction that is certain of its class."""
FLOOR_MARGIN: Final = 1e-9
"""A loss is at its floor only if it stays there when predictions change by this share."""


@dataclass(frozen=True, eq=False)
class ArrivalFacts:
    """What the criterion needs to know of a problem, which they do not keep alive."""

    reference: ReferenceType[Problem]
    certificate: Certificate
    half_window: Array
    """Half the window along each parameter, ``(d,)``, 1 where it has no width."""
    start_loss: float
    """The loss at the problem's default start."""

    @property
    def problem(self) -> Problem:
        """The problem; raises ReferenceError if nothing else refers to it any more."""
        problem = self.reference()
        if problem is None:
            raise ReferenceError
        return problem

    @cached_property
    def perfect_loss(self) -> float:
        """The loss of predictions that equal the targets, or the lowest value of a test function."""
        if isinstance(self.problem, TestFunction):
            return self.problem.lowest
        return perfect_loss(self.problem) if isinstance(self.problem, DataProblem) else 0.0

    @cached_property
    def greatest_height(self) -> float:
        """The greatest loss above a minimum that others are called small beside; inf if none is known.

        The default start of a loss such as e^r or r⁸ may be so high that all else is small beside it.
        """
        problem = self.problem
        if not isinstance(problem, DataProblem) or problem.data.task == MULTICLASS:
            return np.inf
        is_regression = problem.data.task == REGRESSION
        score = problem.y + SMALL_ERROR * problem.y.std() if is_regression else np.zeros(len(problem.y))
        with np.errstate(all="ignore"):
            small = float(problem.of_score.value(score).mean()) - self.perfect_loss
        return small * (SMALL_LOSSES if is_regression else UNDECIDED_LOSSES) if small > 0.0 else np.inf

    def height(self, level: Any) -> Array:
        """Return the loss of the default start above some levels, at most ``greatest_height``."""
        above = np.minimum(np.abs(self.start_loss - np.asarray(level)), self.greatest_height)
        return np.where(np.isfinite(above), above, 0.0)

    @cached_property
    def usual_slope(self) -> float:
        """The length of the gradient at the default start, at most that of the greatest height.

        The start of a loss such as e^r may be so steep that all else is level beside it.
        """
        with np.errstate(all="ignore"):
            at_start = np.hypot.reduce(self.problem.gradient(self.problem.start))
            return float(np.fmin(at_start, np.hypot.reduce(self.greatest_height / self.half_window)))

    @cached_property
    def distance(self) -> Array:
        """The largest distance from a minimum that need not be the lowest, ``(d,)``."""
        return NEARBY * self.half_window

    @cached_property
    def lowest_known_loss(self) -> float:
        """The lowest loss that the certificate or a grid over the window shows."""
        with np.errstate(all="ignore"):
            shown = self.problem.value(lowest_grid_points(self.problem, 1))
        known = np.append(shown, np.inf if self.certificate.loss is None else self.certificate.loss)
        return float(np.fmin.reduce(known))

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
        is_known = self.problem.convex and self.is_lowest
        return self.problem.smooth and self.is_searchable and not (is_known or self.certificate.exists is NO)

    @cached_property
    def is_searchable(self) -> bool:
        """Whether what lies near an end may be looked for: parameters and data are few enough."""
        return may_search(evaluation_cost(self.problem))


_facts: WeakKeyDictionary[Problem, ArrivalFacts] = WeakKeyDictionary()
"""A value must not refer to its key, or no problem would ever be given up."""


def arrival_facts(problem: Problem) -> ArrivalFacts:
    """Return the facts of a problem, which are computed once and kept as long as the problem."""
    if problem not in _facts:
        c = certify(problem)
        with np.errstate(all="ignore"):
            start_loss = float(problem.value(problem.start))
        reach = np.asarray(problem.reach)
        _facts[problem] = ArrivalFacts(ref(problem), c, np.where(reach > 0.0, reach, 1.0), start_loss)
    return _facts[problem]


def perfect_loss(problem: DataProblem) -> float:
    """Return the mean loss of predictions that equal the targets; 0 if it is not finite."""
    y = problem.y
    if problem.data.task == MULTICLASS:
        score = CERTAIN_SCORE * (y[:, None] == np.arange(len(problem.data.classes)))
    else:
        score = y if problem.data.task == REGRESSION else CERTAIN_SCORE * (2.0 * y - 1.0)
    with np.errstate(all="ignore"):
        loss = float(problem.of_score.value(score).mean())
    return loss if np.isfinite(loss) else 0.0


@dataclass(frozen=True, eq=False)
class Targets:
    """For each of m runs the minimum near its end, if one is shown."""

    found: BoolArray
    """Whether there is one, ``(m,)``."""
    point: Array
    """The minimum ``(m, d)``, or the end of the run if no one minimum is known."""
    loss: Array
    """The loss at the minimum, ``(m,)``."""
    tolerance: Array
    """The largest loss above it, ``(m,)``."""
    is_local: BoolArray
    """Whether the distance counts, too, ``(m,)``, as the minimum need not be the lowest."""

    def select(self, rows: IntArray) -> "Targets":
        """Return the targets of some runs."""
        return Targets(
            self.found[rows], self.point[rows], self.loss[rows], self.tolerance[rows], self.is_local[rows]
        )


def is_near(facts: ArrivalFacts, targets: Targets, theta: Array, loss: Array) -> BoolArray:
    """Whether points ``(m, ..., d)`` with losses ``(m, ...)`` meet the criterion for their run's target."""
    shape = (len(targets.found),) + (1,) * (loss.ndim - 1)
    # Of an infinite loss even the rounding error is infinite.
    near = (loss - targets.loss.reshape(shape) <= targets.tolerance.reshape(shape)) & np.isfinite(loss)
    near &= targets.found.reshape(shape)
    if targets.is_local.any():
        offset = theta - targets.point.reshape(*shape, -1)
        if facts.basis is not None:
            offset = offset @ facts.basis @ facts.basis.T
        is_close = (np.abs(offset) <= facts.distance).all(axis=-1)
        near &= is_close | ~targets.is_local.reshape(shape)
    return np.asarray(near)


def first_steps_inside(inside: BoolArray) -> IntArray:
    """Return the first steps ``(m,)`` from which ``inside (m, k + 1)`` holds to the end; else k + 1."""
    return np.where(inside.all(axis=1), 0, inside.shape[1] - np.argmax(~inside[:, ::-1], axis=1))


def find_targets(facts: ArrivalFacts, theta: Array, loss: Array) -> Targets:
    """Return for runs that end at ``theta (m, d)`` the minima that they have arrived at.

    ``loss`` is that of the ends, ``(m,)``. The proofs are tried in this order:
    near the certified minimum, which need not be the lowest; near a minimum that Newton's method shows; at
    the certified lowest loss, if its points are not known; at the floor of the loss.
    """
    count = len(theta)
    targets = Targets(
        np.zeros(count, dtype=bool),
        theta.copy(),
        loss.copy(),
        np.zeros(count),
        np.zeros(count, dtype=bool),
    )
    ends = _Ends(theta, loss)
    c, rows = facts.certificate, np.arange(count)
    is_lowest, is_convex = facts.is_lowest, facts.problem.convex
    if c.optimum is not None and c.exists is YES:
        optimum, is_local = np.broadcast_to(c.optimum, theta.shape), not (is_lowest and is_convex)
        _add(facts, targets, ends, rows, optimum, c.loss, is_local=is_local)
    rows = np.flatnonzero(~targets.found)
    if facts.may_have_other_minima and len(rows):
        minima = nearby_minima(facts.problem, theta[rows], facts.distance, facts.basis)
        found = minima.found
        _add(facts, targets, ends, rows[found], minima.point[found], minima.loss[found], is_local=True)
    rows = np.flatnonzero(~targets.found)
    if is_lowest and len(rows):
        _add(facts, targets, ends, rows, theta[rows], c.loss, is_local=False)
    rows = np.flatnonzero(~targets.found)
    if facts.floor is not None and len(rows):
        rows = rows[_is_at_floor(facts.problem, facts.floor, theta[rows], loss[rows])]
        _add(facts, targets, ends, rows, theta[rows], loss[rows], is_local=False)
    return targets


@dataclass(frozen=True, eq=False)
class _Ends:
    """The ends ``(m, d)`` of runs and their losses ``(m,)``."""

    theta: Array
    loss: Array


def _add(
    facts: ArrivalFacts,
    targets: Targets,
    ends: _Ends,
    rows: IntArray,
    point: Array,
    level: Any,
    is_local: bool,
) -> None:
    """Make minima ``point (k, d)`` with losses ``level`` targets of runs ``rows (k,)``, if these are near.

    ``targets`` is changed in place.
    """
    level = np.broadcast_to(np.asarray(level, dtype=np.float64), rows.shape)
    targets.point[rows], targets.loss[rows] = point, level
    tolerance = np.maximum(
        LOSS_TOLERANCE * np.abs(level - facts.perfect_loss), PROGRESS_TOLERANCE * facts.height(level)
    )
    targets.tolerance[rows] = tolerance + ROUNDING_SHARE * np.maximum(np.abs(level), np.abs(ends.loss[rows]))
    targets.is_local[rows], targets.found[rows] = is_local, True
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


def readable_points(problem: Problem, points: Array) -> Array:
    """Return points ``(..., d)`` for reading: coordinates that are small beside the window are 0."""
    return without_rounding_errors(points, problem.reach)


def readable_best(problem: Problem, start_loss: float, certificate: Certificate) -> float | None:
    """Return the loss of a certificate, 0 where it is a rounding error beside that of the start of a run."""
    best = certificate.loss
    if best is None:
        return None
    height = _heights_so_far(problem, np.array([start_loss]), best)[0]
    return float(without_rounding_errors(best, height))


def readable_losses(problem: Problem, loss: Array, certificate: Certificate) -> Array:
    """Return the losses of a run for reading: at the proved minimum what lies above it is no digit of it."""
    best = certificate.loss
    if best is None or certificate.lowest is not YES or certificate.exists is not YES:
        return loss
    height = _heights_so_far(problem, loss, best)
    with np.errstate(invalid="ignore"):
        above = loss - best
    return without_rounding_errors(best + without_rounding_errors(above, height), height)


def readable_heights(problem: Problem, loss: Array, certificate: Certificate) -> Array:
    """Return the losses of a run above that of a certificate, which has one.

    Nothing is near enough to a loss that is never reached to be at it.
    """
    assert certificate.loss is not None
    with np.errstate(invalid="ignore"):
        above = np.asarray(loss - certificate.loss)
    if certificate.exists is NO:
        return above
    return without_rounding_errors(above, _heights_so_far(problem, loss, certificate.loss))


def readable_slopes(problem: Problem, gradients: Array) -> Array:
    """Return the lengths of the gradients ``(k + 1, d)`` of a run."""
    slopes = np.hypot.reduce(gradients, axis=-1)
    return without_rounding_errors(slopes, _slopes_so_far(problem, slopes))


def readable_slopes_along(problem: Problem, gradients: Array, parameter: int) -> Array:
    """Return the coordinates of the gradients of a run along one parameter."""
    scales = _slopes_so_far(problem, np.hypot.reduce(gradients, axis=-1))
    return without_rounding_errors(gradients[:, parameter], scales)


def _largest_so_far(values: Array) -> Array:
    """Return for each step the largest finite size up to it: what comes later leaves no rounding error."""
    return np.maximum.accumulate(np.where(np.isfinite(values), np.abs(values), 0.0))


def _heights_so_far(problem: Problem, loss: Array, level: float) -> Array:
    """Return for each step the greatest loss above a level up to it, at most that of the default start."""
    with np.errstate(invalid="ignore"):
        above = loss - level
    return np.minimum(_largest_so_far(above), arrival_facts(problem).height(level))


def _slopes_so_far(problem: Problem, lengths: Array) -> Array:
    """Return for each step the greatest slope up to it, at most the usual one.

    Beside the slope of a start far away a steep one would be a rounding error.
    """
    return np.fmin(_largest_so_far(lengths), arrival_facts(problem).usual_slope)
