"""One input: the curve of the current step through the examples, and what it still owes them."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.loss.base import REGRESSION
from losses.model.output_activation import AS_IT_IS

from .array_codec import typed
from .plot_base import QUIET, axis, flat_layout, padded
from .probability_grid import Table, chances
from .step_slices import Figure, moving

FINE = 61
MOST_GAPS = 120
"""With more examples than this their gaps would be a smear."""


def inputs_grid(problem: losses.DataProblem) -> Array:
    """Inputs at which the model's curve is drawn, a little beyond the data, shape ``(m,)``; two for a line."""
    x = problem.data.inputs[:, 0]
    low, high = padded(x, 0.04)
    straight = problem.model.linear and problem.link is AS_IT_IS
    return np.linspace(float(x.min()) if problem.model.positive else low, high, 2 if straight else FINE)


def figure(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    data, grid = problem.data, inputs_grid(problem)
    traces: list[Figure] = []
    if best.optimum is not None:
        dotted = {"color": "var(--ink-faint)", "width": 1.5, "dash": "dot"}
        said = problem.predict(best.optimum, grid)
        traces.append(QUIET | {"x": typed(grid), "y": typed(said), "line": dotted})
    points = {"mode": "markers", "hoverinfo": "x+y", "marker": {"size": 6, "color": "var(--ink)"}}
    rows = {"meta": "examples", "zorder": 1, "customdata": list(range(len(data.y)))}
    traces.append(QUIET | {"x": typed(data.inputs[:, 0]), "y": typed(data.y)} | points | rows)
    moves = [moving("row", QUIET | {"line": {"color": "var(--now)", "width": 3}}, x="grid", y="fit")]
    if len(data.y) <= MOST_GAPS:
        moves.insert(0, _owed(problem))
    target = padded(data.y, 0.06 if data.classes else 0.12)
    y = axis(data.target_name, target, **_two_words(data))
    x = axis(data.input_names[0], (float(grid[0]), float(grid[-1])))
    return {"data": traces, "moving": moves, "layout": flat_layout(x, y, 70 if data.classes else 52)}


def _owed(problem: losses.DataProblem) -> Figure:
    """What each example still costs, in the loss's own shape: squares where errors are squared, else bars."""
    pale = QUIET | {"line": {"color": "var(--now-pale)", "width": 1.5}}
    if problem.loss.error_power == 2 and problem.data.task == REGRESSION:
        filled = {
            "fill": "toself",
            "fillcolor": "var(--now-wash)",
            "line": {"color": "var(--now-pale)", "width": 1},
        }
        return moving("squares", pale | filled, x="at", y="fit", grid="grid", true="truth")
    return moving("gaps", pale, x="at", y="fit", grid="grid", true="truth")


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Table]:
    data, grid = problem.data, inputs_grid(problem)
    curves = {"grid": grid, "fit": chances(problem, run.theta, [grid])}
    if len(data.y) > MOST_GAPS:
        return curves
    return curves | {"at": data.inputs[:, 0], "truth": data.y}


def _two_words(data: losses.Dataset) -> Figure:
    """A target of two classes is an axis of two words and the probability between them."""
    if not data.classes:
        return {}
    low, high = data.classes
    return {"tickmode": "array", "tickvals": [0, 0.5, 1], "ticktext": [low, "½", high]}
