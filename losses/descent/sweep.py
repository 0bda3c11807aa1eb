"""Sweeps: the results of many learning rates, from one batch of runs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.core.arrays import Array, frozen
from losses.core.records import ReadOnlyArrays, describe_counts
from losses.descent.batch import descend_many
from losses.descent.convergence import CONVERGED
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER
from losses.problem.problem import Problem


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(ReadOnlyArrays):
    """The ``steps`` to convergence, final ``loss`` and ``outcome`` for each rate of a batch ``(...)``.

    ``steps`` is −1 if a run does not converge, ``loss`` is inf if it does not
    stay finite, and ``outcome`` holds names of ``OUTCOMES``.
    """

    rate: Array
    steps: NDArray[np.intp]
    loss: Array
    outcome: NDArray[np.str_]

    def __repr__(self) -> str:
        span = f" from {self.rate.min():.4g} to {self.rate.max():.4g}" if self.rate.size else ""
        outcomes = describe_counts(self.outcome.ravel().tolist())
        return f"<sweep of {self.rate.size} rates{span}; {outcomes}>"

    @property
    def best(self) -> tuple[int, ...]:
        """Index of the run that converges in the fewest steps, or of the lowest final loss if none converges.

        Raises ValueError if there are no rates.
        """
        if not self.rate.size:
            raise ValueError(
                f"rates must hold one at least for one to be the best; not shape {self.rate.shape}"
            )
        converged = self.outcome == CONVERGED
        cost = np.where(converged, self.steps, np.inf) if converged.any() else self.loss
        return tuple(int(i) for i in np.unravel_index(np.argmin(cost), cost.shape))


@np.errstate(all="ignore")
def sweep(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT_OPTIMIZER,
    *,
    start: ArrayLike | None = None,
    rates: ArrayLike,
    steps: int,
    **more: Any,
) -> Sweep:
    """Run from one ``start (d,)`` with each of ``rates (...)``.

    Outcomes follow the rules of :func:`losses.descend`. ``more`` are a
    schedule, a seed and the optimizer's settings. Each setting is a number or
    an array that broadcasts with the rates: ``rates[:, None]`` with
    ``momentum=betas`` is a grid. Raises ValueError as
    :func:`losses.descend_many` does.
    """
    runs = descend_many(problem, optimizer, starts=start, rates=rates, steps=steps, **more)
    final_loss = runs.loss[..., -1]
    loss = np.where(np.isfinite(final_loss), final_loss, np.inf)
    return Sweep(runs.rate, runs.settled_at, frozen(loss), runs.outcome)
