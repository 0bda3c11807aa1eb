"""Losses that are quadratic between breaks: no example need be looked at again at every point."""

from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.surface.kernels.grid import AffineScores, Grid

MAX_RELATIVE_WIDTH: Final = 1e6
"""How many times as wide as a stretch between two breaks the numbers of a window may be."""
MAX_BLOCK_ELEMENTS: Final = 15_000
"""How many examples times columns are in hand at once: arrays so small are not mapped into memory anew."""


def _breakpoints(grid: Grid) -> tuple[float, ...] | None:
    places = grid.problem.loss.breakpoints
    return places() if places else None


def is_quadratic(grid: Grid) -> bool:
    return grid.scores_and_target is not None and _breakpoints(grid) == ()


def quadratic_means(grid: Grid) -> Array:
    """Six sufficient statistics, whatever the number of examples: the Taylor series, which ends.

    It is taken about the lowest point of the window, so that nothing cancels there.
    """
    assert grid.scores_and_target is not None
    ramp, target = grid.scores_and_target
    slopes = np.stack([ramp.u_slope, ramp.v_slope])
    middle = np.array([0.5 * (grid.u[0] + grid.u[-1]), 0.5 * (grid.v[0] + grid.v[-1])])
    _, gradient, bend = _taylor_terms(grid, ramp, target, slopes, middle)
    here = np.clip(middle + _newton_step(gradient, bend), (grid.u[0], grid.v[0]), (grid.u[-1], grid.v[-1]))
    lowest, gradient, bend = _taylor_terms(grid, ramp, target, slopes, here)
    du, dv = grid.u - here[0], grid.v - here[1]
    across = gradient[0] * du + 0.5 * bend[0, 0] * du * du
    up = gradient[1] * dv + 0.5 * bend[1, 1] * dv * dv
    return np.asarray(lowest + across + up[:, None] + bend[0, 1] * np.multiply.outer(dv, du))


def _taylor_terms(
    grid: Grid, scores: AffineScores, target: float, slopes: Array, point: Array
) -> tuple[float, Array, Array]:
    """Mean loss, gradient and Hessian at a point of the plane."""
    loss, r = grid.problem.loss, scores.constant + point @ slopes
    bend = (slopes * loss.curvature(r, target)) @ slopes.T / len(r)
    return float(loss.value(r, target).mean()), slopes @ loss.slope(r, target) / len(r), bend


def _newton_step(gradient: Array, hessian: Array) -> Array:
    """Newton's step, or none where the bowl is a trough."""
    (a, b), (_, c) = hessian
    size = a * c - b * b
    if size <= 1e-12 * (a + c) ** 2:
        return np.zeros(2)
    step = np.array([b * gradient[1] - c * gradient[0], b * gradient[0] - a * gradient[1]])
    return np.asarray(step / size)


def is_piecewise_quadratic(grid: Grid) -> bool:
    """Where a stretch between two breaks is a sliver of the window, its curvature drowns in rounding."""
    places = _breakpoints(grid)
    if grid.scores_and_target is None or not places:
        return False
    stretch = places[-1] - places[0]
    return not stretch or grid.max_magnitude(grid.scores_and_target[0]) <= MAX_RELATIVE_WIDTH * stretch


def piecewise_quadratic_means(grid: Grid) -> Array:
    """Value, slope and curvature at the foot of each column, carried upwards past the breaks.

    Along a column the sum of the examples' losses is quadratic between the
    heights at which an example meets a break. Each such height falls between
    two grid points; what it changes is counted at the upper one, and sums
    along the column do the rest: the cost is one visit to each example for
    each column, and one to each point.
    """
    assert grid.scores_and_target is not None
    ramp, target = grid.scores_and_target
    rows = max(1, MAX_BLOCK_ELEMENTS // len(ramp.constant))
    parts = [_column_sums(grid, ramp, target, grid.u[i : i + rows]) for i in range(0, len(grid.u), rows)]
    return np.concatenate(parts).T / len(ramp.constant)


def _column_sums(grid: Grid, scores: AffineScores, target: float, u: Array) -> Array:
    """Sums of losses ``(columns, points)`` over ``u (columns,)``."""
    loss, up, places = grid.problem.loss, scores.v_slope, _breakpoints(grid) or ()
    foot = scores.evaluate_row(u, float(grid.v[0]))
    above = _nudge_off_breakpoints(foot, up, places)
    value, slope, bend = (np.zeros((len(u), len(grid.v))) for _ in range(3))
    value[:, 0] = loss.value(foot, target).sum(axis=1)
    slope[:, 0] = loss.slope(above, target) @ up
    bend[:, 0] = loss.curvature(above, target) @ (up * up)
    for at in places:
        low, high = np.nextafter(at, -np.inf), np.nextafter(at, np.inf)
        kink = float(loss.slope(high, target) - loss.slope(low, target))
        turn = float(loss.curvature(high, target) - loss.curvature(low, target))
        changes = _breakpoint_changes(at - foot, up, kink, turn, grid.v)
        for array, change in zip((value, slope, bend), changes, strict=False):
            array += change
    step = np.diff(grid.v)
    bend = bend.cumsum(axis=1)
    slope[:, 1:] += bend[:, :-1] * step
    slope = slope.cumsum(axis=1)
    value[:, 1:] += (slope[:, :-1] + 0.5 * bend[:, :-1] * step) * step
    return np.asarray(value.cumsum(axis=1))


def _nudge_off_breakpoints(foot: Array, up: Array, places: tuple[float, ...]) -> Array:
    """What stands exactly on a break, moved off it by the least there is in the direction of ``v_slope``."""
    above = foot.copy()
    for at in places:
        column, example = np.nonzero(foot == at)
        above[column, example] = np.nextafter(at, np.copysign(np.inf, up[example]))
    return above


def _breakpoint_changes(gap: Array, up: Array, kink: float, turn: float, v: Array) -> list[Array]:
    """What a break changes at the points just above it: value, slope and, where it ``turn``s, curvature.

    ``gap (columns, n)`` is how far off the break is at the foot. A break that
    is not between two points of the column is counted beyond its end.
    """
    count, beyond, step = len(v), len(v) + 1, (v[-1] - v[0]) / (len(v) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # an example that does not move never meets a break
        height = gap * (1.0 / (step * up))
        cell = np.ceil(height)
        cell = np.where((height > 0.0) & (cell < count), cell, count)
        past = step * (cell - height)
        jump, curve = kink * np.abs(up), turn * up * np.abs(up)
        rise = jump * past
        weights = [rise, np.broadcast_to(jump, gap.shape)]
        if turn:
            bent = curve * past
            weights = [rise + 0.5 * bent * past, weights[1] + bent, np.broadcast_to(curve, gap.shape)]
    index = (cell + beyond * np.arange(len(gap))[:, None]).astype(np.intp).ravel()
    sums: list[Any] = [np.bincount(index, weight.ravel(), beyond * len(gap)) for weight in weights]
    return [np.asarray(total).reshape(len(gap), beyond)[:, :count] for total in sums]
