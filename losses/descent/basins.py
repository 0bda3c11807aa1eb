"""Basins of attraction: the minimum that a descent finds from each of many starts, and the steps it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array, as_points, check_integer, check_type, frozen, make_readonly
from losses.core.hyperparameter import resolve_settings
from losses.core.records import ReadOnlyArrays
from losses.descent.convergence import BoolArray, is_diverging, is_testable, within_tolerance
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
"""Number of convergence tests during a run. It stops when it is converged at two tests in a row."""
MAX_ELEMENTS_IN_MEMORY: Final = 4_000_000
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


def basins(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT_OPTIMIZER,
    *,
    starts: Any,
    rate: float,
    steps: int,
    schedule: Schedule | str = DEFAULT_SCHEDULE,
    seed: int = 0,
    **settings: float,
) -> Basins:
    """Run from all ``starts (..., d)`` and find the minima that the runs converge to.

    Convergence is tested as by :func:`losses.descend`, but only every eighth of
    the steps. A run is converged if two tests in a row or the last one say so;
    its ``steps`` count to the first step at which the first of them holds.
    ``minima`` are those that were found, in ascending order of their loss.
    Raises ValueError as ``descend`` does, and for a problem with kinks or more
    than 64 parameters, for which convergence cannot be tested.
    """
    check_type(problem, Problem, "problem")
    rule: Optimizer = lookup(OPTIMIZERS, optimizer)
    plan: Schedule = lookup(SCHEDULES, schedule)
    points = as_points(starts, problem.dim, "starts")
    rate, steps = float(check_rates(rate, ())), check_integer(steps, "steps", 0, MAX_STEPS)
    values = resolve_settings(rule.name, rule.settings, settings)
    if not is_testable(problem):
        raise ValueError(f"basins need curvature, which {problem.name} lacks")
    flat = points.reshape(-1, problem.dim)
    check_starts(problem, flat)

    def new_rollout() -> Rollout:
        """Make a rollout whose stochastic gradients start from the seed."""
        return Rollout(problem, rule, rate, steps, plan, gradient_oracle(problem, rule, values, seed), values)

    with np.errstate(all="ignore"):
        end, converged_at = _run_in_blocks(new_rollout, flat)
        found, minima = _assign_minima(problem, end, converged_at)
    shape = points.shape[:-1]
    steps_to_minimum = np.maximum(converged_at, NOT_CONVERGED).reshape(shape)
    return Basins(make_readonly(found.reshape(shape)), make_readonly(steps_to_minimum), minima)


def _run_in_blocks(new_rollout: Callable[[], Rollout], starts: Array) -> tuple[Array, IntArray]:
    """Run from ``starts (m, d)`` in blocks that fit into memory.

    Returns the last points ``(m, d)`` and the first converged steps ``(m,)``,
    or NOT_CONVERGED or HAS_DIVERGED.
    """
    rollout = new_rollout()
    problem = rollout.problem
    scores = problem.score(problem.start).size if isinstance(problem, DataProblem) else 1
    block_size = max(1, MAX_ELEMENTS_IN_MEMORY // (scores + rollout.steps * problem.dim))
    blocks = []
    for first in range(0, len(starts) or 1, block_size):
        block = starts[first : first + block_size]
        end, converged_at, rising = _run_until_converged(new_rollout(), block)
        if rising.size:
            loss = problem.value(new_rollout().full(block[rising]))
            converged_at[rising[is_diverging(loss.T)]] = HAS_DIVERGED
        blocks.append((end, converged_at))
    end, converged_at = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return end, converged_at


def _run_until_converged(rollout: Rollout, theta: Array) -> tuple[Array, IntArray, IntArray]:
    """Run from ``theta (m, d)`` until each run is converged at two tests in a row or has no steps left.

    Returns the last points ``(m, d)``; the first converged steps ``(m,)``,
    NOT_CONVERGED or, if the run is no longer finite, HAS_DIVERGED; and the
    indices of the remaining runs whose loss rises at the end.
    """
    problem, active, memory = rollout.problem, np.arange(len(theta)), rollout.optimizer.init(theta)
    end, converged_at = theta.copy(), np.full(len(theta), NOT_CONVERGED)
    initial_loss = problem.value(theta)
    checks = max(1, min(CONVERGENCE_CHECKS, rollout.steps // 3))
    for first, last in pairwise(np.linspace(0, rollout.steps, checks + 1).astype(int).tolist()):
        path, memory = rollout.advance(end[active], memory, first, last)
        end[active] = path[-1]
        converged = _is_converged(problem, path[-1], initial_loss[active])
        was_converged = converged_at[active] >= 0
        new = np.flatnonzero(converged & ~was_converged)
        converged_at[active[new]] = first + _first_converged_step(
            problem, path[:, new], initial_loss[active[new]]
        )
        converged_at[active[was_converged & ~converged]] = NOT_CONVERGED
        converged_at[active[~np.isfinite(path[-1]).all(axis=-1)]] = HAS_DIVERGED
        unfinished = ~(converged & was_converged) & (converged_at[active] != HAS_DIVERGED)
        rising = active[unfinished & is_diverging(problem.value(path[-3:]).T)]
        active, memory = active[unfinished], _select_memory(memory, unfinished)
    return end, converged_at, rising


def _is_converged(problem: Problem, theta: Array, initial_loss: Array) -> BoolArray:
    """Whether runs that started at ``initial_loss (m,)`` are converged at ``theta (m, d)``."""
    return within_tolerance(problem, theta, problem.gradient(theta), problem.value(theta), initial_loss)


def _select_memory(memory: Any, mask: BoolArray) -> Any:
    """Return an optimizer's memory of the runs that ``mask`` selects."""
    if isinstance(memory, tuple):
        return tuple(_select_memory(part, mask) for part in memory)
    return memory[mask] if isinstance(memory, np.ndarray) else memory


def _first_converged_step(problem: Problem, path: Array, initial_loss: Array) -> IntArray:
    """Return the first steps at which runs ``(k + 1, m, d)`` are converged, by bisection.

    All runs must be converged at the end.
    """
    runs = np.arange(path.shape[1])
    low, high = np.full(len(runs), -1), np.full(len(runs), len(path) - 1)
    while (is_open := high - low > 1).any():
        middle = np.where(is_open, (low + high) // 2, high)
        converged = _is_converged(problem, path[middle, runs], initial_loss)
        high, low = np.where(converged, middle, high), np.where(converged, low, middle)
    return high


def _assign_minima(problem: Problem, end: Array, converged_at: IntArray) -> tuple[IntArray, Array]:
    """Return the index of the minimum near the end of each converged run, and the minima sorted by loss.

    A Newton step from an end gives the minimum. All ends that are close to this
    end or to the minimum have found the same one. A convex problem has only one
    minimum.
    """
    found, unassigned = np.minimum(converged_at, NOT_CONVERGED), np.flatnonzero(converged_at >= 0)
    widths = (high - low for low, high in problem.plane.box)
    tolerance = np.inf if problem.convex else MINIMA_TOLERANCE * max(widths)
    minima: list[Array] = []
    while unassigned.size:
        first = end[unassigned[0]]
        minimum = first - np.linalg.lstsq(problem.hessian(first), problem.gradient(first), rcond=1e-14)[0]
        known = [i for i, other in enumerate(minima) if _distance(minimum, other) <= tolerance]
        if not known:
            minima.append(minimum)
        ends = end[unassigned]
        is_near = np.minimum(_distance(ends, first), _distance(ends, minimum)) <= tolerance
        found[unassigned[is_near]] = known[0] if known else len(minima) - 1
        unassigned = unassigned[~is_near]
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
