"""The arrays of a run that the views share, and how the path is drawn in any of them."""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from .step_slices import Figure, moving_trace
from .z_scale import ZScale

MAX_DISTANCE_IN_WINDOWS = 1e3
"""A path is drawn until it is this many windows away; farther, single precision breaks."""
MAX_DISTANCE_IN_Z_RANGES = 1e4
"""In space the same in heights: Plotly measures the ground by all that is drawn, and a high path would coarsen it."""
RISEN_LABEL_SHARE = 0.5
"""In space a text hangs so far out over the middle: above the far corner the card has ended."""
EXIT_LABEL_SHARE = 1.13
"""Of a run that did not climb out it stands below the rim of the ground, where the run left."""
OFFSCREEN_LABEL: Final = message("loss %{text}")
"""What is said of a run that is beyond the window."""
LABEL_OFFSET = 0.38
"""On the map that stands so far towards the middle of the arrow, or across a path that leaves there."""
OFFSCREEN_ARRAYS: Final = (
    *("gone_u", "gone_v", "gone_turn", "gone_text"),
    *("gone_sky_u", "gone_sky_v", "left_u", "left_v"),
    *("gone_h", "left_h"),
)
"""Where that arrow stands on the map and which way it points, where its words stand, and both in space."""
DESCENT_ARROW_LENGTH = 0.14
MARKER_SPACING = 0.02
"""Footprints are this share of a window apart; nearer ones would be a smear."""
MAX_PARAMETERS = 6
"""Of more parameters only the first few are written out."""


def polyline(run: losses.Descent, plane: losses.Plane, z_scale: ZScale) -> dict[str, Array]:
    """Plane coordinates ``u, v``, drawn height ``h``, ``step`` and ``loss`` of every iterate."""
    return _polyline(run.loss, plane.coordinates(run.theta), plane, z_scale)


def _polyline(loss: Array, coordinates: Array, plane: losses.Plane, z_scale: ZScale) -> dict[str, Array]:
    low, high = z_scale.z_range
    with np.errstate(over="ignore", invalid="ignore"):
        inside = np.abs(coordinates - plane.middle) < MAX_DISTANCE_IN_WINDOWS * plane.width
        near = np.logical_and.accumulate(inside[:, 0] & inside[:, 1])
        heights = z_scale.to_z(loss)
        below = np.logical_and.accumulate(
            near & (np.abs(heights - low) < MAX_DISTANCE_IN_Z_RANGES * (high - low))
        )
    u, v = coordinates.T if near[-1] else np.where(near[:, None], coordinates, np.nan).T
    h = heights if below[-1] else np.where(below, heights, np.nan)
    return {"u": u, "v": v, "h": h, "step": np.arange(len(loss)), "loss": loss}


def arrays(
    run: losses.Descent, plane: losses.Plane, z_scale: ZScale, *, descent_arrow: bool
) -> dict[str, Array]:
    """The course of a run with its footprints, where it has gone, and the slope at each iterate."""
    coordinates = plane.coordinates(run.theta)
    own = _polyline(run.loss, coordinates, plane, z_scale)
    noted = ("tried_u", "tried_v", "tried_h", "preview_u", "preview_v")
    tried = dict.fromkeys(noted, np.empty(0))  # the browser fills them in
    trodden = _thin(np.column_stack([own["u"], own["v"]]) / plane.width)
    feet = {f"foot_{name}": np.where(trodden, own[name], np.nan) for name in ("u", "v", "h")}
    gone = _offscreen_marker(run.loss, coordinates, plane, z_scale) | {"gone_loss": run.loss}
    rows = {name: values[:, None] for name, values in gone.items()}
    slope = _gradient_step_ends(run, plane, own["u"])
    needle = _descent_arrow(run, plane, z_scale, own | slope) if descent_arrow else {}
    return own | tried | feet | rows | slope | needle


def _thin(points: Array) -> NDArray[np.bool_]:
    """Which of the places ``(k + 1, 2)``, in windows, lie apart enough from the last that is marked."""
    shown, last = np.zeros(len(points), dtype=bool), (math.inf, math.inf)
    for k, (u, v) in enumerate(points.tolist()):
        if not math.hypot(u - last[0], v - last[1]) < MARKER_SPACING:
            shown[k], last = True, (u, v)
    return shown


def _offscreen_marker(
    loss: Array, coordinates: Array, plane: losses.Plane, z_scale: ZScale
) -> dict[str, Array]:
    """Where on the edge of the window an arrow says that the run is beyond it, and which way."""
    middle, width = plane.middle, plane.width
    with np.errstate(over="ignore", invalid="ignore"):
        away = (coordinates - middle) / (width / 2)
        far = np.abs(away).max(axis=1)
        outside = far > 1.0
    if not outside.any():
        return dict.fromkeys(OFFSCREEN_ARRAYS, np.full(len(loss), np.nan))
    with np.errstate(over="ignore", invalid="ignore"):
        edge = middle + 0.88 * away / np.where(outside, far, 1.0)[:, None] * width / 2
        turn = np.degrees(np.arctan2(away[:, 0], away[:, 1]))
    u, v = np.where(outside[:, None], edge, np.nan).T
    out, (floor, top), drawn = np.isfinite(u), z_scale.z_range, z_scale.to_z(loss)
    level = drawn <= top  # not so where it is beyond numbers
    risen, left = np.where(out & ~level, top, np.nan), np.where(out & level, np.maximum(drawn, floor), np.nan)
    beside = u - LABEL_OFFSET * np.where(u < middle[0], -0.5, 0.5) * width[0]
    hung = [
        m + share * (at - m)
        for share in (RISEN_LABEL_SHARE, EXIT_LABEL_SHARE)
        for at, m in zip((u, v), middle, strict=True)
    ]
    return dict(zip(OFFSCREEN_ARRAYS, (u, v, turn, beside, *hung, risen, left), strict=True))


def _gradient_step_ends(run: losses.Descent, plane: losses.Plane, u: Array) -> dict[str, Array]:
    """Where the bare slope times the rate would lead from each iterate, ``(k + 1, 1)``; nowhere at the end."""
    ends = np.full((len(run.theta), 2), np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        again = losses.replay(run)
        ends[:-1] = plane.coordinates(run.theta[:-1] - again.rates[:, None] * again.pull)
    ends[np.isnan(u)] = np.nan
    return {"slope_u": ends[:, :1], "slope_v": ends[:, 1:]}


def _descent_arrow(
    run: losses.Descent, plane: losses.Plane, z_scale: ZScale, line: dict[str, Array]
) -> dict[str, Array]:
    """From each iterate a fixed share of the window downhill, as steep as the drawn ground, ``(k + 1, 2)``."""
    here, width = np.stack([line["u"], line["v"]], axis=-1), plane.width
    with np.errstate(over="ignore", invalid="ignore"):
        way = (np.hstack([line["slope_u"], line["slope_v"]]) - here) / width
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-300)
        needle = DESCENT_ARROW_LENGTH * way * width
        climb = (run.gradient[:, None] @ plane.directions.T @ needle[:, :, None])[:, 0, 0]
        foot = z_scale.to_z(run.loss)
        tip = foot + climb * z_scale.derivative(run.loss)
    tips = here + needle
    return {
        "compass_u": np.stack([here[:, 0], tips[:, 0]], axis=-1),
        "compass_v": np.stack([here[:, 1], tips[:, 1]], axis=-1),
        "compass_h": np.stack([foot, tip], axis=-1),
    }


def trajectory_traces(trace_type: str, *, has_inertia: bool, **axes: str) -> list[Figure]:
    """Past, future, start, present and next landing of a path, drawn in ``trace_type`` of trace over ``axes``.

    A ``has_inertia`` with inertia leaves a line, a walker footprints.
    """
    quiet: dict[str, Any] = {"type": trace_type, "hoverinfo": "skip", "showlegend": False}
    solid = trace_type == "scatter3d"

    def line(cut: str, name: str, color: str, width: float) -> Figure:
        drawn = {"name": name, "mode": "lines", "line": {"color": color, "width": width}}
        return moving_trace(cut, quiet | drawn, **axes)

    def mark(cut: str, name: str, size: float, color: str, edge: str, width: float, **more: str) -> Figure:
        marker = {"size": size, "color": color, "line": {"color": edge, "width": width}, **more}
        return moving_trace(cut, quiet | {"name": name, "mode": "markers", "marker": marker}, **axes)

    ahead = line("future", "future", "var(--halo)", 4 if solid else 3)
    halo = line("past", "halo", "var(--halo)", 9 if solid else 6)
    past = line("past", "past", "var(--path)", 5 if solid else 2.5)
    feet = mark("past", "footprints", 4 if solid else 6, "var(--halo)", "var(--path)", 1.5)
    feet["arrays"] = {axis: f"foot_{name}" for axis, name in axes.items()}
    first = mark("first", "first", 7 if solid else 15, "var(--halo)", "var(--halo)", 3, symbol="circle-open")
    step = line("step", "step", "var(--now)", 6 if solid else 3)
    landing = mark("next", "next", 6 if solid else 11, "var(--now)", "var(--now)", 2.5, symbol="circle-open")
    tried = {name: f"tried_{name}" for name in axes.values()}
    marker = {"size": 4 if solid else 7, "color": "var(--now-pale)", "symbol": "diamond"}
    tries = quiet | {"name": "tried", "mode": "markers", "marker": marker}
    now = mark("now", "now", 8 if solid else 15, "var(--now)", "var(--halo)", 2)
    return [
        moving_trace("row", tries, **{axis: tried[name] for axis, name in axes.items()}),
        ahead,
        halo,
        past,
        *([] if has_inertia else [feet]),
        first,
        step,
        landing,
        now,
    ]


def shown_parameters(run: losses.Descent) -> list[int]:
    """The parameters that are written out: all, or of many those that moved farthest."""
    count = run.theta.shape[1]
    if count <= MAX_PARAMETERS:
        return list(range(count))
    with np.errstate(over="ignore"):
        moved = np.abs(run.theta[-1] - run.theta[0])
    return [int(i) for i in np.argsort(-moved, kind="stable")[:MAX_PARAMETERS]]
