"""The trajectory of a run: its arrays, which all figures share, and its traces in two or three dimensions."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from ..protocol.figures import MovingTrace, PlotlyObject
from .step_slices import moving_trace
from .z_scale import VIRIDIS, ZScale

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
OFFSCREEN_LABEL: Final = message("loss %{text}")
"""Label of a run that is outside the window."""
LABEL_OFFSET = 0.19
"""Offset of the map's label from the arrow towards the center, as a fraction of the window width."""
OFFSCREEN_ARRAYS: Final = (
    *("offscreen_u", "offscreen_v", "offscreen_angle", "offscreen_label_u"),
    *("risen_label_u", "risen_label_v", "exit_label_u", "exit_label_v"),
    *("risen_label_h", "exit_label_h"),
)
"""Names of the arrays of the off-window marker, in the order of ``_offscreen_marker``.

On the map: position and angle of the arrow, u of its label. In 3-d: position of the label of a run that rose
above the window (``risen_label``), and of one that did not (``exit_label``); then the heights of the two.
"""
DESCENT_ARROW_LENGTH = 0.14
"""Length of the −∇ arrow as a fraction of the window; it is rounded to 1, 2 or 5 times a power of ten."""
PIN_DETAILS: Final = ("tried-stems", "tried-loss", "tried-lowest")
"""Names of the traces of pins that are shown in the fog only."""
TRIED_ARRAYS: Final = (
    *("tried_u", "tried_v", "tried_h", "tried_loss", "stem_u", "stem_v", "stem_h"),
    *("labelled_u", "labelled_v", "labelled_h", "labelled_loss"),
    *("lowest_u", "lowest_v", "lowest_h", "lowest_loss"),
)
"""Names of the arrays of pins, which the browser fills."""
_COLORSCALE: Final = [[i / (len(VIRIDIS) - 1), color] for i, color in enumerate(VIRIDIS)]
MARKER_SPACING = 0.02
"""Least distance between two markers of a trajectory, as a fraction of the window."""
TAIL_MARKS_ARRAY: Final = "marker_u"
"""The array that is NaN at iterates without a marker, by which a tail is measured."""
THIN_3D: Final = 1.5
"""Width of a pale path in three dimensions."""
PALE: Final = 0.25
"""Opacity of the path before the tail, and of what lies ahead."""
MAX_PARAMETERS = 6
"""If there are more parameters, tables show this many of them."""


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


def arrival_trace(**axes: str) -> MovingTrace:
    """Return the flag at the step of arrival; ``axes`` are the names of its arrays by axis."""
    flag = {"name": "arrived", "mode": "text", "text": "⚑", "textposition": "top right"}
    font = {"size": 18, "color": "var(--good)"}
    base = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
    return moving_trace("now", base | flag | {"textfont": font}, **axes)


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
        edge = middle + 0.88 * from_middle / np.where(is_outside, distance, 1.0)[:, None] * width / 2
        angle = np.degrees(np.arctan2(from_middle[:, 0], from_middle[:, 1]))
    u, v = np.where(is_outside[:, None], edge, np.nan).T
    has_arrow, (floor, top), heights = np.isfinite(u), z_scale.z_range, z_scale.to_z(loss)
    is_low = heights <= top  # False where the loss is NaN
    risen = np.where(has_arrow & ~is_low, top, np.nan)
    left = np.where(has_arrow & is_low, np.maximum(heights, floor), np.nan)
    label_u = u - LABEL_OFFSET * np.where(u < middle[0], -1.0, 1.0) * width[0]
    labels_3d = [
        center + share * (arrow - center)
        for share in (RISEN_LABEL_SHARE, EXIT_LABEL_SHARE)
        for arrow, center in zip((u, v), middle, strict=True)
    ]
    return dict(zip(OFFSCREEN_ARRAYS, (u, v, angle, label_u, *labels_3d, risen, left), strict=True))


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


def trajectory_traces(
    trace_type: str, *, has_inertia: bool, is_alone: bool = True, **axes: str
) -> list[MovingTrace]:
    """Return the moving traces of a trajectory: past, future, start, current point, next step.

    The last steps, the tail, are darker than what is before them. ``trace_type`` is ``scatter`` or
    ``scatter3d``; ``axes`` are the names of the arrays by axis. Iterates have markers, except for an
    optimizer ``has_inertia``: it moves on, and is drawn as a line only. The tail has a halo if the run
    ``is_alone``.
    """
    is_3d = trace_type == "scatter3d"
    base: PlotlyObject = {"type": trace_type, "hoverinfo": "skip", "showlegend": False}
    path = path_axes(axes) if is_3d else axes
    tail = path | {"marks": TAIL_MARKS_ARRAY}
    pale = base | pale_style(trace_type)
    thin = THIN_3D if is_3d else 2.5
    traces = [
        _line_trace(pale, path, "future", "future", "var(--halo)", thin, "nothing"),
        _line_trace(pale, path, "past", "past", "var(--path)", thin),
    ]
    if is_alone:
        traces.append(_line_trace(base, tail, "tail", "halo", "var(--halo)", 9 if is_3d else 6, "tailMoving"))
    traces.append(_line_trace(base, tail, "tail", "tail", "var(--path)", 5 if is_3d else 2.5, "tailMoving"))
    if not has_inertia:
        marker_axes = {axis: f"marker_{name}" for axis, name in axes.items()}
        tail_axes = marker_axes | {"marks": TAIL_MARKS_ARRAY}
        marker = _outlined_marker(4 if is_3d else 6, "var(--halo)", "var(--path)", 1.5)
        if not is_3d:
            traces.append(_marker_trace(pale, marker_axes, "past", "markers", marker))
        traces.append(_marker_trace(base, tail_axes, "tail", "tail-markers", marker))
    start = _outlined_marker(7 if is_3d else 15, "var(--halo)", "var(--halo)", 3, symbol="circle-open")
    next_point = _outlined_marker(6 if is_3d else 11, "var(--now)", "var(--now)", 2.5, symbol="circle-open")
    current = _outlined_marker(8 if is_3d else 15, "var(--now)", "var(--halo)", 2)
    return [
        *traces,
        _marker_trace(base, axes, "first", "first", start),
        _line_trace(base, path, "step", "step", "var(--now)", 6 if is_3d else 3, "stepGrowing"),
        _marker_trace(base, axes, "next", "next", next_point, "nothing"),
        _marker_trace(base, path, "now", "now", current, "nowMoving"),
    ]


def pins(trace_type: str, z_scale: ZScale) -> list[MovingTrace]:
    """Return the moving traces of the tried places: pins in the color of their height, with their loss."""
    is_3d = trace_type == "scatter3d"
    base: PlotlyObject = {"type": trace_type, "hoverinfo": "skip", "showlegend": False}
    low, high = z_scale.z_range
    height: dict[str, str] = {"z": "tried_h"} if is_3d else {}
    head: PlotlyObject = {
        "name": "tried",
        "mode": "markers",
        "marker": {
            "size": 6 if is_3d else 11,
            "symbol": "circle",
            "colorscale": _COLORSCALE,
            "cmin": low,
            "cmax": high,
            "line": {"color": "var(--halo)", "width": 1.5},
        },
    }
    label: PlotlyObject = {
        "mode": "text",
        "textposition": "middle right",
        "textfont": {"color": "var(--ink)", "size": 12},
    }
    each = label | {"name": "tried-loss", "texttemplate": "\u2002\u2002%{text}"}
    lowest = label | {
        "name": "tried-lowest",
        "texttemplate": message("lowest so far: %{text}"),
        "textposition": "bottom center",
    }
    labelled_height: dict[str, str] = {"z": "labelled_h"} if is_3d else {}
    lowest_height: dict[str, str] = {"z": "lowest_h"} if is_3d else {}
    traces = [
        moving_trace("row", base | head, x="tried_u", y="tried_v", marker__color="tried_h", **height),
        moving_trace(
            "numberTexts",
            base | each,
            x="labelled_u",
            y="labelled_v",
            text="labelled_loss",
            **labelled_height,
        ),
        moving_trace(
            "numberTexts", base | lowest, x="lowest_u", y="lowest_v", text="lowest_loss", **lowest_height
        ),
    ]
    if not is_3d:
        return traces
    stem: PlotlyObject = {
        "name": "tried-stems",
        "mode": "lines",
        "line": {"color": "var(--ink-soft)", "width": 3},
    }
    return [moving_trace("row", base | stem, x="stem_u", y="stem_v", z="stem_h"), *traces]


def pale_style(trace_type: str) -> PlotlyObject:
    """Return the attribute of a pale trace. In three dimensions it is a thin one.

    If one trace lets light through, the browser draws the surface twice.
    """
    return {} if trace_type == "scatter3d" else {"opacity": PALE}


def path_axes(axes: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the arrays of the dense path by axis, and of the places of the iterates on it."""
    return {axis: f"path_{name}" for axis, name in axes.items()} | {"at": "path_at"}


def _line_trace(
    base: PlotlyObject,
    axes: Mapping[str, str],
    slice_name: str,
    name: str,
    color: str,
    width: float,
    while_playing: str = "",
) -> MovingTrace:
    line = {"name": name, "mode": "lines", "line": {"color": color, "width": width}}
    return moving_trace(slice_name, base | line, while_playing=while_playing, **axes)


def _marker_trace(
    base: PlotlyObject,
    axes: Mapping[str, str],
    slice_name: str,
    name: str,
    marker: Mapping[str, Any],
    while_playing: str = "",
) -> MovingTrace:
    trace = base | {"name": name, "mode": "markers", "marker": marker}
    return moving_trace(slice_name, trace, while_playing=while_playing, **axes)


def _outlined_marker(
    size: float, color: str, edge_color: str, edge_width: float, **more: str
) -> dict[str, Any]:
    return {"size": size, "color": color, "line": {"color": edge_color, "width": edge_width}, **more}


def shown_parameters(run: losses.Descent) -> list[int]:
    """Return the indices of the parameters to show: all, or the ``MAX_PARAMETERS`` that moved farthest."""
    count = run.theta.shape[1]
    if count <= MAX_PARAMETERS:
        return list(range(count))
    with np.errstate(over="ignore"):
        moved = np.abs(run.theta[-1] - run.theta[0])
    return [int(i) for i in np.argsort(-moved, kind="stable")[:MAX_PARAMETERS]]
