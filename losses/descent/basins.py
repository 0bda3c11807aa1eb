"""Basins of attraction: which minimum a descent finds from each of many starts, and how soon."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array, frozen, locked, of_kind, points, whole_number
from losses.core.hyperparameter import filled
from losses.descent.convergence import Flags, diverged, judged, small
from losses.descent.descent import MOST_STEPS, Walk, check_starts, checked_rates, puller
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT, OPTIMIZERS
from losses.optimizer.schedule import SCHEDULES, Schedule
from losses.problem.compatibility import record
from losses.problem.problem import DataProblem, Problem

Whole = NDArray[np.intp]

NONE: Final = -1
GONE: Final = -2
LOOKS: Final = 8
"""How often a run is looked at; converged at two looks in a row, it need not go on."""
BLOCK: Final = 4_000_000
"""How many numbers are held in memory at once."""
APART: Final = 1e-2
"""Minima nearer than this share of the window are one: a picture could not tell them apart."""


@dataclass(frozen=True, eq=False)
class Basins:
    """For every start ``(...)`` the number of the minimum it finds, among ``minima (m, d)``, and the steps it takes.

    ``found`` is −1 where a run has not arrived anywhere and −2 where it has
    diverged; ``steps`` is −1 in both cases.
    """

    found: Whole
    steps: Whole
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
    of_kind(problem, Problem, "problem")
    rule: Optimizer = record(OPTIMIZERS, optimizer)
    plan: Schedule = record(SCHEDULES, schedule)
    begin = points(starts, problem.dim, "starts")
    rate, steps = float(checked_rates(rate, ())), whole_number(steps, "steps", 0, MOST_STEPS)
    values = filled(rule.name, rule.settings, settings)
    if not judged(problem):
        raise ValueError(f"basins need curvature, which {problem.name} lacks")
    flat = begin.reshape(-1, problem.dim)
    check_starts(problem, flat)
    numbers = problem.score(problem.start).size if isinstance(problem, DataProblem) else 1
    size, parts = max(1, BLOCK // (numbers + steps * problem.dim)), []

    def walk() -> Walk:
        return Walk(problem, rule, rate, steps, plan, puller(problem, rule, values, seed), values)

    with np.errstate(all="ignore"):
        for i in range(0, len(flat) or 1, size):
            some = flat[i : i + size]
            end, settled, rising = _arrivals(walk(), some)
            if rising.size:
                losses = problem.value(walk().whole(some[rising]))
                settled[rising[diverged(losses.T)]] = GONE
            parts.append((end, settled))
        end, settled = (np.concatenate(part) for part in zip(*parts, strict=True))
        found, minima = _named(problem, end, settled)
    shape = begin.shape[:-1]
    steps_of = np.maximum(settled, NONE).reshape(shape)
    return Basins(locked(found.reshape(shape)), locked(steps_of), minima)


def _arrivals(walk: Walk, theta: Array) -> tuple[Array, Whole, Whole]:
    """Of runs from ``theta (m, d)`` their last points, the steps from which they are converged, and who rises at the end.

    The steps are NONE for a run that does not arrive, and GONE for one that leaves the finite numbers.
    """
    problem, runs, memory = walk.problem, np.arange(len(theta)), walk.rule.init(theta)
    end, settled, begin = theta.copy(), np.full(len(theta), NONE), problem.value(theta)
    looks = np.linspace(0, walk.steps, max(1, min(LOOKS, walk.steps // 3)) + 1).astype(int)
    for first, last in pairwise(looks.tolist()):
        path, memory = walk.go(end[runs], memory, first, last)
        end[runs] = path[-1]
        there, known = _there(problem, path[-1], begin[runs]), settled[runs] >= 0
        new = np.flatnonzero(there & ~known)
        settled[runs[new]] = first + _since(problem, path[:, new], begin[runs[new]])
        settled[runs[known & ~there]] = NONE
        settled[runs[~np.isfinite(path[-1]).all(axis=-1)]] = GONE
        on = ~(there & known) & (settled[runs] != GONE)
        rising = runs[on & diverged(problem.value(path[-3:]).T)]
        runs, memory = runs[on], _kept(memory, on)
    return end, settled, rising


def _there(problem: Problem, at: Array, begin: Array) -> Flags:
    """Whether runs that began at a loss ``begin`` are converged ``at`` points."""
    return small(problem, at, problem.gradient(at), problem.value(at), begin)


def _kept(memory: Any, on: Flags) -> Any:
    """An optimizer's memory of some of its runs."""
    if isinstance(memory, tuple):
        return tuple(_kept(part, on) for part in memory)
    return memory[on] if isinstance(memory, np.ndarray) else memory


def _since(problem: Problem, path: Array, begin: Array) -> Whole:
    """The first steps at which runs ``(k + 1, m, d)`` are converged that are so at the end, by bisection."""
    every = np.arange(path.shape[1])
    low, high = np.full(len(every), -1), np.full(len(every), len(path) - 1)
    while (apart := high - low > 1).any():
        middle = np.where(apart, (low + high) // 2, high)
        there = _there(problem, path[middle, every], begin)
        high, low = np.where(there, middle, high), np.where(there, low, middle)
    return high


def _named(problem: Problem, end: Array, settled: Whole) -> tuple[Whole, Array]:
    """The number of the minimum near each arrived end, and the minima from the lowest up.

    An end is polished by Newton's step, and every end near it or near its
    minimum has found the same one; a convex problem has but one valley.
    """
    found, left = np.minimum(settled, NONE), np.flatnonzero(settled >= 0)
    widths = (high - low for low, high in problem.plane.box)
    reach = np.inf if problem.convex else APART * max(widths)
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
    order = _from_the_lowest(problem, np.array(minima).reshape(-1, problem.dim))
    arrived = found >= 0
    found[arrived] = np.argsort(order)[found[arrived]]
    return found, frozen(np.array(minima).reshape(-1, problem.dim)[order])


def _from_the_lowest(problem: Problem, minima: Array) -> Whole:
    """The order of losses; of equal ones, but for rounding, the order of coordinates."""
    loss = problem.value(minima)
    level = np.round(loss - loss.min(initial=np.inf), 9)
    return np.lexsort((*minima.T[::-1], level))


def _distance(a: Array, b: Array) -> Array:
    away = a - b
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", away, away)))
