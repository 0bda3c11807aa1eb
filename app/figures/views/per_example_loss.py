"""The “loss lens”: the loss of a single example as a function of its error."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.problem.loss_of_score import LossOfScore, compose

from ...protocol.figures import FigureSpec, PlotlyObject
from ..plot_base import BASE_TRACE, axis, hover_template, layout_2d, log_ticks
from ..step_slices import moving_trace

CURVE_POINTS = 161
MAX_DOTS = 200
"""Largest number of examples drawn on the curve."""
PROBABILITY_MARGIN = 1e-3
"""Curves over a probability p are drawn between this and one minus this, as the loss may be infinite at 0."""
MAX_SHOWN_COST = 7.0
"""Upper limit of the loss axis over a probability."""
PROBABILITY_RANGE = (8e-4, 1.08)
"""Ends of the logarithmic axis of a probability: small ones, which cost most, lie apart on it."""
GENTLE_WINDOW = ((0.48, 1.02), (-0.03, 0.8))
"""The axes over a probability while the cost of a small one is asked for: where costs are still small."""
NAME_SPACING = 0.065
"""Least distance between the names of two curves, as a share of the height."""
NAMES_TURN = 0.55
"""The share of the width from which on a name stands left of its curve: at the right it would be cut."""


def has_error_axis(problem: losses.DataProblem) -> bool:
    """Return True if the x axis is the residual (regression), False if it is a probability (classes)."""
    return problem.data.task == REGRESSION


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return the problem's loss in bold with the examples on it, and the other possible losses faint."""
    others = [key for key in cost_curves(problem) if key != problem.loss.key]
    hover_name = {"hoverinfo": "name", "hoverlabel": {"namelength": -1}}
    faint = [
        moving_trace(
            "row",
            BASE_TRACE
            | hover_name
            | {"name": losses.LOSSES[key].name, "line": {"color": "var(--ink-faint)", "width": 1}},
            x="lens_x",
            y=f"lens_{key}",
        )
        for key in others
    ]
    bold = (
        BASE_TRACE | hover_name | {"name": problem.loss.name, "line": {"color": "var(--ink)", "width": 2.5}}
    )
    dots = BASE_TRACE | {
        "mode": "markers",
        "meta": "examples",
        "customdata": [int(row) for row in _shown_rows(problem)],
        "hovertemplate": hover_template(message("example %{customdata}: %{y:,.3~r}")),
        "marker": {"size": 8, "color": "var(--now)", "line": {"color": "var(--card)", "width": 1}},
    }
    current = (
        [moving_trace("row", bold, x="lens_x", y=f"lens_{problem.loss.key}")]
        if problem.loss.key in cost_curves(problem)
        else []
    )
    x_axis = (
        axis(message("error"))
        if has_error_axis(problem)
        else axis(message("probability of the truth"), _exponents(PROBABILITY_RANGE), type="log")
    )
    return FigureSpec(
        data=[],
        moving=[*faint, *current, moving_trace("row", dots, x="dot_x", y="dot_y")],
        layout=layout_2d(x_axis, axis(message("cost of one example"))),
    )


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Return the curve of each loss, ``(CURVE_POINTS,)``, and the examples by step, ``(k + 1, examples)``."""
    rows = _shown_rows(problem)
    cost = problem.example_losses(run.theta)[:, rows]
    x = _errors_or_probabilities(problem, run.theta)[:, rows]
    grid = _curve_grid(problem, x)
    curves = {f"lens_{key}": curve(grid) for key, curve in cost_curves(problem).items()}
    return {"lens_x": grid, "dot_x": x, "dot_y": cost} | curves


def layout(run: losses.Descent, certificate: losses.Certificate) -> PlotlyObject:
    """Return axis ranges that contain the examples at the start: the largest errors if the run converges."""
    problem = run.problem
    assert isinstance(problem, losses.DataProblem)
    costs = problem.example_losses(run.theta[0])
    if not has_error_axis(problem):
        lowest, highest = _ends_of_costs(problem, costs, _probabilities())
        y_range = _padded(max(lowest, -MAX_SHOWN_COST), min(max(highest, 1.0), MAX_SHOWN_COST))
        return _probability_layout(problem, PROBABILITY_RANGE, y_range)
    max_error = 1.1 * _largest_error(_errors_or_probabilities(problem, run.theta[:1]))
    x_range = (-max_error, max_error)
    y_range = _padded(*_ends_of_costs(problem, costs, np.linspace(*x_range, CURVE_POINTS)))
    names = _names(problem, x_range, y_range)
    return {"xaxis.range": list(x_range), "yaxis.range": list(y_range), "annotations": names}


def _ends_of_costs(problem: losses.DataProblem, costs: Array, x: Array) -> tuple[float, float]:
    """Return the ends of an axis of costs: 0, or the lowest on the way down, and the highest of the start.

    Costs may be below 0, and so may the loss's curve be where the examples move to.
    """
    curve = cost_curves(problem).get(problem.loss.key)
    with np.errstate(all="ignore"):
        way = costs if curve is None else np.append(costs, curve(x))
    lowest = min(0.0, float(way[np.isfinite(way)].min(initial=0.0)))
    highest = float(costs.max())
    return lowest, highest if highest > lowest else lowest + 1.0


def _padded(low: float, high: float) -> tuple[float, float]:
    """Return the ends with room for the dots."""
    return low - 0.03 * (high - low), high + 0.1 * (high - low)


def _largest_error(errors: Array) -> float:
    """Return the size of the largest error, 1 if there is none."""
    return float(np.abs(errors).max()) or 1.0


def gentle_layout(problem: losses.DataProblem) -> PlotlyObject:
    """Return the axis ranges while the cost of a small probability is asked for."""
    return _probability_layout(problem, *GENTLE_WINDOW)


def _probability_layout(
    problem: losses.DataProblem, x_range: tuple[float, float], y_range: tuple[float, float]
) -> PlotlyObject:
    """Return the ranges and ticks of the axes over a probability; x is logarithmic."""
    ends = _exponents(x_range)
    ticks = {f"xaxis.{name}": value for name, value in log_ticks(*ends).items()}
    names = _names(problem, x_range, y_range)
    return {"xaxis.range": list(ends), "yaxis.range": list(y_range), "annotations": names} | ticks


def _exponents(ends: tuple[float, float]) -> tuple[float, float]:
    return math.log10(ends[0]), math.log10(ends[1])


def _names(
    problem: losses.DataProblem, x_range: tuple[float, float], y_range: tuple[float, float]
) -> list[PlotlyObject]:
    """Return the names of the curves, each where its curve comes into the window at the left or at the top.

    The problem's own loss comes first. A curve whose name would touch another's has none, but one that can be
    pointed at.
    """
    is_error = has_error_axis(problem)
    x = np.linspace(*x_range, CURVE_POINTS) if is_error else _probabilities(x_range[0])
    curves, top, height = cost_curves(problem), y_range[1], y_range[1] - y_range[0]
    own = problem.loss.key
    placed: list[float] = []
    names = []
    for key in sorted(curves, key=lambda key: key != own):
        y = curves[key](x)
        first, lowest = float(y[0]), float(y.min())
        levels = [first, *(top - i * NAME_SPACING * height for i in range(1, 8))]
        free = [
            level
            for level in levels
            if lowest <= level <= first and level < top and _is_apart(level, placed, height)
        ]
        if not free:
            continue
        level = free[0]
        placed.append(level)
        at = int(np.argmax(y <= level))
        loss = problem.loss if key == own else losses.LOSSES[key]
        across = float(x[at]) if is_error else math.log10(x[at])  # Plotly wants the exponent
        ends = x_range if is_error else _exponents(x_range)
        names.append(_name(loss.name, (across, level), ends, is_own=key == own))
    return names


def _is_apart(level: float, placed: list[float], height: float) -> bool:
    """Return whether a name has room at a level beside those that are placed."""
    return all(abs(level - other) >= NAME_SPACING * height - 1e-9 for other in placed)


def _name(text: str, at: tuple[float, float], ends: tuple[float, float], *, is_own: bool) -> PlotlyObject:
    """Return the name of a curve at a place; ``ends`` are those of the x axis."""
    (x, y), (left, right) = at, ends
    is_right = x > left + NAMES_TURN * (right - left)
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": "right" if is_right else "left",
        "yanchor": "bottom",
        "xshift": -6 if is_right else 6,
        "showarrow": False,
        "font": {"color": "var(--ink)" if is_own else "var(--ink-soft)"},
    }


def draggable_inputs(problem: losses.Problem) -> list[float] | None:
    """Return each example's input if the probability depends on a slope and an intercept only, else None.

    With them the page moves the start so that an example that is dragged gets another probability.
    """
    if not isinstance(problem, losses.DataProblem) or has_error_axis(problem) or problem.dim != 2:
        return None
    return list(problem.x[:, 0].tolist()) if problem.model.linear else None


def cost_curves(problem: losses.DataProblem) -> dict[str, Callable[[Array], Array]]:
    """Return for each loss the cost of an example as a function of the x axis, by the key of the loss.

    The losses are those allowed for the data and the model. The problem's own loss, if it is a custom one, is
    included if it is a function of the x axis alone.
    """
    data = problem.data
    if data.task == MULTICLASS:
        allowed = {key: losses.LOSSES[key] for key in losses.allowed_losses(data, problem.model)}
        every = allowed | {problem.loss.key: problem.loss}
        return {key: loss.of_true_probability for key, loss in every.items() if loss.of_true_probability}
    curves: dict[str, Callable[[Array], Array]] = {}
    is_custom = problem.loss.key not in losses.LOSSES
    custom = (problem.loss.key,) if is_custom and _has_single_curve(problem) else ()
    for key in (*losses.allowed_losses(data, problem.model), *custom):
        loss = problem.loss if key == problem.loss.key else losses.LOSSES[key]
        if has_error_axis(problem):
            curves[key] = partial(loss.value, y=np.zeros(1))
        else:
            curves[key] = partial(_cost_of_probability, compose(loss, problem.link, np.ones(1), data.task))
    return curves


def _has_single_curve(problem: losses.DataProblem) -> bool:
    """Return whether the problem's loss depends on the error, or the probability of the true class, alone.

    It is tested numerically for several targets, or for both classes.
    """
    with np.errstate(all="ignore"):
        if has_error_axis(problem):
            errors, targets = np.linspace(-3.0, 3.0, 25)[:, None], np.unique(problem.y)
            pair = problem.loss.value(errors + targets, y=targets), problem.loss.value(errors, y=np.zeros(1))
        else:
            p = np.linspace(PROBABILITY_MARGIN, 1.0 - PROBABILITY_MARGIN, 25)
            pair = problem.loss.value(p, y=np.ones(1)), problem.loss.value(1.0 - p, y=np.zeros(1))
        return bool(np.allclose(*pair, rtol=1e-6, atol=1e-9, equal_nan=True))


def _cost_of_probability(loss_of_score: LossOfScore, p: Array) -> Array:
    """Return the loss of an example of class 1 with predicted probability ``p``; its score is logit(p)."""
    return loss_of_score.value(np.log(p) - np.log1p(-p))


def _shown_rows(problem: losses.DataProblem) -> Array:
    """Return the rows of up to ``MAX_DOTS`` examples, evenly spaced."""
    last = len(problem.y) - 1
    return np.unique(np.linspace(0, last, min(MAX_DOTS, last + 1)).round().astype(int))


def _errors_or_probabilities(problem: losses.DataProblem, theta: Array) -> Array:
    """Return the residuals, or the probabilities of the true classes, ``(..., n)``."""
    predicted = problem.link.value(problem.score(theta))
    if has_error_axis(problem):
        return np.asarray(predicted - problem.y)
    if problem.data.task == BINARY:
        return np.asarray(np.where(problem.y > 0.5, predicted, 1.0 - predicted))
    return np.asarray(predicted[..., np.arange(len(problem.y)), problem.y.astype(int)])


def _curve_grid(problem: losses.DataProblem, errors: Array) -> Array:
    """Return the x coordinates of the curves, ``(CURVE_POINTS,)``, wide enough for the first step."""
    if not has_error_axis(problem):
        return _probabilities()
    max_error = 1.15 * _largest_error(errors[0])
    return np.linspace(-max_error, max_error, CURVE_POINTS)


def _probabilities(least: float = 0.0) -> Array:
    """Return ``(CURVE_POINTS,)`` increasing probabilities from ``least``, but the margin, on.

    Below 1/2 they are evenly spaced on a logarithmic axis, above on a linear one: where costs bend.
    """
    low, high = max(least, PROBABILITY_MARGIN), 1.0 - PROBABILITY_MARGIN
    below = CURVE_POINTS // 2
    small = np.geomspace(low, np.nextafter(0.5, 0.0), below)
    return np.concatenate([small, np.linspace(0.5, high, CURVE_POINTS - below)])
