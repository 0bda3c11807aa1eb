"""Data with too many inputs to draw: the prediction for each example against its target."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from ...protocol.figures import FigureSpec, MovingTrace
from ..plot_base import BASE_TRACE, CompetitorStyle, axis, label_text, layout_2d, padded_range
from ..step_slices import moving_trace

MAX_EXAMPLES = 90
"""Number of examples shown, evenly spaced in the order of their targets."""


def _shown_rows(problem: losses.DataProblem) -> Array:
    """Return the rows of up to ``MAX_EXAMPLES`` examples, sorted by target."""
    order = np.argsort(problem.data.y, kind="stable")
    return np.asarray(order[np.unique(np.linspace(0, len(order) - 1, MAX_EXAMPLES).astype(int))])


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return predicted over true values, or for classes the probability of the true class of each example.

    Lines separate the classes.
    """
    data = problem.data
    target = data.y[_shown_rows(problem)]
    points = BASE_TRACE | {"mode": "markers", "marker": {"size": 6, "color": "var(--now)"}}
    if data.task == "regression":
        limits = padded_range(data.y, 0.1)
        diagonal = BASE_TRACE | {
            "x": list(limits),
            "y": list(limits),
            "line": {"color": "var(--ink-faint)", "dash": "dot"},
        }
        layout = layout_2d(
            axis(message("true {target}", target=label_text(data.target_name)), limits),
            axis(message("predicted"), limits),
        ) | {"meta": {"points": "predicted"}}  # so that the caption can count those outside
        moving = [moving_trace("row", points, x="true", y="predicted")]
        return FigureSpec(data=[diagonal], moving=moving, layout=layout)
    boundaries = np.flatnonzero(np.diff(target)) + 0.5
    lines = [
        {
            "type": "line",
            "yref": "paper",
            "x0": float(x),
            "x1": float(x),
            "y0": 0,
            "y1": 1,
            "line": {"color": "var(--grid)", "width": 1},
        }
        for x in boundaries
    ]
    middles = np.convolve([-0.5, *boundaries, len(target) - 0.5], [0.5, 0.5], "valid")
    ticks = {
        "tickmode": "array",
        "tickvals": [float(m) for m in middles],
        "ticktext": [label_text(name) for name in data.classes],
    }
    x_axis = axis(message("examples by their true class"), (-1, len(target)), showgrid=False, **ticks)
    y_axis = axis(message("probability of the truth"), (-0.03, 1.03))
    layout = layout_2d(x_axis, y_axis) | {"shapes": lines}
    return FigureSpec(
        data=[], moving=[moving_trace("row", points, x="example", y="predicted")], layout=layout
    )


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Return ``predicted``: predictions, or probabilities of the true classes, ``(k + 1, examples)``.

    The x coordinates are ``true``, the targets, or ``example``, the positions of the examples.
    """
    data, rows = problem.data, _shown_rows(problem)
    target = data.y[rows]
    predicted = problem.predict(run.theta, data.inputs[rows])
    if data.task == "regression":
        return {"true": target, "predicted": predicted}
    if data.task == "binary":
        probability = np.where(target > 0.5, predicted, 1.0 - predicted)
    else:
        probability = predicted[..., np.arange(len(target)), target.astype(int)]
    return {"example": np.arange(len(target), dtype=np.float64), "predicted": probability.astype(np.float16)}


def competitor(problem: losses.DataProblem, key: str, name: str, style: CompetitorStyle) -> list[MovingTrace]:
    """Return the predictions of the competitor ``key`` at the current step."""
    axis = "true" if problem.data.task == "regression" else "example"
    markers = {
        "name": name,
        "mode": "markers",
        "marker": {"size": 6, "symbol": f"{style.symbol}-open", "color": style.color},
    }
    return [moving_trace("row", BASE_TRACE | markers, x=f"{key}:{axis}", y=f"{key}:predicted")]
