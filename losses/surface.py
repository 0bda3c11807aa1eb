"""Surfaces: the loss on a grid of a plane."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.arrays import Array, frozen
from losses.plane import Box, Plane
from losses.problem import DataProblem, Problem

CHUNK: Final = 500_000
"""How many scores are held in memory at once."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Losses ``z (m, n)`` over plane coordinates ``u (n,)`` and ``v (m,)``; a row is one v."""

    u: Array
    v: Array
    z: Array
    plane: Plane


def surface(problem: Problem, size: int = 101, box: Box | None = None, plane: Plane | None = None) -> Surface:
    """The loss on ``size`` by ``size`` points of a plane, edges included.

    ``box`` replaces the plane's own; ``plane`` the problem's. Raises
    ValueError when ``size`` is below 2 or a side of the box is empty.
    """
    if size < 2:
        raise ValueError(f"size must be at least 2; not {size}")
    at = plane or problem.plane
    if box is not None:
        at = Plane(at.origin, at.directions, box, at.labels)
    for low, high in at.box:
        if not low < high:
            raise ValueError(f"box must be ((u0, u1), (v0, v1)) with u0 < u1 and v0 < v1; not {at.box}")
    u, v = (np.linspace(low, high, size) for low, high in at.box)
    return Surface(frozen(u), frozen(v), frozen(_grid(problem, at, u, v)), at)


def _grid(problem: Problem, plane: Plane, u: Array, v: Array) -> Array:
    """Losses on the grid, some rows at a time. Fast kernels for special problems belong here."""
    heights, numbers = _kernel(problem, plane)
    rows = max(1, CHUNK // (len(u) * numbers))
    return np.concatenate([heights(u[None, :], v[i : i + rows, None]) for i in range(0, len(v), rows)])


def _kernel(problem: Problem, plane: Plane) -> tuple[Callable[[Array, Array], Array], int]:
    """How heights are computed for broadcast u and v, and how many numbers that takes a point."""
    if not isinstance(problem, DataProblem):
        return lambda u, v: problem.value(plane.points(u, v)), 1
    numbers = problem.score(plane.origin).size
    if not problem.model.linear:
        return lambda u, v: problem.value(plane.points(u, v)), numbers
    flat, across, up = (problem.score(direction) for direction in (plane.origin, *plane.directions))
    lead = (...,) + (None,) * flat.ndim

    def heights(u: Array, v: Array) -> Array:
        """A score linear in theta is linear on the plane: no product of matrices a point."""
        return problem.value_of_score(flat + u[lead] * across + v[lead] * up, plane.points(u, v))

    return heights, numbers
