"""Descents: the iterates of one run, and an honest word on how it ended."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from losses.arrays import Array, frozen, points
from losses.optimizer import OPTIMIZERS, Optimizer
from losses.outcome import Outcome, judge
from losses.problem import Problem

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
    **settings: float,
) -> Descent:
    """``steps`` steps of an optimizer from ``start (d,)``; the loss is never read off a grid.

    Raises ValueError for a start of another length, a rate that is not a
    positive finite number or a number of steps outside 0 .. 1,000,000.
    """
    rule: Optimizer = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    theta = points(problem.start if start is None else start, problem.dim, "start")
    if theta.ndim != 1 or not np.isfinite(theta).all():
        raise ValueError(f"start must be {problem.dim} finite numbers; not {start!r}")
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError(f"rate must be a positive finite number; not {rate!r}")
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps must be from 0 to {MOST_STEPS}; not {steps!r}")
    with np.errstate(over="ignore", invalid="ignore"):
        path, slopes, escaped = _run(problem, rule, theta, rate, steps, settings)
        loss = problem.value(path)
    whole = int(np.argmin(np.isfinite(loss))) if not np.isfinite(loss).all() else len(loss)
    escaped = escaped or whole < len(loss)
    path, slopes, loss = path[:whole], slopes[:whole], loss[:whole]
    outcome, settled_at = judge(problem, rule, rate, path, loss, slopes, escaped)
    return Descent(problem, rule.key, rate, frozen(path), frozen(loss), frozen(slopes), outcome, settled_at)


def _run(
    problem: Problem, rule: Optimizer, theta: Array, rate: float, steps: int, settings: dict[str, float]
) -> tuple[Array, Array, bool]:
    """Iterates and gradients as long as both are finite, and whether they ceased to be."""
    path, slopes = [theta], [problem.gradient(theta)]
    memory = rule.init(theta)
    for _ in range(steps):
        delta, memory = rule.update(slopes[-1], memory, rate, **settings)
        theta = theta + delta
        slope = problem.gradient(theta)
        if not math.isfinite(theta.sum() + slope.sum()):
            return np.array(path), np.array(slopes), True
        path.append(theta)
        slopes.append(slope)
    return np.array(path), np.array(slopes), False
