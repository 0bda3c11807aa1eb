"""Kernel for neural networks with one hidden layer, whose pre-activations are affine on a plane."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.model.mlp import ACTIVATIONS
from losses.surface.kernels.grid import Grid

MAX_BLOCK_SCORES: Final = 200_000
"""Largest number of hidden values that are computed at once: they fit into the processor's cache."""


def is_mlp(grid: Grid) -> bool:
    """Whether the model is a network with one hidden layer."""
    return grid.problem.model.hidden is not None


def mlp_means(grid: Grid) -> Array:
    """Return the mean loss ``(rows, columns)``.

    The inputs are multiplied by the first layer of the plane's origin and of
    its two directions only, instead of by one for each point.
    """
    problem, plane, hidden_layer = grid.problem, grid.plane, grid.problem.model.hidden
    assert hidden_layer is not None
    layers = [hidden_layer(theta, problem.x) for theta in (plane.origin, *plane.directions)]
    constant, u_slope, v_slope = (np.ascontiguousarray(preactivation.T) for preactivation, _, _ in layers)
    output_weights, activation = [weights for _, weights, _ in layers], ACTIVATIONS[layers[0][2]]
    units = max(len(output_weights[0]), len(constant))
    block_size = max(1, MAX_BLOCK_SCORES // (len(problem.y) * units))
    means = np.empty((len(grid.v), len(grid.u)))
    for row, v in enumerate(grid.v):
        row_constant, row_weights = constant + v * v_slope, output_weights[0] + v * output_weights[2]
        for i in range(0, len(grid.u), block_size):
            checkpoint()
            u = grid.u[i : i + block_size, None, None]
            hidden = u * u_slope
            hidden += row_constant
            activation(hidden, out=hidden)
            w = row_weights + u * output_weights[1]
            z = w[..., :-1] @ hidden
            z += w[..., -1:]
            score = z[:, 0] if z.shape[1] == 1 else z.swapaxes(1, 2)
            means[row, i : i + block_size] = problem.of_score.value(score).mean(axis=-1)
    return means
