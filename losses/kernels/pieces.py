"""Losses that are quadratic between breaks: no example need be looked at again at every point."""

from typing import Final

import numpy as np

from losses.arrays import Array
from losses.kernels.grid import Grid, Ramp

BLOCK: Final = 200_000
"""How many examples times columns are in hand at once."""


def _breaks(grid: Grid) -> tuple[float, ...] | None:
    places = grid.problem.loss.breaks
    return places() if places else None


def is_quadratic(grid: Grid) -> bool:
    return grid.folded is not None and _breaks(grid) == ()


def quadratic(grid: Grid) -> Array:
    """Six sufficient statistics, whatever the number of examples: the Taylor series, which ends.

    It is taken about the lowest point of the window, so that nothing cancels there.
    """
    assert grid.folded is not None
    ramp, target = grid.folded
    loss, slopes = grid.problem.loss, np.stack([ramp.across, ramp.up])
    at = np.array([np.mean(grid.u[[0, -1]]), np.mean(grid.v[[0, -1]])])
    for _ in range(2):
        r = ramp.flat + at @ slopes
        pull = slopes @ loss.slope(r, target) / len(r)
        bend = (slopes * loss.curvature(r, target)) @ slopes.T / len(r)
        here, gradient = at, pull
        ends = np.array([[side[0], side[-1]] for side in (grid.u, grid.v)])
        at = np.clip(at - np.linalg.pinv(bend, hermitian=True) @ pull, ends[:, 0], ends[:, 1])
    du, dv = grid.u - here[0], grid.v - here[1]
    across = gradient[0] * du + 0.5 * bend[0, 0] * du * du
    up = gradient[1] * dv + 0.5 * bend[1, 1] * dv * dv
    lowest = float(np.mean(loss.value(r, target)))
    return np.asarray(lowest + across + up[:, None] + bend[0, 1] * np.multiply.outer(dv, du))


def is_broken(grid: Grid) -> bool:
    return grid.folded is not None and bool(_breaks(grid))


def broken(grid: Grid) -> Array:
    """Value, slope and curvature at the foot of each column, carried upwards past the breaks.

    Along a column the sum of the examples' losses is quadratic between the
    heights at which an example meets a break. Each such height falls between
    two grid points; what it changes is counted at the upper one, and sums
    along the column do the rest: the cost is one visit to each example for
    each column, and one to each point.
    """
    assert grid.folded is not None
    ramp, target = grid.folded
    rows = max(1, BLOCK // len(ramp.flat))
    parts = [_columns(grid, ramp, target, grid.u[i : i + rows]) for i in range(0, len(grid.u), rows)]
    return np.concatenate(parts).T / len(ramp.flat)


def _columns(grid: Grid, ramp: Ramp, target: float, u: Array) -> Array:
    """Sums of losses ``(columns, points)`` over ``u (columns,)``."""
    loss, v, up = grid.problem.loss, grid.v, ramp.up
    foot = ramp.at(u, float(v[0]))
    above = np.nextafter(foot, np.copysign(np.inf, up))
    shape = (len(u), len(v))
    value, slope, bend = (np.zeros(shape) for _ in range(3))
    value[:, 0] = loss.value(foot, target).sum(axis=1)
    slope[:, 0] = loss.slope(above, target) @ up
    bend[:, 0] = loss.curvature(above, target) @ (up * up)
    for at in _breaks(grid) or ():
        low, high = np.nextafter(at, -np.inf), np.nextafter(at, np.inf)
        kink = float(loss.slope(high, target) - loss.slope(low, target))
        turn = float(loss.curvature(high, target) - loss.curvature(low, target))
        _count(at - foot, up, kink, turn, v, value, slope, bend)
    step = np.diff(v)
    bend = bend.cumsum(axis=1)
    slope[:, 1:] += bend[:, :-1] * step
    slope = slope.cumsum(axis=1)
    value[:, 1:] += (slope[:, :-1] + 0.5 * bend[:, :-1] * step) * step
    return np.asarray(value.cumsum(axis=1))


def _count(
    gap: Array, up: Array, kink: float, turn: float, v: Array, value: Array, slope: Array, bend: Array
) -> None:
    """Add to the points just above each break what it changes there; ``gap`` is how far off it is at the foot."""
    with np.errstate(divide="ignore", invalid="ignore"):  # an example that does not move never meets a break
        height = gap / up
        cell = np.ceil(height * ((len(v) - 1) / (v[-1] - v[0])))
    inside = (height > 0.0) & (cell < len(v))
    columns, examples = np.nonzero(inside)
    point, c = np.maximum(cell[inside].astype(np.intp), 1), up[examples]
    past = v[point] - v[0] - height[inside]
    index = columns * len(v) + point
    jump, curve = kink * np.abs(c), turn * c * np.abs(c)
    changes = (value, (jump + 0.5 * curve * past) * past), (slope, jump + curve * past), (bend, curve)
    for array, change in changes if turn else changes[:2]:
        array += np.bincount(index, change, array.size).reshape(array.shape)
