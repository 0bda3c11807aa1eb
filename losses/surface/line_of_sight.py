"""From which side of a landscape its path is seen: how high walls stand before it."""

import math
from typing import Final

import numpy as np

from losses.core.arrays import Array

AZIMUTHS: Final = np.radians(np.arange(0.0, 360.0, 7.5))
"""Sides from which a landscape can be seen, in radians."""
RAY_POINTS: Final = 48
"""Points of a ray, from what is looked at to the edge of the window, at which the wall is looked up."""
CLEARANCE: Final = 0.02
"""What is looked at is seen this far above the surface, as a fraction of the height of the box."""
FRONTAL_MARGIN: Final = math.radians(28)
"""Azimuths nearer than this to a side of the box show little depth."""
LOW_HORIZON: Final = 1.45
"""A horizon up to this is no disadvantage: the usual elevation of the camera is above it."""
HIGH_WALL_COST, OFF_SIDE_COST, FRONTAL_COST = 2.0, 0.35, 0.6


def horizons(heights: Array, points: Array, azimuths: Array = AZIMUTHS) -> Array:
    """Return the tangent of the elevation from which each point is seen, ``(azimuths, points)``.

    ``heights (m, n)`` and ``points (p, 3)`` are in coordinates of a box with sides of length 1 whose lowest
    corner is 0; ``heights`` are not NaN. A point is seen from an azimuth at every elevation above this
    horizon (J. D. Foley et al., Computer Graphics: Principles and Practice, 1990, on height fields).
    """
    directions = np.stack([np.cos(azimuths), np.sin(azimuths)], axis=-1)
    distances = np.linspace(0.02, math.sqrt(2.0), RAY_POINTS)
    at = points[None, :, None, :2] + distances[:, None] * directions[:, None, None, :]
    is_inside = ((at >= 0.0) & (at <= 1.0)).all(axis=-1)
    rows, columns = (
        np.rint(np.clip(at[..., axis], 0.0, 1.0) * (heights.shape[1 - axis] - 1)).astype(int)
        for axis in (1, 0)
    )
    rise = heights[rows, columns] - points[None, :, None, 2] - CLEARANCE
    slopes = np.where(is_inside, rise / distances, 0.0)
    tangents: Array = np.maximum(slopes.max(axis=-1), 0.0)
    return tangents


def best_azimuth(heights: Array, points: Array, preferred: float) -> tuple[float, float]:
    """Return the azimuth from which all points are seen best, and the tangent of the least elevation for it.

    Arguments are those of :func:`horizons`; ``preferred`` is an azimuth that is taken if walls do not decide.
    In front of a side of the box a picture has little depth.
    """
    needed = horizons(heights, points).max(axis=1)
    away = np.abs(np.angle(np.exp(1j * (AZIMUTHS - preferred)))) / math.pi
    to_side = np.abs(np.angle(np.exp(4j * AZIMUTHS))) / 4.0
    frontality = np.maximum(FRONTAL_MARGIN - to_side, 0.0) / FRONTAL_MARGIN
    wall = np.maximum(needed - LOW_HORIZON, 0.0)
    cost = HIGH_WALL_COST * wall + OFF_SIDE_COST * away**2 + FRONTAL_COST * frontality
    best = int(np.argmin(cost))
    return float(AZIMUTHS[best]), float(needed[best])
