"""The loss surface in three dimensions with the trajectory on it."""

import math
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message
from losses.surface.line_of_sight import best_azimuth

from ..protocol.figures import FigureSpec, MovingTrace, PlotlyObject
from .array_codec import to_plotly_array
from .plot_base import (
    FOG_COLORS,
    FOG_SIZE,
    NUMBER_SEPARATORS,
    fog_thickness,
    linear_ticks,
    tick_labels,
)
from .step_slices import moving_trace
from .trajectory_traces import OFFSCREEN_LABEL, pins, trajectory_traces
from .z_scale import ZScale

CAMERA_DISTANCE = 2.2
"""Distance of the camera where nothing fits it to a card: in notebooks and exported figures."""
ELEVATION = math.radians(32)
"""Angle of the line of sight with the horizon there."""
SIDE, HEIGHT = 1.25, 0.8
"""Mean length of the sides of the box, and its height, there."""
TICK_MARGIN = 0.08
"""Part of an axis without ticks at either end, as a fraction of its length."""
FLOOR_MARGIN = 0.04
"""Space below the lowest point, as a fraction of the z range, so that the surface is not cut at the floor."""
OUTLINE_INSET = 1e-3
"""Distance of the floor's outline from the sides of the box, as a fraction of them: Plotly leaves out what
rounding puts outside the box."""
_BASE_TRACE: PlotlyObject = {"type": "scatter3d", "hoverinfo": "skip", "showlegend": False}


def surface_3d(
    surface: losses.Surface,
    z_scale: ZScale,
    certificate: losses.Certificate,
    *,
    path: Array,
    has_inertia: bool = False,
    is_alone: bool = True,
    in_fog: bool = False,
    camera_key: str = "",
) -> FigureSpec:
    """Return the surface, seen from a side on which no wall hides the path.

    ``path (n, 3)`` are the coordinates u and v and the heights of the points that are to be seen, the start
    first.
    ``camera_key`` identifies what the camera looks at. If it changes, the page resets a camera that the
    user has not moved. The page fits distance, elevation and proportions to the card; ``meta`` has what it
    needs: the key, and the tangent of the least elevation (``horizon``).
    """
    plane = surface.plane
    traces: list[PlotlyObject] = [_surface_trace(surface, z_scale)]
    if in_fog:
        traces.append(_fog(plane, z_scale))
    if certificate.optimum is not None and certificate.loss is not None:
        u, v = plane.coordinates(certificate.optimum)
        traces.append(_optimum_trace(float(u), float(v), float(z_scale.to_z(certificate.loss))))
    low, high = z_scale.z_range
    floor = low - FLOOR_MARGIN * (high - low)
    traces.append(_floor_trace(plane, _inset(floor, high)[0]))
    azimuth, horizon = _line_of_sight(surface, z_scale, path)
    arrow: PlotlyObject = {
        "name": "descent_arrow",
        "mode": "lines",
        "line": {"color": "var(--slope)", "width": 8},
    }
    return FigureSpec(
        data=traces,
        moving=[
            *pins("scatter3d", z_scale),
            moving_trace("row", _BASE_TRACE | arrow, x="arrow_u", y="arrow_v", z="arrow_h"),
            *trajectory_traces("scatter3d", has_inertia=has_inertia, is_alone=is_alone, x="u", y="v", z="h"),
            *_offscreen_labels(),
        ],
        layout={
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
            "separators": NUMBER_SEPARATORS,
            "meta": {"camera": camera_key, "horizon": horizon},
            "scene": {
                "xaxis": _axis(plane.labels[0], plane.box[0], **_ticks(*plane.box[0])),
                "yaxis": _axis(plane.labels[1], plane.box[1], **_ticks(*plane.box[1])),
                "zaxis": _axis(z_scale.title, (floor, high), **z_scale.ticks),
                "aspectmode": "manual",
                "aspectratio": {"x": SIDE, "y": SIDE, "z": HEIGHT},
                "camera": camera(azimuth),
                "dragmode": "turntable",
            },
        },
    )


def _surface_trace(surface: losses.Surface, z_scale: ZScale) -> PlotlyObject:
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
        "hoverinfo": "none",  # the page asks for the loss itself and shows it
    }


def _fog(plane: losses.Plane, z_scale: ZScale) -> PlotlyObject:
    """Return the fog in 3-d: a layer at the floor, as it must not follow the ground.

    It is opaque, since Plotly draws all that is transparent a second time.
    """
    wisps = fog_thickness()
    return {
        "type": "surface",
        "name": "fog",
        "x": to_plotly_array(np.linspace(*plane.box[0], FOG_SIZE)),
        "y": to_plotly_array(np.linspace(*plane.box[1], FOG_SIZE)),
        "z": to_plotly_array(np.full(wisps.shape, z_scale.z_range[0])),
        "surfacecolor": to_plotly_array(wisps),
        "colorscale": FOG_COLORS,
        "showscale": False,
        "hoverinfo": "skip",
        "lighting": {"ambient": 1.0, "diffuse": 0.0, "specular": 0.0},
        "contours": {axis: {"highlight": False} for axis in "xyz"},
    }


def _floor_trace(plane: losses.Plane, floor: float) -> PlotlyObject:
    """Return the outline of the window on the floor, along which the page writes the axes' labels."""
    (left, right), (low, high) = (_inset(*side) for side in plane.box)
    return {
        "type": "scatter3d",
        "mode": "lines",
        "x": [left, right, right, left, left],
        "y": [low, low, high, high, low],
        "z": [floor] * 5,
        "hoverinfo": "skip",
        "showlegend": False,
        "line": {"color": "var(--grid)", "width": 2},
    }


def _inset(low: float, high: float) -> tuple[float, float]:
    margin = OUTLINE_INSET * (high - low)
    return low + margin, high - margin


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
        "showgrid": False,
        "showspikes": False,
        "zeroline": False,
        **ticks,
    }


def _ticks(low: float, high: float) -> PlotlyObject:
    """Return tick settings without ticks near the ends, where two axes meet and the card may cut labels."""
    margin = TICK_MARGIN * (high - low)
    values = linear_ticks(low + margin, high - margin)
    return {"tickmode": "array", "tickvals": values, "ticktext": tick_labels(values)}


def _line_of_sight(surface: losses.Surface, z_scale: ZScale, path: Array) -> tuple[float, float]:
    """Return the azimuth from which the path is seen best, and the tangent of the elevation that it needs.

    If walls do not decide, that is opposite the start. If the lowest visible point is on the edge, where the
    surface falls on outside of the window, it is halfway between that point and the side opposite the start.
    """
    low, high = z_scale.z_range
    heights = np.nan_to_num((z_scale.to_z(surface.z) - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    points = np.column_stack(
        [
            (_to_window(surface.plane, *path[:, :2]) + 1.0) / 2.0,
            np.maximum((z_scale.to_z(path[:, 2]) - low) / (high - low), 0.0),  # no grid has the very lowest
        ]
    )
    is_shown = np.isfinite(points).all(axis=1) & ((points >= -1e-9) & (points <= 1.0 + 1e-9)).all(axis=1)
    preferred = _preferred_azimuth(surface, (float(path[0, 0]), float(path[0, 1])))
    return best_azimuth(heights, points[is_shown], preferred) if is_shown.any() else (preferred, 0.0)


def _preferred_azimuth(surface: losses.Surface, start: tuple[float, float]) -> float:
    window_start, lowest = _to_window(surface.plane, start)[0], _lowest_edge_point(surface, start)
    opposite = (
        math.atan2(-window_start[1], -window_start[0]) if math.hypot(*window_start) > 1e-9 else -math.pi / 4
    )
    if lowest is None:
        return opposite
    return opposite + math.remainder(math.atan2(lowest[1], lowest[0]) - opposite, math.tau) / 2


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


def camera(azimuth: float) -> PlotlyObject:
    """Return Plotly's camera on the side ``azimuth``, in radians, above the surface."""
    across = CAMERA_DISTANCE * math.cos(ELEVATION)
    eye = {
        "x": across * math.cos(azimuth),
        "y": across * math.sin(azimuth),
        "z": CAMERA_DISTANCE * math.sin(ELEVATION),
    }
    return {"eye": eye, "center": {"x": 0, "y": 0, "z": -0.15}}
