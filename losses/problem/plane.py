"""Planes: two-dimensional windows into the space of parameters."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from losses.core.arrays import Array, as_float_array, as_points, frozen

Box = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Plane:
    """Points ``origin + u * directions[0] + v * directions[1]`` with (u, v) in ``box``.

    ``origin`` is ``(d,)``, ``directions`` ``(2, d)``. For two parameters the
    plane is the whole space; for more it is a slice, and ``is_slice`` says so.
    """

    origin: Array
    directions: Array
    box: Box
    labels: tuple[str, str]

    @cached_property
    def is_slice(self) -> bool:
        return len(self.origin) > 2

    @cached_property
    def middle(self) -> Array:
        """Coordinates of the middle of the window, ``(2,)``."""
        return frozen(np.mean(self.box, axis=1))

    @cached_property
    def width(self) -> Array:
        """How wide the window is along u and along v, ``(2,)``."""
        return frozen(np.ptp(self.box, axis=1))

    def points(self, u: Any, v: Any) -> Array:
        """Parameters ``(..., d)`` of plane coordinates u and v, broadcast together."""
        u, v = np.broadcast_arrays(as_float_array(u, "u"), as_float_array(v, "v"))
        shift = u[..., None] * self.directions[0] + v[..., None] * self.directions[1]
        return np.asarray(self.origin + shift)

    def coordinates(self, theta: Array) -> Array:
        """Coordinates ``(..., 2)`` of the points of the plane nearest to ``theta (..., d)``."""
        away = as_points(theta, len(self.origin)) - self.origin
        return np.asarray(away @ self._projection)

    @cached_property
    def _projection(self) -> Array:
        """What leads from the space to the coordinates, ``(d, 2)``."""
        straight = np.array_equal(self.directions @ self.directions.T, np.eye(2))
        return np.asarray(self.directions.T if straight else np.linalg.pinv(self.directions))


def coordinate_plane(
    origin: Array, box: Box, labels: tuple[str, ...], axes: tuple[int, int] = (0, 1)
) -> Plane:
    """The plane in which two chosen parameters vary and the others stay at ``origin``."""
    at = np.array(origin, dtype=np.float64)
    at[list(axes)] = 0.0
    directions = np.eye(len(at))[list(axes)]
    return Plane(frozen(at), frozen(directions), box, (labels[axes[0]], labels[axes[1]]))


def rounded_box(center: Array, half_widths: Array) -> Box:
    """The box ``center ± half`` with its edges rounded to a few readable digits; one each way where half is none."""

    def side(at: float, width: float) -> tuple[float, float]:
        width = width or 1.0
        digits = 1 - int(np.floor(np.log10(width)))
        return round(at - width, digits), round(at + width, digits)

    return side(float(center[0]), float(half_widths[0])), side(float(center[1]), float(half_widths[1]))
