"""The loss lens: what one example costs, by how wrong the model is about it."""

from collections.abc import Callable
from functools import partial

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.problem.loss_of_score import LossOfScore, compose

from .plot_base import BASE_TRACE, axis, hover_template, layout_2d
from .step_slices import Figure, moving_trace

CURVE_POINTS = 161
MAX_DOTS = 200
PROBABILITY_MARGIN = 1e-3
"""Curves over a probability stop this far from none and from certain."""
MAX_SHOWN_COST = 7.0


def has_error_axis(problem: losses.DataProblem) -> bool:
    """Whether the lens looks at errors of numbers; else at probabilities of the truth."""
    return problem.data.task == REGRESSION


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    """The loss in force bold, the others that would fit here faint, the examples of this step on it."""
    others = [key for key in cost_curves(problem) if key != problem.loss.key]
    named = {"hoverinfo": "name", "hoverlabel": {"namelength": -1}}
    faint = [
        moving_trace(
            "row",
            BASE_TRACE
            | named
            | {"name": losses.LOSSES[key].name, "line": {"color": "var(--ink-faint)", "width": 1}},
            x="lens_x",
            y=f"lens_{key}",
        )
        for key in others
    ]
    bold = BASE_TRACE | named | {"name": problem.loss.name, "line": {"color": "var(--ink)", "width": 2.5}}
    dots = BASE_TRACE | {
        "mode": "markers",
        "meta": "examples",
        "customdata": [int(row) for row in _shown_rows(problem)],
        "hovertemplate": hover_template(message("example %{customdata}: %{y:,.3~r}")),
        "marker": {"size": 8, "color": "var(--now)", "line": {"color": "var(--card)", "width": 1}},
    }
    own = (
        [moving_trace("row", bold, x="lens_x", y=f"lens_{problem.loss.key}")]
        if problem.loss.key in cost_curves(problem)
        else []
    )
    across = (
        axis(message("error"))
        if has_error_axis(problem)
        else axis(message("probability of the truth"), (-0.02, 1.02))
    )
    return {
        "data": [],
        "moving": [*faint, *own, moving_trace("row", dots, x="dot_x", y="dot_y")],
        "layout": layout_2d(across, axis(message("cost of one example"))),
    }


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    rows = _shown_rows(problem)
    cost = problem.example_losses(run.theta)[:, rows]
    wrong = _errors_or_probabilities(problem, run.theta)[:, rows]
    grid = _curve_grid(problem, wrong)
    drawn = {f"lens_{key}": curve(grid) for key, curve in cost_curves(problem).items()}
    return {"lens_x": grid, "dot_x": wrong, "dot_y": cost} | drawn


def layout(run: losses.Descent, certificate: losses.Certificate) -> Figure:
    """Ranges from the first step, the widest of a run that goes well."""
    problem = run.problem
    assert isinstance(problem, losses.DataProblem)
    cost = float(problem.example_losses(run.theta[0]).max())
    if not has_error_axis(problem):
        return {"yaxis.range": [-0.03 * min(cost, MAX_SHOWN_COST), 1.1 * min(max(cost, 1.0), MAX_SHOWN_COST)]}
    edge = 1.1 * float(np.abs(_errors_or_probabilities(problem, run.theta[:1])).max())
    return {"xaxis.range": [-edge, edge], "yaxis.range": [-0.03 * cost, 1.1 * cost]}


def draggable_inputs(problem: losses.Problem) -> list[float] | None:
    """Each example's input, from which the page finds the curve that gives it another probability.

    None where more than a slope and an intercept make that probability.
    """
    if not isinstance(problem, losses.DataProblem) or has_error_axis(problem) or problem.dim != 2:
        return None
    return list(problem.x[:, 0].tolist()) if problem.model.linear else None


def cost_curves(problem: losses.DataProblem) -> dict[str, Callable[[Array], Array]]:
    """Cost as a function of the error or of the probability of the truth, for each loss that fits here."""
    data = problem.data
    if data.task == MULTICLASS:
        fitting = (losses.LOSSES[key] for key in losses.allowed_losses(data, problem.model))
        chosen = {problem.loss.key: problem.loss}
        every = {loss.key: loss for loss in fitting} | chosen
        return {key: loss.of_true_probability for key, loss in every.items() if loss.of_true_probability}
    found: dict[str, Callable[[Array], Array]] = {}
    mine = () if problem.loss.key in losses.LOSSES or not _has_single_curve(problem) else (problem.loss.key,)
    for key in (*losses.allowed_losses(data, problem.model), *mine):
        loss = problem.loss if key == problem.loss.key else losses.LOSSES[key]
        if has_error_axis(problem):
            found[key] = partial(loss.value, y=np.zeros(1))
        else:
            found[key] = partial(_cost_of_probability, compose(loss, problem.link, np.ones(1), data.task))
    return found


def _has_single_curve(problem: losses.DataProblem) -> bool:
    """Whether a loss of one's own costs alike wherever the error, or the probability of the truth, is the same."""
    with np.errstate(all="ignore"):
        if has_error_axis(problem):
            errors, targets = np.linspace(-3.0, 3.0, 25)[:, None], np.unique(problem.y)
            alike = problem.loss.value(errors + targets, y=targets), problem.loss.value(errors, y=np.zeros(1))
        else:
            sure = np.linspace(PROBABILITY_MARGIN, 1.0 - PROBABILITY_MARGIN, 25)
            alike = problem.loss.value(sure, y=np.ones(1)), problem.loss.value(1.0 - sure, y=np.zeros(1))
        return bool(np.allclose(*alike, rtol=1e-6, atol=1e-9, equal_nan=True))


def _cost_of_probability(loss_of_score: LossOfScore, p: Array) -> Array:
    return loss_of_score.value(np.log(p) - np.log1p(-p))


def _shown_rows(problem: losses.DataProblem) -> Array:
    """Rows of up to ``MAX_DOTS`` examples, evenly taken."""
    last = len(problem.y) - 1
    return np.unique(np.linspace(0, last, min(MAX_DOTS, last + 1)).round().astype(int))


def _errors_or_probabilities(problem: losses.DataProblem, theta: Array) -> Array:
    """Errors ``(..., n)``, or probabilities given to the truth."""
    said = problem.link.value(problem.score(theta))
    if has_error_axis(problem):
        return np.asarray(said - problem.y)
    if problem.data.task == BINARY:
        return np.asarray(np.where(problem.y > 0.5, said, 1.0 - said))
    return np.asarray(said[..., np.arange(len(problem.y)), problem.y.astype(int)])


def _curve_grid(problem: losses.DataProblem, errors: Array) -> Array:
    if not has_error_axis(problem):
        return np.linspace(PROBABILITY_MARGIN, 1.0 - PROBABILITY_MARGIN, CURVE_POINTS)
    edge = 1.15 * float(np.abs(errors[0]).max())
    return np.linspace(-edge, edge, CURVE_POINTS)
