"""Basins of attraction: the minimum that a descent finds from each of many starts, and the steps it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.certificate.certificate import MAX_PARAMETERS
from losses.core.arrays import Array, as_points, check_integer, check_type, frozen, make_readonly
from losses.core.hyperparameter import resolve_settings
from losses.core.records import ReadOnlyArrays
from losses.descent.arrival import (
    ArrivalFacts,
    BoolArray,
    Targets,
    arrival_facts,
    find_targets,
    first_steps_inside,
    is_near,
)
from losses.descent.convergence import GROWTH_STEPS, is_diverging
from losses.descent.descent import MAX_STEPS, Rollout, check_rates, check_starts, gradient_oracle
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER, OPTIMIZERS
from losses.optimizer.schedule import DEFAULT_SCHEDULE, SCHEDULES, Schedule
from losses.problem.compatibility import lookup
from losses.problem.problem import DataProblem, Problem

IntArray = NDArray[np.intp]

NOT_CONVERGED: Final = -1
HAS_DIVERGED: Final = -2
CONVERGENCE_CHECKS: Final = 8
"""Number of tests of arrival during a run. It stops when it stayed at a minimum between two tests.

A rule whose steps are not small where slopes are, such as RMSprop's, may leave a minimum again: such a run
makes all its steps.
"""
MAX_ELEMENTS_IN_MEMORY: Final = 1_000_000
"""Largest number of elements of the paths and scores that are computed at once."""
MINIMA_TOLERANCE: Final = 1e-2
"""Minima closer than this fraction of the width of the window count as one; a plot could not resolve them."""


@dataclass(frozen=True, eq=False, repr=False)
class Basins(ReadOnlyArrays):
    """For each start ``(...)`` the index of the minimum it finds in ``minima (m, d)``, and its steps.

    ``found`` is −1 if the run did not converge and −2 if it diverged;
    ``steps`` is −1 in both cases.
    """

    found: IntArray
    steps: IntArray
    minima: Array

    def __repr__(self) -> str:
        arrived = f"{(self.found >= 0).sum()} reach {len(self.minima)} minima"
        diverged = f"{(self.found == HAS_DIVERGED).sum()} diverge"
        return f"<basins of {self.found.size} starts: {arrived}, {diverged}>"


@np.errstate(all="ignore")
def basins(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT_OPTIMIZER,
    *,
    starts: ArrayLike,
    rate: float,
    steps: int,
    schedule: Schedule | str = DEFAULT_SCHEDULE,
    seed: int = 0,
    **settings: float,
) -> Basins:
    """Run from all ``starts (..., d)`` and find the minima that the runs converge to.

    A run has arrived by the criterion of :func:`losses.descend`, which is tested
    only every eighth of the steps: over a whole eighth, or at the end.
    Its ``steps`` count to the step from which it stayed near the minimum.
    ``minima`` are those that were found, in ascending order of their loss; each
    is proved by the certificate or shown by Newton's method.
    Raises ValueError as ``descend`` does, and for a problem with kinks or more
    than 64 parameters, whose minima cannot be shown by second derivatives.
    """
    check_type(problem, Problem, "problem")
    rule, plan = lookup(OPTIMIZERS, optimizer), lookup(SCHEDULES, schedule)
    points = as_points(starts, problem.dim, "starts")
    rate, steps = float(check_rates(rate, ())), check_integer(steps, "steps", 0, MAX_STEPS)
    values = resolve_settings(rule.name, rule.settings, settings)
    if not problem.smooth or problem.dim > MAX_PARAMETERS:
        raise ValueError(f"basins need curvature, which {problem.name} lacks")
    flat = points.reshape(-1, problem.dim)
    check_starts(problem, flat)

    def new_rollout() -> Rollout:
        """Make a rollout whose stochastic gradients start from the seed."""
        return Rollout(problem, rule, rate, steps, plan, gradient_oracle(problem, rule, values, seed), values)

    with np.errstate(all="ignore"):
        points_found, arrived_at = _run_in_blocks(new_rollout, flat)
        found, minima = _assign_minima(problem, points_found, arrived_at)
    shape = points.shape[:-1]
    steps_to_minimum = np.maximum(arrived_at, NOT_CONVERGED).reshape(shape)
    return Basins(make_readonly(found.reshape(shape)), make_readonly(steps_to_minimum), minima)


def _run_in_blocks(new_rollout: Callable[[], Rollout], starts: Array) -> tuple[Array, IntArray]:
    """Run from ``starts (m, d)`` in blocks that fit into memory.

    Returns the minima ``(m, d)`` that they have arrived at and the first steps ``(m,)`` of arrival, or
    NOT_CONVERGED or HAS_DIVERGED.
    """
    rollout = new_rollout()
    problem = rollout.problem
    facts = arrival_facts(problem)
    scores = problem.score(problem.start).size if isinstance(problem, DataProblem) else 1
    block_size = max(1, MAX_ELEMENTS_IN_MEMORY // (scores + rollout.steps * problem.dim))
    blocks = []
    for first in range(0, len(starts) or 1, block_size):
        block = starts[first : first + block_size]
        minima, arrived_at, rising = _run_until_arrived(new_rollout(), facts, block)
        if rising.size:
            path = new_rollout().full(block[rising]).swapaxes(0, 1)
            diverging = is_diverging(facts, rollout.optimizer, path, problem.value(path))
            arrived_at[rising[diverging]] = HAS_DIVERGED
        blocks.append((minima, arrived_at))
    minima, arrived_at = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return minima, arrived_at


def _run_until_arrived(
    rollout: Rollout, facts: ArrivalFacts, theta: Array
) -> tuple[Array, IntArray, IntArray]:
    """Run from ``theta (m, d)`` until each run stayed at a minimum between two tests or has no steps left.

    Returns the minima ``(m, d)``; the first steps ``(m,)`` of arrival, NOT_CONVERGED or, if the run is no
    longer finite, HAS_DIVERGED; and the indices of the remaining runs whose loss rises at the end.
    """
    problem, active, memory = rollout.problem, np.arange(len(theta)), rollout.optimizer.init(theta)
    end, minima, arrived_at = theta.copy(), theta.copy(), np.full(len(theta), NOT_CONVERGED)
    rising = np.empty(0, dtype=np.intp)
    may_leave = rollout.optimizer.rate_meaning == "step_length"  # small slopes make no small steps
    checks = max(1, min(CONVERGENCE_CHECKS, rollout.steps // 3))
    for first, last in pairwise(np.linspace(0, rollout.steps, checks + 1).astype(int).tolist()):
        path, memory = rollout.advance(end[active], memory, first, last)
        end[active] = path[-1]
        loss = problem.value(path[-1])
        targets = find_targets(facts, path[-1], loss)
        found = targets.found
        stayed = _note_arrivals(facts, targets, path, first, active, arrived_at)
        minima[active[found]] = targets.point[found]
        is_finite = np.isfinite(path[-1]).all(axis=-1) & np.isfinite(loss)
        arrived_at[active[~is_finite]] = HAS_DIVERGED
        unfinished = (may_leave | ~stayed) & (arrived_at[active] != HAS_DIVERGED)
        is_rising = unfinished & ~found & _may_be_diverging(problem, path)
        rising = active[is_rising]
        active, memory = active[unfinished], _select_memory(memory, unfinished)
    return minima, arrived_at, rising


def _note_arrivals(
    facts: ArrivalFacts, targets: Targets, path: Array, first: int, active: IntArray, arrived_at: IntArray
) -> BoolArray:
    """Write the first steps of arrival in ``path (k + 1, m, d)``, which begins at step ``first``.

    A run that had arrived keeps its step if it never left since. Returns which have stayed ``(m,)``.
    """
    stayed = np.zeros(len(active), dtype=bool)
    arrived_at[active[~targets.found]] = NOT_CONVERGED
    rows = np.flatnonzero(targets.found)
    if not len(rows):
        return stayed
    runs = np.ascontiguousarray(path[:, rows].swapaxes(0, 1))
    inside = is_near(facts, targets.select(rows), runs, facts.problem.value(runs))
    steps = first_steps_inside(inside)
    known = arrived_at[active[rows]]
    stayed[rows] = (known >= 0) & (steps == 0)
    arrived_at[active[rows]] = np.where(stayed[rows], known, first + steps)
    return stayed


def _may_be_diverging(problem: Problem, path: Array) -> BoolArray:
    """Whether the last steps of runs ``(k + 1, m, d)`` raised the loss, or did not lower it by much."""
    loss = problem.value(path[-GROWTH_STEPS - 1 :])
    return np.asarray((np.diff(loss, axis=0) > 0.0).any(axis=0) | (loss[-1] > 0.9 * loss[0]))


def _select_memory(memory: Any, mask: BoolArray) -> Any:
    """Return an optimizer's memory of the runs that ``mask`` selects."""
    if isinstance(memory, tuple):
        return tuple(_select_memory(part, mask) for part in memory)
    return memory[mask] if isinstance(memory, np.ndarray) else memory


def _assign_minima(problem: Problem, points: Array, arrived_at: IntArray) -> tuple[IntArray, Array]:
    """Return the index of the minimum of each run that has arrived, and the minima sorted by loss.

    ``points (m, d)`` are the minima of the runs; those that are close together are the same one. A convex
    problem has only one minimum.
    """
    found, unassigned = np.minimum(arrived_at, NOT_CONVERGED), np.flatnonzero(arrived_at >= 0)
    widths = (high - low for low, high in problem.plane.box)
    tolerance = np.inf if problem.convex else MINIMA_TOLERANCE * max(widths)
    minima: list[Array] = []
    while unassigned.size:
        minimum = points[unassigned[0]]
        minima.append(minimum)
        is_same = _distance(points[unassigned], minimum) <= tolerance
        found[unassigned[is_same]] = len(minima) - 1
        unassigned = unassigned[~is_same]
    if not minima:
        return found, frozen(np.empty((0, problem.dim)))
    order = _order_by_loss(problem, np.array(minima).reshape(-1, problem.dim))
    is_assigned = found >= 0
    found[is_assigned] = np.argsort(order)[found[is_assigned]]
    return found, frozen(np.array(minima).reshape(-1, problem.dim)[order])


def _order_by_loss(problem: Problem, minima: Array) -> IntArray:
    """Return the indices that sort minima by loss; losses that differ only by rounding, by coordinates."""
    loss = problem.value(minima)
    level = np.round(loss - loss.min(initial=np.inf), 9)
    return np.lexsort((*minima.T[::-1], level))


def _distance(a: Array, b: Array) -> Array:
    difference = a - b
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", difference, difference)))
