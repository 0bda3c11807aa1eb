"""Two inputs and two classes: the border between them over shades of probability."""

import numpy as np

import losses
from losses.core.arrays import Array

from .array_codec import typed
from .plot_base import QUIET, axis, flat_layout, padded
from .probability_grid import Sigmoids, Table, chances
from .step_slices import Figure, moving

COARSE = 25
CERTAIN = 255
"""Shades of probability travel as bytes, where they travel one by one."""
HALF = {"start": CERTAIN / 2, "end": CERTAIN / 2, "size": CERTAIN, "coloring": "none"}
"""The level line where either class is as likely."""
LEVELS = {
    "start": 0.1 * CERTAIN,
    "end": 0.9 * CERTAIN,
    "size": 0.2 * CERTAIN,
    "coloring": "fill",
    "showlines": False,
}
SMOOTH = 1.3
"""The grid is coarse, and the border is not."""


def _sides(problem: losses.DataProblem) -> list[Array]:
    return [np.linspace(*padded(column, 0.08), COARSE) for column in problem.data.inputs.T]


def figure(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    data = problem.data
    shades = {
        "type": "contour",
        "hoverinfo": "skip",
        "showscale": False,
        "colorscale": [[0, "var(--zone-good)"], [0.5, "var(--card)"], [1, "var(--zone-warn)"]],
        "zmin": 0,
        "zmax": CERTAIN,
        "autocontour": False,
        "contours": LEVELS,
        "line": {"smoothing": SMOOTH},
    }
    edge = shades | {
        "contours": HALF,
        "line": {"color": "var(--now)", "width": 3, "smoothing": SMOOTH},
    }
    marks = [
        QUIET
        | {
            "x": typed(data.inputs[data.y == label, 0]),
            "y": typed(data.inputs[data.y == label, 1]),
            "mode": "markers",
            "meta": "examples",
            "customdata": [int(row) for row in np.flatnonzero(data.y == label)],
            "marker": {"size": 6, "symbol": symbol, "color": "var(--ink)", "line": {"width": 1.5}},
        }
        for label, symbol in ((0, "circle-open"), (1, "square"))
    ]
    x, y = (
        axis(name, padded(column, 0.08)) for name, column in zip(data.input_names, data.inputs.T, strict=True)
    )
    moves = [moving("row", trace, x="across", y="up", z="chance") for trace in (shades, edge)]
    return {"data": marks, "moving": moves, "layout": flat_layout(x, y)}


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Table]:
    sides = _sides(problem)
    across, up = (side.ravel() for side in np.meshgrid(*sides))
    shades = chances(problem, run.theta, sides, CERTAIN)
    if not isinstance(shades, Sigmoids):
        shades = np.rint(np.nan_to_num(shades, nan=CERTAIN / 2)).astype(np.uint8)
    return {"across": across, "up": up, "chance": shades}
