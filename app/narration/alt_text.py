"""Every figure in sentences made from its numbers, for who cannot see it."""

import math
from typing import Any, NamedTuple

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import Message, format_number, joined, lowercased, message, with_subscripts

from ..common import ids
from ..experiment.experiment import Experiment
from ..experiment.run import PreparedProblem
from ..figures.data_card_views import data_view_for
from ..figures.detail_card_views import DETAIL_VIEWS

MAX_NAMED_PARAMETERS = 6
"""Of more parameters the place of a minimum is not read out."""
ZERO_TOLERANCE = 1e-9
CIRCULAR_RATIO = 1.05
"""Level lines that are hardly longer than wide."""


class FixedAltText(NamedTuple):
    """The parts of the descriptions that do not depend on a run."""

    surface: str
    data: str


def fixed_alt_text(experiment: Experiment) -> FixedAltText:
    """The description of the surface without the path, and of the data."""
    state, problem = experiment.state, experiment.prepared.problem
    return FixedAltText(
        describe_surface(experiment.prepared, experiment.certificate, state.outcome_hidden),
        describe_examples(problem, awaiting_answer=state.awaiting_answer),
    )


def alt_texts(experiment: Experiment, fixed: FixedAltText | None = None) -> dict[str, str]:
    """What each figure shows, by its id. In the fog and before an answer nothing of what lies ahead."""
    veiled = experiment.state.outcome_hidden
    surface, data = fixed or fixed_alt_text(experiment)
    said = {
        ids.LANDSCAPE: joined(" ", (surface, describe_trajectory(experiment.run, veiled))),
        ids.MAP: describe_map(experiment.prepared, experiment.run, veiled),
        ids.DATA: data,
        ids.DETAIL: describe_detail(experiment, veiled),
    }
    if experiment.comparison:
        here, run = experiment.comparison.prepared, experiment.comparison.run
        said |= {
            ids.LANDSCAPE_2: joined(
                " ",
                (
                    describe_surface(here, experiment.visible_certificate(here), veiled),
                    describe_trajectory(run, veiled),
                ),
            ),
            ids.MAP_2: describe_map(here, run, veiled),
        }
    return said


def describe_surface(prepared: PreparedProblem, certificate: losses.Certificate, outcome_hidden: bool) -> str:
    """Axes, minimum and shape of the valley of a loss surface."""
    plane, problem = prepared.surface.plane, prepared.problem
    u, v = plane.labels
    parts: list[str] = [
        _surface_title(problem),
        message("A slice through {n} parameters, {u} and {v}.", n=problem.dim, u=u, v=v)
        if plane.is_slice
        else message("Over {u} and {v}.", u=u, v=v),
    ]
    if not outcome_hidden:
        parts += [
            describe_minimum(problem, certificate),
            "" if plane.is_slice else describe_level_lines(certificate),
        ]
    return joined(" ", filter(None, parts))


def _surface_title(problem: losses.Problem) -> str:
    if isinstance(problem, losses.DataProblem):
        return message("Loss surface of {loss}.", loss=problem.loss.name)
    return message("Surface of {function}.", function=getattr(problem, "name", ""))


def describe_minimum(problem: losses.Problem, certificate: losses.Certificate) -> str:
    if certificate.exists is False:
        return message("It has no minimum: the loss falls for ever.")
    if certificate.exists and certificate.optimum is None:
        return message("It has a minimum; where is not known.")
    if certificate.optimum is None or certificate.loss is None:
        return message("Where it is lowest is not known.")
    lowest = format_number(certificate.loss if abs(certificate.loss) > ZERO_TOLERANCE else 0.0)
    if problem.dim > MAX_NAMED_PARAMETERS:
        return message(
            "One minimum, {loss}." if certificate.unique else "The lowest minimum found, {loss}.", loss=lowest
        )
    return message(
        "One minimum, {loss}, at {place}."
        if certificate.unique
        else "The lowest minimum found, {loss}, at {place}.",
        loss=lowest,
        place=format_point(problem.parameters, certificate.optimum),
    )


def format_point(names: tuple[str, ...], point: Array) -> str:
    """Coordinates by name; what is left of a zero by rounding is said as zero."""
    least = ZERO_TOLERANCE * max(1.0, float(np.abs(point).max()))
    return joined(
        ", ",
        (
            joined(" ", (with_subscripts(name), format_number(value if abs(value) > least else 0.0)))
            for name, value in zip(names, point, strict=True)
        ),
    )


def describe_map(prepared: PreparedProblem, run: losses.Descent, outcome_hidden: bool) -> str:
    """Where on the map the run begins and ends."""
    plane = prepared.surface.plane
    # decimal commas would be lost among others
    start, end = (
        joined("", ("(", joined("; ", map(format_number, point)), ")"))
        for point in plane.coordinates(run.theta[[0, -1]])
    )
    u, v = plane.labels
    above = message("The same from above, in level lines.")
    if outcome_hidden or len(run.theta) == 1:
        return joined(
            " ", (above, message("The path begins at {start}, in {u} and {v}.", start=start, u=u, v=v))
        )
    led = message("The path leads from {start} to {end}, in {u} and {v}.", start=start, end=end, u=u, v=v)
    return joined(" ", (above, led))


def describe_level_lines(certificate: losses.Certificate) -> str:
    """How stretched the level lines are at the minimum: the ratio of an ellipse's axes is the root of κ."""
    if certificate.condition is None or not math.isfinite(certificate.condition):
        return ""
    longer = math.sqrt(certificate.condition)
    if longer < CIRCULAR_RATIO:
        return message("Its level lines are circles.")
    return message(
        "Near it the level lines are {times} times longer than wide, as κ is {condition}.",
        times=format_number(longer),
        condition=format_number(certificate.condition),
    )


def describe_trajectory(run: losses.Descent, outcome_hidden: bool) -> str:
    first, last = format_number(run.loss[0]), len(run.theta) - 1
    if outcome_hidden or not last:
        return message("The path starts at a loss of {first}.", first=first)
    return message(
        "The path starts at a loss of {first} and after 1 step is at {end}."
        if last == 1
        else "The path starts at a loss of {first} and after {n} steps is at {end}.",
        first=first,
        n=last,
        end=format_number(run.loss[-1]),
    )


def describe_examples(problem: Any, *, awaiting_answer: bool = False) -> str:
    """What the data view shows: how many examples of what, from where to where."""
    if not isinstance(problem, losses.DataProblem):
        return joined(" ", (f"{problem.formula}.", "" if awaiting_answer else getattr(problem, "when", "")))
    data = problem.data
    inputs = data.inputs
    if data.image:
        down, across = data.image
        seen = message("images of {down} × {across} points", down=down, across=across)
    elif inputs.shape[1] <= 2:
        spans = [_range_text(name, column) for name, column in zip(data.input_names, inputs.T, strict=True)]
        seen = spans[0] if len(spans) == 1 else message("{this} and {that}", this=spans[0], that=spans[1])
    else:
        seen = message("{n} inputs", n=inputs.shape[1])
    drawn = data_view_for(problem).shows_model
    return message(
        "{n} examples with the model of this step: {seen}; {reach}."
        if drawn
        else "{n} examples: {seen}; {reach}.",
        n=len(data.y),
        seen=seen,
        reach=_target_range_text(data),
    )


def _range_text(name: str, values: Array) -> Message:
    return message(
        "{name} from {low} to {high}",
        name=name,
        low=format_number(values.min()),
        high=format_number(values.max()),
    )


def _target_range_text(data: losses.Dataset) -> str:
    """What the targets are."""
    if not data.classes:
        return _range_text(data.target_name, data.y)
    counts = np.bincount(data.y.astype(int), minlength=len(data.classes)).tolist()
    return joined(
        ", ",
        (message("{n} are {name}", n=n, name=name) for n, name in zip(counts, data.classes, strict=True)),
    )


def describe_detail(experiment: Experiment, outcome_hidden: bool) -> str:
    view, run = DETAIL_VIEWS[experiment.state.active_detail], experiment.run
    said = joined(": ", (view.name, lowercased(view.hint)))
    last = len(run.theta) - 1
    if not view.shows_loss_by_step or outcome_hidden or not last:
        return said
    lowest = int(np.nanargmin(run.loss)) if np.isfinite(run.loss).any() else 0
    come = message(
        "From {first} to {end} in 1 step, lowest {lowest} at step {k}."
        if last == 1
        else "From {first} to {end} in {n} steps, lowest {lowest} at step {k}.",
        first=format_number(run.loss[0]),
        end=format_number(run.loss[-1]),
        n=last,
        lowest=format_number(run.loss[lowest]),
        k=lowest,
    )
    return joined(" ", (said, come))
