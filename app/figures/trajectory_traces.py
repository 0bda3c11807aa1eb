"""The traces of a trajectory, of tried places and of an arrival, in two or three dimensions."""

from collections.abc import Mapping
from typing import Any, Final

from losses.core.messages import message

from ..protocol.figures import MovingTrace, PlotlyObject
from .step_slices import moving_trace
from .trajectory import TAIL_MARKS_ARRAY
from .z_scale import VIRIDIS, ZScale

OFFSCREEN_LABEL: Final = message("loss %{text}")
"""Label of a run that is outside the window."""
PIN_DETAILS: Final = ("tried-stems", "tried-loss", "tried-lowest")
"""Names of the traces of pins that are shown in the fog only."""
_COLORSCALE: Final = [[i / (len(VIRIDIS) - 1), color] for i, color in enumerate(VIRIDIS)]
THIN_3D: Final = 1.5
"""Width of a pale path in three dimensions."""
PALE: Final = 0.25
"""Opacity of what lies ahead."""
PAST: Final = 0.5
"""Opacity of the path before the tail."""


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
    past = base | pale_style(trace_type, PAST)
    thin = THIN_3D if is_3d else 2.5
    traces = [
        _line_trace(base | pale_style(trace_type), path, "future", "future", "var(--halo)", thin, "nothing"),
        _line_trace(past, path, "past", "past", "var(--path)", thin),
    ]
    if is_alone:
        traces.append(_line_trace(base, tail, "tail", "halo", "var(--halo)", 9 if is_3d else 6, "tailMoving"))
    traces.append(_line_trace(base, tail, "tail", "tail", "var(--path)", 5 if is_3d else 2.5, "tailMoving"))
    if not has_inertia:
        marker_axes = {axis: f"marker_{name}" for axis, name in axes.items()}
        tail_axes = marker_axes | {"marks": TAIL_MARKS_ARRAY}
        marker = _outlined_marker(4 if is_3d else 6, "var(--halo)", "var(--path)", 1.5)
        if not is_3d:
            traces.append(_marker_trace(past, marker_axes, "past", "markers", marker))
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


def pale_style(trace_type: str, opacity: float = PALE) -> PlotlyObject:
    """Return the attribute of a pale trace. In three dimensions it is a thin one.

    If one trace lets light through, the browser draws the surface twice.
    """
    return {} if trace_type == "scatter3d" else {"opacity": opacity}


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


def arrival_trace(**axes: str) -> MovingTrace:
    """Return the flag at the step of arrival; ``axes`` are the names of its arrays by axis."""
    flag = {"name": "arrived", "mode": "text", "text": "⚑", "textposition": "top right"}
    font = {"size": 18, "color": "var(--good)"}
    base = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
    return moving_trace("now", base | flag | {"textfont": font}, **axes)
