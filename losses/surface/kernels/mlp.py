"""Networks: what their first layer says before it bends is linear on a plane."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.model.mlp import ACTIVATIONS
from losses.surface.kernels.grid import Grid

MAX_BLOCK_SCORES: Final = 200_000
"""How many scores are in hand at once: they stay in the processor's cache."""


def is_mlp(grid: Grid) -> bool:
    return grid.problem.model.hidden is not None


def mlp_means(grid: Grid) -> Array:
    """The inputs are multiplied by three matrices of weights, not by one for each point."""
    problem, plane, of = grid.problem, grid.plane, grid.problem.model.hidden
    assert of is not None
    parts = [of(theta, problem.x) for theta in (plane.origin, *plane.directions)]
    flat, across, up = (np.ascontiguousarray(received.T) for received, _, _ in parts)
    outer, activation = [out for _, out, _ in parts], ACTIVATIONS[parts[0][2]]
    size = max(1, MAX_BLOCK_SCORES // (len(problem.y) * max(len(outer[0]), len(flat))))
    means = np.empty((len(grid.v), len(grid.u)))
    for row, v in enumerate(grid.v):
        foot, weights = flat + v * up, outer[0] + v * outer[2]
        for i in range(0, len(grid.u), size):
            u = grid.u[i : i + size, None, None]
            hidden = u * across
            hidden += foot
            activation(hidden, out=hidden)
            w = weights + u * outer[1]
            z = w[..., :-1] @ hidden
            z += w[..., -1:]
            score = z[:, 0] if z.shape[1] == 1 else z.swapaxes(1, 2)
            means[row, i : i + size] = problem.of_score.value(score).mean(axis=-1)
    return means
