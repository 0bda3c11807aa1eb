"""The map: the surface from above, where the start is placed."""

from collections.abc import Sequence

import losses

from .array_codec import typed
from .plot_base import axis, flat_layout
from .step_slices import Figure, moving
from .trajectory import BEYOND, footprints
from .z_scale import Height


def contour_map(
    surface: losses.Surface,
    height: Height,
    best: losses.Certificate,
    *,
    ball: bool = False,
    painted: Sequence[Figure] = (),
) -> Figure:
    """Level lines of the surface, the path over them, the optimum a cross."""
    plane = surface.plane
    low, high = height.span
    ground = {
        "type": "contour",
        "meta": "ground",
        "x": typed(surface.u),
        "y": typed(surface.v),
        "z": typed(height.of(surface.z)),
        "zmin": low,
        "zmax": high,
        "colorscale": "Viridis",
        "showscale": False,
        "autocontour": False,
        "contours": {"coloring": "fill", **height.levels},
        "line": {"color": "rgba(255,255,255,0.45)", "width": 1, "smoothing": 0.6},
        "hoverinfo": "skip",
    }
    traces: list[Figure] = [ground]
    if painted:
        only_lines = {"contours": {"coloring": "none", **height.levels}, "opacity": 0.5}
        traces = [ground | only_lines, *painted]
    if best.optimum is not None:
        u, v = plane.coordinates(best.optimum)
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
    slope = moving("reach", quiet | downhill | tip, x="u", y="v", to__x="slope_u", to__y="slope_v")
    edge = {"color": "var(--halo)", "width": 1.5}
    arrow = {"symbol": "arrow", "size": 17, "color": "var(--now)", "line": edge}
    away = {"name": "gone", "mode": "markers", "marker": arrow}
    label: Figure = {"name": "gone-by", "mode": "text", "texttemplate": BEYOND}
    label["textfont"] = {"color": "var(--halo)"}
    other = {"name": "preview", "mode": "lines", "line": {"color": "var(--now-pale)", "width": 3}}
    gone = [
        moving("row", quiet | other, x="preview_u", y="preview_v"),
        moving("row", quiet | away, x="gone_u", y="gone_v", marker__angle="gone_turn"),
        moving("said", quiet | label, x="gone_text", y="gone_v", text="gone_loss"),
    ]
    return {
        "data": traces,
        "moving": [
            slope,
            moving("row", quiet | downhill | tip | {"name": "compass"}, x="compass_u", y="compass_v"),
            *footprints("scatter", ball=ball, x="u", y="v"),
            *gone,
        ],
        "layout": flat_layout(axis(plane.labels[0], plane.box[0]), axis(plane.labels[1], plane.box[1])),
    }
