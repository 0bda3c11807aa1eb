"""One input: the model's curve at the current step, the examples and their residuals."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.loss.base import REGRESSION
from losses.model.output_activation import IDENTITY, SIGMOID

from ...common.cache import cached
from ...protocol.figures import FigureSpec, LineHandles, MovingTrace, PlotlyObject
from ..array_codec import to_plotly_array
from ..plot_base import BASE_TRACE, CompetitorStyle, axis, hover_example, label_text, layout_2d, padded_range
from ..probability_grid import TraceArray, predict_on_grid
from ..step_slices import moving_trace

CURVE_POINTS = 61
INPUT_MARGIN = 0.04
"""Space at either end of the inputs, as a fraction of their range."""
LEAST_AREA = 1e-6
"""Below this sine of the angle between two coordinates' effects, heights of a line determine no place."""
MAX_RESIDUALS = 120
"""Residuals are not drawn if there are more examples: they would overlap."""


@cached(400_000)
def input_grid(problem: losses.DataProblem) -> Array:
    """Return the inputs ``(m,)`` at which the model's curve is drawn, slightly beyond the data at both ends.

    Two suffice for a straight line. A model for positive inputs only starts at the smallest input.
    """
    x = problem.data.inputs[:, 0]
    low, high = padded_range(x, INPUT_MARGIN)
    start = float(x.min()) if problem.model.positive_inputs_only else low
    return np.linspace(start, high, 2 if _is_straight(problem) else CURVE_POINTS)


def _is_straight(problem: losses.DataProblem) -> bool:
    """Whether the curve is a straight line, whose heights are linear in the parameters."""
    return problem.model.linear and problem.link is IDENTITY


def _while_playing(problem: losses.DataProblem, slice_name: str) -> str:
    """Return the slice while playing: only a straight line is known between two steps."""
    return f"{slice_name}Moving" if _is_straight(problem) else ""


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return the examples and the optimal curve (dotted), with moving curve and residuals."""
    data, grid = problem.data, input_grid(problem)
    traces: list[PlotlyObject] = []
    if certificate.optimum is not None:
        dotted = {"color": "var(--ink-faint)", "width": 1.5, "dash": "dot"}
        optimal = problem.predict(certificate.optimum, grid)
        traces.append(
            BASE_TRACE | {"x": to_plotly_array(grid), "y": to_plotly_array(optimal), "line": dotted}
        )
    markers = hover_example(data) | {"hoverinfo": "x+y", "marker": {"size": 6, "color": "var(--ink)"}}
    rows = {"meta": "examples", "zorder": 1, "customdata": list(range(len(data.y)))}
    traces.append(
        BASE_TRACE | {"x": to_plotly_array(data.inputs[:, 0]), "y": to_plotly_array(data.y)} | markers | rows
    )
    pale = {"name": "place", "line": {"color": "var(--ink-soft)", "width": 2.5}}
    moving = [
        moving_trace("row", BASE_TRACE | pale, x="grid", y="place_fit"),
        moving_trace(
            "row",
            BASE_TRACE | {"line": {"color": "var(--now)", "width": 3}},
            x="grid",
            y="fit",
            while_playing=_while_playing(problem, "row"),
        ),
    ]
    if len(data.y) <= MAX_RESIDUALS:
        moving[:0] = [_residual_trace(problem), _residual_trace(problem, of_place=True)]
    target_range = padded_range(data.y, 0.06 if data.classes else 0.12)
    y = axis(label_text(data.target_name), target_range, **_class_axis(data))
    x = axis(label_text(data.input_names[0]), padded_range(data.inputs[:, 0], INPUT_MARGIN))
    return FigureSpec(data=traces, moving=moving, layout=layout_2d(x, y, 70 if data.classes else 52))


def rings(data: losses.Dataset, rows: list[int]) -> PlotlyObject:
    """Return rings around the examples ``rows``, which were changed by hand."""
    ring = {"symbol": "circle-open", "size": 15, "color": "var(--accent)", "line": {"width": 2.5}}
    points = {"x": to_plotly_array(data.inputs[rows, 0]), "y": to_plotly_array(data.y[rows])}
    return BASE_TRACE | points | {"name": "changed", "mode": "markers", "marker": ring}


def _residual_trace(problem: losses.DataProblem, *, of_place: bool = False) -> MovingTrace:
    """Return the residuals: squares in a regression with a loss of squared errors, else vertical lines.

    They are those of the current step, or of the place on the map that is pointed at.
    """
    color = "var(--ink-faint)" if of_place else "var(--now-pale)"
    name = {"name": "place-residuals"} if of_place else {}
    place = "place_" if of_place else ""
    arrays = {"x": f"{place}at", "y": f"{place}fit", "grid": "grid", "true": "truth"}
    pale = BASE_TRACE | name | {"line": {"color": color, "width": 1.5}}
    if problem.loss.error_power == 2 and problem.data.task == REGRESSION:
        wash = {"fill": "toself", "fillcolor": "var(--place-wash)" if of_place else "var(--now-wash)"}
        slice_name, trace = "residualSquares", pale | wash | {"line": {"color": color, "width": 1}}
    else:
        slice_name, trace = "residualLines", pale
    while_playing = "" if of_place else _while_playing(problem, slice_name)
    return moving_trace(slice_name, trace, **arrays, while_playing=while_playing)


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, TraceArray]:
    """Return the curve at each step, ``fit (k + 1, m)``, and the examples if residuals are drawn.

    ``place_fit`` and ``place_at`` are empty: they show a place that is pointed at, see ``place_arrays``.
    """
    data, grid = problem.data, input_grid(problem)
    is_number = problem.link is IDENTITY
    fit = problem.predict(run.theta, grid) if is_number else predict_on_grid(problem, run.theta, [grid])
    curves = {"grid": grid, "fit": fit, "place_fit": np.empty(0), "place_at": np.empty(0)}
    if len(data.y) > MAX_RESIDUALS:
        return curves
    return curves | {"at": data.inputs[:, 0], "truth": data.y}


def place_arrays(problem: losses.DataProblem, theta: Array) -> dict[str, Array]:
    """Return the curve of parameters ``theta (d,)``, and the examples whose residuals are drawn with it.

    ``at`` is empty: the residuals of the run are not drawn meanwhile.
    """
    curve = {"place_fit": problem.predict(theta, input_grid(problem))}
    if len(problem.y) > MAX_RESIDUALS:
        return curve
    return curve | {"place_at": problem.data.inputs[:, 0], "at": np.empty(0)}


def line_handles(problem: losses.DataProblem, plane: losses.Plane) -> LineHandles | None:
    """Return what the handles of a line need; None unless two heights of it determine a place on the map.

    The scores of a linear model depend linearly on the place, so three places tell all of them.
    """
    if not problem.model.linear or problem.link not in (IDENTITY, SIGMOID):
        return None
    inputs = input_grid(problem)[[0, -1]]
    predict = problem.predict if problem.link is IDENTITY else problem.score_at
    scores = predict(plane.points(*np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])), inputs)
    constant, u, v = scores[0], scores[1] - scores[0], scores[2] - scores[0]
    with np.errstate(all="ignore"):
        area = abs(u[0] * v[1] - u[1] * v[0]) / (np.hypot(*u) * np.hypot(*v))
    if not (np.isfinite(scores).all() and area > LEAST_AREA):
        return None
    return LineHandles(
        inputs=_pair(inputs),
        constant=_pair(constant),
        u=_pair(u),
        v=_pair(v),
        is_probability=problem.link is SIGMOID,
    )


def _pair(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _class_axis(data: losses.Dataset) -> PlotlyObject:
    """Return the ticks of a target with two classes: their names and the probability ½ between them."""
    if not data.classes:
        return {}
    low, high = map(label_text, data.classes)
    return {"tickmode": "array", "tickvals": [0, 0.5, 1], "ticktext": [low, "½", high]}


def competitor(problem: losses.DataProblem, key: str, name: str, style: CompetitorStyle) -> list[MovingTrace]:
    """Return the curve that the competitor ``key`` predicts at the current step."""
    line = {"name": name, "line": {"color": style.color, "width": 2.5, "dash": style.dash}}
    named = {"x": f"{key}:grid", "y": f"{key}:fit"}
    return [moving_trace("row", BASE_TRACE | line, **named, while_playing=_while_playing(problem, "row"))]
