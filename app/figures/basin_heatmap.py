"""Basins of attraction: which minimum each start finds, and how soon."""

from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array

from .array_codec import to_typed_array
from .step_slices import Figure

MINIMUM_COLORS: Final = ("#4477aa", "#ccbb44", "#228833", "#aa3377", "#66ccee", "#ee6677")
NOT_CONVERGED_COLOR, DIVERGED_COLOR = "#bbbbbb", "#444444"


def basins_trace(basins: losses.Basins, u: Array, v: Array) -> Figure:
    """A color a minimum, paler the longer it takes; gray where a run has not arrived, dark where it is gone."""
    kinds = np.minimum(basins.found, len(MINIMUM_COLORS) - 1)
    longest = max(1, int(basins.steps.max(initial=1)))
    late = np.where(basins.found >= 0, basins.steps / longest, 0.0)
    return {
        "type": "heatmap",
        "name": "basins",
        "x": to_typed_array(u),
        "y": to_typed_array(v),
        "z": to_typed_array(kinds + 2 + 0.8 * late),
        "zmin": 0,
        "zmax": len(MINIMUM_COLORS) + 2,
        "colorscale": _colorscale(),
        "showscale": False,
        "hoverinfo": "skip",
    }


def minima_trace(basins: losses.Basins, plane: losses.Plane) -> Figure:
    """A cross on every minimum that was found."""
    u, v = plane.coordinates(basins.minima).T
    edge = {"color": "var(--path)", "width": 1.5}
    return {
        "type": "scatter",
        "name": "minima",
        "mode": "markers",
        "x": to_typed_array(u),
        "y": to_typed_array(v),
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"symbol": "x", "size": 9, "color": "var(--halo)", "line": edge},
    }


def _colorscale() -> list[list[object]]:
    """Bands of the color scale: gone, not arrived, then a fading band for each minimum."""
    bands = [
        (DIVERGED_COLOR, DIVERGED_COLOR),
        (NOT_CONVERGED_COLOR, NOT_CONVERGED_COLOR),
        *((color, _lighten(color)) for color in MINIMUM_COLORS),
    ]
    width = 1.0 / len(bands)
    return [
        [round(edge, 6), color]
        for place, (near, far) in enumerate(bands)
        for edge, color in ((place * width, near), ((place + 0.999) * width, far))
    ] + [[1.0, _lighten(MINIMUM_COLORS[-1])]]


def _lighten(color: str) -> str:
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + 0.62 * (255 - part)):02x}" for part in parts)
