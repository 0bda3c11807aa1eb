"""Surfaces: the loss on a grid of points of a plane."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from losses.core.arrays import Array, as_float_array, check_type, frozen
from losses.core.checkpoint import checkpoint
from losses.core.records import ReadOnlyArrays
from losses.problem.plane import Box, Plane
from losses.problem.problem import MAX_BLOCK_SCORES, OVERFLOW_SCALE, DataProblem, Problem
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid

MAX_SCORES_IN_MEMORY: Final = 500_000
"""Largest number of scores that are computed at once."""
OPERATIONS_IN_MEMORY: Final = 10.0
"""Operations of a loss, all of whose results are in memory, from which fewer scores are computed at once."""
CANCELLATION_THRESHOLD: Final = 1e-6
"""Mean losses below this fraction of the terms they are computed from are inaccurate through cancellation."""


@dataclass(frozen=True, eq=False, repr=False)
class Surface(ReadOnlyArrays):
    """Losses ``z (m, n)`` at plane coordinates ``u (n,)`` and ``v (m,)``; each row has one v."""

    u: Array
    v: Array
    z: Array
    plane: Plane

    def __repr__(self) -> str:
        size = f"{len(self.u)} x {len(self.v)}"
        losses = f"losses from {self.z.min():.4g} to {self.z.max():.4g}"
        return f"<surface {size} on {self.plane!r}; {losses}>"


def surface(problem: Problem, size: int = 101, box: Box | None = None, plane: Plane | None = None) -> Surface:
    """Return the loss on a grid of ``size`` by ``size`` points of a plane, edges included.

    It is infinite where it is beyond float64, and NaN where a loss made from a formula is not defined.
    ``plane`` is by default the problem's, and ``box`` the plane's. Raises
    ValueError if ``size`` is below 2 or a side of the box is empty or infinite.
    """
    if not isinstance(size, int | np.integer):
        raise ValueError(f"size must be a whole number; not {size!r}")
    if size < 2:
        raise ValueError(f"size must be at least 2; not {size}")
    if plane is None:
        plane = check_type(problem, Problem, "problem").plane
    check_type(plane, Plane, "plane")
    if box is not None:
        plane = Plane(plane.origin, plane.directions, _check_box(box), plane.labels)
    u, v = (np.linspace(low, high, size) for low, high in plane.box)
    with np.errstate(all="ignore"):
        losses = _grid_losses(problem, plane, u, v)
    return Surface(frozen(u), frozen(v), frozen(losses), plane)


def heights(problem: Problem, plane: Plane, u: ArrayLike, v: ArrayLike) -> Array:
    """Return the loss at plane coordinates ``u (...)`` and ``v (...)``, which are broadcast together.

    Raises ValueError if they are not numbers or do not broadcast.
    """
    check_type(problem, Problem, "problem"), check_type(plane, Plane, "plane")
    u, v = as_float_array(u, "u"), as_float_array(v, "v")
    try:
        u, v = np.broadcast_arrays(u, v)
    except ValueError:
        raise ValueError(f"u and v must broadcast together; not {u.shape} and {v.shape}") from None
    shape, u, v = u.shape, u.ravel(), v.ravel()
    height, scores_per_point = _height_function(problem, plane)
    block_size = max(1, MAX_BLOCK_SCORES // scores_per_point)
    with np.errstate(all="ignore"):  # the points of a diverging run may be huge
        parts = [height(u[i : i + block_size], v[i : i + block_size]) for i in range(0, len(u), block_size)]
    return np.concatenate([np.empty(0), *parts]).reshape(shape)


def _check_box(box: Any) -> Box:
    """Return the box as pairs of floats. Raises ValueError if a side is empty or infinite."""
    try:
        (left, right), (low, high) = ((float(a), float(b)) for a, b in box)
    except (TypeError, ValueError, OverflowError):
        left = right = low = high = np.nan
    if not (left < right and low < high and np.isfinite([left, right, low, high]).all()):
        raise ValueError(f"box must be ((u0, u1), (v0, v1)) with u0 < u1 and v0 < v1; not {box!r}")
    if not np.isfinite([right - left, high - low]).all():
        raise ValueError(f"the sides of the box must be finite numbers; not those of {box!r}")
    return (left, right), (low, high)


def _grid_losses(problem: Problem, plane: Plane, u: Array, v: Array) -> Array:
    """Return losses ``(len(v), len(u))``, by the first kernel that serves the grid or else directly.

    Points at which the kernel is inaccurate or leaves float64 are computed directly.
    """
    grid = Grid(problem, plane, u, v) if isinstance(problem, DataProblem) else None
    kernel = find_kernel(grid) if grid else None
    if grid is None or kernel is None:
        return evaluate_directly(problem, plane, u, v)
    means = kernel.means(grid)
    z = np.asarray(means + _grid_penalties(grid))
    inaccurate = ~np.isfinite(z)
    if kernel.magnitude is not None:
        largest = float(means.max())
        threshold = max(kernel.magnitude, largest if np.isfinite(largest) else np.finfo(np.float64).max)
        inaccurate |= means <= CANCELLATION_THRESHOLD * threshold
    row, column = np.nonzero(inaccurate)
    if 2 * len(row) > means.size:
        return evaluate_directly(problem, plane, u, v)
    if len(row):
        z[row, column] = _losses_in_blocks(grid.problem, plane.points(u[column], v[row]))
    return z


def _grid_penalties(grid: Grid) -> Array | float:
    """Return the penalties on the grid, 0 if there are none."""
    if not (grid.problem.l2 or grid.problem.l1):
        return 0.0
    rows = max(1, MAX_SCORES_IN_MEMORY // (len(grid.u) * grid.problem.dim))
    blocks = [grid.v[i : i + rows, None] for i in range(0, len(grid.v), rows)]
    return np.concatenate([grid.problem.penalty(grid.plane.points(grid.u[None, :], v)) for v in blocks])


def _losses_in_blocks(problem: DataProblem, theta: Array) -> Array:
    """Return the losses of points ``(m, d)``, computed in blocks."""
    rows = max(1, MAX_SCORES_IN_MEMORY // problem.score(problem.start).size)
    parts = [problem.value(theta[i : i + rows]) for i in range(0, len(theta), rows)]
    return np.concatenate([np.empty(0), *parts])


@np.errstate(all="ignore")
def evaluate_directly(problem: Problem, plane: Plane, u: Array, v: Array) -> Array:
    """Return losses ``(len(v), len(u))`` from each example's loss at each point, in blocks of rows."""
    height, scores_per_point = _height_function(problem, plane)
    arrays = problem.loss.operations[0] / OPERATIONS_IN_MEMORY if isinstance(problem, DataProblem) else 1.0
    rows = max(1, int(MAX_SCORES_IN_MEMORY / (len(u) * scores_per_point * max(1.0, arrays))))
    blocks = []
    for i in range(0, len(v), rows):
        checkpoint()
        blocks.append(height(u[None, :], v[i : i + rows, None]))
    return np.concatenate(blocks)


def _height_function(problem: Problem, plane: Plane) -> tuple[Callable[[Array, Array], Array], int]:
    """Return the function from broadcast u and v to losses, and the number of scores per point.

    A score that is linear in the parameters is affine in u and v, so it needs no matrix product per point.
    """
    if not isinstance(problem, DataProblem):
        return lambda u, v: problem.value(plane.points(u, v)), 1
    size = problem.score(plane.origin).size
    if not problem.model.linear:
        return lambda u, v: problem.value(plane.points(u, v)), size
    constant, u_slope, v_slope = (problem.score(theta) for theta in (plane.origin, *plane.directions))
    expanded = (...,) + (None,) * constant.ndim

    def height(u: Array, v: Array) -> Array:
        score = constant + u[expanded] * u_slope + v[expanded] * v_slope
        if not np.isfinite(score).all():  # perhaps a sum of terms beyond float64
            scaled_u, scaled_v = OVERFLOW_SCALE * u[expanded], OVERFLOW_SCALE * v[expanded]
            scaled_score = OVERFLOW_SCALE * constant + scaled_u * u_slope + scaled_v * v_slope
            score = scaled_score / OVERFLOW_SCALE
        return problem.value_of_score(score, plane.points(u, v))

    return height, size
