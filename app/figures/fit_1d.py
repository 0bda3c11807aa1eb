"""One input: the curve of the current step through the examples, and what it still owes them."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.loss.base import REGRESSION
from losses.model.output_activation import IDENTITY

from ..common.cache import cached
from .array_codec import to_typed_array
from .plot_base import BASE_TRACE, axis, layout_2d, padded_range
from .probability_grid import TraceArray, predict_on_grid
from .step_slices import Figure, moving_trace

CURVE_POINTS = 61
MAX_RESIDUALS = 120
"""With more examples than this their gaps would be a smear."""


@cached(400_000)
def input_grid(problem: losses.DataProblem) -> Array:
    """Inputs at which the model's curve is drawn, a little beyond the data, shape ``(m,)``; two for a line."""
    x = problem.data.inputs[:, 0]
    low, high = padded_range(x, 0.04)
    straight = problem.model.linear and problem.link is IDENTITY
    return np.linspace(
        float(x.min()) if problem.model.positive_inputs_only else low, high, 2 if straight else CURVE_POINTS
    )


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    data, grid = problem.data, input_grid(problem)
    traces: list[Figure] = []
    if certificate.optimum is not None:
        dotted = {"color": "var(--ink-faint)", "width": 1.5, "dash": "dot"}
        said = problem.predict(certificate.optimum, grid)
        traces.append(BASE_TRACE | {"x": to_typed_array(grid), "y": to_typed_array(said), "line": dotted})
    points = {"mode": "markers", "hoverinfo": "x+y", "marker": {"size": 6, "color": "var(--ink)"}}
    rows = {"meta": "examples", "zorder": 1, "customdata": list(range(len(data.y)))}
    traces.append(
        BASE_TRACE | {"x": to_typed_array(data.inputs[:, 0]), "y": to_typed_array(data.y)} | points | rows
    )
    moves = [
        moving_trace("row", BASE_TRACE | {"line": {"color": "var(--now)", "width": 3}}, x="grid", y="fit")
    ]
    if len(data.y) <= MAX_RESIDUALS:
        moves.insert(0, _residual_trace(problem))
    target = padded_range(data.y, 0.06 if data.classes else 0.12)
    y = axis(data.target_name, target, **_class_axis(data))
    x = axis(data.input_names[0], (float(grid[0]), float(grid[-1])))
    return {"data": traces, "moving": moves, "layout": layout_2d(x, y, 70 if data.classes else 52)}


def _residual_trace(problem: losses.DataProblem) -> Figure:
    """What each example still costs, in the loss's own shape: squares where errors are squared, else bars."""
    pale = BASE_TRACE | {"line": {"color": "var(--now-pale)", "width": 1.5}}
    if problem.loss.error_power == 2 and problem.data.task == REGRESSION:
        filled = {
            "fill": "toself",
            "fillcolor": "var(--now-wash)",
            "line": {"color": "var(--now-pale)", "width": 1},
        }
        return moving_trace("squares", pale | filled, x="at", y="fit", grid="grid", true="truth")
    return moving_trace("gaps", pale, x="at", y="fit", grid="grid", true="truth")


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, TraceArray]:
    data, grid = problem.data, input_grid(problem)
    is_number = problem.link is IDENTITY
    fit = problem.predict(run.theta, grid) if is_number else predict_on_grid(problem, run.theta, [grid])
    curves = {"grid": grid, "fit": fit}
    if len(data.y) > MAX_RESIDUALS:
        return curves
    return curves | {"at": data.inputs[:, 0], "truth": data.y}


def _class_axis(data: losses.Dataset) -> Figure:
    """A target of two classes is an axis of two words and the probability between them."""
    if not data.classes:
        return {}
    low, high = data.classes
    return {"tickmode": "array", "tickvals": [0, 0.5, 1], "ticktext": [low, "½", high]}
