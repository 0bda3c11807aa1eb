"""Probabilities over a grid of inputs, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import losses
from app.figures.moment import Values
from losses.arrays import Array
from losses.link import PROBABILITY


@dataclass(frozen=True)
class Sigmoids:
    """A table ``(rows, places)`` of sigmoids whose scores are linear over an even grid.

    It travels as the scores at the grid's first place and at the ends of its
    one or two ``sides``, ``(rows, 2)`` or ``(rows, 3)``: NumPy makes the table
    of them where it is asked for, and the browser where it is drawn.
    """

    scores: Array
    sides: tuple[int, ...]
    scale: float

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Values:
        first, *ends = np.moveaxis(self.scores, -1, 0)[..., None]
        shares = np.meshgrid(*(np.linspace(0.0, 1.0, side) for side in self.sides))
        with np.errstate(over="ignore", invalid="ignore"):
            score = first + sum(
                (end - first) * share.ravel() for end, share in zip(ends, shares, strict=True)
            )
            return np.asarray(self.scale * PROBABILITY.value(score), dtype=dtype)

    def one_of_each(self, tables: Sequence["Sigmoids"], steps: Sequence[int]) -> "Sigmoids":
        """A row of each of several tables over this grid."""
        rows = [table.scores[min(k, len(table.scores) - 1)] for table, k in zip(tables, steps, strict=True)]
        return replace(self, scores=np.stack(rows))


Table = Values | Sigmoids
"""What a moving trace may name: it is an array, or becomes one."""


def chances(problem: losses.DataProblem, theta: Array, sides: Sequence[Array], scale: float = 1.0) -> Table:
    """``scale`` times what the model says at ``theta (rows, d)`` over an even grid of one or two inputs."""
    if not problem.model.linear or problem.link is not PROBABILITY:
        across = np.meshgrid(*sides)
        return scale * problem.predict(theta, np.stack([side.ravel() for side in across], axis=-1))
    corners = np.array([[side[0] for side in sides]] * (1 + len(sides)))
    for axis, side in enumerate(sides):
        corners[1 + axis, axis] = side[-1]
    return Sigmoids(problem.score_at(theta, corners), tuple(map(len, sides)), scale)
