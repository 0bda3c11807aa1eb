"""Basins of attraction: which minimum a descent finds from each of many starts, and how soon."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array, as_points, check_integer, check_type, frozen, make_readonly
from losses.core.hyperparameter import resolve_settings
from losses.descent.convergence import BoolArray, is_diverging, is_testable, within_tolerance
from losses.descent.descent import MAX_STEPS, Rollout, check_rates, check_starts, gradient_oracle
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT, OPTIMIZERS
from losses.optimizer.schedule import SCHEDULES, Schedule
from losses.problem.compatibility import lookup
from losses.problem.problem import DataProblem, Problem

IntArray = NDArray[np.intp]

NOT_CONVERGED: Final = -1
HAS_DIVERGED: Final = -2
CONVERGENCE_CHECKS: Final = 8
"""How often a run is looked at; converged at two looks in a row, it need not go on."""
MAX_ELEMENTS_IN_MEMORY: Final = 4_000_000
"""How many numbers are held in memory at once."""
MINIMA_TOLERANCE: Final = 1e-2
"""Minima nearer than this share of the window are one: a picture could not tell them apart."""


@dataclass(frozen=True, eq=False)
class Basins:
    """For every start ``(...)`` the number of the minimum it finds, among ``minima (m, d)``, and the steps it takes.

    ``found`` is −1 where a run has not arrived anywhere and −2 where it has
    diverged; ``steps`` is −1 in both cases.
    """

    found: IntArray
    steps: IntArray
    minima: Array


def basins(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT,
    *,
    starts: Any,
    rate: float,
    steps: int,
    schedule: Schedule | str = "constant",
    seed: int = 0,
    **settings: float,
) -> Basins:
    """Descents from all ``starts (..., d)``, converged by the rule that :func:`losses.descend` uses.

    A run has arrived when it is converged at two looks in a row, an eighth of
    the steps apart, or at the last one; its steps are counted to the first.
    The minima are those that were found, from the lowest up. Raises ValueError
    as ``descend`` does, and for a problem with kinks or more than 64
    parameters, where convergence cannot be told.
    """
    check_type(problem, Problem, "problem")
    rule: Optimizer = lookup(OPTIMIZERS, optimizer)
    plan: Schedule = lookup(SCHEDULES, schedule)
    begin = as_points(starts, problem.dim, "starts")
    rate, steps = float(check_rates(rate, ())), check_integer(steps, "steps", 0, MAX_STEPS)
    values = resolve_settings(rule.name, rule.settings, settings)
    if not is_testable(problem):
        raise ValueError(f"basins need curvature, which {problem.name} lacks")
    flat = begin.reshape(-1, problem.dim)
    check_starts(problem, flat)
    numbers = problem.score(problem.start).size if isinstance(problem, DataProblem) else 1
    size, parts = max(1, MAX_ELEMENTS_IN_MEMORY // (numbers + steps * problem.dim)), []

    def walk() -> Rollout:
        return Rollout(problem, rule, rate, steps, plan, gradient_oracle(problem, rule, values, seed), values)

    with np.errstate(all="ignore"):
        for i in range(0, len(flat) or 1, size):
            some = flat[i : i + size]
            end, settled, rising = _run_until_converged(walk(), some)
            if rising.size:
                losses = problem.value(walk().full(some[rising]))
                settled[rising[is_diverging(losses.T)]] = HAS_DIVERGED
            parts.append((end, settled))
        end, settled = (np.concatenate(part) for part in zip(*parts, strict=True))
        found, minima = _assign_minima(problem, end, settled)
    shape = begin.shape[:-1]
    steps_of = np.maximum(settled, NOT_CONVERGED).reshape(shape)
    return Basins(make_readonly(found.reshape(shape)), make_readonly(steps_of), minima)


def _run_until_converged(rollout: Rollout, theta: Array) -> tuple[Array, IntArray, IntArray]:
    """Of runs from ``theta (m, d)`` their last points, the steps from which they are converged, and who rises at the end.

    The steps are NONE for a run that does not arrive, and GONE for one that leaves the finite numbers.
    """
    problem, runs, memory = rollout.problem, np.arange(len(theta)), rollout.optimizer.init(theta)
    end, settled, begin = theta.copy(), np.full(len(theta), NOT_CONVERGED), problem.value(theta)
    looks = np.linspace(0, rollout.steps, max(1, min(CONVERGENCE_CHECKS, rollout.steps // 3)) + 1).astype(int)
    for first, last in pairwise(looks.tolist()):
        path, memory = rollout.advance(end[runs], memory, first, last)
        end[runs] = path[-1]
        there, known = _is_converged(problem, path[-1], begin[runs]), settled[runs] >= 0
        new = np.flatnonzero(there & ~known)
        settled[runs[new]] = first + _first_converged_step(problem, path[:, new], begin[runs[new]])
        settled[runs[known & ~there]] = NOT_CONVERGED
        settled[runs[~np.isfinite(path[-1]).all(axis=-1)]] = HAS_DIVERGED
        on = ~(there & known) & (settled[runs] != HAS_DIVERGED)
        rising = runs[on & is_diverging(problem.value(path[-3:]).T)]
        runs, memory = runs[on], _select_memory(memory, on)
    return end, settled, rising


def _is_converged(problem: Problem, theta: Array, initial_loss: Array) -> BoolArray:
    """Whether runs that began at a loss ``initial_loss`` are converged ``theta`` points."""
    return within_tolerance(problem, theta, problem.gradient(theta), problem.value(theta), initial_loss)


def _select_memory(memory: Any, mask: BoolArray) -> Any:
    """An optimizer's memory of some of its runs."""
    if isinstance(memory, tuple):
        return tuple(_select_memory(part, mask) for part in memory)
    return memory[mask] if isinstance(memory, np.ndarray) else memory


def _first_converged_step(problem: Problem, path: Array, initial_loss: Array) -> IntArray:
    """The first steps at which runs ``(k + 1, m, d)`` are converged that are so at the end, by bisection."""
    every = np.arange(path.shape[1])
    low, high = np.full(len(every), -1), np.full(len(every), len(path) - 1)
    while (apart := high - low > 1).any():
        middle = np.where(apart, (low + high) // 2, high)
        there = _is_converged(problem, path[middle, every], initial_loss)
        high, low = np.where(there, middle, high), np.where(there, low, middle)
    return high


def _assign_minima(problem: Problem, end: Array, settled: IntArray) -> tuple[IntArray, Array]:
    """The number of the minimum near each arrived end, and the minima from the lowest up.

    An end is polished by Newton's step, and every end near it or near its
    minimum has found the same one; a convex problem has but one valley.
    """
    found, left = np.minimum(settled, NOT_CONVERGED), np.flatnonzero(settled >= 0)
    widths = (high - low for low, high in problem.plane.box)
    reach = np.inf if problem.convex else MINIMA_TOLERANCE * max(widths)
    minima: list[Array] = []
    while left.size:
        first = end[left[0]]
        lowest = first - np.linalg.lstsq(problem.hessian(first), problem.gradient(first), rcond=1e-14)[0]
        known = [i for i, other in enumerate(minima) if _distance(lowest, other) <= reach]
        if not known:
            minima.append(lowest)
        near = np.minimum(_distance(end[left], first), _distance(end[left], lowest)) <= reach
        found[left[near]] = known[0] if known else len(minima) - 1
        left = left[~near]
    if not minima:
        return found, frozen(np.empty((0, problem.dim)))
    order = _order_by_loss(problem, np.array(minima).reshape(-1, problem.dim))
    arrived = found >= 0
    found[arrived] = np.argsort(order)[found[arrived]]
    return found, frozen(np.array(minima).reshape(-1, problem.dim)[order])


def _order_by_loss(problem: Problem, minima: Array) -> IntArray:
    """The order of losses; of equal ones, but for rounding, the order of coordinates."""
    loss = problem.value(minima)
    level = np.round(loss - loss.min(initial=np.inf), 9)
    return np.lexsort((*minima.T[::-1], level))


def _distance(a: Array, b: Array) -> Array:
    away = a - b
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", away, away)))
