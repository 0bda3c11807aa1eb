"""The views of the detail card, in the order of its menu; each is offered for problems it applies to."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

import losses
from losses.core.messages import message
from losses.optimizer.catalogue import HEAVY_BALL

from ...protocol.narration import Table
from ..plot_base import View
from . import class_probabilities, example_contributions, per_example_loss, rate_sweep
from .loss_curve import loss_curve, loss_curve_ranges
from .step_tables import certificate_tables, step_table


def _has_data(problem: Any) -> bool:
    return isinstance(problem, losses.DataProblem)


def _has_few_parameters(problem: Any) -> bool:
    """Whether runs are small enough to sweep the rate."""
    return int(problem.dim) <= 20


def _always(problem: Any) -> bool:
    return True


def _step_tables(experiment: Any, steps: Sequence[int]) -> list[Table]:
    replay = losses.replay(experiment.run)
    with np.errstate(over="ignore"):
        return [step_table(experiment.run, replay, k) for k in steps]


def _certificate_tables(experiment: Any, steps: Sequence[int]) -> list[Table]:
    prepared = experiment.prepared
    convexity = None if experiment.state.in_fog else prepared.convexity
    with np.errstate(over="ignore"):
        return [
            *certificate_tables(prepared.problem, experiment.run, experiment.certificate, convexity, steps)
        ]


DEFAULT_VIEW: Final = "curve"
"""The view of a link that names none, and of a state that may not show its own."""

DETAIL_VIEWS: Final = losses.Registry(
    "view",
    (
        View(
            DEFAULT_VIEW,
            message("Loss by step"),
            message("How far down it has come."),
            _always,
            loss_curve,
            layout=loss_curve_ranges,
            shows_loss_by_step=True,
            points="steps",
        ),
        View(
            "shares",
            message("Who is pulling"),
            message("Each example's share of the loss, most costly first."),
            _has_data,
            example_contributions.loss_shares_figure,
            example_contributions.loss_shares_arrays,
        ),
        View(
            "pulls",
            message("Every example pulls"),
            message("Each arrow is one example's wish. Placed end to end, they give the steepest way down."),
            lambda p: _has_data(p) and p.dim == 2 and len(p.y) <= example_contributions.MAX_ARROWS,
            example_contributions.gradient_sum_figure,
            example_contributions.gradient_sum_arrays,
        ),
        View(
            "lens",
            message("Loss lens"),
            message("What one example costs, by how wrong the model is about it."),
            _has_data,
            per_example_loss.figure,
            per_example_loss.arrays,
            per_example_loss.layout,
            compares_losses=True,
        ),
        View(
            "bars",
            message("A bar for each class"),
            message("The probabilities of the most costly example, its true class marked."),
            lambda p: _has_data(p) and p.data.task == "multiclass",
            class_probabilities.figure,
            class_probabilities.arrays,
        ),
        View(
            "rates",
            message("Every rate"),
            message("How many steps each learning rate needs. Click to use one."),
            lambda p: _has_few_parameters(p) and rate_sweep.is_affordable(p),
            rate_sweep.figure,
            rate_sweep.arrays,
            price=rate_sweep.price,
            reveals_outcome=True,
            points="runs",
            click_sets=(("rate", "x"),),
        ),
        View(
            "betas",
            message("Every rate and β"),
            message("The same for momentum, by rate and β."),
            lambda p: p.dim == 2 and rate_sweep.has_affordable_betas(p),
            rate_sweep.betas_figure,
            rate_sweep.betas_arrays,
            price=rate_sweep.betas_price,
            reveals_outcome=True,
            points="settings",
            click_sets=(("rate", "x"), (HEAVY_BALL.momentum_setting, "y")),
            click_sets_fixed=(("opt", HEAVY_BALL.key),),
        ),
        View(
            "race",
            message("The race"),
            message("Steps, loss and outcome of every optimizer that runs."),
            _always,
            reveals_outcome=True,
            tables=lambda experiment, steps: [experiment.race_table],
        ),
        View(
            "step",
            message("The step in numbers"),
            message("The update rule, filled in."),
            _always,
            shows_rule=True,
            tables=_step_tables,
        ),
        View(
            "known",
            message("What is known"),
            message("The optimum, the curvature and the largest stable rate."),
            _always,
            tables=_certificate_tables,
        ),
    ),
)
