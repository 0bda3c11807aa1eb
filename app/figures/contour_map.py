"""The map: contours of the loss surface with the trajectory; the start is placed on it."""

from collections.abc import Sequence

import numpy as np

import losses

from ..protocol.figures import FigureSpec, MovingTrace, PlotlyObject
from .array_codec import to_plotly_array
from .plot_base import FOG_COLORS, FOG_SIZE, axis, fog_thickness, layout_2d
from .step_slices import moving_trace
from .trajectory_traces import OFFSCREEN_LABEL, arrival_trace, pins, trajectory_traces
from .z_scale import ZScale

_ONE_SCALE: PlotlyObject = {"scaleanchor": "x", "scaleratio": 1}
_SHRINKS: PlotlyObject = {"constrain": "domain"}
_MAP_TRACE: PlotlyObject = {"type": "scatter", "hoverinfo": "skip", "showlegend": False}


def contour_map(
    surface: losses.Surface,
    z_scale: ZScale,
    certificate: losses.Certificate,
    *,
    one_scale: bool = False,
    in_fog: bool = False,
    has_inertia: bool = False,
    is_alone: bool = True,
    basin_traces: Sequence[PlotlyObject] = (),
) -> FigureSpec:
    """Return the map of a surface with the trajectory over it and a cross at the optimum.

    With ``one_scale`` a unit is as long on one axis as on the other.
    ``basin_traces``, if there are any, replace the filled contours; the contour lines stay, half transparent.
    """
    plane = surface.plane
    contours = _contour_trace(surface, z_scale)
    traces: list[PlotlyObject] = [contours, _fog(plane)] if in_fog else [contours]
    if basin_traces:
        lines_only = {"contours": {"coloring": "none", **z_scale.map_contours}, "opacity": 0.5}
        traces = [contours | lines_only, *basin_traces]
    if certificate.optimum is not None:
        u, v = plane.coordinates(certificate.optimum)
        traces.append(_optimum_trace(float(u), float(v)))
    return FigureSpec(
        data=traces,
        moving=[
            *pins("scatter", z_scale),
            *_gradient_traces(),
            *trajectory_traces("scatter", has_inertia=has_inertia, is_alone=is_alone, x="u", y="v"),
            *_preview_and_offscreen_traces(),
            arrival_trace(x="flag_u", y="flag_v"),
        ],
        layout=layout_2d(
            axis(plane.labels[0], plane.box[0], **_SHRINKS),
            axis(plane.labels[1], plane.box[1], **_SHRINKS, **(_ONE_SCALE if one_scale else {})),
        ),
    )


def _contour_trace(surface: losses.Surface, z_scale: ZScale) -> PlotlyObject:
    return {
        "type": "contour",
        "meta": "surface",
        "x": to_plotly_array(surface.u),
        "y": to_plotly_array(surface.v),
        "z": to_plotly_array(z_scale.to_level(surface.z)),
        "zmin": 0,
        "zmax": 1,
        "colorscale": z_scale.map_colors,
        "showscale": False,
        "autocontour": False,
        "contours": {"coloring": "fill", **z_scale.map_contours},
        "line": {"color": "rgba(255,255,255,0.45)", "width": 1.2, "smoothing": 0.6},
        "hoverinfo": "skip",
    }


def _fog(plane: losses.Plane) -> PlotlyObject:
    """Return the fog on the map, under the known ground."""
    return {
        "type": "heatmap",
        "name": "fog",
        "zsmooth": "best",
        "x": to_plotly_array(np.linspace(*plane.box[0], FOG_SIZE)),
        "y": to_plotly_array(np.linspace(*plane.box[1], FOG_SIZE)),
        "z": to_plotly_array(fog_thickness()),
        "colorscale": FOG_COLORS,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _optimum_trace(u: float, v: float) -> PlotlyObject:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [u],
        "y": [v],
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {
            "symbol": "x",
            "size": 11,
            "color": "var(--halo)",
            "line": {"color": "var(--path)", "width": 1.5},
        },
    }


def _gradient_traces() -> list[MovingTrace]:
    """Return the arrow of the plain gradient step, and the −∇ arrow that is shown in the fog."""
    arrow = {"name": "slope", "mode": "lines+markers", "line": {"color": "var(--slope)", "width": 3}}
    tip = {"marker": {"symbol": "arrow", "angleref": "previous", "size": [0, 13], "color": "var(--slope)"}}
    trace = _MAP_TRACE | arrow | tip
    return [
        moving_trace(
            "arrow", trace, x="u", y="v", to__x="slope_u", to__y="slope_v", while_playing="arrowGrowing"
        ),
        moving_trace("row", trace | {"name": "descent_arrow"}, x="arrow_u", y="arrow_v"),
    ]


def _preview_and_offscreen_traces() -> list[MovingTrace]:
    """Return the preview of another rate's trajectory, and the arrow to a run outside the window."""
    preview = {"name": "preview", "mode": "lines", "line": {"color": "var(--now-pale)", "width": 3}}
    edge = {"color": "var(--halo)", "width": 1.5}
    marker = {"symbol": "arrow", "size": 17, "color": "var(--now)", "line": edge}
    arrow = {"name": "offscreen-arrow", "mode": "markers", "marker": marker}
    label: PlotlyObject = {"name": "offscreen-label", "mode": "text", "texttemplate": OFFSCREEN_LABEL}
    label["textfont"] = {"color": "var(--ink)"}
    return [
        moving_trace("row", _MAP_TRACE | preview, x="preview_u", y="preview_v"),
        moving_trace(
            "row", _MAP_TRACE | arrow, x="offscreen_u", y="offscreen_v", marker__angle="offscreen_angle"
        ),
        moving_trace(
            "numberTexts",
            _MAP_TRACE | label,
            x="offscreen_label_u",
            y="offscreen_label_v",
            text="offscreen_loss",
        ),
    ]
