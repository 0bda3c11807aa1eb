"""The loss surface in three dimensions with the descent on it."""

import math
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import joined, message

from .array_codec import to_typed_array
from .plot_base import NUMBER_SEPARATORS, hover_template, linear_ticks, tick_labels
from .step_slices import Figure, moving_trace
from .trajectory import OFFSCREEN_LABEL, trajectory_traces
from .z_scale import ZScale

CAMERA_DISTANCE = 1.72
"""How far the camera stands: so far that a low and wide card shows the whole."""
CAMERA_TURN = math.radians(14)
"""How far the camera is turned from straight ahead, so that depth is seen."""
CAMERA_DISTANCE_NARROW = 1.85
"""The same where there is less room, for letters are as large as ever."""
TICK_MARGIN = 0.08
"""A share of an axis without ticks, at either end."""
FLOOR_MARGIN = 0.04
"""The floor of the scene lies this share of the heights below the lowest point, so that it is seen whole."""


def surface_3d(
    surface: losses.Surface,
    z_scale: ZScale,
    certificate: losses.Certificate,
    start: tuple[float, float],
    *,
    has_inertia: bool = False,
    camera_distance: float = CAMERA_DISTANCE,
    camera_key: str = "",
) -> Figure:
    """The landscape seen so that a path from ``start`` lies on the far wall.

    ``camera_key`` names what it is a view of: where that is another, an untouched camera moves.
    """
    plane = surface.plane
    drawn = z_scale.to_z(surface.z)
    low, high = z_scale.z_range
    lines = {"show": True, "color": "rgba(255,255,255,0.55)", "width": 1, **z_scale.contours}
    hill = {
        "type": "surface",
        "meta": "ground",
        "x": to_typed_array(surface.u),
        "y": to_typed_array(surface.v),
        "z": to_typed_array(drawn),
        "cmin": low,
        "cmax": high,
        "colorscale": "Viridis",
        "showscale": False,
        "lighting": {"ambient": 0.75, "diffuse": 0.45, "specular": 0.08, "roughness": 0.9},
        "lightposition": {"x": 0, "y": 0, "z": 10_000},
        "contours": {"z": lines, "x": {"highlight": False}, "y": {"highlight": False}},
        "hovertemplate": hover_template(
            joined("", (plane.labels[0], " %{x:,.3~r}<br>", plane.labels[1], " %{y:,.3~r}"))
        ),
    }
    traces: list[Figure] = [hill]
    if certificate.optimum is not None and certificate.loss is not None:
        u, v = plane.coordinates(certificate.optimum)
        traces.append(
            {
                "type": "scatter3d",
                "mode": "markers",
                "x": [float(u)],
                "y": [float(v)],
                "z": [float(z_scale.to_z(certificate.loss))],
                "hoverinfo": "skip",
                "showlegend": False,
                "marker": {"symbol": "cross", "size": 8, "color": "var(--halo)"},
            }
        )
    quiet = {"type": "scatter3d", "hoverinfo": "skip", "showlegend": False}
    compass: Figure = {"name": "compass", "mode": "lines", "line": {"color": "var(--slope)", "width": 8}}
    said: Figure = {"mode": "text", "textfont": {"color": "var(--ink)", "size": 14}}
    up = quiet | said | {"name": "gone", "texttemplate": message("↑ loss %{text}")}
    off = quiet | said | {"name": "gone-by", "texttemplate": OFFSCREEN_LABEL, "textposition": "top left"}
    halo = {"meta": "halo", "textfont": said["textfont"] | {"color": "var(--card)"}}
    left = {"x": "left_u", "y": "left_v", "z": "left_h", "text": "gone_loss"}
    return {
        "data": traces,
        "moving": [
            moving_trace("row", quiet | compass, x="compass_u", y="compass_v", z="compass_h"),
            *trajectory_traces("scatter3d", has_inertia=has_inertia, x="u", y="v", z="h"),
            moving_trace("said", up, x="gone_sky_u", y="gone_sky_v", z="gone_h", text="gone_loss"),
            moving_trace("said", off | halo, **left),
            moving_trace("said", off, **left),
        ],
        "layout": {
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
    }


def _axis(title: str, box: tuple[float, float], **ticks: Any) -> Figure:
    return {
        "title": {"text": title},
        "range": list(box),
        "color": "var(--ink-soft)",
        "gridcolor": "var(--grid)",
        "showbackground": False,
        "showspikes": False,
        "zeroline": False,
        **ticks,
    }


def _ticks(low: float, high: float) -> Figure:
    """None at the ends, where the card ends too and two axes meet."""
    margin = TICK_MARGIN * (high - low)
    values = linear_ticks(low + margin, high - margin)
    return {"tickmode": "array", "tickvals": values, "ticktext": tick_labels(values)}


def _to_window(plane: losses.Plane, *points: Any) -> Array:
    """Places as they lie in the window: from −1 to 1 on either axis."""
    across: Array = (np.array(points) - plane.middle) / (plane.width / 2)
    return across


def _lowest_edge_point(surface: losses.Surface, start: tuple[float, float]) -> Array | None:
    """The lowest place of the drawn ground, in the window, where that is on the edge and the ground falls on beyond it.

    Of two equally low ones it is the nearer to the start.
    """
    z = np.where(np.isfinite(surface.z), surface.z, np.inf)
    rows, columns = np.nonzero(z <= z.min())
    ends = (0, len(surface.v) - 1), (0, len(surface.u) - 1)
    if not (np.isin(rows, ends[0]) | np.isin(columns, ends[1])).all():
        return None
    low = _to_window(surface.plane, *zip(surface.u[columns], surface.v[rows], strict=True))
    nearest: Array = low[np.argmin(np.linalg.norm(low - _to_window(surface.plane, start), axis=1))]
    return nearest


def camera(
    plane: losses.Plane,
    start: tuple[float, float],
    distance: float = CAMERA_DISTANCE,
    lowest_point: Array | None = None,
) -> Figure:
    """A camera opposite the start and above it, turned a little so that depth is seen.

    Where the ground falls out of the window it stands between there and opposite the start: what rises opposite
    would hide where a run leaves. Before a side it stands farther away than before a corner, and looks lower:
    the side's name stands below it.
    """
    across = _to_window(plane, start)[0]
    away = math.atan2(-across[1], -across[0]) if math.hypot(*across) > 1e-9 else -math.pi / 4
    aside = (
        0.0
        if lowest_point is None
        else math.remainder(math.atan2(lowest_point[1], lowest_point[0]) - away, math.tau) / 2
    )
    angle = _avoid_frontal_view(away + (aside if abs(aside) > CAMERA_TURN else CAMERA_TURN))
    before_a_side = math.cos(2 * angle) ** 4
    far = distance * (1 + 0.1 * before_a_side)
    return {
        "eye": {"x": far * math.cos(angle), "y": far * math.sin(angle), "z": far * 0.67},
        "center": {"x": 0, "y": 0, "z": -0.2 - 0.05 * before_a_side},
    }


def _avoid_frontal_view(angle: float) -> float:
    """An angle that no side of the box is seen from straight ahead: Plotly names its depth behind it then."""
    straight = round(angle / (math.pi / 2)) * (math.pi / 2)
    return straight + math.copysign(max(abs(angle - straight), CAMERA_TURN), angle - straight)
