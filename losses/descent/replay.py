"""Replays: the gradient, the rate and the optimizer's memory at each step of a run."""

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
    """The inputs of each step of a run.

    ``pull (k, d)`` are the gradients that the optimizer received, which are
    those of mini-batches if it is stochastic; ``rates (k,)`` are the rates.
    """

    run: Descent
    pull: Array
    rates: Array

    @cached_property
    def memory(self) -> Array:
        """The optimizer's memory ``(k + 1, names, d)`` before each step and after the last.

        Its arrays are in the order of the optimizer's ``memory``.
        """
        run, optimizer = self.run, OPTIMIZERS[self.run.optimizer]
        memory = optimizer.init(run.theta[0])
        history = [_memory_arrays(memory, len(optimizer.memory))]
        with np.errstate(all="ignore"):
            for theta, gradient, rate in zip(run.theta, self.pull, self.rates.tolist(), strict=False):
                if optimizer.memory:  # without memory there is nothing to compute
                    memory = optimizer.update(
                        gradient, memory, rate, StepContext(theta, run.problem), **run.settings
                    )[1]
                history.append(_memory_arrays(memory, len(optimizer.memory)))
        return frozen(np.reshape(history, (len(history), -1, run.theta.shape[1])))


def replay(run: Descent) -> Replay:
    """Compute the inputs of each step of ``run`` again; they are exactly those of the run."""
    check_type(run, Descent, "run")
    optimizer, schedule = OPTIMIZERS[run.optimizer], SCHEDULES[run.schedule]
    rates = run.rate * schedule.factors(run.steps)[: len(run.theta) - 1]
    gradients = run.gradient[:-1]
    if optimizer.stochastic:
        oracle = gradient_oracle(run.problem, optimizer, run.settings, run.seed)
        gradients = np.array([oracle(theta) for theta in run.theta[:-1]])
    return Replay(run, frozen(np.reshape(gradients, (-1, run.theta.shape[1]))), frozen(rates))


def _memory_arrays(memory: Any, count: int) -> list[Array]:
    parts = memory if isinstance(memory, tuple) else (memory,)
    return [np.asarray(part) for part in parts[:count]]
