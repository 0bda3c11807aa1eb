"""The loss lens: what one example costs, by how wrong the model is about it."""

from collections.abc import Callable
from functools import partial

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import say
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.problem.loss_of_score import Composition, compose

from .plot_base import QUIET, axis, flat_layout, hover
from .step_slices import Figure, moving

FINE = 161
MOST_DOTS = 200
SURE = 1e-3
"""Curves over a probability stop this far from none and from certain."""
DEAREST = 7.0


def by_error(problem: losses.DataProblem) -> bool:
    """Whether the lens looks at errors of numbers; else at probabilities of the truth."""
    return problem.data.task == REGRESSION


def figure(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    """The loss in force bold, the others that would fit here faint, the examples of this step on it."""
    others = [key for key in curves(problem) if key != problem.loss.key]
    named = {"hoverinfo": "name", "hoverlabel": {"namelength": -1}}
    faint = [
        moving(
            "row",
            QUIET
            | named
            | {"name": losses.LOSSES[key].name, "line": {"color": "var(--ink-faint)", "width": 1}},
            x="lens_x",
            y=f"lens_{key}",
        )
        for key in others
    ]
    bold = QUIET | named | {"name": problem.loss.name, "line": {"color": "var(--ink)", "width": 2.5}}
    dots = QUIET | {
        "mode": "markers",
        "meta": "examples",
        "customdata": [int(row) for row in _shown(problem)],
        "hovertemplate": hover(say("example %{customdata}: %{y:,.3~r}")),
        "marker": {"size": 8, "color": "var(--now)", "line": {"color": "var(--card)", "width": 1}},
    }
    own = (
        [moving("row", bold, x="lens_x", y=f"lens_{problem.loss.key}")]
        if problem.loss.key in curves(problem)
        else []
    )
    across = axis(say("error")) if by_error(problem) else axis(say("probability of the truth"), (-0.02, 1.02))
    return {
        "data": [],
        "moving": [*faint, *own, moving("row", dots, x="dot_x", y="dot_y")],
        "layout": flat_layout(across, axis(say("cost of one example"))),
    }


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    rows = _shown(problem)
    cost = problem.example_losses(run.theta)[:, rows]
    wrong = _wrongness(problem, run.theta)[:, rows]
    grid = _grid(problem, wrong)
    drawn = {f"lens_{key}": curve(grid) for key, curve in curves(problem).items()}
    return {"lens_x": grid, "dot_x": wrong, "dot_y": cost} | drawn


def layout(run: losses.Descent, best: losses.Certificate) -> Figure:
    """Ranges from the first step, the widest of a run that goes well."""
    problem = run.problem
    assert isinstance(problem, losses.DataProblem)
    cost = float(problem.example_losses(run.theta[0]).max())
    if not by_error(problem):
        return {"yaxis.range": [-0.03 * min(cost, DEAREST), 1.1 * min(max(cost, 1.0), DEAREST)]}
    edge = 1.1 * float(np.abs(_wrongness(problem, run.theta[:1])).max())
    return {"xaxis.range": [-edge, edge], "yaxis.range": [-0.03 * cost, 1.1 * cost]}


def leaned(problem: losses.Problem) -> list[float] | None:
    """Each example's input, from which the page finds the curve that gives it another probability.

    None where more than a slope and an intercept make that probability.
    """
    if not isinstance(problem, losses.DataProblem) or by_error(problem) or problem.dim != 2:
        return None
    return list(problem.x[:, 0].tolist()) if problem.model.linear else None


def curves(problem: losses.DataProblem) -> dict[str, Callable[[Array], Array]]:
    """Cost as a function of the error or of the probability of the truth, for each loss that fits here."""
    data = problem.data
    if data.task == MULTICLASS:
        fitting = (losses.LOSSES[key] for key in losses.allowed_losses(data, problem.model))
        chosen = {problem.loss.key: problem.loss}
        every = {loss.key: loss for loss in fitting} | chosen
        return {key: loss.of_true_probability for key, loss in every.items() if loss.of_true_probability}
    found: dict[str, Callable[[Array], Array]] = {}
    mine = () if problem.loss.key in losses.LOSSES or not _one_curve(problem) else (problem.loss.key,)
    for key in (*losses.allowed_losses(data, problem.model), *mine):
        loss = problem.loss if key == problem.loss.key else losses.LOSSES[key]
        if by_error(problem):
            found[key] = partial(loss.value, y=np.zeros(1))
        else:
            found[key] = partial(_of_truth, compose(loss, problem.link, np.ones(1), data.task))
    return found


def _one_curve(problem: losses.DataProblem) -> bool:
    """Whether a loss of one's own costs alike wherever the error, or the probability of the truth, is the same."""
    with np.errstate(all="ignore"):
        if by_error(problem):
            errors, targets = np.linspace(-3.0, 3.0, 25)[:, None], np.unique(problem.y)
            alike = problem.loss.value(errors + targets, y=targets), problem.loss.value(errors, y=np.zeros(1))
        else:
            sure = np.linspace(SURE, 1.0 - SURE, 25)
            alike = problem.loss.value(sure, y=np.ones(1)), problem.loss.value(1.0 - sure, y=np.zeros(1))
        return bool(np.allclose(*alike, rtol=1e-6, atol=1e-9, equal_nan=True))


def _of_truth(whole: Composition, p: Array) -> Array:
    return whole.value(np.log(p) - np.log1p(-p))


def _shown(problem: losses.DataProblem) -> Array:
    """Rows of up to ``MOST_DOTS`` examples, evenly taken."""
    last = len(problem.y) - 1
    return np.unique(np.linspace(0, last, min(MOST_DOTS, last + 1)).round().astype(int))


def _wrongness(problem: losses.DataProblem, theta: Array) -> Array:
    """Errors ``(..., n)``, or probabilities given to the truth."""
    said = problem.link.value(problem.score(theta))
    if by_error(problem):
        return np.asarray(said - problem.y)
    if problem.data.task == BINARY:
        return np.asarray(np.where(problem.y > 0.5, said, 1.0 - said))
    return np.asarray(said[..., np.arange(len(problem.y)), problem.y.astype(int)])


def _grid(problem: losses.DataProblem, wrong: Array) -> Array:
    if not by_error(problem):
        return np.linspace(SURE, 1.0 - SURE, FINE)
    edge = 1.15 * float(np.abs(wrong[0]).max())
    return np.linspace(-edge, edge, FINE)
