"""Alternative texts: each figure described in sentences with its numbers."""

import math
from typing import Any, NamedTuple

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import (
    Message,
    format_number,
    joined,
    lowercased,
    message,
    plural,
    with_subscripts,
    without_rounding_errors,
)
from losses.descent.arrival import readable_best, readable_losses, readable_points

from ..common import ids
from ..experiment.experiment import Experiment
from ..experiment.prepared import PreparedProblem
from ..figures.views.data_card_views import data_view_for
from ..figures.views.detail_card_views import DETAIL_VIEWS

MAX_NAMED_PARAMETERS = 6
"""The position of a minimum is given for at most this many parameters."""
CIRCULAR_RATIO = 1.05
"""Below this ratio of the axes, level lines are called circles."""


class FixedAltText(NamedTuple):
    """The parts of the alternative texts that do not depend on a run."""

    surface: str
    data: str


def fixed_alt_text(experiment: Experiment) -> FixedAltText:
    """Describe the surface without the trajectory, and the data."""
    state, prepared = experiment.state, experiment.prepared
    start_loss = float(prepared.problem.value(state.start_parameters))
    return FixedAltText(
        describe_surface(prepared, experiment.certificate, start_loss, state.outcome_hidden),
        describe_examples(prepared.problem, awaiting_answer=state.awaiting_answer),
    )


def alt_texts(experiment: Experiment, fixed: FixedAltText | None = None) -> dict[str, str]:
    """Return the alternative text of each figure by the figure's id; ``fixed`` is computed if not given.

    In the fog and before a lesson's answer the texts say nothing of the minimum or of later steps.
    """
    prepared, outcome_hidden = experiment.prepared, experiment.state.outcome_hidden
    surface, data = fixed or fixed_alt_text(experiment)
    texts: dict[str, str] = {
        ids.LANDSCAPE: joined(
            " ", (surface, describe_trajectory(experiment.run, experiment.certificate, outcome_hidden))
        ),
        ids.MAP: describe_map(prepared, experiment.run, outcome_hidden),
        ids.DATA: data,
        ids.DETAIL: describe_detail(experiment, outcome_hidden),
    }
    if experiment.comparison:
        prepared, run = experiment.comparison.prepared, experiment.comparison.run
        certificate = experiment.visible_certificate(prepared)
        surface = describe_surface(prepared, certificate, float(run.loss[0]), outcome_hidden)
        texts |= {
            ids.LANDSCAPE_2: joined(" ", (surface, describe_trajectory(run, certificate, outcome_hidden))),
            ids.MAP_2: describe_map(prepared, run, outcome_hidden),
        }
    return texts


def describe_surface(
    prepared: PreparedProblem, certificate: losses.Certificate, start_loss: float, outcome_hidden: bool
) -> str:
    """Describe a loss surface: its axes, its minimum and the shape of its level lines."""
    plane, problem = prepared.surface.plane, prepared.problem
    u, v = plane.labels
    parts: list[str] = [
        _surface_title(problem),
        plural(
            "A slice through {n} parameter, {u} and {v}.",
            "A slice through {n} parameters, {u} and {v}.",
            n=problem.dim,
            u=u,
            v=v,
        )
        if plane.is_slice
        else message("Over {u} and {v}.", u=u, v=v),
    ]
    if not outcome_hidden:
        parts += [
            describe_minimum(problem, certificate, start_loss),
            "" if plane.is_slice else describe_level_lines(certificate),
        ]
    return joined(" ", filter(None, parts))


def _surface_title(problem: losses.Problem) -> str:
    if isinstance(problem, losses.DataProblem):
        return message("Loss surface of {loss}.", loss=problem.loss.name)
    return message("Surface of {function}.", function=getattr(problem, "name", ""))


def describe_minimum(problem: losses.Problem, certificate: losses.Certificate, start_loss: float) -> str:
    """Return whether there is a minimum, its loss and, of few parameters, its position.

    ``start_loss`` is the loss at the start of the run, beside which a rounding error is seen.
    """
    if certificate.exists is losses.NO:
        return message("It has no minimum: the loss can always fall further.")
    if certificate.exists is losses.YES and certificate.optimum is None:
        return message("It has a minimum; where is not known.")
    best = readable_best(problem, start_loss, certificate)
    if certificate.optimum is None or best is None:
        return message("Where it is lowest is not known.")
    # One of several minima of different losses may be the only lowest one.
    is_only = certificate.unique is losses.YES and problem.convex
    lowest = format_number(best)
    if problem.dim > MAX_NAMED_PARAMETERS:
        if is_only:
            return message("One minimum, {loss}.", loss=lowest)
        return message("The lowest minimum found, {loss}.", loss=lowest)
    place = _place(problem, certificate.optimum)
    if is_only:
        return message("One minimum, {loss}, at {place}.", loss=lowest, place=place)
    return message("The lowest minimum found, {loss}, at {place}.", loss=lowest, place=place)


def _place(problem: losses.Problem, point: Array) -> str:
    """Return the coordinates of a point with their names."""
    coordinates = zip(problem.parameters, readable_points(problem, point).tolist(), strict=True)
    return joined(
        ", ", (joined(" ", (with_subscripts(name), format_number(value))) for name, value in coordinates)
    )


def describe_map(prepared: PreparedProblem, run: losses.Descent, outcome_hidden: bool) -> str:
    """Describe the map: where the trajectory starts and, unless the outcome is hidden, ends."""
    plane = prepared.surface.plane
    # Semicolons, because some languages have decimal commas.
    start, end = (
        joined("", ("(", joined("; ", map(format_number, point)), ")"))
        for point in without_rounding_errors(plane.coordinates(run.theta[[0, -1]]), plane.width)
    )
    u, v = plane.labels
    view = message("The same from above, in level lines.")
    if outcome_hidden or len(run.theta) == 1:
        trajectory = message("The path begins at {start}, in {u} and {v}.", start=start, u=u, v=v)
    else:
        trajectory = message(
            "The path leads from {start} to {end}, in {u} and {v}.", start=start, end=end, u=u, v=v
        )
    return joined(" ", (view, trajectory))


def describe_level_lines(certificate: losses.Certificate) -> str:
    """Return how much longer than wide the level lines are at the minimum, ``""`` if that is not known.

    Near the minimum they are ellipses, and the ratio of the axes is √κ for the condition number κ.
    """
    if certificate.condition is None or not math.isfinite(certificate.condition):
        return ""
    ratio = math.sqrt(certificate.condition)
    if ratio < CIRCULAR_RATIO:
        return message("Near it the level lines are circles.")
    return message(
        "Near it the level lines are {times} times longer than wide, as κ is {condition}.",
        times=format_number(ratio),
        condition=format_number(certificate.condition),
    )


def describe_trajectory(run: losses.Descent, certificate: losses.Certificate, outcome_hidden: bool) -> str:
    """Return the loss at the start and, unless the outcome is hidden, at the end of a run."""
    loss = readable_losses(run.problem, run.loss, certificate)
    first, last_step = format_number(loss[0]), len(loss) - 1
    if outcome_hidden or not last_step:
        return message("The path starts at a loss of {first}.", first=first)
    return plural(
        "The path starts at a loss of {first} and after {n} step is at {end}.",
        "The path starts at a loss of {first} and after {n} steps is at {end}.",
        first=first,
        n=last_step,
        end=format_number(loss[-1]),
    )


def describe_examples(problem: Any, *, awaiting_answer: bool = False) -> str:
    """Describe the data card: the number of examples, the ranges of inputs and targets.

    Of a test function, return its formula and, unless a lesson awaits its answer, what it is known for.
    """
    if not isinstance(problem, losses.DataProblem):
        return joined(" ", (f"{problem.formula}.", "" if awaiting_answer else getattr(problem, "when", "")))
    data = problem.data
    values = {"seen": _inputs_text(data), "reach": _target_range_text(data)}
    if data_view_for(problem).shows_model:
        return plural(
            "{n} example with the model of this step: {seen}; {reach}.",
            "{n} examples with the model of this step: {seen}; {reach}.",
            n=len(data.y),
            **values,
        )
    return plural("{n} example: {seen}; {reach}.", "{n} examples: {seen}; {reach}.", n=len(data.y), **values)


def _inputs_text(data: losses.Dataset) -> str:
    """Return what the inputs are: images, one or two inputs with their ranges, or how many there are."""
    if data.image:
        height, width = data.image
        return plural("images of {down} × {n} point", "images of {down} × {n} points", n=width, down=height)
    if data.inputs.shape[1] > 2:
        return plural("{n} input", "{n} inputs", n=data.inputs.shape[1])
    ranges = [_range_text(name, column) for name, column in zip(data.input_names, data.inputs.T, strict=True)]
    return ranges[0] if len(ranges) == 1 else message("{this} and {that}", this=ranges[0], that=ranges[1])


def _range_text(name: str, values: Array) -> Message:
    return message(
        "{name} from {low} to {high}",
        name=name,
        low=format_number(values.min()),
        high=format_number(values.max()),
    )


def _target_range_text(data: losses.Dataset) -> str:
    """Return the range of the targets, or how many examples each class has."""
    if not data.classes:
        return _range_text(data.target_name, data.y)
    counts = np.bincount(data.y.astype(int), minlength=len(data.classes)).tolist()
    return joined(
        ", ",
        (
            plural("{n} is {name}", "{n} are {name}", n=n, name=name)
            for n, name in zip(counts, data.classes, strict=True)
        ),
    )


def describe_detail(experiment: Experiment, outcome_hidden: bool) -> str:
    """Describe the detail card: the name and hint of its view and, if it shows the loss, how that ran."""
    view, run = DETAIL_VIEWS[experiment.state.active_detail], experiment.run
    title = joined(": ", (view.name, lowercased(view.hint)))
    last_step = len(run.theta) - 1
    if not view.shows_loss_by_step or outcome_hidden or not last_step:
        return title
    loss = readable_losses(run.problem, run.loss, experiment.certificate)
    lowest_step = int(np.nanargmin(loss)) if np.isfinite(loss).any() else 0
    summary = plural(
        "From {first} to {end} in {n} step, lowest {lowest} at step {k}.",
        "From {first} to {end} in {n} steps, lowest {lowest} at step {k}.",
        first=format_number(loss[0]),
        end=format_number(loss[-1]),
        n=last_step,
        lowest=format_number(loss[lowest_step]),
        k=lowest_step,
    )
    return joined(" ", (title, summary))
