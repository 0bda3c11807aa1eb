"""Networks: what their first layer says before it bends is linear on a plane."""

from typing import Final

import numpy as np

from losses.arrays import Array
from losses.kernels.grid import Grid
from losses.model.network import MLP, layers
from losses.window import design

BLOCK: Final = 200_000
"""How many scores are in hand at once: they stay in the processor's cache."""


def is_network(grid: Grid) -> bool:
    return grid.problem.model.key == MLP.key


def network(grid: Grid) -> Array:
    """The inputs are multiplied by three matrices of weights, not by one for each point."""
    problem, plane = grid.problem, grid.plane
    width, relu = (setting.default for setting in problem.model.settings)
    parts = [layers(theta, problem.x.shape[1], width) for theta in (plane.origin, *plane.directions)]
    examples = design(problem.x).T
    (flat, across, up), outer = [inner @ examples for inner, _ in parts], [out for _, out in parts]
    size = max(1, BLOCK // (len(problem.y) * max(len(outer[0]), len(flat))))
    means = np.empty((len(grid.v), len(grid.u)))
    for row, v in enumerate(grid.v):
        foot, weights = flat + v * up, outer[0] + v * outer[2]
        for i in range(0, len(grid.u), size):
            u = grid.u[i : i + size, None, None]
            hidden = u * across
            hidden += foot
            hidden = np.maximum(hidden, 0.0, out=hidden) if relu else np.tanh(hidden, out=hidden)
            w = weights + u * outer[1]
            z = w[..., :-1] @ hidden
            z += w[..., -1:]
            score = z[:, 0] if z.shape[1] == 1 else z.swapaxes(1, 2)
            means[row, i : i + size] = problem.of_score.value(score).mean(axis=-1)
    return means
