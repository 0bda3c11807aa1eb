"""Sweeps: what every learning rate would have done, from one batch of runs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array, frozen
from losses.descent.batch import descend_many
from losses.descent.convergence import CONVERGED
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT
from losses.problem.problem import Problem


@dataclass(frozen=True, eq=False)
class Sweep:
    """For every rate of a batch ``(...)`` how many ``steps`` it takes to converge, the final ``loss`` and the ``outcome``.

    ``steps`` is −1 where a run does not converge, ``loss`` is inf where it
    leaves the finite numbers, ``outcome`` holds names.
    """

    rate: Array
    steps: NDArray[np.intp]
    loss: Array
    outcome: NDArray[np.str_]

    @property
    def best(self) -> tuple[int, ...]:
        """Where the fewest steps converge; where none do, where the final loss is lowest; ValueError without rates."""
        if not self.rate.size:
            raise ValueError(
                f"rates must hold one at least for one to be the best; not shape {self.rate.shape}"
            )
        arrived = self.outcome == CONVERGED
        cost = np.where(arrived, self.steps, np.inf) if arrived.any() else self.loss
        return tuple(int(i) for i in np.unravel_index(np.argmin(cost), cost.shape))


def sweep(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT,
    *,
    start: Any = None,
    rates: Any,
    steps: int,
    **more: Any,
) -> Sweep:
    """Runs with all ``rates (...)`` from one ``start (d,)``, judged as :func:`losses.descend` judges one.

    ``more`` are a schedule, a seed and the optimizer's settings, each a number
    or an array that broadcasts with the rates: ``rates[:, None]`` with
    ``momentum=betas`` is a map. Raises ValueError as :func:`losses.descend_many` does.
    """
    runs = descend_many(problem, optimizer, starts=start, rates=rates, steps=steps, **more)
    final = runs.loss[..., -1]
    return Sweep(
        runs.rate, runs.settled_at, frozen(np.where(np.isfinite(final), final, np.inf)), runs.outcome
    )
