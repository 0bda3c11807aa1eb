"""The loss surface in three dimensions with the trajectory on it."""

import math
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import joined, message

from ..protocol.figures import FigureSpec, MovingTrace, PlotlyObject
from .array_codec import to_plotly_array
from .plot_base import NUMBER_SEPARATORS, hover_template, linear_ticks, tick_labels
from .step_slices import moving_trace
from .trajectory import OFFSCREEN_LABEL, trajectory_traces
from .z_scale import ZScale

CAMERA_DISTANCE = 1.72
"""Horizontal distance of the camera, in Plotly's units: a low and wide card shows the whole box."""
CAMERA_TURN = math.radians(14)
"""Least angle between the line of sight and the sides of the box, so that depth is visible."""
CAMERA_DISTANCE_NARROW = 1.85
"""The distance in a narrower card, where labels take a larger part of it."""
TICK_MARGIN = 0.08
"""Part of an axis without ticks at either end, as a fraction of its length."""
FLOOR_MARGIN = 0.04
"""Space below the lowest point, as a fraction of the z range, so that the surface is not cut at the floor."""
_BASE_TRACE: PlotlyObject = {"type": "scatter3d", "hoverinfo": "skip", "showlegend": False}


def surface_3d(
    surface: losses.Surface,
    z_scale: ZScale,
    certificate: losses.Certificate,
    start: tuple[float, float],
    *,
    has_inertia: bool = False,
    is_alone: bool = True,
    camera_distance: float = CAMERA_DISTANCE,
    camera_key: str = "",
) -> FigureSpec:
    """Return the surface, seen from the side opposite ``start`` so that it does not hide the trajectory.

    ``camera_key`` identifies what the camera looks at. If it changes, the page resets a camera that the
    user has not moved.
    """
    plane = surface.plane
    traces: list[PlotlyObject] = [_surface_trace(surface, z_scale)]
    if certificate.optimum is not None and certificate.loss is not None:
        u, v = plane.coordinates(certificate.optimum)
        traces.append(_optimum_trace(float(u), float(v), float(z_scale.to_z(certificate.loss))))
    low, high = z_scale.z_range
    arrow: PlotlyObject = {
        "name": "descent_arrow",
        "mode": "lines",
        "line": {"color": "var(--slope)", "width": 8},
    }
    return FigureSpec(
        data=traces,
        moving=[
            moving_trace("row", _BASE_TRACE | arrow, x="arrow_u", y="arrow_v", z="arrow_h"),
            *trajectory_traces("scatter3d", has_inertia=has_inertia, is_alone=is_alone, x="u", y="v", z="h"),
            *_offscreen_labels(),
        ],
        layout={
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
            "separators": NUMBER_SEPARATORS,
            "meta": camera_key,
            "scene": {
                "xaxis": _axis(plane.labels[0], plane.box[0], **_ticks(*plane.box[0])),
                "yaxis": _axis(plane.labels[1], plane.box[1], **_ticks(*plane.box[1])),
                "zaxis": _axis(z_scale.title, (low - FLOOR_MARGIN * (high - low), high), **z_scale.ticks),
                "aspectmode": "manual",
                "aspectratio": {"x": 1.25, "y": 1.25, "z": 0.85},
                "camera": camera(plane, start, camera_distance, _lowest_edge_point(surface, start)),
                "dragmode": "turntable",
            },
        },
    )


def _surface_trace(surface: losses.Surface, z_scale: ZScale) -> PlotlyObject:
    labels = surface.plane.labels
    low, high = z_scale.z_range
    lines = {"show": True, "color": "rgba(255,255,255,0.55)", "width": 1, **z_scale.contours}
    return {
        "type": "surface",
        "meta": "surface",
        "x": to_plotly_array(surface.u),
        "y": to_plotly_array(surface.v),
        "z": to_plotly_array(z_scale.to_z(surface.z)),
        "cmin": low,
        "cmax": high,
        "colorscale": "Viridis",
        "showscale": False,
        "lighting": {"ambient": 0.75, "diffuse": 0.45, "specular": 0.08, "roughness": 0.9},
        "lightposition": {"x": 0, "y": 0, "z": 10_000},
        "contours": {"z": lines, "x": {"highlight": False}, "y": {"highlight": False}},
        "hovertemplate": hover_template(joined("", (labels[0], " %{x:,.3~r}<br>", labels[1], " %{y:,.3~r}"))),
    }


def _optimum_trace(u: float, v: float, z: float) -> PlotlyObject:
    return {
        "type": "scatter3d",
        "mode": "markers",
        "x": [u],
        "y": [v],
        "z": [z],
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"symbol": "cross", "size": 8, "color": "var(--halo)"},
    }


def _offscreen_labels() -> list[MovingTrace]:
    """Return the labels of a run outside the window: one if it rose above it, another with a halo if not."""
    text: PlotlyObject = {"mode": "text", "textfont": {"color": "var(--ink)", "size": 14}}
    label = _BASE_TRACE | text
    risen = label | {"name": "risen-label", "texttemplate": message("↑ loss %{text}")}
    left = label | {"name": "offscreen-label", "texttemplate": OFFSCREEN_LABEL, "textposition": "top left"}
    halo = {"meta": "halo", "textfont": text["textfont"] | {"color": "var(--card)"}}
    left_arrays = {"x": "exit_label_u", "y": "exit_label_v", "z": "exit_label_h", "text": "offscreen_loss"}
    return [
        moving_trace(
            "numberTexts",
            risen,
            x="risen_label_u",
            y="risen_label_v",
            z="risen_label_h",
            text="offscreen_loss",
        ),
        moving_trace("numberTexts", left | halo, **left_arrays),
        moving_trace("numberTexts", left, **left_arrays),
    ]


def _axis(title: str, limits: tuple[float, float], **ticks: Any) -> PlotlyObject:
    return {
        "title": {"text": title},
        "range": list(limits),
        "color": "var(--ink-soft)",
        "gridcolor": "var(--grid)",
        "showbackground": False,
        "showspikes": False,
        "zeroline": False,
        **ticks,
    }


def _ticks(low: float, high: float) -> PlotlyObject:
    """Return tick settings without ticks near the ends, where two axes meet and the card may cut labels."""
    margin = TICK_MARGIN * (high - low)
    values = linear_ticks(low + margin, high - margin)
    return {"tickmode": "array", "tickvals": values, "ticktext": tick_labels(values)}


def _to_window(plane: losses.Plane, *points: Any) -> Array:
    """Return points ``(n, 2)`` of the plane in window coordinates, from −1 to 1 on both axes."""
    scaled: Array = (np.array(points) - plane.middle) / (plane.width / 2)
    return scaled


def _lowest_edge_point(surface: losses.Surface, start: tuple[float, float]) -> Array | None:
    """Return the lowest point of the surface in window coordinates if it is on the edge, else None.

    The surface then falls on outside of the window. Of several equally low points the nearest to the start
    is returned; if one of them is inside, None.
    """
    z = np.where(np.isfinite(surface.z), surface.z, np.inf)
    rows, columns = np.nonzero(z <= z.min())
    edge_rows, edge_columns = (0, len(surface.v) - 1), (0, len(surface.u) - 1)
    if not (np.isin(rows, edge_rows) | np.isin(columns, edge_columns)).all():
        return None
    lowest = _to_window(surface.plane, *zip(surface.u[columns], surface.v[rows], strict=True))
    distances = np.linalg.norm(lowest - _to_window(surface.plane, start), axis=1)
    nearest: Array = lowest[np.argmin(distances)]
    return nearest


def camera(
    plane: losses.Plane,
    start: tuple[float, float],
    distance: float = CAMERA_DISTANCE,
    lowest_point: Array | None = None,
) -> PlotlyObject:
    """Return Plotly's camera: opposite the start, above the surface and turned a little to show depth.

    If the lowest visible point is on the edge, place the camera halfway between it and the side opposite
    the start, so the exit is visible: a ridge opposite the start could hide it. ``lowest_point`` is in
    window coordinates, None if it is inside.

    In front of a side of the box the camera is farther away and looks lower than in front of a corner,
    because the title of that side's axis is below it.
    """
    window_start = _to_window(plane, start)[0]
    opposite = (
        math.atan2(-window_start[1], -window_start[0]) if math.hypot(*window_start) > 1e-9 else -math.pi / 4
    )
    turn = (
        0.0
        if lowest_point is None
        else math.remainder(math.atan2(lowest_point[1], lowest_point[0]) - opposite, math.tau) / 2
    )
    angle = _avoid_frontal_view(opposite + (turn if abs(turn) > CAMERA_TURN else CAMERA_TURN))
    frontality = math.cos(2 * angle) ** 4  # 1 in front of a side, 0 in front of a corner
    radius = distance * (1 + 0.1 * frontality)
    return {
        "eye": {"x": radius * math.cos(angle), "y": radius * math.sin(angle), "z": radius * 0.67},
        "center": {"x": 0, "y": 0, "z": -0.2 - 0.05 * frontality},
    }


def _avoid_frontal_view(angle: float) -> float:
    """Return the nearest angle that differs by ``CAMERA_TURN`` or more from the frontal view of any side.

    In a frontal view Plotly puts the title of the axis that points away from the camera behind the box.
    """
    frontal = round(angle / (math.pi / 2)) * (math.pi / 2)
    return frontal + math.copysign(max(abs(angle - frontal), CAMERA_TURN), angle - frontal)
