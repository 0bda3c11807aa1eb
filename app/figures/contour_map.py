"""The map: the surface from above, where the start is placed."""

from collections.abc import Sequence

import losses

from .array_codec import to_typed_array
from .plot_base import axis, layout_2d
from .step_slices import Figure, moving_trace
from .trajectory import OFFSCREEN_LABEL, trajectory_traces
from .z_scale import ZScale


def contour_map(
    surface: losses.Surface,
    z_scale: ZScale,
    certificate: losses.Certificate,
    *,
    has_inertia: bool = False,
    basin_traces: Sequence[Figure] = (),
) -> Figure:
    """Level lines of the surface, the path over them, the optimum a cross."""
    plane = surface.plane
    low, high = z_scale.z_range
    ground = {
        "type": "contour",
        "meta": "ground",
        "x": to_typed_array(surface.u),
        "y": to_typed_array(surface.v),
        "z": to_typed_array(z_scale.to_z(surface.z)),
        "zmin": low,
        "zmax": high,
        "colorscale": "Viridis",
        "showscale": False,
        "autocontour": False,
        "contours": {"coloring": "fill", **z_scale.contours},
        "line": {"color": "rgba(255,255,255,0.45)", "width": 1, "smoothing": 0.6},
        "hoverinfo": "skip",
    }
    traces: list[Figure] = [ground]
    if basin_traces:
        only_lines = {"contours": {"coloring": "none", **z_scale.contours}, "opacity": 0.5}
        traces = [ground | only_lines, *basin_traces]
    if certificate.optimum is not None:
        u, v = plane.coordinates(certificate.optimum)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [float(u)],
                "y": [float(v)],
                "hoverinfo": "skip",
                "showlegend": False,
                "marker": {
                    "symbol": "x",
                    "size": 11,
                    "color": "var(--halo)",
                    "line": {"color": "var(--path)", "width": 1.5},
                },
            }
        )
    quiet = {"type": "scatter", "hoverinfo": "skip", "showlegend": False}
    downhill = {"name": "slope", "mode": "lines+markers", "line": {"color": "var(--slope)", "width": 3}}
    tip = {"marker": {"symbol": "arrow", "angleref": "previous", "size": [0, 13], "color": "var(--slope)"}}
    slope = moving_trace("reach", quiet | downhill | tip, x="u", y="v", to__x="slope_u", to__y="slope_v")
    edge = {"color": "var(--halo)", "width": 1.5}
    arrow = {"symbol": "arrow", "size": 17, "color": "var(--now)", "line": edge}
    away = {"name": "gone", "mode": "markers", "marker": arrow}
    label: Figure = {"name": "gone-by", "mode": "text", "texttemplate": OFFSCREEN_LABEL}
    label["textfont"] = {"color": "var(--halo)"}
    other = {"name": "preview", "mode": "lines", "line": {"color": "var(--now-pale)", "width": 3}}
    gone = [
        moving_trace("row", quiet | other, x="preview_u", y="preview_v"),
        moving_trace("row", quiet | away, x="gone_u", y="gone_v", marker__angle="gone_turn"),
        moving_trace("said", quiet | label, x="gone_text", y="gone_v", text="gone_loss"),
    ]
    return {
        "data": traces,
        "moving": [
            slope,
            moving_trace("row", quiet | downhill | tip | {"name": "compass"}, x="compass_u", y="compass_v"),
            *trajectory_traces("scatter", has_inertia=has_inertia, x="u", y="v"),
            *gone,
        ],
        "layout": layout_2d(axis(plane.labels[0], plane.box[0]), axis(plane.labels[1], plane.box[1])),
    }
