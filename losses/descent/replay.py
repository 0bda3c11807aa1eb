"""Replays: what went into each step of a run, the memory of its optimizer included."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from losses.core.arrays import Array, check_type, frozen
from losses.descent.descent import Descent, gradient_oracle
from losses.optimizer.base import StepContext
from losses.optimizer.catalogue import OPTIMIZERS
from losses.optimizer.schedule import SCHEDULES


@dataclass(frozen=True, eq=False)
class Replay:
    """The steps of a run: the slope ``pull (k, d)`` that each was given and its rate ``rates (k,)``."""

    run: Descent
    pull: Array
    rates: Array

    @cached_property
    def memory(self) -> Array:
        """k + 1 arrays ``(names, d)``: what the optimizer remembers before each step and after the last.

        They come in the order of its ``memory`` names, ``(k + 1, names, d)``.
        """
        run, rule = self.run, OPTIMIZERS[self.run.optimizer]
        memory = rule.init(run.theta[0])
        held = [_memory_arrays(memory, len(rule.memory))]
        with np.errstate(all="ignore"):
            for theta, slope, rate in zip(run.theta, self.pull, self.rates.tolist(), strict=False):
                if rule.memory:  # one that remembers nothing need not step again
                    memory = rule.update(
                        slope, memory, rate, StepContext(theta, run.problem), **run.settings
                    )[1]
                held.append(_memory_arrays(memory, len(rule.memory)))
        return frozen(np.reshape(held, (len(held), -1, run.theta.shape[1])))


def replay(run: Descent) -> Replay:
    """The steps of ``run`` taken once more; the same pure functions give the same numbers."""
    check_type(run, Descent, "run")
    rule, plan = OPTIMIZERS[run.optimizer], SCHEDULES[run.schedule]
    rates = run.rate * plan.factors(run.steps)[: len(run.theta) - 1]
    slopes = run.gradient[:-1]
    if rule.stochastic:
        pull = gradient_oracle(run.problem, rule, run.settings, run.seed)
        slopes = np.array([pull(theta) for theta in run.theta[:-1]])
    return Replay(run, frozen(np.reshape(slopes, (-1, run.theta.shape[1]))), frozen(rates))


def _memory_arrays(memory: Any, count: int) -> list[Array]:
    parts = memory if isinstance(memory, tuple) else (memory,)
    return [np.asarray(part) for part in parts[:count]]
