"""Data that cannot be drawn: what is said of each example against what is true of it."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from .plot_base import BASE_TRACE, axis, layout_2d, padded_range
from .step_slices import Figure, moving_trace

MAX_EXAMPLES = 90
"""How many examples are shown, evenly taken."""


def _shown_rows(problem: losses.DataProblem) -> Array:
    """Up to ``MAX_EXAMPLES`` examples in the order of their targets."""
    order = np.argsort(problem.data.y, kind="stable")
    return np.asarray(order[np.unique(np.linspace(0, len(order) - 1, MAX_EXAMPLES).astype(int))])


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    data = problem.data
    truth = data.y[_shown_rows(problem)]
    now = BASE_TRACE | {"mode": "markers", "marker": {"size": 6, "color": "var(--now)"}}
    if data.task == "regression":
        span = padded_range(data.y, 0.1)
        right = BASE_TRACE | {
            "x": list(span),
            "y": list(span),
            "line": {"color": "var(--ink-faint)", "dash": "dot"},
        }
        layout = layout_2d(
            axis(message("true {target}", target=data.target_name), span), axis(message("predicted"), span)
        )
        return {"data": [right], "moving": [moving_trace("row", now, x="true", y="said")], "layout": layout}
    borders = np.flatnonzero(np.diff(truth)) + 0.5
    lines = [
        {
            "type": "line",
            "yref": "paper",
            "x0": float(at),
            "x1": float(at),
            "y0": 0,
            "y1": 1,
            "line": {"color": "var(--grid)", "width": 1},
        }
        for at in borders
    ]
    middles = np.convolve([-0.5, *borders, len(truth) - 0.5], [0.5, 0.5], "valid")
    words = {"tickmode": "array", "tickvals": [float(m) for m in middles], "ticktext": list(data.classes)}
    x = axis(message("examples by their true class"), (-1, len(truth)), showgrid=False, **words)
    y = axis(message("probability of the truth"), (-0.03, 1.03))
    layout = layout_2d(x, y) | {"shapes": lines}
    return {"data": [], "moving": [moving_trace("row", now, x="example", y="said")], "layout": layout}


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    data, some = problem.data, _shown_rows(problem)
    truth = data.y[some]
    said = problem.predict(run.theta, data.inputs[some])
    if data.task == "regression":
        return {"true": truth, "said": said}
    if data.task == "binary":
        said = np.where(truth > 0.5, said, 1.0 - said)
    else:
        said = said[..., np.arange(len(truth)), truth.astype(int)]
    return {"example": np.arange(len(truth), dtype=np.float64), "said": said.astype(np.float16)}
