"""Kernels for losses that are quadratic between breakpoints.

Their cost per grid point does not depend on the number of examples.
"""

from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.surface.kernels.grid import AffineScores, Grid

MAX_RELATIVE_WIDTH: Final = 1e6
"""Largest magnitude of the arguments on the grid, relative to the distance between the outer breakpoints."""
MAX_BLOCK_ELEMENTS: Final = 15_000
"""Largest number of examples times columns per block; for such small arrays no new memory is mapped."""


def _breakpoints(grid: Grid) -> tuple[float, ...] | None:
    """Return the ascending breakpoints of the loss; None if it is not piecewise quadratic."""
    breakpoints = grid.problem.loss.breakpoints
    return breakpoints() if breakpoints else None


def is_quadratic(grid: Grid) -> bool:
    """Whether the loss is quadratic in affine scores."""
    return grid.scores_and_target is not None and _breakpoints(grid) == ()


def quadratic_means(grid: Grid) -> Array:
    """Return the mean loss ``(rows, columns)`` from its Taylor polynomial of degree two.

    The polynomial is exact and has six coefficients, the sufficient statistics.
    It is expanded about a minimum on the grid's box, so that no digits cancel there.
    """
    assert grid.scores_and_target is not None
    scores, target = grid.scores_and_target
    slopes = np.stack([scores.u_slope, scores.v_slope])
    middle = np.array([0.5 * (grid.u[0] + grid.u[-1]), 0.5 * (grid.v[0] + grid.v[-1])])
    _, gradient, hessian = _taylor_terms(grid, scores, target, slopes, middle)
    low_corner, high_corner = (grid.u[0], grid.v[0]), (grid.u[-1], grid.v[-1])
    center = np.clip(middle + _newton_step(gradient, hessian), low_corner, high_corner)
    value, gradient, hessian = _taylor_terms(grid, scores, target, slopes, center)
    du, dv = grid.u - center[0], grid.v - center[1]
    u_terms = gradient[0] * du + 0.5 * hessian[0, 0] * du * du
    v_terms = gradient[1] * dv + 0.5 * hessian[1, 1] * dv * dv
    return np.asarray(value + u_terms + v_terms[:, None] + hessian[0, 1] * np.multiply.outer(dv, du))


def _taylor_terms(
    grid: Grid, scores: AffineScores, target: float, slopes: Array, point: Array
) -> tuple[float, Array, Array]:
    """Return the mean loss, its gradient ``(2,)`` and its Hessian ``(2, 2)`` at a point of the plane."""
    loss, r = grid.problem.loss, scores.constant + point @ slopes
    hessian = (slopes * loss.curvature(r, target)) @ slopes.T / len(r)
    return float(loss.value(r, target).mean()), slopes @ loss.slope(r, target) / len(r), hessian


def _newton_step(gradient: Array, hessian: Array) -> Array:
    """Return the Newton step, or zero if the Hessian is singular."""
    (a, b), (_, c) = hessian
    determinant = a * c - b * b
    if determinant <= 1e-12 * (a + c) ** 2:
        return np.zeros(2)
    step = np.array([b * gradient[1] - c * gradient[0], b * gradient[0] - a * gradient[1]])
    return np.asarray(step / determinant)


def is_piecewise_quadratic(grid: Grid) -> bool:
    """Whether the loss is piecewise quadratic in affine scores, with breakpoints far enough apart.

    If they are very close in relation to the scores, the curvature between them
    is lost to rounding.
    """
    breakpoints = _breakpoints(grid)
    if grid.scores_and_target is None or not breakpoints:
        return False
    width = breakpoints[-1] - breakpoints[0]
    return not width or grid.max_magnitude(grid.scores_and_target[0]) <= MAX_RELATIVE_WIDTH * width


def piecewise_quadratic_means(grid: Grid) -> Array:
    """Return the mean loss ``(rows, columns)`` by cumulative sums along the columns of the grid.

    Along a column, which has one u, the sum of the examples' losses is a
    quadratic function of v between the values of v at which an example reaches
    a breakpoint. The value, slope and curvature of the sum are computed at the
    lowest point. The change at a breakpoint, which lies between two grid
    points, is added at the upper one. Cumulative sums then give all values. The
    cost is proportional to columns times examples plus the number of points.
    """
    assert grid.scores_and_target is not None
    scores, target = grid.scores_and_target
    size = max(1, MAX_BLOCK_ELEMENTS // len(scores.constant))
    blocks = [_column_sums(grid, scores, target, grid.u[i : i + size]) for i in range(0, len(grid.u), size)]
    return np.concatenate(blocks).T / len(scores.constant)


def _column_sums(grid: Grid, scores: AffineScores, target: float, u: Array) -> Array:
    """Return the sums of the examples' losses ``(columns, points)`` for ``u (columns,)``."""
    checkpoint()
    loss, v_slope, breakpoints = grid.problem.loss, scores.v_slope, _breakpoints(grid) or ()
    first_row = scores.evaluate_row(u, float(grid.v[0]))
    after = _nudge_off_breakpoints(first_row, v_slope, breakpoints)
    value, slope, curvature = (np.zeros((len(u), len(grid.v))) for _ in range(3))
    value[:, 0] = loss.value(first_row, target).sum(axis=1)
    slope[:, 0] = loss.slope(after, target) @ v_slope
    curvature[:, 0] = loss.curvature(after, target) @ (v_slope * v_slope)
    for breakpoint_ in breakpoints:
        low, high = np.nextafter(breakpoint_, -np.inf), np.nextafter(breakpoint_, np.inf)
        slope_jump = float(loss.slope(high, target) - loss.slope(low, target))
        curvature_jump = float(loss.curvature(high, target) - loss.curvature(low, target))
        changes = _breakpoint_changes(breakpoint_ - first_row, v_slope, slope_jump, curvature_jump, grid.v)
        for array, change in zip((value, slope, curvature), changes, strict=False):
            array += change
    step = np.diff(grid.v)
    curvature = curvature.cumsum(axis=1)
    slope[:, 1:] += curvature[:, :-1] * step
    slope = slope.cumsum(axis=1)
    value[:, 1:] += (slope[:, :-1] + 0.5 * curvature[:, :-1] * step) * step
    return np.asarray(value.cumsum(axis=1))


def _nudge_off_breakpoints(scores: Array, v_slope: Array, breakpoints: tuple[float, ...]) -> Array:
    """Move scores that equal a breakpoint to the next float in the direction in which they change with v."""
    nudged = scores.copy()
    for breakpoint_ in breakpoints:
        column, example = np.nonzero(scores == breakpoint_)
        nudged[column, example] = np.nextafter(breakpoint_, np.copysign(np.inf, v_slope[example]))
    return nudged


def _breakpoint_changes(
    distance: Array, v_slope: Array, slope_jump: float, curvature_jump: float, v: Array
) -> list[Array]:
    """Return the changes ``(columns, points)`` that a breakpoint makes at the grid points just above it.

    They are those of the value, the slope and, if ``curvature_jump`` is not
    zero, the curvature. ``distance (columns, n)`` is the breakpoint minus the
    score at the lowest point. A breakpoint outside the grid is counted in an
    additional cell, which is dropped.
    """
    count, cells, step = len(v), len(v) + 1, (v[-1] - v[0]) / (len(v) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # a constant score never reaches a breakpoint
        position = distance * (1.0 / (step * v_slope))
        cell = np.ceil(position)
        cell = np.where((position > 0.0) & (cell < count), cell, count)
        overshoot = step * (cell - position)
        slope_change = slope_jump * np.abs(v_slope)
        curvature_change = curvature_jump * v_slope * np.abs(v_slope)
        value_change = slope_change * overshoot
        weights = [value_change, np.broadcast_to(slope_change, distance.shape)]
        if curvature_jump:
            added_slope = curvature_change * overshoot
            weights = [
                value_change + 0.5 * added_slope * overshoot,
                weights[1] + added_slope,
                np.broadcast_to(curvature_change, distance.shape),
            ]
    index = (cell + cells * np.arange(len(distance))[:, None]).astype(np.intp).ravel()
    sums: list[Any] = [np.bincount(index, weight.ravel(), cells * len(distance)) for weight in weights]
    return [np.asarray(total).reshape(len(distance), cells)[:, :count] for total in sums]
