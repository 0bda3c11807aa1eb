"""Probabilities over a grid of inputs, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array
from losses.model.mlp import ACTIVATIONS
from losses.model.output_activation import SIGMOID

from .step_slices import AnyArray


@dataclass(frozen=True)
class LogisticGrid:
    """A table ``(rows, places)`` of ``scale`` times the sigmoids of scores over an even grid.

    Of a linear score, ``units (rows, 1, corners)`` is what it is at the grid's
    first place and at the ends of its one or two ``sides``; of a network's it
    is what each of H hidden neurons receives there, ``(rows, H, corners)``,
    beside ``outer (rows, H + 1)``. So it travels: NumPy makes the table of it
    where it is asked for, and the browser where it is drawn.
    """

    corner_inputs: Array
    grid_shape: tuple[int, ...]
    scale: float
    output_weights: Array | None = None
    activation: str = ""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        first, *ends = np.moveaxis(self.corner_inputs, -1, 0)[..., None]
        shares = np.meshgrid(*(np.linspace(0.0, 1.0, side) for side in self.grid_shape))
        with np.errstate(over="ignore", invalid="ignore"):
            score = first + sum(
                (end - first) * share.ravel() for end, share in zip(ends, shares, strict=True)
            )
            if self.output_weights is None:
                score = score[:, 0]
            else:
                weights, bias = self.output_weights[:, :-1, None], self.output_weights[:, -1:]
                score = bias + (weights * ACTIVATIONS[self.activation](score)).sum(axis=1)
            return np.asarray(self.scale * SIGMOID.value(score), dtype=dtype)

    def stack_steps(self, tables: Sequence["LogisticGrid"], steps: Sequence[int]) -> "LogisticGrid":
        """A row of each of several tables of one model over this grid."""
        rows = [(table, min(k, len(table.corner_inputs) - 1)) for table, k in zip(tables, steps, strict=True)]
        outer = (
            None
            if self.output_weights is None
            else np.stack([t.output_weights[k] for t, k in rows if t.output_weights is not None])
        )
        return replace(
            self, corner_inputs=np.stack([table.corner_inputs[k] for table, k in rows]), output_weights=outer
        )


TraceArray = AnyArray | LogisticGrid
"""What a moving trace may name: it is an array, or becomes one."""


def predict_on_grid(
    problem: losses.DataProblem, theta: Array, grid_axes: Sequence[Array], scale: float = 1.0
) -> TraceArray:
    """``scale`` times what the model says at ``theta (rows, d)`` over an even grid of one or two inputs."""
    if problem.link is SIGMOID:
        counts = tuple(map(len, grid_axes))
        corners = np.array([[side[0] for side in grid_axes]] * (1 + len(grid_axes)))
        for axis, side in enumerate(grid_axes):
            corners[1 + axis, axis] = side[-1]
        if problem.model.linear:
            return LogisticGrid(problem.score_at(theta, corners)[:, None], counts, scale)
        if network := problem.hidden_at(theta, corners):
            received, outer, bend = network
            return LogisticGrid(np.swapaxes(received, 1, 2), counts, scale, outer[:, 0], bend)
    across = np.meshgrid(*grid_axes)
    return scale * problem.predict(theta, np.stack([side.ravel() for side in across], axis=-1))
