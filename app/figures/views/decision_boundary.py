"""Two inputs and two classes: the decision boundary over contours of the predicted probability."""

from dataclasses import replace

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import joined

from ...protocol.figures import FigureSpec, MovingTrace
from ..array_codec import to_plotly_array
from ..plot_base import BASE_TRACE, CompetitorStyle, axis, label_text, layout_2d, padded_range
from ..probability_grid import LogisticGrid, TraceArray, predict_on_grid
from ..step_slices import moving_trace

GRID_SIZE = 25
"""Number of grid points along each input."""
MAX_SHADE = 255
"""Probabilities are scaled to 0 ... 255, so that they can be sent as bytes."""
HALF_CONTOUR = {"start": 0.0, "end": 0.0, "size": 1.0, "coloring": "none"}
"""The contour line of score 0, which is that of probability 1/2.

Between two points of the grid the score of a linear model is linear, whereas a steep sigmoid is a jump.
"""
SHADE_CONTOURS = {
    "start": 0.1 * MAX_SHADE,
    "end": 0.9 * MAX_SHADE,
    "size": 0.2 * MAX_SHADE,
    "coloring": "fill",
    "showlines": False,
}
CLASS_SIGNS = ("○", "■")
"""The symbols of the two classes as text, for the caption."""
MANY_EXAMPLES = 200
"""With more examples their symbols are smaller, so that those below others can be seen."""
CONTOUR_SMOOTHING = 1.3
"""Plotly's strongest smoothing: the grid is too coarse to draw smooth contours without."""


def _grid_axes(problem: losses.DataProblem) -> list[Array]:
    return [np.linspace(*padded_range(column, 0.08), GRID_SIZE) for column in problem.data.inputs.T]


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return the examples, one symbol a class, with moving contours and decision boundary."""
    data = problem.data
    shades = {
        "type": "contour",
        "hoverinfo": "skip",
        "showscale": False,
        "colorscale": [[0, "var(--zone-good)"], [0.5, "var(--card)"], [1, "var(--zone-warn)"]],
        "zmin": 0,
        "zmax": MAX_SHADE,
        "autocontour": False,
        "contours": SHADE_CONTOURS,
        "line": {"smoothing": CONTOUR_SMOOTHING},
    }
    boundary = shades | {
        "contours": HALF_CONTOUR,
        "line": {"color": "var(--now)", "width": 3, "smoothing": CONTOUR_SMOOTHING},
    }
    size = 6 if len(data.y) <= MANY_EXAMPLES else 4
    examples = [
        BASE_TRACE
        | {
            "x": to_plotly_array(data.inputs[data.y == label, 0]),
            "y": to_plotly_array(data.inputs[data.y == label, 1]),
            "mode": "markers",
            "meta": "examples",
            "customdata": [int(row) for row in np.flatnonzero(data.y == label)],
            "marker": {"size": size, "symbol": symbol, "color": "var(--ink)", "line": {"width": size / 4}},
        }
        for label, symbol in ((0, "circle-open"), (1, "square"))
    ]
    x, y = (
        axis(label_text(name), padded_range(column, 0.08))
        for name, column in zip(data.input_names, data.inputs.T, strict=True)
    )
    moving = [
        moving_trace("row", trace, x="across", y="up", z=z)
        for trace, z in ((shades, "chance"), (boundary, "score"))
    ]
    names = joined("  ", (joined(" ", pair) for pair in zip(CLASS_SIGNS, data.classes, strict=True)))
    return FigureSpec(data=examples, moving=moving, layout=layout_2d(x, y) | {"meta": {"classes": names}})


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, TraceArray]:
    """Return the grid's inputs, ``(points,)``, and ``(k + 1, points)`` probabilities and scores by step.

    For models other than those of a ``LogisticGrid`` the score is the probability beyond 1/2.
    """
    grid_axes = _grid_axes(problem)
    x, y = (column.ravel() for column in np.meshgrid(*grid_axes))
    shades = predict_on_grid(problem, run.theta, grid_axes, MAX_SHADE)
    if isinstance(shades, LogisticGrid):
        return {"across": x, "up": y, "chance": shades, "score": replace(shades, scale=None)}
    shades = np.nan_to_num(shades, nan=MAX_SHADE / 2)
    whole = np.rint(shades).astype(np.uint8)
    return {"across": x, "up": y, "chance": whole, "score": shades - MAX_SHADE / 2}


def competitor(problem: losses.DataProblem, key: str, name: str, style: CompetitorStyle) -> list[MovingTrace]:
    """Return the decision boundary of the competitor ``key`` at the current step."""
    edge = {
        "type": "contour",
        "hoverinfo": "skip",
        "showscale": False,
        "autocontour": False,
        "contours": HALF_CONTOUR,
        "line": {"color": style.color, "width": 2.5, "dash": style.dash},
    }
    return [moving_trace("row", edge, x=f"{key}:across", y=f"{key}:up", z=f"{key}:score")]
