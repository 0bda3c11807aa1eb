"""Rules that decide how runs ended, for many runs at once.

A rule asserts only what a certificate or a check at the end of the run shows. Multiplying the loss or the
parameters by a constant, or adding one to the loss, changes no outcome.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.ternary import NO
from losses.descent.arrival import (
    ArrivalFacts,
    BoolArray,
    IntArray,
    Targets,
    arrival_facts,
    find_targets,
    first_steps_inside,
    is_near,
)
from losses.descent.stationary import ROUNDING_SHARE, is_level, way_down
from losses.optimizer.base import Optimizer
from losses.problem.problem import DataProblem, Problem

CONVERGED: Final = "CONVERGED"
"""Claims that a minimum is near: the end meets the criterion of :mod:`losses.descent.arrival`.

Shown by the certificate, local or not; by the floor of the loss; or by Newton's method from the end.
"""
NO_MINIMUM: Final = "NO_MINIMUM"
"""Claims that the problem has no lowest point. Shown by the certificate."""
DIVERGED: Final = "DIVERGED"
"""Claims that the run flies apart. Shown by a number that is not finite, or by growing losses and steps."""
PLATEAU: Final = "PLATEAU"
"""Claims that the slope has almost vanished although it goes on down from here, so no minimum is near.

Shown by a way down on which the loss falls ten times as far as the slope announces, or by level ground above
a loss that the certificate or the window shows.
"""
OSCILLATING: Final = "OSCILLATING"
"""Claims that the run jumped to and fro over the second half of its steps, without progress.

Neither did its best loss get lower nor its jumps shorter. What it would do next is not known: of runs that
jump to and fro one in nine finds a way down within ten times as many steps.
"""
RUNNING: Final = "RUNNING"
"""Claims nothing: neither is a minimum shown near the end nor anything above."""
OUTCOMES: Final = (CONVERGED, RUNNING, OSCILLATING, DIVERGED, PLATEAU, NO_MINIMUM)
"""The names of the outcomes of a run."""

TAIL_STEPS: Final = 20
"""OSCILLATING and PLATEAU consider this many last steps, or half of a shorter run."""
MIN_TAIL_STEPS: Final = 4
"""OSCILLATING needs at least this many."""
MIN_TAIL_PROGRESS: Final = 1e-3
"""OSCILLATING: the second half lowered the best loss by at most this share of the run's decrease."""
MIN_JUMP_SHARE: Final = 0.7
"""OSCILLATING: the steps of the last quarter are at least this share of those of the quarter before."""
MAX_PLATEAU_PROGRESS: Final = 1e-2
"""PLATEAU: the last steps, and the slope over half the window, are at most this share of the way down."""
MAX_PLATEAU_SLOPE: Final = 1e-1
LEVEL_TOLERANCE: Final = 1e-3
"""Ground is level if the loss varies by at most this share of its height above a loss known to be lower."""
GROWTH_STEPS: Final = 3
"""DIVERGED: as many last steps must each be longer than the one before."""
EXPLOSION: Final = 1e6
"""DIVERGED: or the loss stands this many times as high above the lowest known as the start did ..."""
QUADRATIC_EXPLOSION: Final = 1e3
"""... or so many times on a quadratic loss, on which what grows so far grows on."""
MIN_PLATEAU_DROP: Final = 1e-6
"""PLATEAU: a way down counts if it is at least this share of the start's loss above the lowest known ..."""
MIN_LEVEL_DROP: Final = 1e-2
"""... and level ground if it lies so high above a loss known to be lower."""


def classify_runs(
    problem: Problem, optimizer: Optimizer, path: Array, loss: Array, gradients: Array
) -> tuple[NDArray[np.str_], IntArray]:
    """Return the outcomes ``(m,)`` of runs that stayed finite, and the first steps ``(m,)`` of arrival.

    The step is −1 if a run has not arrived. ``path`` and ``gradients`` are ``(m, k + 1, d)``, ``loss`` is
    ``(m, k + 1)``. If several rules apply to a run, the last one below decides.
    """
    facts = arrival_facts(problem)
    with np.errstate(all="ignore"):  # the numbers of a diverging run may overflow
        names = np.full(len(loss), RUNNING, dtype="<U11")
        names[is_oscillating(facts, optimizer, path, loss)] = OSCILLATING
        if facts.certificate.exists is NO:
            names[:] = NO_MINIMUM
        targets = find_targets(facts, path[:, -1], loss[:, -1])
        names[is_on_plateau(facts, path, loss, gradients, ~targets.found)] = PLATEAU
        names[is_diverging(facts, optimizer, path, loss)] = DIVERGED
        names[targets.found] = CONVERGED
        return names, first_arrivals(facts, targets, path, loss)


def first_arrivals(facts: ArrivalFacts, targets: Targets, path: Array, loss: Array) -> IntArray:
    """Return the first steps ``(m,)`` from which runs stay near their target to the end; −1 without one."""
    arrived_at, rows = np.full(len(loss), -1), np.flatnonzero(targets.found)
    if len(rows):
        inside = is_near(facts, targets.select(rows), path[rows], loss[rows])
        arrived_at[rows] = first_steps_inside(inside)
    return arrived_at


def is_diverging(facts: ArrivalFacts, optimizer: Optimizer, path: Array, loss: Array) -> BoolArray:
    """Whether runs fly apart: their loss is beyond all measure and does not fall.

    On a quadratic loss it is enough that the last loss is the highest of its run, that the last two steps
    raised it, and that the steps grow; on another one such a run may turn out to go to and fro. Only an
    optimizer whose steps are in proportion to the slope can fly apart. ``path`` is ``(m, k + 1, d)``,
    ``loss`` is ``(m, k + 1)``.
    """
    if loss.shape[1] < 3 or optimizer.rate_meaning != "gradient_multiple":
        return np.zeros(len(loss), dtype=bool)
    lowest = np.fmin(loss.min(axis=1), facts.lowest_known_loss)
    start = np.maximum(np.fmax(loss[:, 0], facts.start_loss) - lowest, 1e-9 * np.abs(loss[:, 0]))
    limit = QUADRATIC_EXPLOSION if facts.problem.quadratic else EXPLOSION
    last = loss[:, -GROWTH_STEPS - 1 :]
    falls = ~(np.diff(last) > 0.0).any(axis=1) & (last[:, -1] <= 0.99 * last[:, 0])
    explodes = (loss[:, -1] - lowest > limit * start) & ~falls
    if not facts.problem.quadratic or not optimizer.follows_gradient:
        return np.asarray(explodes)
    rises = np.diff(loss[:, -3:]) > ROUNDING_SHARE * np.abs(loss[:, -2:])
    rising = rises.all(axis=1) & (loss[:, -1] > loss[:, :-1].max(axis=1))
    lengths = np.linalg.norm(np.diff(path[:, -GROWTH_STEPS - 2 :] / facts.half_window, axis=1), axis=-1)
    return np.asarray(explodes | (rising & (np.diff(lengths, axis=1) > 0.0).all(axis=1)))


def tail_length(steps: int) -> int:
    """Return how many last steps of a run of ``steps`` the rules consider."""
    return min(TAIL_STEPS, steps // 2)


def turning_back(facts: ArrivalFacts, path: Array) -> BoolArray:
    """Whether each step points against the one before: ``(m, k + 1, d) -> (m, k - 1)``."""
    steps = np.diff(path / facts.half_window, axis=1)
    return np.asarray((steps[:, 1:] * steps[:, :-1]).sum(axis=-1) < 0.0)


def is_oscillating(facts: ArrivalFacts, optimizer: Optimizer, path: Array, loss: Array) -> BoolArray:
    """Whether runs jump to and fro, and over the second half neither their best loss nor their steps shrink.

    Of the last steps at least a quarter must point against the one before, and at least a quarter must not
    lower the loss; no jump may be higher than those before. Jumps that get smaller arrive. An optimizer with
    inertia swings on its way, and one with mini-batches strays, so their runs must be longer.
    """
    steps = loss.shape[1] - 1
    tail, half = tail_length(steps), steps // 2
    swings = optimizer.has_inertia or optimizer.stochastic
    if tail < (TAIL_STEPS if swings else MIN_TAIL_STEPS):
        return np.zeros(len(loss), dtype=bool)
    last = loss[:, -tail - 1 :]
    not_falling = np.diff(last) >= -ROUNDING_SHARE * np.abs(last[:, 1:])
    moved = (np.abs(np.diff(path[:, -tail - 1 :], axis=1)) > 1e-12 * np.abs(path[:, -tail:])).any(axis=(1, 2))
    turns = turning_back(facts, path[:, -tail - 1 :]).mean(axis=1)
    early, late = loss[:, :-half], loss[:, -half:]
    best, highest, rounding = (
        early.min(axis=1),
        early.max(axis=1),
        tail * ROUNDING_SHARE * np.abs(loss).max(axis=1),
    )
    decrease = loss[:, 0] - np.minimum(best, late.min(axis=1))
    stalls = best - late.min(axis=1) <= MIN_TAIL_PROGRESS * decrease + rounding
    is_bounded = late.max(axis=1) - highest <= 1e-6 * (highest - best) + rounding
    turns_back = (not_falling.mean(axis=1) >= 0.25) & (turns >= 0.25)
    return np.asarray(turns_back & stalls & moved & is_bounded & ~_steps_shrink(facts, path))


def _steps_shrink(facts: ArrivalFacts, path: Array) -> BoolArray:
    """Whether the steps of the last quarter of runs ``(m, k + 1, d)`` are shorter than those before."""
    quarter = (path.shape[1] - 1) // 4
    lengths = np.linalg.norm(np.diff(path[:, -2 * quarter - 1 :] / facts.half_window, axis=1), axis=-1)
    before, last = lengths[:, :quarter].sum(axis=1), lengths[:, quarter:].sum(axis=1)
    return np.asarray(last < MIN_JUMP_SHARE * before)


def is_on_plateau(
    facts: ArrivalFacts, path: Array, loss: Array, gradients: Array, candidates: BoolArray
) -> BoolArray:
    """Whether runs end with almost no slope and almost no progress, although it goes on down from there.

    From far away even a steep slope leads down a little only within the window. So it must lead nowhere: on
    the way back to the usual start it would lower the loss by at most a share of what is left to lose.
    """
    problem, on_plateau = facts.problem, np.zeros(len(loss), dtype=bool)
    if problem.convex or not facts.is_searchable:
        return on_plateau
    tail = max(1, tail_length(loss.shape[1] - 1))
    theta, end_loss = path[:, -1], loss[:, -1]
    progress = np.abs(loss[:, -min(tail + 1, loss.shape[1])] - end_loss)
    slope = np.abs(gradients[:, -1] * facts.half_window).max(axis=1)
    distance = np.fmax(facts.half_window, np.abs(theta - problem.start) - facts.half_window)
    announced = (np.abs(gradients[:, -1]) * distance).sum(axis=1)
    below = end_loss - facts.lowest_known_loss
    height = np.fmax(loss[:, 0], facts.start_loss) - facts.lowest_known_loss
    slow = candidates & np.isfinite(slope)
    rows = np.flatnonzero(slow)
    if len(rows):
        way = way_down(problem, theta[rows], end_loss[rows], gradients[rows, -1], facts.half_window)
        leads_nowhere = announced[rows] <= MAX_PLATEAU_SLOPE * np.fmax(below[rows], way)
        shown = leads_nowhere & (way >= MIN_PLATEAU_DROP * height[rows])
        on_plateau[rows] = shown & _is_negligible(progress[rows], slope[rows], way)
    is_high = (below >= MIN_LEVEL_DROP * height) & (announced <= MAX_PLATEAU_SLOPE * below)
    rows = np.flatnonzero(
        slow & ~on_plateau & is_high & _is_negligible(progress, slope, LEVEL_TOLERANCE * below)
    )
    if len(rows):
        tolerance = LEVEL_TOLERANCE * below[rows]
        level = is_level(problem, theta[rows], end_loss[rows], facts.half_window, tolerance)
        counts = isinstance(problem, DataProblem) and problem.loss.counts_mistakes
        on_plateau[rows] = level | (counts & (slope[rows] == 0.0))
    return on_plateau


def _is_negligible(progress: Array, slope: Array, drop: Array) -> BoolArray:
    return np.asarray(
        (drop > 0.0) & (progress <= MAX_PLATEAU_PROGRESS * drop) & (slope <= MAX_PLATEAU_SLOPE * drop)
    )
