"""The arrays of a run that the views share, and how the path is drawn in any of them."""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import say

from .step_slices import Figure, moving
from .z_scale import Height

FAR = 1e3
"""A path is drawn until it is this many windows away; farther, single precision breaks."""
HIGH = 1e4
"""In space the same in heights: Plotly measures the ground by all that is drawn, and a high path would coarsen it."""
SKY = 0.5
"""In space a text hangs so far out over the middle: above the far corner the card has ended."""
RIM = 1.13
"""Of a run that did not climb out it stands below the rim of the ground, where the run left."""
BEYOND: Final = say("loss %{text}")
"""What is said of a run that is beyond the window."""
BESIDE = 0.38
"""On the map that stands so far towards the middle of the arrow, or across a path that leaves there."""
GONE: Final = (
    *("gone_u", "gone_v", "gone_turn", "gone_text"),
    *("gone_sky_u", "gone_sky_v", "left_u", "left_v"),
    *("gone_h", "left_h"),
)
"""Where that arrow stands on the map and which way it points, where its words stand, and both in space."""
COMPASS = 0.14
APART = 0.02
"""Footprints are this share of a window apart; nearer ones would be a smear."""


def course(run: losses.Descent, plane: losses.Plane, height: Height) -> dict[str, Array]:
    """Plane coordinates ``u, v``, drawn height ``h``, ``step`` and ``loss`` of every iterate."""
    return _course(run.loss, plane.coordinates(run.theta), plane, height)


def _course(loss: Array, coordinates: Array, plane: losses.Plane, height: Height) -> dict[str, Array]:
    low, high = height.span
    with np.errstate(over="ignore", invalid="ignore"):
        inside = np.abs(coordinates - plane.middle) < FAR * plane.width
        near = np.logical_and.accumulate(inside[:, 0] & inside[:, 1])
        heights = height.of(loss)
        below = np.logical_and.accumulate(near & (np.abs(heights - low) < HIGH * (high - low)))
    u, v = coordinates.T if near[-1] else np.where(near[:, None], coordinates, np.nan).T
    h = heights if below[-1] else np.where(below, heights, np.nan)
    return {"u": u, "v": v, "h": h, "step": np.arange(len(loss)), "loss": loss}


def arrays(run: losses.Descent, plane: losses.Plane, height: Height, *, compass: bool) -> dict[str, Array]:
    """The course of a run with its footprints, where it has gone, and the slope at each iterate."""
    coordinates = plane.coordinates(run.theta)
    own = _course(run.loss, coordinates, plane, height)
    noted = ("tried_u", "tried_v", "tried_h", "preview_u", "preview_v")
    tried = dict.fromkeys(noted, np.empty(0))  # the browser fills them in
    trodden = _trodden(np.column_stack([own["u"], own["v"]]) / plane.width)
    feet = {f"foot_{name}": np.where(trodden, own[name], np.nan) for name in ("u", "v", "h")}
    gone = _gone(run.loss, coordinates, plane, height) | {"gone_loss": run.loss}
    rows = {name: values[:, None] for name, values in gone.items()}
    slope = _downhill(run, plane, own["u"])
    needle = _compass(run, plane, height, own | slope) if compass else {}
    return own | tried | feet | rows | slope | needle


def _trodden(places: Array) -> NDArray[np.bool_]:
    """Which of the places ``(k + 1, 2)``, in windows, lie apart enough from the last that is marked."""
    shown, last = np.zeros(len(places), dtype=bool), (math.inf, math.inf)
    for k, (u, v) in enumerate(places.tolist()):
        if not math.hypot(u - last[0], v - last[1]) < APART:
            shown[k], last = True, (u, v)
    return shown


def _gone(loss: Array, coordinates: Array, plane: losses.Plane, height: Height) -> dict[str, Array]:
    """Where on the edge of the window an arrow says that the run is beyond it, and which way."""
    middle, width = plane.middle, plane.width
    with np.errstate(over="ignore", invalid="ignore"):
        away = (coordinates - middle) / (width / 2)
        far = np.abs(away).max(axis=1)
        outside = far > 1.0
    if not outside.any():
        return dict.fromkeys(GONE, np.full(len(loss), np.nan))
    with np.errstate(over="ignore", invalid="ignore"):
        edge = middle + 0.88 * away / np.where(outside, far, 1.0)[:, None] * width / 2
        turn = np.degrees(np.arctan2(away[:, 0], away[:, 1]))
    u, v = np.where(outside[:, None], edge, np.nan).T
    out, (floor, top), drawn = np.isfinite(u), height.span, height.of(loss)
    level = drawn <= top  # not so where it is beyond numbers
    risen, left = np.where(out & ~level, top, np.nan), np.where(out & level, np.maximum(drawn, floor), np.nan)
    beside = u - BESIDE * np.where(u < middle[0], -0.5, 0.5) * width[0]
    hung = [m + share * (at - m) for share in (SKY, RIM) for at, m in zip((u, v), middle, strict=True)]
    return dict(zip(GONE, (u, v, turn, beside, *hung, risen, left), strict=True))


def _downhill(run: losses.Descent, plane: losses.Plane, u: Array) -> dict[str, Array]:
    """Where the bare slope times the rate would lead from each iterate, ``(k + 1, 1)``; nowhere at the end."""
    ends = np.full((len(run.theta), 2), np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        again = losses.replay(run)
        ends[:-1] = plane.coordinates(run.theta[:-1] - again.rates[:, None] * again.pull)
    ends[np.isnan(u)] = np.nan
    return {"slope_u": ends[:, :1], "slope_v": ends[:, 1:]}


def _compass(
    run: losses.Descent, plane: losses.Plane, height: Height, own: dict[str, Array]
) -> dict[str, Array]:
    """From each iterate a fixed share of the window downhill, as steep as the drawn ground, ``(k + 1, 2)``."""
    here, width = np.stack([own["u"], own["v"]], axis=-1), plane.width
    with np.errstate(over="ignore", invalid="ignore"):
        way = (np.hstack([own["slope_u"], own["slope_v"]]) - here) / width
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-300)
        needle = COMPASS * way * width
        climb = (run.gradient[:, None] @ plane.directions.T @ needle[:, :, None])[:, 0, 0]
        foot = height.of(run.loss)
        tip = foot + climb * height.steepness(run.loss)
    tips = here + needle
    return {
        "compass_u": np.stack([here[:, 0], tips[:, 0]], axis=-1),
        "compass_v": np.stack([here[:, 1], tips[:, 1]], axis=-1),
        "compass_h": np.stack([foot, tip], axis=-1),
    }


def footprints(kind: str, *, ball: bool, **axes: str) -> list[Figure]:
    """Past, future, start, present and next landing of a path, drawn in ``kind`` of trace over ``axes``.

    A ``ball`` with inertia leaves a line, a walker footprints.
    """
    quiet: dict[str, Any] = {"type": kind, "hoverinfo": "skip", "showlegend": False}
    solid = kind == "scatter3d"

    def line(cut: str, name: str, color: str, width: float) -> Figure:
        drawn = {"name": name, "mode": "lines", "line": {"color": color, "width": width}}
        return moving(cut, quiet | drawn, **axes)

    def mark(cut: str, name: str, size: float, color: str, edge: str, width: float, **more: str) -> Figure:
        marker = {"size": size, "color": color, "line": {"color": edge, "width": width}, **more}
        return moving(cut, quiet | {"name": name, "mode": "markers", "marker": marker}, **axes)

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
        moving("row", tries, **{axis: tried[name] for axis, name in axes.items()}),
        ahead,
        halo,
        past,
        *([] if ball else [feet]),
        first,
        step,
        landing,
        now,
    ]
