"""Probabilities over a grid of inputs, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array
from losses.model.mlp import ACTIVATIONS
from losses.model.output_activation import PROBABILITY

from .step_slices import Values


@dataclass(frozen=True)
class Sigmoids:
    """A table ``(rows, places)`` of ``scale`` times the sigmoids of scores over an even grid.

    Of a linear score, ``units (rows, 1, corners)`` is what it is at the grid's
    first place and at the ends of its one or two ``sides``; of a network's it
    is what each of H hidden neurons receives there, ``(rows, H, corners)``,
    beside ``outer (rows, H + 1)``. So it travels: NumPy makes the table of it
    where it is asked for, and the browser where it is drawn.
    """

    units: Array
    sides: tuple[int, ...]
    scale: float
    outer: Array | None = None
    bend: str = ""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Values:
        first, *ends = np.moveaxis(self.units, -1, 0)[..., None]
        shares = np.meshgrid(*(np.linspace(0.0, 1.0, side) for side in self.sides))
        with np.errstate(over="ignore", invalid="ignore"):
            score = first + sum(
                (end - first) * share.ravel() for end, share in zip(ends, shares, strict=True)
            )
            if self.outer is None:
                score = score[:, 0]
            else:
                weights, bias = self.outer[:, :-1, None], self.outer[:, -1:]
                score = bias + (weights * ACTIVATIONS[self.bend](score)).sum(axis=1)
            return np.asarray(self.scale * PROBABILITY.value(score), dtype=dtype)

    def one_of_each(self, tables: Sequence["Sigmoids"], steps: Sequence[int]) -> "Sigmoids":
        """A row of each of several tables of one model over this grid."""
        rows = [(table, min(k, len(table.units) - 1)) for table, k in zip(tables, steps, strict=True)]
        outer = None if self.outer is None else np.stack([t.outer[k] for t, k in rows if t.outer is not None])
        return replace(self, units=np.stack([table.units[k] for table, k in rows]), outer=outer)


Table = Values | Sigmoids
"""What a moving trace may name: it is an array, or becomes one."""


def chances(problem: losses.DataProblem, theta: Array, sides: Sequence[Array], scale: float = 1.0) -> Table:
    """``scale`` times what the model says at ``theta (rows, d)`` over an even grid of one or two inputs."""
    if problem.link is PROBABILITY:
        counts = tuple(map(len, sides))
        corners = np.array([[side[0] for side in sides]] * (1 + len(sides)))
        for axis, side in enumerate(sides):
            corners[1 + axis, axis] = side[-1]
        if problem.model.linear:
            return Sigmoids(problem.score_at(theta, corners)[:, None], counts, scale)
        if network := problem.hidden_at(theta, corners):
            received, outer, bend = network
            return Sigmoids(np.swapaxes(received, 1, 2), counts, scale, outer[:, 0], bend)
    across = np.meshgrid(*sides)
    return scale * problem.predict(theta, np.stack([side.ravel() for side in across], axis=-1))
