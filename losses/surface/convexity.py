"""Tell whether a problem is convex: everywhere, in a window, or not, with two points that show it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.core.arrays import Array, check_type, frozen
from losses.core.ternary import NO, UNKNOWN, YES, Ternary
from losses.loss.base import PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.plane import Plane
from losses.problem.problem import DataProblem, Problem
from losses.surface.surface import Surface, surface

STRIDES: Final = (1, 2, 4, 8, 16, 32)
"""Distances of the two points from their midpoint, in points of the grid."""
DIRECTIONS: Final = ((1, 0), (0, 1), (1, 1), (1, -1))
GRID_SIZE: Final = 31
MIN_VIOLATION: Final = 1e-7
"""By how much a midpoint must be above the mean of two points, relative to the losses there."""
MAX_CANDIDATES: Final = 4
"""Number of violations that are tried, as a grid is less accurate than single losses."""


@dataclass(frozen=True, eq=False)
class Convexity:
    """Whether a problem is convex, and what shows that it is not."""

    everywhere: Ternary
    """Whether the loss is a convex function of all parameters.

    Shown by a convex loss of a score that is linear in the parameters; refuted by ``witness``.
    """
    in_window: Ternary
    """Whether it is convex on the plane within the window of the surface.

    Shown as above, or by interval bounds of the curvature at all scores there; refuted by ``witness``.
    """
    witness: tuple[Array, Array] | None = None
    """Two points ``(d,)`` in the window whose midpoint has a higher loss than they have on average."""


def convexity(problem: Problem, known_surface: Surface | None = None) -> Convexity:
    """Return whether a problem is convex, and whether it is in the window of a surface.

    Without a surface the problem's own plane and window are meant.

    >>> import losses
    >>> losses.convexity(losses.problem("norris", "line", "mae")).everywhere
    True
    >>> a, b = losses.convexity(losses.test_function("himmelblau")).witness
    >>> f = losses.test_function("himmelblau")
    >>> bool(f.value((a + b) / 2) > (f.value(a) + f.value(b)) / 2)
    True
    """
    check_type(problem, Problem, "problem")
    if problem.convex:
        return Convexity(YES, YES)
    grid = known_surface or surface(problem, size=GRID_SIZE)
    witness = _find_witness(problem, grid)
    if witness is not None:
        return Convexity(NO, NO, witness)
    return Convexity(UNKNOWN, YES if _has_positive_curvature(problem, grid.plane) else UNKNOWN)


def _find_witness(problem: Problem, grid: Surface) -> tuple[Array, Array] | None:
    """Return two points of a grid whose midpoint is surely higher than they are on average, or None."""
    u, v, z = grid.u, grid.v, np.asarray(grid.z)
    candidates: list[tuple[float, Array]] = []
    for step in (np.array(direction) * s for direction in DIRECTIONS for s in STRIDES):
        violation = _relative_violations(z, step)
        if violation.size:
            row, column = np.unravel_index(int(violation.argmax()), violation.shape)
            first = np.array([row, column + (2 * abs(step[1]) if step[1] < 0 else 0)])
            candidates.append((float(violation[row, column]), np.stack([first, first + 2 * step])))
    for violation_size, ends in sorted(candidates, key=lambda c: -c[0])[:MAX_CANDIDATES]:
        if violation_size > MIN_VIOLATION:
            a, b = (grid.plane.points(u[column], v[row]) for row, column in ends)
            if is_witness(problem, a, b):
                return frozen(a), frozen(b)
    return None


def _relative_violations(z: Array, step: Array) -> Array:
    """Return by how much midpoints are above the mean of the heights ``step`` before and after them."""
    rows, columns = 2 * step[0], 2 * abs(step[1])
    if rows >= z.shape[0] or columns >= z.shape[1]:
        return np.empty((0, 0))
    flipped = z[:, ::-1] if step[1] < 0 else z
    m, n = z.shape[0] - rows, z.shape[1] - columns
    first, last = flipped[:m, :n], flipped[rows:, columns:]
    middle = flipped[step[0] : step[0] + m, abs(step[1]) : abs(step[1]) + n]
    with np.errstate(all="ignore"):
        size = np.abs(first) + np.abs(last) + np.abs(middle)
        violation = (middle - 0.5 * (first + last)) / size
    violation = np.where(np.isfinite(violation), violation, 0.0)
    return np.asarray(violation[:, ::-1] if step[1] < 0 else violation)


def is_witness(problem: Problem, a: Array, b: Array) -> bool:
    """Return whether the loss halfway between two points is surely above the mean of the losses there."""
    with np.errstate(all="ignore"):
        first, middle, last = problem.value(np.stack([a, 0.5 * (a + b), b]))
        size = abs(first) + abs(middle) + abs(last)
        return bool(middle - 0.5 * (first + last) > MIN_VIOLATION * size)


def _has_positive_curvature(problem: Problem, plane: Plane) -> bool:
    """Return whether the losses of all examples are proved convex at all scores in the window.

    The scores of a linear model in a window are between those at its corners.
    """
    if not (isinstance(problem, DataProblem) and problem.model.linear and problem.loss.smooth):
        return False
    loss = problem.loss
    if loss.curvature_bounds is None or loss.space != PREDICTION or problem.link.key != IDENTITY_KEY:
        return False
    (left, right), (low, high) = plane.box
    corners = plane.points(np.array([left, right, left, right]), np.array([low, low, high, high]))
    scores = problem.score(corners)
    lowest, highest = scores.min(axis=0), scores.max(axis=0)
    residuals = float((lowest - problem.y).min()), float((highest - problem.y).max())
    return loss.curvature_bounds(residuals)[0] >= 0.0
