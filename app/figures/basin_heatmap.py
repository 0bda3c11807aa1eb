"""Basins of attraction: the minimum that a run from each start reaches, and after how many steps."""

from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array

from ..protocol.figures import PlotlyObject
from .array_codec import to_plotly_array

MINIMUM_COLORS: Final = ("#4477aa", "#ccbb44", "#228833", "#aa3377", "#66ccee", "#ee6677")
"""Colors of the minima; all beyond the last color share it."""
NOT_CONVERGED_COLOR, DIVERGED_COLOR = "#bbbbbb", "#444444"


def basins_trace(basins: losses.Basins, u: Array, v: Array) -> PlotlyObject:
    """Return a heatmap over starts ``u, v`` with a color for each minimum, paler the more steps a run takes.

    Starts are gray if the run did not converge and dark if it diverged. ``z`` is the index of the color band
    plus up to 0.8 for the number of steps.
    """
    minimum = np.minimum(basins.found, len(MINIMUM_COLORS) - 1)
    max_steps = max(1, int(basins.steps.max(initial=1)))
    lateness = np.where(basins.found >= 0, basins.steps / max_steps, 0.0)
    return {
        "type": "heatmap",
        "name": "basins",
        "x": to_plotly_array(u),
        "y": to_plotly_array(v),
        "z": to_plotly_array(minimum + 2 + 0.8 * lateness),
        "zmin": 0,
        "zmax": len(MINIMUM_COLORS) + 2,
        "colorscale": _colorscale(),
        "showscale": False,
        "hoverinfo": "skip",
    }


def minima_trace(basins: losses.Basins, plane: losses.Plane) -> PlotlyObject:
    """Return a cross at every minimum that was found."""
    u, v = plane.coordinates(basins.minima).T
    edge = {"color": "var(--path)", "width": 1.5}
    return {
        "type": "scatter",
        "name": "minima",
        "mode": "markers",
        "x": to_plotly_array(u),
        "y": to_plotly_array(v),
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"symbol": "x", "size": 9, "color": "var(--halo)", "line": edge},
    }


def _colorscale() -> list[list[object]]:
    """Return Plotly's color scale: diverged, not converged, then a fading band for each minimum."""
    bands = [
        (DIVERGED_COLOR, DIVERGED_COLOR),
        (NOT_CONVERGED_COLOR, NOT_CONVERGED_COLOR),
        *((color, _lighten(color)) for color in MINIMUM_COLORS),
    ]
    width = 1.0 / len(bands)
    return [
        [round(edge, 6), color]
        for i, (first, last) in enumerate(bands)
        for edge, color in ((i * width, first), ((i + 0.999) * width, last))
    ] + [[1.0, _lighten(MINIMUM_COLORS[-1])]]


def _lighten(color: str) -> str:
    """Mix a color ``#rrggbb`` with 62 % white."""
    channels = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(value + 0.62 * (255 - value)):02x}" for value in channels)
