"""Descents: the iterates of one run, and an honest word on how it ended."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from losses.arrays import Array, frozen, points
from losses.optimizer import OPTIMIZERS, Here, Optimizer
from losses.outcome import Outcome, judge
from losses.problem import DataProblem, Problem
from losses.schedule import SCHEDULES, Schedule
from losses.setting import filled

MOST_STEPS: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class Descent:
    """A run: ``theta (k + 1, d)``, true ``loss (k + 1,)``, ``gradient (k + 1, d)`` and its outcome.

    ``settled_at`` is the first step from which the run is converged to the
    end, or None. A run that leaves the finite numbers stops before it does.
    """

    problem: Problem
    optimizer: str
    rate: float
    schedule: str
    theta: Array
    loss: Array
    gradient: Array
    outcome: Outcome
    settled_at: int | None


def descend(
    problem: Problem,
    optimizer: Optimizer | str = "gd",
    *,
    start: Any = None,
    rate: float,
    steps: int,
    schedule: Schedule | str = "constant",
    seed: int = 0,
    **settings: float,
) -> Descent:
    """``steps`` steps of an optimizer from ``start (d,)``; the loss is never read off a grid.

    ``settings`` are the optimizer's own, ``seed`` draws the mini-batches of a
    stochastic one. Raises ValueError for a start of another length, a rate
    that is not a positive finite number, a number of steps outside 0 ..
    1,000,000, or a setting out of range.
    """
    rule: Optimizer = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    plan: Schedule = SCHEDULES[schedule] if isinstance(schedule, str) else schedule
    theta = points(problem.start if start is None else start, problem.dim, "start")
    if theta.ndim != 1 or not np.isfinite(theta).all():
        raise ValueError(f"start must be {problem.dim} finite numbers; not {start!r}")
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError(f"rate must be a positive finite number; not {rate!r}")
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps must be from 0 to {MOST_STEPS}; not {steps!r}")
    values = filled(rule.name, rule.settings, settings)
    pull = _mini_batches(problem, values, seed) if rule.stochastic else problem.gradient
    rates = (rate * plan.factor(k, steps) for k in range(steps))
    with np.errstate(all="ignore"):
        path, escaped = _run(problem, rule, theta, rates, pull, values)
        loss, slopes = problem.value(path), problem.gradient(path)
    whole = int(np.argmin(np.isfinite(loss))) if not np.isfinite(loss).all() else len(loss)
    escaped = escaped or whole < len(loss)
    whole = max(whole, 1)  # the start is told of even where its loss is beyond numbers
    path, slopes, loss = path[:whole], slopes[:whole], loss[:whole]
    outcome, settled_at = judge(problem, rule, rate, path, loss, slopes, escaped)
    return Descent(
        problem, rule.key, rate, plan.key, frozen(path), frozen(loss), frozen(slopes), outcome, settled_at
    )


def _mini_batches(problem: Problem, values: dict[str, float], seed: int) -> Callable[[Array], Array]:
    """Gradients of seeded mini-batches drawn without replacement; the whole where there are no data."""
    if not isinstance(problem, DataProblem):
        return problem.gradient
    rng = np.random.Generator(np.random.PCG64(seed))
    count, size = len(problem.y), min(int(values["batch"]), len(problem.y))
    return lambda theta: problem.gradient_on(theta, rng.permutation(count)[:size])


def _run(
    problem: Problem,
    rule: Optimizer,
    theta: Array,
    rates: Iterable[float],
    pull: Callable[[Array], Array],
    values: dict[str, float],
) -> tuple[Array, bool]:
    """Iterates as long as they and their gradients are finite, and whether they ceased to be."""
    path, memory = [theta], rule.init(theta)
    for rate in rates:
        delta, memory = rule.update(pull(theta), memory, rate, Here(theta, problem), **values)
        theta = theta + delta
        if not math.isfinite(theta.sum()):
            return np.array(path), True
        path.append(theta)
    return np.array(path), False
