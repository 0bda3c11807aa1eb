"""Surfaces: the loss on a grid of a plane."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, as_float_array, check_type, frozen
from losses.problem.plane import Box, Plane
from losses.problem.problem import MAX_BLOCK_SCORES, DataProblem, Problem
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid

MAX_SCORES_IN_MEMORY: Final = 500_000
"""How many scores are held in memory at once."""
CANCELLATION_THRESHOLD: Final = 1e-6
"""Mean losses below this share of the numbers that they come from have lost digits."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Losses ``z (m, n)`` over plane coordinates ``u (n,)`` and ``v (m,)``; a row is one v."""

    u: Array
    v: Array
    z: Array
    plane: Plane


def surface(problem: Problem, size: int = 101, box: Box | None = None, plane: Plane | None = None) -> Surface:
    """The loss on ``magnitude`` by ``magnitude`` points of a plane, edges included.

    ``box`` replaces the plane's own; ``plane`` the problem's. Raises
    ValueError when ``magnitude`` is below 2 or a side of the box is empty.
    """
    if not isinstance(size, int | np.integer):
        raise ValueError(f"size must be a whole number; not {size!r}")
    if size < 2:
        raise ValueError(f"size must be at least 2; not {size}")
    at = check_type(problem, Problem, "problem").plane if plane is None else check_type(plane, Plane, "plane")
    if box is not None:
        at = Plane(at.origin, at.directions, _check_box(box), at.labels)
    u, v = (np.linspace(low, high, size) for low, high in at.box)
    return Surface(frozen(u), frozen(v), frozen(_grid_losses(problem, at, u, v)), at)


def heights(problem: Problem, plane: Plane, u: Any, v: Any) -> Array:
    """The loss at places ``u (...), v (...)`` of a plane, broadcast together, as cheaply as the problem allows.

    Raises ValueError where they are not numbers or do not fit together.
    """
    check_type(problem, Problem, "problem"), check_type(plane, Plane, "plane")
    across, up = as_float_array(u, "u"), as_float_array(v, "v")
    try:
        across, up = np.broadcast_arrays(across, up)
    except ValueError:
        raise ValueError(f"u and v must broadcast together; not {across.shape} and {up.shape}") from None
    shape, across, up = across.shape, across.ravel(), up.ravel()
    of, size = _height_function(problem, plane)
    rows = max(1, MAX_BLOCK_SCORES // size)
    with np.errstate(over="ignore", invalid="ignore"):  # a run on its way out may be anywhere
        parts = [of(across[i : i + rows], up[i : i + rows]) for i in range(0, len(across), rows)]
    return np.concatenate([np.empty(0), *parts]).reshape(shape)


def _check_box(box: Any) -> Box:
    """The box as pairs of numbers; ValueError where it is none or a side is empty or endless."""
    try:
        (left, right), (low, high) = ((float(a), float(b)) for a, b in box)
    except (TypeError, ValueError, OverflowError):
        left = right = low = high = np.nan
    if not (left < right and low < high and np.isfinite([left, right, low, high]).all()):
        raise ValueError(f"box must be ((u0, u1), (v0, v1)) with u0 < u1 and v0 < v1; not {box!r}")
    return (left, right), (low, high)


def _grid_losses(problem: Problem, plane: Plane, u: Array, v: Array) -> Array:
    """Losses on the grid, by the kernel that serves it or else the plain way."""
    grid = Grid(problem, plane, u, v) if isinstance(problem, DataProblem) else None
    kernel = find_kernel(grid) if grid else None
    if grid is None or kernel is None:
        return evaluate_directly(problem, plane, u, v)
    means = kernel.means(grid)
    z = means + _grid_penalties(grid)
    if kernel.magnitude is not None:
        row, column = np.nonzero(means <= CANCELLATION_THRESHOLD * max(kernel.magnitude, float(means.max())))
        if 2 * len(row) > means.size:
            return evaluate_directly(problem, plane, u, v)
        z[row, column] = _losses_in_blocks(grid.problem, plane.points(u[column], v[row]))
    return np.asarray(z)


def _grid_penalties(grid: Grid) -> Array | float:
    if not (grid.problem.l2 or grid.problem.l1):
        return 0.0
    rows = max(1, MAX_SCORES_IN_MEMORY // (len(grid.u) * grid.problem.dim))
    lines = [grid.v[i : i + rows, None] for i in range(0, len(grid.v), rows)]
    return np.concatenate([grid.problem.penalty(grid.plane.points(grid.u[None, :], v)) for v in lines])


def _losses_in_blocks(problem: DataProblem, theta: Array) -> Array:
    """Losses of points ``(m, d)``, some at a time."""
    rows = max(1, MAX_SCORES_IN_MEMORY // problem.score(problem.start).size)
    parts = [problem.value(theta[i : i + rows]) for i in range(0, len(theta), rows)]
    return np.concatenate([np.empty(0), *parts])


def evaluate_directly(problem: Problem, plane: Plane, u: Array, v: Array) -> Array:
    """Every example's loss at every point, some rows at a time."""
    heights, size = _height_function(problem, plane)
    rows = max(1, MAX_SCORES_IN_MEMORY // (len(u) * size))
    return np.concatenate([heights(u[None, :], v[i : i + rows, None]) for i in range(0, len(v), rows)])


def _height_function(problem: Problem, plane: Plane) -> tuple[Callable[[Array, Array], Array], int]:
    """How heights are computed for broadcast u and v, and how many numbers that takes a point."""
    if not isinstance(problem, DataProblem):
        return lambda u, v: problem.value(plane.points(u, v)), 1
    size = problem.score(plane.origin).size
    if not problem.model.linear:
        return lambda u, v: problem.value(plane.points(u, v)), size
    flat, across, up = (problem.score(direction) for direction in (plane.origin, *plane.directions))
    lead = (...,) + (None,) * flat.ndim

    def heights(u: Array, v: Array) -> Array:
        """A score linear in theta is linear on the plane: no product of matrices a point."""
        return problem.value_of_score(flat + u[lead] * across + v[lead] * up, plane.points(u, v))

    return heights, size
