"""Predictions on a grid of inputs for every step of a run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

import losses
from losses.core.arrays import Array
from losses.model.mlp import ACTIVATIONS
from losses.model.output_activation import SIGMOID

from .step_slices import AnyArray

MAX_SCORE: Final = 1e30
"""Scores beyond it are drawn as it: they would be infinite as a float32, and Plotly omits those."""


@dataclass(frozen=True)
class LogisticGrid:
    """A table ``(rows, grid points)`` of ``scale · sigmoid(score)`` over an even grid of one or two inputs.

    Without a ``scale`` it is a table of the scores, within ``MAX_SCORE``. A row is a step of a run. The table
    is stored as what determines it. An affine function on the grid is given by its values at the *corners*:
    the grid's first point, then the end of each of its sides.

    - Linear model: ``corner_inputs (rows, 1, corners)`` are the scores at the corners.
    - Network with H hidden neurons: ``corner_inputs (rows, H, corners)`` are the inputs of the
      neurons there, ``output_weights (rows, H + 1)`` the weights and the bias of the output.

    It is sent to the browser in this form, which computes the table where it
    draws it; in Python ``np.asarray`` does.
    """

    corner_inputs: Array
    grid_shape: tuple[int, ...]
    """Number of grid points along each input."""
    scale: float | None
    output_weights: Array | None = None
    """None for a linear model."""
    activation: str = ""
    """Key of the hidden neurons' activation function, empty for a linear model."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        """Compute the table, shape ``(rows, grid points)``, the first input fastest."""
        first, *side_ends = np.moveaxis(self.corner_inputs, -1, 0)[..., None]
        fractions = np.meshgrid(*(np.linspace(0.0, 1.0, count) for count in self.grid_shape))
        with np.errstate(over="ignore", invalid="ignore"):
            score = first + sum(
                (end - first) * fraction.ravel() for end, fraction in zip(side_ends, fractions, strict=True)
            )
            if self.output_weights is None:
                score = score[:, 0]
            else:
                weights, bias = self.output_weights[:, :-1, None], self.output_weights[:, -1:]
                score = bias + (weights * ACTIVATIONS[self.activation](score)).sum(axis=1)
            if self.scale is None:
                return np.asarray(np.clip(score, -MAX_SCORE, MAX_SCORE), dtype=dtype)
            return np.asarray(self.scale * SIGMOID.value(score), dtype=dtype)

    def stack_steps(self, tables: Sequence["LogisticGrid"], steps: Sequence[int]) -> "LogisticGrid":
        """Return a table with one row of each of ``tables``: the row of its step, or its last one.

        All tables must be of the same model on this grid.
        """
        rows = [(table, min(k, len(table.corner_inputs) - 1)) for table, k in zip(tables, steps, strict=True)]
        output_weights = (
            None
            if self.output_weights is None
            else np.stack([table.output_weights[k] for table, k in rows if table.output_weights is not None])
        )
        corner_inputs = np.stack([table.corner_inputs[k] for table, k in rows])
        return replace(self, corner_inputs=corner_inputs, output_weights=output_weights)


TraceArray = AnyArray | LogisticGrid
"""An array that a moving trace may name; ``np.asarray`` makes an array of either."""


def predict_on_grid(
    problem: losses.DataProblem, theta: Array, grid_axes: Sequence[Array], scale: float = 1.0
) -> TraceArray:
    """Return ``scale`` times the model's predictions on an even grid, shape ``(rows, grid points)``.

    ``theta (rows, d)`` are the parameters of each row, ``grid_axes`` the grid's coordinates along one or
    two inputs. The result is a ``LogisticGrid`` where the output activation is the sigmoid and the model
    is linear or a network with one hidden layer, else an array.
    """
    if problem.link is SIGMOID:
        grid_shape = tuple(map(len, grid_axes))
        corners = np.array([[coordinates[0] for coordinates in grid_axes]] * (1 + len(grid_axes)))
        for axis, coordinates in enumerate(grid_axes):
            corners[1 + axis, axis] = coordinates[-1]
        if problem.model.linear:
            return LogisticGrid(problem.score_at(theta, corners)[:, None], grid_shape, scale)
        if network := problem.hidden_at(theta, corners):
            hidden_inputs, output_weights, activation = network
            corner_inputs = np.swapaxes(hidden_inputs, 1, 2)
            return LogisticGrid(corner_inputs, grid_shape, scale, output_weights[:, 0], activation)
    mesh = np.meshgrid(*grid_axes)
    return scale * problem.predict(theta, np.stack([column.ravel() for column in mesh], axis=-1))
