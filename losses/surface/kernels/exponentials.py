"""Losses of exponentials, which are products of a factor for each column and one for each row.

So the exponential and the logarithm are taken once for each line of the grid
or for some dozen examples together, not for every example at every point.
"""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import EXP, LOG_1P_EXP, LOG_COSH, LOG_SUM_EXP, PREDICTION
from losses.model.output_activation import SIGMOID_KEY
from losses.surface.kernels.grid import AffineScores, Grid

MAX_EXPONENT: Final = 700.0
"""The logarithm of the largest product that is held."""
GROUP_SIZE: Final = 3
"""So many examples' factors are multiplied out, so that a product of matrices does the work."""
GROUPS_PER_BLOCK: Final = 8
"""So many groups' grids are held at once: they stay in the processor's cache."""


def is_softplus_loss(grid: Grid) -> bool:
    ramp = _softplus_argument(grid)
    return ramp is not None and GROUP_SIZE * grid.max_magnitude(ramp) <= MAX_EXPONENT


def _softplus_argument(grid: Grid) -> AffineScores | None:
    """What is exponentiated: −margin for cross-entropy, twice the error for log-cosh."""
    form = grid.problem.loss.closed_form
    if form == LOG_1P_EXP and grid.margins:
        return grid.margins.scaled_by(np.array(-1.0))
    return grid.errors.scaled_by(np.array(2.0)) if form == LOG_COSH and grid.errors else None


def softplus_means(grid: Grid) -> Array:
    """Means of log(1 + e^z) as logarithms of products; log cosh r is log(1 + e^(2r)) − r − log 2."""
    ramp = _softplus_argument(grid)
    assert ramp is not None
    mean = _sum_of_log_products(grid, ramp) / len(ramp.constant)
    if grid.problem.loss.closed_form == LOG_1P_EXP:
        return mean
    flat, across, up = (float(np.mean(part)) for part in (ramp.constant, ramp.u_slope, ramp.v_slope))
    return np.asarray(mean - 0.5 * (flat + across * grid.u + up * grid.v[:, None]) - np.log(2.0))


def _sum_of_log_products(grid: Grid, scores: AffineScores) -> Array:
    """Σ log(1 + e^z) over the examples, ``(rows, columns)``."""
    e, f = (_expand_group_products(half) for half in grid.exponential_factors(scores))
    groups = (
        int(
            min(
                GROUPS_PER_BLOCK,
                MAX_EXPONENT // max(GROUP_SIZE * (grid.max_magnitude(scores) + np.log(2.0)), 1.0),
            )
        )
        or 1
    )
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), groups):
        total += np.log(np.multiply.reduce(f[i : i + groups].swapaxes(1, 2) @ e[i : i + groups], axis=0))
    return total


def _expand_group_products(half: Array) -> Array:
    """Terms of (1 + e₁)(1 + e₂)(1 + e₃) for each group of examples: ``(m, n)`` to ``(groups, 8, m)``."""
    short = -half.shape[1] % GROUP_SIZE
    padded = np.concatenate([half, np.zeros((len(half), short))], axis=1)
    a, b, c = (
        np.stack([np.ones_like(x), x], axis=1)
        for x in padded.T.reshape(-1, GROUP_SIZE, len(half)).swapaxes(0, 1)
    )
    product = a[:, :, None, None] * b[:, None, :, None] * c[:, None, None, :]
    return np.asarray(product.reshape(len(a), -1, len(half)))


def is_exponential(grid: Grid) -> bool:
    return (
        grid.problem.loss.closed_form == EXP
        and grid.margins is not None
        and 2.0 * grid.max_magnitude(grid.margins) <= MAX_EXPONENT
    )


def exponential_means(grid: Grid) -> Array:
    """The mean of e^(−m) is one product of matrices."""
    assert grid.margins is not None
    e, f = grid.exponential_factors(grid.margins.scaled_by(np.array(-1.0)))
    return np.asarray(f @ e.T / e.shape[1])


def is_sigmoid_error(grid: Grid) -> bool:
    at = grid.problem
    return (
        at.loss.space == PREDICTION
        and at.link.key == SIGMOID_KEY
        and at.loss.error_power in (1, 2)
        and grid.margins is not None
        and 2.0 * grid.max_magnitude(grid.margins) <= MAX_EXPONENT
    )


def sigmoid_error_means(grid: Grid) -> Array:
    """A sigmoid misses its target by 1 / (1 + e^m) for a margin m: no exponential at a point."""
    assert grid.margins is not None
    e, f = (
        np.stack([half.T, np.ones_like(half.T)], axis=1) for half in grid.exponential_factors(grid.margins)
    )
    f[:, 1] = 1.0
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), GROUPS_PER_BLOCK):
        miss = f[i : i + GROUPS_PER_BLOCK].swapaxes(1, 2) @ e[i : i + GROUPS_PER_BLOCK]
        np.reciprocal(miss, out=miss)
        if grid.problem.loss.error_power == 2:
            np.square(miss, out=miss)
        total += miss.sum(axis=0)
    return np.asarray(total / len(e))


def is_categorical_cross_entropy(grid: Grid) -> bool:
    ramp = _scores_minus_true_score(grid)
    return ramp is not None and grid.max_magnitude(ramp) + np.log(ramp.constant.shape[1]) <= MAX_EXPONENT


def _scores_minus_true_score(grid: Grid) -> AffineScores | None:
    """Scores of all the classes less that of the true one."""
    if grid.problem.loss.closed_form != LOG_SUM_EXP or grid.scores is None:
        return None
    true = np.arange(len(grid.problem.y)), grid.problem.y.astype(np.intp)
    parts = (
        part - part[true][:, None]
        for part in (grid.scores.constant, grid.scores.u_slope, grid.scores.v_slope)
    )
    return AffineScores(*parts)


def categorical_cross_entropy_means(grid: Grid) -> Array:
    """Means of log Σ e^(z_k − z_y): for each example one product of matrices, for some examples one logarithm."""
    ramp = _scores_minus_true_score(grid)
    assert ramp is not None
    e, f = (np.ascontiguousarray(half.transpose(1, 2, 0)) for half in grid.exponential_factors(ramp))
    step = int(min(GROUPS_PER_BLOCK, MAX_EXPONENT // (grid.max_magnitude(ramp) + np.log(e.shape[1]))))
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), step):
        total += np.log(np.multiply.reduce(f[i : i + step].swapaxes(1, 2) @ e[i : i + step], axis=0))
    return np.asarray(total / len(e))
