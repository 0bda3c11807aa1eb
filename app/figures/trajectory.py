"""The trajectory of a run as arrays, which all figures share."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array

from .z_scale import ZScale

MAX_DISTANCE_IN_WINDOWS = 1e3
"""A trajectory is drawn up to this distance from the center, in widths of the window.

Beyond it the rounding errors of single precision become visible.
"""
MAX_DISTANCE_IN_Z_RANGES = 1e4
"""Limit of the height in 3-d, in heights of the z axis.

Plotly scales the surface by the extent of everything drawn, so a higher trajectory would coarsen the surface.
"""
RISEN_LABEL_SHARE = 0.5
"""Position of the 3-d label if the trajectory rises above the window.

It is a fraction of the way from the center to the arrow on the map. Farther out the label would be above the
edge of the card.
"""
EXIT_LABEL_SHARE = 1.13
"""The same if the trajectory leaves the window without rising above it: at the edge, by the exit point."""
ARROW_AT = 0.88
"""Distance of the arrow from the center of the map, in half widths."""
LABEL_OFFSET = 0.19
"""Offset of the map's label from the arrow towards the center, as a fraction of the window width."""
LABEL_SHIFT = 0.09
"""The same upward or downward, away from the middle and the path, as a fraction of the window height."""
LARGE_LOSS, LONG_LABEL_OFFSET = 1e5, 0.36
"""A loss that is written with more letters, or as “too large to compute”, and the offset of its label."""
OFFSCREEN_ARRAYS: Final = (
    *("offscreen_u", "offscreen_v", "offscreen_angle"),
    *("offscreen_label_u", "offscreen_label_v"),
    *("risen_label_u", "risen_label_v", "exit_label_u", "exit_label_v"),
    *("risen_label_h", "exit_label_h"),
)
"""Names of the arrays of the off-window marker, in the order of ``_offscreen_marker``.

On the map: position and angle of the arrow, position of its label. In 3-d: position of the label of a run
that rose above the window (``risen_label``), and of one that did not (``exit_label``); then the heights of
the two.
"""
DESCENT_ARROW_LENGTH = 0.14
"""Length of the −∇ arrow as a fraction of the window; it is rounded to 1, 2 or 5 times a power of ten."""
TRIED_ARRAYS: Final = (
    *("tried_u", "tried_v", "tried_h", "tried_loss", "stem_u", "stem_v", "stem_h"),
    *("labelled_u", "labelled_v", "labelled_h", "labelled_loss"),
    *("lowest_u", "lowest_v", "lowest_h", "lowest_loss"),
)
"""Names of the arrays of pins, which the browser fills."""
MARKER_SPACING = 0.02
"""Least distance between two markers of a trajectory, as a fraction of the window."""
TAIL_MARKS_ARRAY: Final = "marker_u"
"""The array that is NaN at iterates without a marker, by which a tail is measured."""
MAX_PARAMETERS = 6
"""If there are more parameters, tables show this many of them."""
DENSE_PATH_ARRAYS: Final = ("path_u", "path_v", "path_h", "path_at")
"""Names of the arrays of a dense path. Previews leave them out: the browser draws straight lines instead."""
PATH_SPACING: Final = 1 / 48
"""Distance between two points of a segment, in widths of the window."""
MAX_PATH_POINTS: Final = 512
"""Points of all segments of a run; a longer trajectory has a wider spacing. They are 12 bytes each."""
MAX_PATH_SCORES: Final = 2_000_000
"""Scores of examples that may be computed for them, about 20 ms; many examples leave fewer points."""
MAX_PATH_DISTANCE_IN_WINDOWS: Final = 1.5
"""Segments farther from the center of the window are straight: nobody sees them."""
MAX_PATH_RISE_IN_Z_RANGES: Final = 4.0
"""Segments that rise higher between their ends, such as over a pole, are straight, too."""


def polyline(run: losses.Descent, plane: losses.Plane, z_scale: ZScale) -> dict[str, Array]:
    """Return plane coordinates ``u, v``, height ``h``, ``step`` and ``loss`` of every iterate, ``(k + 1,)``.

    Coordinates and heights are NaN from the first iterate on that is too far away to be drawn. Another array
    marks the iterates by which a tail is measured.
    """
    line = _polyline(run.loss, plane.coordinates(run.theta), plane, z_scale)
    return line | {TAIL_MARKS_ARRAY: np.where(_has_marker(line, plane), line["u"], np.nan)}


def _has_marker(line: dict[str, Array], plane: losses.Plane) -> NDArray[np.bool_]:
    return _thin(np.column_stack([line["u"], line["v"]]) / plane.width)


def _polyline(loss: Array, coordinates: Array, plane: losses.Plane, z_scale: ZScale) -> dict[str, Array]:
    low, high = z_scale.z_range
    with np.errstate(over="ignore", invalid="ignore"):
        is_near = np.abs(coordinates - plane.middle) < MAX_DISTANCE_IN_WINDOWS * plane.width
        stays_near = np.logical_and.accumulate(is_near[:, 0] & is_near[:, 1])
        heights = z_scale.to_z(loss)
        stays_low = np.logical_and.accumulate(
            stays_near & (np.abs(heights - low) < MAX_DISTANCE_IN_Z_RANGES * (high - low))
        )
    u, v = coordinates.T if stays_near[-1] else np.where(stays_near[:, None], coordinates, np.nan).T
    h = heights if stays_low[-1] else np.where(stays_low, heights, np.nan)
    return {"u": u, "v": v, "h": h, "step": np.arange(len(loss)), "loss": loss}


def arrays(
    run: losses.Descent, plane: losses.Plane, z_scale: ZScale, *, descent_arrow: bool
) -> dict[str, Array]:
    """Return all arrays of a run that the map and the 3-d surface show.

    These are the polyline, its markers (``marker_*``), the off-window marker (``offscreen_*``,
    ``risen_label_*``, ``exit_label_*``), the end of a gradient step from each iterate (``slope_*``) and, with
    ``descent_arrow``, the −∇ arrow (``arrow_*``). The arrays of pins
    and ``preview_*`` are empty: the browser fills them.
    """
    coordinates = plane.coordinates(run.theta)
    line = _polyline(run.loss, coordinates, plane, z_scale)
    browser_filled = (*TRIED_ARRAYS, "known_u", "known_v", "preview_u", "preview_v")
    empty = dict.fromkeys(browser_filled, np.empty(0))
    has_marker = _has_marker(line, plane)
    markers = {f"marker_{name}": np.where(has_marker, line[name], np.nan) for name in ("u", "v", "h")}
    offscreen = _offscreen_marker(run.loss, coordinates, plane, z_scale) | {"offscreen_loss": run.loss}
    offscreen_rows = {name: values[:, None] for name, values in offscreen.items()}
    gradient_steps = _gradient_step_ends(run, plane, line["u"])
    arrow = _descent_arrow(run, plane, z_scale, line | gradient_steps) if descent_arrow else {}
    return (
        line
        | empty
        | markers
        | offscreen_rows
        | gradient_steps
        | arrow
        | _flag(None if descent_arrow else run.settled_at, line)
    )


def _flag(arrived_at: int | None, line: dict[str, Array]) -> dict[str, Array]:
    """Return the place of a flag at the step of arrival, in the arrays ``flag_*`` ``(k + 1,)``.

    They are NaN at the steps before it, which must not give it away, and empty if there is none.
    """
    sources = {"flag_x": "step", "flag_y": "loss", "flag_u": "u", "flag_v": "v"}
    if arrived_at is None:
        return dict.fromkeys(sources, np.empty(0))
    has_arrived = np.arange(len(line["step"])) >= arrived_at
    return {name: np.where(has_arrived, line[source][arrived_at], np.nan) for name, source in sources.items()}


def _thin(points: Array) -> NDArray[np.bool_]:
    """Return which points ``(k + 1, 2)`` are at least ``MARKER_SPACING`` from the previous one selected.

    Coordinates are in widths of the window. The first point is selected.
    """
    selected, last = np.zeros(len(points), dtype=bool), (math.inf, math.inf)
    for k, (u, v) in enumerate(points.tolist()):
        if not math.hypot(u - last[0], v - last[1]) < MARKER_SPACING:
            selected[k], last = True, (u, v)
    return selected


def _offscreen_marker(
    loss: Array, coordinates: Array, plane: losses.Plane, z_scale: ZScale
) -> dict[str, Array]:
    """Return an arrow just inside the window's edge that points to an iterate outside, and its labels.

    The arrays are those of ``OFFSCREEN_ARRAYS``, ``(k + 1,)`` each; the angle is in degrees, clockwise from
    up. They are NaN at steps whose iterate is inside the window.
    """
    middle, width = plane.middle, plane.width
    with np.errstate(over="ignore", invalid="ignore"):
        from_middle = (coordinates - middle) / (width / 2)
        distance = np.abs(from_middle).max(axis=1)
        is_outside = distance > 1.0
    if not is_outside.any():
        return dict.fromkeys(OFFSCREEN_ARRAYS, np.full(len(loss), np.nan))
    with np.errstate(over="ignore", invalid="ignore"):
        edge = middle + ARROW_AT * from_middle / np.where(is_outside, distance, 1.0)[:, None] * width / 2
        angle = np.degrees(np.arctan2(from_middle[:, 0], from_middle[:, 1]))
    u, v = np.where(is_outside[:, None], edge, np.nan).T
    has_arrow, (floor, top), heights = np.isfinite(u), z_scale.z_range, z_scale.to_z(loss)
    is_low = heights <= top  # False where the loss is NaN
    risen = np.where(has_arrow & ~is_low, top, np.nan)
    left = np.where(has_arrow & is_low, np.maximum(heights, floor), np.nan)
    offset = np.where(np.abs(loss) < LARGE_LOSS, LABEL_OFFSET, LONG_LABEL_OFFSET)
    label_u = u - offset * np.where(u < middle[0], -1.0, 1.0) * width[0]
    label_v = v + LABEL_SHIFT * np.where(v < middle[1], -1.0, 1.0) * width[1]
    label_v = np.clip(label_v, *(middle[1] + ARROW_AT * width[1] / 2 * np.array([-1.0, 1.0])))
    labels_3d = [
        center + share * (arrow - center)
        for share in (RISEN_LABEL_SHARE, EXIT_LABEL_SHARE)
        for arrow, center in zip((u, v), middle, strict=True)
    ]
    return dict(zip(OFFSCREEN_ARRAYS, (u, v, angle, label_u, label_v, *labels_3d, risen, left), strict=True))


def _gradient_step_ends(run: losses.Descent, plane: losses.Plane, u: Array) -> dict[str, Array]:
    """Return where plain gradient descent would step from each iterate: θ minus rate times gradient.

    Both arrays are ``(k + 1, 1)``. They are NaN at the last iterate, and where ``u`` is.
    """
    ends = np.full((len(run.theta), 2), np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        replay = losses.replay(run)
        ends[:-1] = plane.coordinates(run.theta[:-1] - replay.rates[:, None] * replay.pull)
    ends[np.isnan(u)] = np.nan
    return {"slope_u": ends[:, :1], "slope_v": ends[:, 1:]}


def _descent_arrow(
    run: losses.Descent, plane: losses.Plane, z_scale: ZScale, line: dict[str, Array]
) -> dict[str, Array]:
    """Return both ends of an arrow along −∇ at each iterate, tangent to the drawn surface, ``(k + 1, 2)``.

    Its length is about ``DESCENT_ARROW_LENGTH`` of the window whatever the length of the gradient, and a
    round number on the map, so that it is a ruler, too.
    """
    base, width = np.stack([line["u"], line["v"]], axis=-1), plane.width
    with np.errstate(over="ignore", invalid="ignore"):
        direction = (np.hstack([line["slope_u"], line["slope_v"]]) - base) / width
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-300)
        arrow = _with_round_length(DESCENT_ARROW_LENGTH * direction * width)
        loss_change = (run.gradient[:, None] @ plane.directions.T @ arrow[:, :, None])[:, 0, 0]
        base_height = z_scale.to_z(run.loss)
        tip_height = base_height + loss_change * z_scale.derivative(run.loss)
    tip = base + arrow
    return {
        "arrow_u": np.stack([base[:, 0], tip[:, 0]], axis=-1),
        "arrow_v": np.stack([base[:, 1], tip[:, 1]], axis=-1),
        "arrow_h": np.stack([base_height, tip_height], axis=-1),
    }


def _with_round_length(arrows: Array) -> Array:
    """Return vectors ``(n, 2)`` with lengths changed to the nearest of 1, 2 and 5 times a power of ten."""
    lengths = np.maximum(np.linalg.norm(arrows, axis=1, keepdims=True), 1e-300)
    power = 10.0 ** np.floor(np.log10(lengths))
    digits = np.array([1.0, 2.0, 5.0, 10.0])
    nearest = digits[np.abs(np.log(lengths / power) - np.log(digits)).argmin(axis=1)]
    return np.asarray(arrows / lengths * power * nearest[:, None])


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
    most = min(MAX_PATH_POINTS, MAX_PATH_SCORES // scores)
    in_windows: Array = (points - plane.middle) / plane.width
    is_near = np.all(np.abs(in_windows) < MAX_PATH_DISTANCE_IN_WINDOWS, axis=1)  # False where it is NaN
    lengths = np.linalg.norm(np.diff(in_windows, axis=0), axis=1)
    lengths = np.where(is_near[:-1] & is_near[1:], lengths, 0.0)
    if most == 0:
        lengths = np.zeros_like(lengths)
    spacing = max(PATH_SPACING, lengths.sum() / max(1, most))
    pieces: NDArray[np.intp] = np.maximum(1, np.ceil(lengths / spacing)).astype(np.intp)
    return pieces


def _without_far_segments(
    heights: Array, at: NDArray[np.intp], segment: NDArray[np.intp], z_scale: ZScale
) -> NDArray[np.bool_]:
    """Return which points stay: iterates, and those between two of them unless one is far away or NaN."""
    low, high = z_scale.z_range
    with np.errstate(invalid="ignore"):
        is_far = ~(np.abs(heights[:-1] - low) < MAX_PATH_RISE_IN_Z_RANGES * (high - low))
    is_far[at[:-1]] = False
    far_segments = np.zeros(len(at) - 1, dtype=bool)
    far_segments[segment[is_far]] = True
    keep = np.append(~far_segments[segment], True)
    keep[at] = True
    return keep


def shown_parameters(run: losses.Descent, most: int = MAX_PARAMETERS) -> list[int]:
    """Return the indices of the parameters to show: all, or those that moved farthest.

    They are ``MAX_PARAMETERS``, or ``most`` if that is fewer.
    """
    count, most = run.theta.shape[1], min(most, MAX_PARAMETERS)
    if count <= most:
        return list(range(count))
    with np.errstate(over="ignore"):
        moved = np.abs(run.theta[-1] - run.theta[0])
    return [int(i) for i in np.argsort(-moved, kind="stable")[:most]]
