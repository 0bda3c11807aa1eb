"""Data space: the examples, the model of the current step, and what it still owes them.

There is one way to show a problem's data for each kind of data; ``WAYS`` lists
them, and the first that fits is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

import losses
from app.figures.contour import axis
from app.figures.moment import Figure, moving, typed
from losses.arrays import Array

FINE = 61
COARSE = 25
MOST_GAPS = 120
"""With more examples than this their gaps would be a smear."""
MOST_SHOWN = 90
"""How many examples the sheet of certainties shows, evenly taken."""

QUIET: Figure = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "mode": "lines"}


@dataclass(frozen=True)
class Way:
    """A way to show data: when it fits, its figure, and the arrays of a run that its moving traces name."""

    caption: str
    fits: Callable[[Any], bool]
    figure: Callable[[Any, losses.Certificate], Figure]
    arrays: Callable[[Any, losses.Descent], dict[str, Array]]


def way(problem: losses.Problem) -> Way:
    return next(way for way in WAYS if way.fits(problem))


def examples(problem: losses.Problem, best: losses.Certificate) -> Figure:
    """The examples of a problem with the moving model."""
    return way(problem).figure(problem, best)


def fits(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    """What the moving traces show: ``(steps + 1, m)`` arrays, a row a step, over ``(m,)`` ones."""
    with np.errstate(over="ignore", invalid="ignore"):
        return way(problem).arrays(problem, run)


def _layout(x: Figure, y: Figure, left: int = 52) -> Figure:
    return {
        "margin": {"l": left, "r": 12, "t": 6, "b": 42},
        "showlegend": False,
        "dragmode": False,
        "xaxis": x,
        "yaxis": y,
    }


def _padded(values: Array, share: float) -> tuple[float, float]:
    margin = share * float(np.ptp(values))
    return float(values.min()) - margin, float(values.max()) + margin


# No data: a test function is its formula.


def _formula(function: losses.TestFunction, best: losses.Certificate) -> Figure:
    words = [f"<b>{'<br>'.join(wrap(function.formula, 28))}</b>", "<br>".join(wrap(function.when, 30))]
    text = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    note = text | {"text": "<br><br>".join(words), "font": {"color": "var(--ink)"}}
    nothing = {"visible": False, "fixedrange": True}
    return {"data": [], "moving": [], "layout": _layout(nothing, nothing, 12) | {"annotations": [note]}}


# One input: the curve through the examples.


def inputs_grid(problem: losses.DataProblem) -> Array:
    """Inputs at which the model's curve is drawn, a little beyond the data, shape ``(m,)``."""
    x = problem.data.inputs[:, 0]
    low, high = _padded(x, 0.04)
    return np.linspace(float(x.min()) if problem.model.positive else low, high, FINE)


def _curve(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    data, grid = problem.data, inputs_grid(problem)
    traces: list[Figure] = []
    if best.optimum is not None:
        dotted = {"color": "var(--ink-faint)", "width": 1.5, "dash": "dot"}
        said = problem.predict(best.optimum, grid)
        traces.append(QUIET | {"x": typed(grid), "y": typed(said), "line": dotted})
    points = {"mode": "markers", "hoverinfo": "x+y", "marker": {"size": 6, "color": "var(--ink)"}}
    traces.append(QUIET | {"x": typed(data.inputs[:, 0]), "y": typed(data.y)} | points)
    shifts = [moving("row", QUIET | {"line": {"color": "var(--now)", "width": 3}}, x="grid", y="fit")]
    if len(data.y) <= MOST_GAPS:
        gaps = QUIET | {"line": {"color": "var(--now-pale)", "width": 1.5}}
        shifts.insert(0, moving("row", gaps, x="gap_x", y="gap_y"))
    target = _padded(data.y, 0.06 if data.classes else 0.12)
    y = axis(data.target_name, target, **_two_words(data))
    x = axis(data.input_names[0], (float(grid[0]), float(grid[-1])))
    return {"data": traces, "moving": shifts, "layout": _layout(x, y, 70 if data.classes else 52)}


def _curve_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    data, grid = problem.data, inputs_grid(problem)
    curves = {"grid": grid, "fit": problem.predict(run.theta, grid)}
    if len(data.y) <= MOST_GAPS:
        said = problem.predict(run.theta, data.x)
        gap = np.stack(np.broadcast_arrays(said, data.y, np.nan), axis=-1)
        curves |= {"gap_x": np.repeat(data.inputs[:, 0], 3), "gap_y": gap.reshape(len(said), -1)}
    return curves


def _two_words(data: losses.Dataset) -> Figure:
    """A target of two classes is an axis of two words and the probability between them."""
    if not data.classes:
        return {}
    low, high = data.classes
    return {"tickmode": "array", "tickvals": [0, 0.5, 1], "ticktext": [low, "½", high]}


# Two inputs: the border between the classes.


def _square(problem: losses.DataProblem) -> tuple[Array, Array]:
    sides = [np.linspace(*_padded(column, 0.08), COARSE) for column in problem.data.inputs.T]
    u, v = np.meshgrid(*sides)
    return u.ravel(), v.ravel()


def _border(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
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
            "marker": {"size": 6, "symbol": symbol, "color": "var(--ink)", "line": {"width": 1.5}},
        }
        for label, symbol in ((0, "circle-open"), (1, "square"))
    ]
    x, y = (
        axis(name, _padded(column, 0.08))
        for name, column in zip(data.input_names, data.inputs.T, strict=True)
    )
    shifts = [moving("row", trace, x="across", y="up", z="chance") for trace in (shades, edge)]
    return {"data": marks, "moving": shifts, "layout": _layout(x, y)}


def _border_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    across, up = _square(problem)
    chance = problem.predict(run.theta, np.column_stack([across, up]))
    return {"across": across, "up": up, "chance": chance}


# Anything else: what is said of each example against what is true of it.


def _some(problem: losses.DataProblem) -> Array:
    """Up to ``MOST_SHOWN`` examples in the order of their targets."""
    order = np.argsort(problem.data.y, kind="stable")
    return np.asarray(order[np.unique(np.linspace(0, len(order) - 1, MOST_SHOWN).astype(int))])


def _said(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    data = problem.data
    truth = data.y[_some(problem)]
    now = QUIET | {"mode": "markers", "marker": {"size": 6, "color": "var(--now)"}}
    if data.task == "regression":
        span = _padded(data.y, 0.1)
        right = QUIET | {
            "x": list(span),
            "y": list(span),
            "line": {"color": "var(--ink-faint)", "dash": "dot"},
        }
        layout = _layout(axis(f"true {data.target_name}", span), axis("predicted", span))
        return {"data": [right], "moving": [moving("row", now, x="true", y="said")], "layout": layout}
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
    x = axis("examples by their true class", (-1, len(truth)), showgrid=False, **words)
    y = axis("probability of the truth", (-0.03, 1.03))
    layout = _layout(x, y) | {"shapes": lines}
    return {"data": [], "moving": [moving("row", now, x="example", y="said")], "layout": layout}


def _said_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    data, some = problem.data, _some(problem)
    truth = data.y[some]
    said = problem.predict(run.theta, data.inputs[some])
    if data.task == "regression":
        return {"true": truth, "said": said}
    if data.task == "binary":
        said = np.where(truth > 0.5, said, 1.0 - said)
    else:
        said = said[..., np.arange(len(truth)), truth.astype(int)]
    return {"example": np.arange(len(truth), dtype=np.float64), "said": said}


WAYS = (
    Way("no data", lambda p: isinstance(p, losses.TestFunction), _formula, lambda p, run: {}),
    Way(
        "the model",
        lambda p: p.data.inputs.shape[1] == 1 and p.data.task != "multiclass",
        _curve,
        _curve_arrays,
    ),
    Way(
        "the border",
        lambda p: p.data.inputs.shape[1] == 2 and p.data.task == "binary",
        _border,
        _border_arrays,
    ),
    Way("said and true", lambda p: True, _said, _said_arrays),
)
