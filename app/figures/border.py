"""Two inputs and two classes: the border between them over shades of probability."""

import numpy as np

import losses
from app.figures.moment import Figure, moving, typed
from app.figures.view import QUIET, axis, flat_layout, padded
from losses.arrays import Array

COARSE = 25


def _places(problem: losses.DataProblem) -> tuple[Array, Array]:
    sides = [np.linspace(*padded(column, 0.08), COARSE) for column in problem.data.inputs.T]
    u, v = np.meshgrid(*sides)
    return u.ravel(), v.ravel()


def figure(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    data = problem.data
    shades = {
        "type": "contour",
        "hoverinfo": "skip",
        "showscale": False,
        "colorscale": [[0, "var(--zone-good)"], [0.5, "var(--card)"], [1, "var(--zone-warn)"]],
        "zmin": 0,
        "zmax": 1,
        "autocontour": False,
        "contours": {"start": 0.1, "end": 0.9, "size": 0.2, "coloring": "fill", "showlines": False},
    }
    edge = shades | {
        "contours": {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
        "line": {"color": "var(--now)", "width": 3},
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


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    across, up = _places(problem)
    chance = problem.predict(run.theta, np.column_stack([across, up]))
    return {"across": across, "up": up, "chance": chance}
