"""A trajectory with the losses between its iterates, so that in three dimensions it lies on the surface."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array

from .z_scale import ZScale

DENSE_PATH_ARRAYS: Final = ("path_u", "path_v", "path_h", "path_at")
"""Names of the arrays of a dense path. Previews leave them out: the browser draws straight lines instead."""
SPACING: Final = 1 / 48
"""Distance between two points of a segment, in widths of the window."""
MAX_POINTS: Final = 512
"""Points of all segments of a run; a longer trajectory has a wider spacing. They are 12 bytes each."""
MAX_SCORES: Final = 2_000_000
"""Scores of examples that may be computed for them, about 20 ms; many examples leave fewer points."""
MAX_DISTANCE_IN_WINDOWS: Final = 1.5
"""Segments farther from the center of the window are straight: nobody sees them."""
MAX_DISTANCE_IN_Z_RANGES: Final = 4.0
"""Segments that rise higher between their ends, such as over a pole, are straight, too."""


def dense_path(
    problem: losses.Problem,
    run: losses.Descent,
    line: Mapping[str, Any],
    plane: losses.Plane,
    z_scale: ZScale,
) -> dict[str, Array]:
    """Return plane coordinates and heights ``path_u, path_v, path_h`` of iterates and of points between them.

    Every height is that of the loss computed at the point itself. ``path_at (k + 1,)`` are the indices of the
    iterates; ``line`` holds their coordinates ``u, v`` and heights ``h``.
    """
    pieces = _pieces(problem, plane, np.column_stack([line["u"], line["v"]]))
    at = np.concatenate([[0], np.cumsum(pieces)])
    segment = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(len(segment)) - at[segment]) / pieces[segment]
    inner = np.nonzero(share)[0]
    on_segment, part = segment[inner], share[inner, None]
    with np.errstate(over="ignore", invalid="ignore"):
        theta = run.theta[on_segment] + part * (run.theta[on_segment + 1] - run.theta[on_segment])
        u, v = plane.coordinates(theta).T
        points = {"u": u, "v": v, "h": z_scale.to_z(problem.value(theta))}
    path = {}
    for name, values in points.items():
        path[name] = np.empty(at[-1] + 1)
        path[name][at] = line[name]
        path[name][inner] = values
    keep = _without_far_segments(path["h"], at, segment, z_scale)
    return {f"path_{name}": values[keep] for name, values in path.items()} | {
        "path_at": (np.cumsum(keep) - 1)[at].astype(np.float64)
    }


def _pieces(problem: losses.Problem, plane: losses.Plane, points: Array) -> NDArray[np.intp]:
    """Return into how many pieces of equal length each segment between points ``(k + 1, 2)`` is divided."""
    scores = (
        len(problem.y) * max(1, len(problem.data.classes)) if isinstance(problem, losses.DataProblem) else 1
    )
    most = min(MAX_POINTS, MAX_SCORES // scores)
    in_windows: Array = (points - plane.middle) / plane.width
    is_near = np.all(np.abs(in_windows) < MAX_DISTANCE_IN_WINDOWS, axis=1)  # False where it is NaN
    lengths = np.linalg.norm(np.diff(in_windows, axis=0), axis=1)
    lengths = np.where(is_near[:-1] & is_near[1:], lengths, 0.0)
    if most == 0:
        lengths = np.zeros_like(lengths)
    spacing = max(SPACING, lengths.sum() / max(1, most))
    pieces: NDArray[np.intp] = np.maximum(1, np.ceil(lengths / spacing)).astype(np.intp)
    return pieces


def _without_far_segments(
    heights: Array, at: NDArray[np.intp], segment: NDArray[np.intp], z_scale: ZScale
) -> NDArray[np.bool_]:
    """Return which points stay: iterates, and those between two of them unless one is far away or NaN."""
    low, high = z_scale.z_range
    with np.errstate(invalid="ignore"):
        is_far = ~(np.abs(heights[:-1] - low) < MAX_DISTANCE_IN_Z_RANGES * (high - low))
    is_far[at[:-1]] = False
    far_segments = np.zeros(len(at) - 1, dtype=bool)
    far_segments[segment[is_far]] = True
    keep = np.append(~far_segments[segment], True)
    keep[at] = True
    return keep
