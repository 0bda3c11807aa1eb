"""Losses of exponentials, which are products of a factor for each column and one for each row.

So the exponential and the logarithm are taken once for each line of the grid
or for some dozen examples together, not for every example at every point.
"""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import EXP, LOG_1P_EXP, LOG_COSH, LOG_SUM_EXP, PREDICTION
from losses.model.output_activation import SIGMOID
from losses.surface.kernels.grid import Grid, Ramp

ROOM: Final = 700.0
"""The logarithm of the largest product that is held."""
GROUP: Final = 3
"""So many examples' factors are multiplied out, so that a product of matrices does the work."""
BLOCK: Final = 8
"""So many groups' grids are held at once: they stay in the processor's cache."""


def has_logs(grid: Grid) -> bool:
    ramp = _of_logs(grid)
    return ramp is not None and GROUP * grid.reach(ramp) <= ROOM


def _of_logs(grid: Grid) -> Ramp | None:
    """What is exponentiated: −margin for cross-entropy, twice the error for log-cosh."""
    form = grid.problem.loss.closed_form
    if form == LOG_1P_EXP and grid.margins:
        return grid.margins.times(np.array(-1.0))
    return grid.errors.times(np.array(2.0)) if form == LOG_COSH and grid.errors else None


def logs(grid: Grid) -> Array:
    """Means of log(1 + e^z) as logarithms of products; log cosh r is log(1 + e^(2r)) − r − log 2."""
    ramp = _of_logs(grid)
    assert ramp is not None
    mean = _log_products(grid, ramp) / len(ramp.flat)
    if grid.problem.loss.closed_form == LOG_1P_EXP:
        return mean
    flat, across, up = (float(np.mean(part)) for part in (ramp.flat, ramp.across, ramp.up))
    return np.asarray(mean - 0.5 * (flat + across * grid.u + up * grid.v[:, None]) - np.log(2.0))


def _log_products(grid: Grid, ramp: Ramp) -> Array:
    """Σ log(1 + e^z) over the examples, ``(rows, columns)``."""
    e, f = (_multiplied_out(half) for half in grid.halves(ramp))
    groups = int(min(BLOCK, ROOM // max(GROUP * (grid.reach(ramp) + np.log(2.0)), 1.0))) or 1
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), groups):
        total += np.log(np.multiply.reduce(f[i : i + groups].swapaxes(1, 2) @ e[i : i + groups], axis=0))
    return total


def _multiplied_out(half: Array) -> Array:
    """Terms of (1 + e₁)(1 + e₂)(1 + e₃) for each group of examples: ``(m, n)`` to ``(groups, 8, m)``."""
    short = -half.shape[1] % GROUP
    padded = np.concatenate([half, np.zeros((len(half), short))], axis=1)
    a, b, c = (
        np.stack([np.ones_like(x), x], axis=1) for x in padded.T.reshape(-1, GROUP, len(half)).swapaxes(0, 1)
    )
    product = a[:, :, None, None] * b[:, None, :, None] * c[:, None, None, :]
    return np.asarray(product.reshape(len(a), -1, len(half)))


def is_exponential(grid: Grid) -> bool:
    return (
        grid.problem.loss.closed_form == EXP
        and grid.margins is not None
        and 2.0 * grid.reach(grid.margins) <= ROOM
    )


def exponential(grid: Grid) -> Array:
    """The mean of e^(−m) is one product of matrices."""
    assert grid.margins is not None
    e, f = grid.halves(grid.margins.times(np.array(-1.0)))
    return np.asarray(f @ e.T / e.shape[1])


def through_sigmoid(grid: Grid) -> bool:
    at = grid.problem
    return (
        at.loss.space == PREDICTION
        and at.link.key == SIGMOID
        and at.loss.error_power in (1, 2)
        and grid.margins is not None
        and 2.0 * grid.reach(grid.margins) <= ROOM
    )


def sigmoid_errors(grid: Grid) -> Array:
    """A sigmoid misses its target by 1 / (1 + e^m) for a margin m: no exponential at a point."""
    assert grid.margins is not None
    e, f = (np.stack([half.T, np.ones_like(half.T)], axis=1) for half in grid.halves(grid.margins))
    f[:, 1] = 1.0
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), BLOCK):
        miss = f[i : i + BLOCK].swapaxes(1, 2) @ e[i : i + BLOCK]
        np.reciprocal(miss, out=miss)
        if grid.problem.loss.error_power == 2:
            np.square(miss, out=miss)
        total += miss.sum(axis=0)
    return np.asarray(total / len(e))


def has_classes(grid: Grid) -> bool:
    ramp = _against_truth(grid)
    return ramp is not None and grid.reach(ramp) + np.log(ramp.flat.shape[1]) <= ROOM


def _against_truth(grid: Grid) -> Ramp | None:
    """Scores of all the classes less that of the true one."""
    if grid.problem.loss.closed_form != LOG_SUM_EXP or grid.scores is None:
        return None
    true = np.arange(len(grid.problem.y)), grid.problem.y.astype(np.intp)
    parts = (part - part[true][:, None] for part in (grid.scores.flat, grid.scores.across, grid.scores.up))
    return Ramp(*parts)


def classes(grid: Grid) -> Array:
    """Means of log Σ e^(z_k − z_y): for each example one product of matrices, for some examples one logarithm."""
    ramp = _against_truth(grid)
    assert ramp is not None
    e, f = (np.ascontiguousarray(half.transpose(1, 2, 0)) for half in grid.halves(ramp))
    step = int(min(BLOCK, ROOM // (grid.reach(ramp) + np.log(e.shape[1]))))
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), step):
        total += np.log(np.multiply.reduce(f[i : i + step].swapaxes(1, 2) @ e[i : i + step], axis=0))
    return np.asarray(total / len(e))
