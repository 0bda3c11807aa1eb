"""Kernels for losses of exponentials of affine scores.

On the grid e^(a + b u + c v) is a product of one factor per column and one per
row. So exponentials are computed once per row and column, and logarithms once
for some dozen examples together, instead of for each example at each point.
"""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.loss.base import EXP, LOG_1P_EXP, LOG_COSH, LOG_SUM_EXP, PREDICTION
from losses.model.output_activation import SIGMOID_KEY
from losses.surface.kernels.grid import AffineScores, Grid

MAX_EXPONENT: Final = 700.0
"""Largest allowed logarithm of a product; float64 overflows at 709."""
GROUP_SIZE: Final = 3
"""Number of examples whose factors are multiplied out, so that a matrix product evaluates them together."""
GROUPS_PER_BLOCK: Final = 8
"""Number of groups whose grids are in memory at once: they fit into the processor's cache."""


def is_softplus_loss(grid: Grid) -> bool:
    """Whether the loss is a mean of log(1 + e^z) and products of a group of its terms do not overflow."""
    argument = _softplus_argument(grid)
    return argument is not None and GROUP_SIZE * grid.max_magnitude(argument) <= MAX_EXPONENT


def _softplus_argument(grid: Grid) -> AffineScores | None:
    """Return z in log(1 + e^z): −margin for cross-entropy, twice the error for log-cosh, else None."""
    form = grid.problem.loss.closed_form
    if form == LOG_1P_EXP and grid.margins:
        return grid.margins.scaled_by(np.array(-1.0))
    return grid.errors.scaled_by(np.array(2.0)) if form == LOG_COSH and grid.errors else None


def softplus_means(grid: Grid) -> Array:
    """Return the mean loss ``(rows, columns)`` from logarithms of products of 1 + e^z.

    Uses log cosh r = log(1 + e^(2r)) − r − log 2.
    """
    argument = _softplus_argument(grid)
    assert argument is not None
    mean = _sum_of_log_products(grid, argument) / len(argument.constant)
    if grid.problem.loss.closed_form == LOG_1P_EXP:
        return mean
    constant, u_slope, v_slope = (
        float(np.mean(part)) for part in (argument.constant, argument.u_slope, argument.v_slope)
    )
    mean_argument = constant + u_slope * grid.u + v_slope * grid.v[:, None]
    return np.asarray(mean - 0.5 * mean_argument - np.log(2.0))


def _sum_of_log_products(grid: Grid, scores: AffineScores) -> Array:
    """Return Σ log(1 + e^z) over the examples, ``(rows, columns)``."""
    e, f = (_expand_group_products(factor) for factor in grid.exponential_factors(scores))
    exponent_per_group = max(GROUP_SIZE * (grid.max_magnitude(scores) + np.log(2.0)), 1.0)
    groups = int(min(GROUPS_PER_BLOCK, MAX_EXPONENT // exponent_per_group)) or 1
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), groups):
        checkpoint()
        total += np.log(np.multiply.reduce(f[i : i + groups].swapaxes(1, 2) @ e[i : i + groups], axis=0))
    return total


def _expand_group_products(factors: Array) -> Array:
    """Return the terms of (1 + e₁)(1 + e₂)(1 + e₃) for each group of examples, ``(groups, 8, m)``.

    ``factors`` are ``(m, n)`` for n examples; the last group is filled up with zeros. The terms of a group
    lie together, so that they are multiplied without being copied.
    """
    count, examples = factors.shape
    groups = -(-examples // GROUP_SIZE)
    padded = np.zeros((groups * GROUP_SIZE, count))
    padded[:examples] = factors.T
    grouped = padded.reshape(groups, GROUP_SIZE, 1, count)
    terms = np.ones((groups, 2**GROUP_SIZE, count))
    for i in range(GROUP_SIZE):
        known = 2**i
        np.multiply(terms[:, :known], grouped[:, i], out=terms[:, known : 2 * known])
    return terms


def is_exponential(grid: Grid) -> bool:
    """Whether the loss is a mean of e^(−margin) that does not overflow."""
    return (
        grid.problem.loss.closed_form == EXP
        and grid.margins is not None
        and 2.0 * grid.max_magnitude(grid.margins) <= MAX_EXPONENT
    )


def exponential_means(grid: Grid) -> Array:
    """Return the mean of e^(−margin), ``(rows, columns)``, as one matrix product."""
    assert grid.margins is not None
    e, f = grid.exponential_factors(grid.margins.scaled_by(np.array(-1.0)))
    return np.asarray(f @ e.T / e.shape[1])


def is_sigmoid_error(grid: Grid) -> bool:
    """Whether the loss is a mean absolute or squared error of a sigmoid."""
    problem = grid.problem
    return (
        problem.loss.space == PREDICTION
        and problem.link.key == SIGMOID_KEY
        and problem.loss.error_power in (1, 2)
        and grid.margins is not None
        and 2.0 * grid.max_magnitude(grid.margins) <= MAX_EXPONENT
    )


def sigmoid_error_means(grid: Grid) -> Array:
    """Return the mean loss ``(rows, columns)``; the error at margin m is 1 / (1 + e^m)."""
    assert grid.margins is not None
    e, f = (
        np.stack([factor.T, np.ones_like(factor.T)], axis=1)
        for factor in grid.exponential_factors(grid.margins)
    )
    f[:, 1] = 1.0
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), GROUPS_PER_BLOCK):
        checkpoint()
        error = f[i : i + GROUPS_PER_BLOCK].swapaxes(1, 2) @ e[i : i + GROUPS_PER_BLOCK]
        np.reciprocal(error, out=error)
        if grid.problem.loss.error_power == 2:
            np.square(error, out=error)
        total += error.sum(axis=0)
    return np.asarray(total / len(e))


def is_categorical_cross_entropy(grid: Grid) -> bool:
    """Whether the loss is a mean of log Σ e^(z_k − z_y), with y the true class, that does not overflow."""
    argument = _scores_minus_true_score(grid)
    return (
        argument is not None
        and grid.max_magnitude(argument) + np.log(argument.constant.shape[1]) <= MAX_EXPONENT
    )


def _scores_minus_true_score(grid: Grid) -> AffineScores | None:
    """Return the scores of all classes minus that of the true one; None if they are not affine."""
    if grid.problem.loss.closed_form != LOG_SUM_EXP or grid.scores is None:
        return None
    true_scores = np.arange(len(grid.problem.y)), grid.problem.y.astype(np.intp)
    parts = (
        part - part[true_scores][:, None]
        for part in (grid.scores.constant, grid.scores.u_slope, grid.scores.v_slope)
    )
    return AffineScores(*parts)


def categorical_cross_entropy_means(grid: Grid) -> Array:
    """Return the mean of log Σ e^(z_k − z_y), ``(rows, columns)``.

    Takes one matrix product per example and one logarithm per block of examples.
    """
    argument = _scores_minus_true_score(grid)
    assert argument is not None
    e, f = (np.ascontiguousarray(factor.transpose(1, 2, 0)) for factor in grid.exponential_factors(argument))
    exponent_per_example = grid.max_magnitude(argument) + np.log(e.shape[1])
    block_size = int(min(GROUPS_PER_BLOCK, MAX_EXPONENT // exponent_per_example))
    total = np.zeros((len(grid.v), len(grid.u)))
    for i in range(0, len(e), block_size):
        checkpoint()
        block = slice(i, i + block_size)
        total += np.log(np.multiply.reduce(f[block].swapaxes(1, 2) @ e[block], axis=0))
    return np.asarray(total / len(e))
