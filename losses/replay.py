"""Replays: what went into each step of a run, the memory of its optimizer included."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from losses.arrays import Array, frozen
from losses.descent import Descent, puller
from losses.optimizer import OPTIMIZERS, Here
from losses.schedule import SCHEDULES


@dataclass(frozen=True, eq=False)
class Replay:
    """The steps of a run: the slope ``pull (k, d)`` that each was given and its rate ``rates (k,)``.

    ``memory`` holds k + 1 arrays ``(names, d)``: what the optimizer remembers
    before each step and after the last, in the order of its ``memory`` names.
    """

    pull: Array
    rates: Array
    memory: Array


def replay(run: Descent) -> Replay:
    """The steps of ``run`` taken once more; the same pure functions give the same numbers."""
    rule, plan = OPTIMIZERS[run.optimizer], SCHEDULES[run.schedule]
    pull = puller(run.problem, rule, run.settings, run.seed)
    rates = [run.rate * plan.factor(k, run.steps) for k in range(len(run.theta) - 1)]
    memory = rule.init(run.theta[0])
    slopes, held = [], [_named(memory, len(rule.memory))]
    with np.errstate(all="ignore"):
        for theta, rate in zip(run.theta, rates, strict=False):
            slopes.append(pull(theta))
            here = Here(theta, run.problem)
            memory = rule.update(slopes[-1], memory, rate, here, **run.settings)[1]
            held.append(_named(memory, len(rule.memory)))
    width = run.theta.shape[1]
    return Replay(
        frozen(np.reshape(slopes, (-1, width))),
        frozen(np.array(rates)),
        frozen(np.reshape(held, (len(held), -1, width))),
    )


def _named(memory: Any, count: int) -> list[Array]:
    parts = memory if isinstance(memory, tuple) else (memory,)
    return [np.asarray(part) for part in parts[:count]]
