"""What the changing card shows: one entry a view, offered where it fits the problem."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

import losses
from losses.core.messages import say

from . import class_probabilities, example_contributions, per_example_loss, rate_sweep
from .loss_curve import curve, curve_ranges
from .plot_base import View
from .step_tables import known_table, step_table


def _with_data(problem: Any) -> bool:
    return isinstance(problem, losses.DataProblem)


def _judged(problem: Any) -> bool:
    """Whether runs are told to converge, and there are few enough numbers to try every rate."""
    return int(problem.dim) <= 20


def _always(problem: Any) -> bool:
    return True


def _step_tables(experiment: Any, steps: Sequence[int]) -> list[Any]:
    again = losses.replay(experiment.run)
    with np.errstate(over="ignore"):
        return [step_table(experiment.run, again, k) for k in steps]


def _known_tables(experiment: Any, steps: Sequence[int]) -> list[Any]:
    problem = experiment.here.problem
    with np.errstate(over="ignore"):
        return [known_table(problem, experiment.run, experiment.best, k) for k in steps]


DETAILS: Final = losses.Registry(
    "view",
    (
        View(
            "curve",
            say("Loss by step"),
            say("How far down it has come."),
            _always,
            curve,
            layout=curve_ranges,
            shows_loss_by_step=True,
        ),
        View(
            "shares",
            say("Who is pulling"),
            say("The share of each example in the loss, the dearest first."),
            _with_data,
            example_contributions.shares_figure,
            example_contributions.shares_arrays,
        ),
        View(
            "pulls",
            say("Pulls add up"),
            say(
                "What each example asks for, arrow after arrow: the end of the chain is the step's direction."
            ),
            lambda p: _with_data(p) and p.dim == 2 and len(p.y) <= example_contributions.MOST_PULLS,
            example_contributions.pulls_figure,
            example_contributions.pulls_arrays,
        ),
        View(
            "lens",
            say("Loss lens"),
            say("What one example costs, by how wrong the model is about it."),
            _with_data,
            per_example_loss.figure,
            per_example_loss.arrays,
            per_example_loss.layout,
            compares_losses=True,
        ),
        View(
            "bars",
            say("A bar for each class"),
            say("The dearest example: only the bar of the truth counts."),
            lambda p: _with_data(p) and p.data.task == "multiclass",
            class_probabilities.figure,
            class_probabilities.arrays,
        ),
        View(
            "rates",
            say("Every rate"),
            say("Steps to converge over the learning rate; a click takes one."),
            _judged,
            rate_sweep.figure,
            rate_sweep.arrays,
            ahead=True,
        ),
        View(
            "betas",
            say("Every rate and β"),
            say("The same for momentum, over rate and β."),
            lambda p: _judged(p) and p.dim == 2,
            rate_sweep.betas_figure,
            rate_sweep.betas_arrays,
            ahead=True,
        ),
        View(
            "race",
            say("The race"),
            say("Steps, loss and outcome of every optimizer that runs."),
            _always,
            ahead=True,
            table=lambda experiment, steps: experiment.race_table,
            one_table=True,
        ),
        View(
            "step",
            say("The step in numbers"),
            say("The update rule, filled in."),
            _always,
            shows_rule=True,
            table=_step_tables,
        ),
        View(
            "known",
            say("What is known"),
            say("The optimum, the curvature and the largest stable rate."),
            _always,
            table=_known_tables,
        ),
    ),
)
