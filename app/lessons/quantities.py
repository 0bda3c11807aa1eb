"""The catalogue of the numbers that texts of lessons name.

Each entry computes numbers by the names that the texts put in braces, from what the screen of the lesson
shows: its runs, its certificates and its data. A few need further runs on the same problem.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array

from ..figures import trajectory
from .context import LessonContext
from .page_numbers import Value, arrival, page_numbers, stable_rate

Compute = Callable[[LessonContext], Mapping[str, Value]]

PAGE: Final = "page"
"""The key of the numbers of any page, which a lesson has that names no others."""


@dataclass(frozen=True)
class Quantities:
    """Numbers that belong together, and the function that computes them."""

    key: str
    compute: Compute


def _by_parameter(problem: losses.Problem, theta: Array, prefix: str = "") -> dict[str, float]:
    return {f"{prefix}{name}": value for name, value in zip(problem.parameters, theta, strict=True)}


def _start(context: LessonContext) -> dict[str, float]:
    """Return the start by parameter, ``from_w``, ``from_b``, …, and its loss."""
    start = _by_parameter(context.prepared.problem, context.run.theta[0], "from_")
    return {**start, "start_loss": context.run.loss[0]}


def _run(context: LessonContext) -> dict[str, Value]:
    """Return rate and length of the run, the step of its arrival and its last loss."""
    run = context.run
    return {
        "rate": run.rate,
        "last": len(run.loss) - 1,
        "steps": arrival(run),
        "end_loss": run.loss[-1],
    }


def _end(context: LessonContext) -> dict[str, float]:
    """Return the parameters at the end of the run by their names."""
    return _by_parameter(context.prepared.problem, context.run.theta[-1])


def _lowest(context: LessonContext) -> dict[str, float]:
    """Return the certified optimum by parameter, and its loss."""
    certificate = context.prepared.certificate
    return {**_by_parameter(context.prepared.problem, certificate.optimum), "lowest": certificate.loss}


def _first_step(context: LessonContext) -> dict[str, float]:
    """Return where the first step lands, its length and that of the tenth, and the arrow at the start."""
    run, prepared = context.run, context.prepared
    step_lengths = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    drawn = trajectory.arrays(run, prepared.surface.plane, prepared.z_scale, descent_arrow=True)
    return {
        **_by_parameter(prepared.problem, run.theta[1]),
        "slope": np.linalg.norm(run.gradient[0]),
        "first": step_lengths[0],
        "tenth": step_lengths[9],
        "arrow": np.hypot(*(np.diff(drawn[name][0])[0] for name in ("arrow_u", "arrow_v"))),
    }


def _around_the_limit(context: LessonContext) -> dict[str, Value]:
    """Return the largest stable rate, and the arrival of the earlier run and of a slow and a fast one."""
    problem, run = context.prepared.problem, context.run
    earlier = context.competitors[0].run
    slow_rate, fast_rate = 0.03, 0.66
    slow, fast = (
        losses.descend(problem, run.optimizer, start=run.theta[0], rate=rate, steps=len(run.loss) - 1)
        for rate in (slow_rate, fast_rate)
    )
    return {
        "limit": stable_rate(context.prepared.certificate),
        "earlier_rate": earlier.rate,
        "earlier": arrival(earlier),
        "slow_rate": slow_rate,
        "slow": arrival(slow),
        "fast_rate": fast_rate,
        "fast": arrival(fast),
    }


def _outlier(context: LessonContext) -> dict[str, float]:
    """Return the best slopes of both losses with and without the outlier, and what the outlier costs.

    The outlier is the example of the warmest day. ``share`` is its percentage of the squared error of the
    line fitted without it.
    """
    data = context.prepared.problem.data
    optima = {
        f"{name}_{loss}": losses.certify(losses.problem(dataset, "line", loss)).optimum
        for name, dataset in (("clean", losses.DATASETS["icecream"]), ("bad", data))
        for loss in ("mse", "mae")
    }
    clean_line = optima["clean_mse"]
    assert clean_line is not None  # the shipped data have a best line
    squared_errors = losses.problem(data, "line", "mse").example_losses(clean_line)
    warmest = np.argmax(data.x)
    slopes = {name: theta[0] for name, theta in optima.items() if theta is not None}
    share = 100 * squared_errors[warmest] / squared_errors.sum()
    return {**slopes, "share": share, "typed": data.y[warmest]}


def _costs_of_a_probability(context: LessonContext) -> dict[str, float]:
    """Return cross-entropy at 0.99 and 0.01 for the true class, and the squared error at 0.01."""
    return {"sure": -np.log(0.99), "wrong": -np.log(0.01), "square": 0.99**2}


def _compared_slope(context: LessonContext) -> dict[str, float]:
    """Return by how much the slope of the second problem is weaker at the start, and its mistakes.

    ``mistakes`` and ``first_mistakes`` are the numbers of examples of two classes on the wrong side, at the
    end and at the start of the second run; ``examples`` is the number of all.
    """
    run, second = context.run, context.comparison.run
    slope, second_slope = (np.linalg.norm(each.gradient[0]) for each in (run, second))
    problem = context.comparison.prepared.problem
    is_wrong = (problem.score(second.theta[[0, -1]]) > 0.0) != (problem.y > 0.5)
    return {
        "times": slope / second_slope,
        "first_mistakes": is_wrong[0].sum(),
        "mistakes": is_wrong[1].sum(),
        "examples": len(problem.y),
    }


def _guessing(context: LessonContext) -> dict[str, float]:
    """Return the number of parameters, and the loss of guessing among ten times as many classes."""
    problem = context.prepared.problem
    return {"parameters": problem.dim, "hundred": np.log(10 * len(problem.data.classes))}


def _saddle_escape(context: LessonContext) -> dict[str, Value]:
    """Return how fast the distance from the ridge of x² − y² grows, and when it exceeds 1.

    A step of gradient descent multiplies y by 1 + 2 · rate. ``closer`` is for a start 0.000001 beside the
    ridge, and ``enough`` a round number of steps that shows it. What takes longer than its run is unknown.
    """
    run = context.run
    closer = losses.descend(run.problem, run.optimizer, start=(1.0, 1e-6), rate=run.rate, steps=200)

    def steps_to_escape(theta: Array) -> float | None:
        is_away = np.abs(theta[:, 1]) >= 1.0
        return float(np.argmax(is_away)) if is_away.any() else None

    closer_steps = steps_to_escape(closer.theta)
    return {
        "offset": abs(run.theta[0, 1]),
        "growth": 1.0 + 2.0 * run.rate,
        "escape": steps_to_escape(run.theta),
        "closer": closer_steps,
        "enough": None if closer_steps is None else 10.0 * np.ceil(closer_steps / 10.0),
    }


def _race(context: LessonContext) -> dict[str, Value]:
    """Return arrival, rate and momentum of the first competitor, and the condition number."""
    competitor, certificate = context.competitors[0], context.prepared.certificate
    settings = dict(competitor.state.settings)
    return {
        "rival": arrival(competitor.run),
        "rival_rate": competitor.run.rate,
        "condition": certificate.condition,
        **({"beta": settings["momentum"]} if "momentum" in settings else {}),
    }


def _units(context: LessonContext) -> dict[str, Value]:
    """Return condition number and critical rate of both problems, and the range of the input in tens."""
    raw, standardized = context.prepared.certificate, context.comparison.prepared.certificate
    inputs = context.prepared.problem.data.x
    return {
        "low": np.round(inputs.min(), -1),
        "high": np.round(inputs.max(), -1),
        "raw": raw.condition,
        "round": standardized.condition,
        "raw_rate": stable_rate(raw),
        "round_rate": stable_rate(standardized),
    }


QUANTITIES: Final = losses.Registry(
    "quantities",
    (
        Quantities("start", _start),
        Quantities("run", _run),
        Quantities("end", _end),
        Quantities("lowest", _lowest),
        Quantities("first_step", _first_step),
        Quantities("around_the_limit", _around_the_limit),
        Quantities("outlier", _outlier),
        Quantities("costs_of_a_probability", _costs_of_a_probability),
        Quantities("compared_slope", _compared_slope),
        Quantities("guessing", _guessing),
        Quantities("saddle_escape", _saddle_escape),
        Quantities("race", _race),
        Quantities("units", _units),
        Quantities(PAGE, page_numbers),
    ),
)
"""The numbers that a lesson may name, by the keys that its record lists."""
