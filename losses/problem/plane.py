"""Define planes in the space of parameters, on which surfaces are drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from losses.core.arrays import Array, as_float_array, as_points, frozen
from losses.core.lazy import cached_property
from losses.core.records import ReadOnlyArrays

Box = tuple[tuple[float, float], tuple[float, float]]
"""The limits ``(low, high)`` of u and of v."""


@dataclass(frozen=True, eq=False, repr=False)
class Plane(ReadOnlyArrays):
    """The points ``origin + u * directions[0] + v * directions[1]`` with (u, v) in ``box``.

    For two parameters the plane is the whole space; for more it is a slice of it.
    """

    origin: Array
    """The point of u = v = 0, ``(d,)``."""
    directions: Array
    """The directions of u and v, ``(2, d)``; they need not be orthogonal."""
    box: Box
    """The window that is drawn."""
    labels: tuple[str, str]
    """Titles of the two axes."""

    def __repr__(self) -> str:
        return f"<plane {self._describe_window()}>"

    def _describe_window(self) -> str:
        sides = zip(self.labels, self.box, strict=True)
        window = ", ".join(f"{label} from {low:.4g} to {high:.4g}" for label, (low, high) in sides)
        return window + f"; a slice of {len(self.origin)} parameters" * self.is_slice

    @cached_property
    def is_slice(self) -> bool:
        """Whether there are more than the two parameters that the plane shows."""
        return len(self.origin) > 2

    @cached_property
    def middle(self) -> Array:
        """The coordinates of the middle of the window, ``(2,)``."""
        return frozen(np.mean(self.box, axis=1))

    @cached_property
    def width(self) -> Array:
        """The width of the window along u and along v, ``(2,)``."""
        return frozen(np.ptp(self.box, axis=1))

    def points(self, u: ArrayLike, v: ArrayLike) -> Array:
        """Return the parameters ``(..., d)`` at coordinates ``u`` and ``v``, which are broadcast together."""
        u, v = np.broadcast_arrays(as_float_array(u, "u"), as_float_array(v, "v"))
        shift = u[..., None] * self.directions[0] + v[..., None] * self.directions[1]
        return np.asarray(self.origin + shift)

    def coordinates(self, theta: Array) -> Array:
        """Return the coordinates ``(..., 2)`` of the points of the plane nearest to ``theta (..., d)``."""
        offset = as_points(theta, len(self.origin)) - self.origin
        return np.asarray(offset @ self._projection)

    @cached_property
    def _projection(self) -> Array:
        """The matrix ``(d, 2)`` from offsets in the space to coordinates in the plane."""
        # The transpose is exact: a start that is typed in is drawn at the very numbers that were typed.
        orthonormal = np.array_equal(self.directions @ self.directions.T, np.eye(2))
        return np.asarray(self.directions.T if orthonormal else np.linalg.pinv(self.directions))


def coordinate_plane(
    origin: Array, box: Box, labels: tuple[str, ...], axes: tuple[int, int] = (0, 1)
) -> Plane:
    """Return the plane in which the two parameters ``axes`` vary and the others stay at ``origin (d,)``.

    Its coordinates are the values of the two parameters. ``labels`` names all d parameters.
    """
    shifted_origin = np.array(origin, dtype=np.float64)
    shifted_origin[list(axes)] = 0.0
    directions = np.eye(len(shifted_origin))[list(axes)]
    return Plane(frozen(shifted_origin), frozen(directions), box, (labels[axes[0]], labels[axes[1]]))


def rounded_box(center: Array, half_widths: Array) -> Box:
    """Return the box ``center ± half_widths`` with its edges rounded to two digits of the half widths.

    A half width of 0 is replaced by 1, one that is lost beside the center by the next that is not.
    """

    def limits(middle: float, half_width: float) -> tuple[float, float]:
        half_width = max(half_width or 1.0, 8.0 * float(np.spacing(abs(middle))))
        digits = 1 - int(np.floor(np.log10(half_width)))
        return round(middle - half_width, digits), round(middle + half_width, digits)

    return limits(float(center[0]), float(half_widths[0])), limits(float(center[1]), float(half_widths[1]))
