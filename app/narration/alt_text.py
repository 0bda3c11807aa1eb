"""Every figure in sentences made from its numbers, for who cannot see it."""

import math
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import Said, listed, num, say, small, subscripted

from ..common import ids
from ..experiment.experiment import Cast
from ..experiment.run import Ground
from ..figures.data_card_views import way
from ..figures.detail_card_views import DETAILS

MOST_NAMED = 6
"""Of more parameters the place of a minimum is not read out."""
ZERO = 1e-9
ROUND = 1.05
"""Level lines that are hardly longer than wide."""


def described(cast: Cast) -> dict[str, str]:
    """What each figure shows, by its id. In the fog and before an answer nothing of what lies ahead."""
    veiled = cast.state.veiled
    said = {
        ids.LANDSCAPE: surface(cast.here, cast.best, cast.run, veiled),
        ids.MAP: from_above(cast.here, cast.run, veiled),
        ids.DATA: examples(cast.here.problem, asking=cast.state.asking),
        ids.DETAIL: detail(cast, veiled),
    }
    if cast.beside:
        here, run = cast.beside.here, cast.beside.run
        said |= {
            ids.LANDSCAPE_2: surface(here, cast.known(here), run, veiled),
            ids.MAP_2: from_above(here, run, veiled),
        }
    return said


def surface(here: Ground, best: losses.Certificate, run: losses.Descent, veiled: bool) -> str:
    """Axes, minimum, shape of the valley and path of a loss surface."""
    plane, problem = here.surface.plane, here.problem
    u, v = plane.labels
    parts: list[str] = [
        _name(problem),
        say("A slice through {n} parameters, {u} and {v}.", n=problem.dim, u=u, v=v)
        if plane.is_slice
        else say("Over {u} and {v}.", u=u, v=v),
    ]
    if not veiled:
        parts += [minimum(problem, best), "" if plane.is_slice else valley(best)]
    parts.append(path(run, veiled))
    return listed(" ", filter(None, parts))


def _name(problem: losses.Problem) -> str:
    if isinstance(problem, losses.DataProblem):
        return say("Loss surface of {loss}.", loss=problem.loss.name)
    return say("Surface of {function}.", function=getattr(problem, "name", ""))


def minimum(problem: losses.Problem, best: losses.Certificate) -> str:
    if best.exists is False:
        return say("It has no minimum: the loss falls for ever.")
    if best.exists and best.optimum is None:
        return say("It has a minimum; where is not known.")
    if best.optimum is None or best.loss is None:
        return say("Where it is lowest is not known.")
    lowest = num(best.loss if abs(best.loss) > ZERO else 0.0)
    if problem.dim > MOST_NAMED:
        return say(
            "One minimum, {loss}." if best.unique else "The lowest minimum found, {loss}.", loss=lowest
        )
    return say(
        "One minimum, {loss}, at {place}."
        if best.unique
        else "The lowest minimum found, {loss}, at {place}.",
        loss=lowest,
        place=place(problem.parameters, best.optimum),
    )


def place(names: tuple[str, ...], at: Array) -> str:
    """Coordinates by name; what is left of a zero by rounding is said as zero."""
    least = ZERO * max(1.0, float(np.abs(at).max()))
    return listed(
        ", ",
        (
            listed(" ", (subscripted(name), num(value if abs(value) > least else 0.0)))
            for name, value in zip(names, at, strict=True)
        ),
    )


def from_above(here: Ground, run: losses.Descent, veiled: bool) -> str:
    """Where on the map the run begins and ends."""
    plane = here.surface.plane
    # decimal commas would be lost among others
    start, end = (
        listed("", ("(", listed("; ", map(num, point)), ")"))
        for point in plane.coordinates(run.theta[[0, -1]])
    )
    u, v = plane.labels
    above = say("The same from above, in level lines.")
    if veiled or len(run.theta) == 1:
        return listed(" ", (above, say("The path begins at {start}, in {u} and {v}.", start=start, u=u, v=v)))
    led = say("The path leads from {start} to {end}, in {u} and {v}.", start=start, end=end, u=u, v=v)
    return listed(" ", (above, led))


def valley(best: losses.Certificate) -> str:
    """How stretched the level lines are at the minimum: the ratio of an ellipse's axes is the root of κ."""
    if best.condition is None or not math.isfinite(best.condition):
        return ""
    longer = math.sqrt(best.condition)
    if longer < ROUND:
        return say("Its level lines are circles.")
    return say(
        "Near it the level lines are {times} times longer than wide, as κ is {condition}.",
        times=num(longer),
        condition=num(best.condition),
    )


def path(run: losses.Descent, veiled: bool) -> str:
    first, last = num(run.loss[0]), len(run.theta) - 1
    if veiled or not last:
        return say("The path starts at a loss of {first}.", first=first)
    return say(
        "The path starts at a loss of {first} and after 1 step is at {end}."
        if last == 1
        else "The path starts at a loss of {first} and after {n} steps is at {end}.",
        first=first,
        n=last,
        end=num(run.loss[-1]),
    )


def examples(problem: Any, *, asking: bool = False) -> str:
    """What the data view shows: how many examples of what, from where to where."""
    if not isinstance(problem, losses.DataProblem):
        return listed(" ", (f"{problem.formula}.", "" if asking else getattr(problem, "when", "")))
    data = problem.data
    inputs = data.inputs
    if data.image:
        down, across = data.image
        seen = say("images of {down} × {across} points", down=down, across=across)
    elif inputs.shape[1] <= 2:
        spans = [_span(name, column) for name, column in zip(data.input_names, inputs.T, strict=True)]
        seen = spans[0] if len(spans) == 1 else say("{this} and {that}", this=spans[0], that=spans[1])
    else:
        seen = say("{n} inputs", n=inputs.shape[1])
    drawn = way(problem).shows_model
    return say(
        "{n} examples with the model of this step: {seen}; {reach}."
        if drawn
        else "{n} examples: {seen}; {reach}.",
        n=len(data.y),
        seen=seen,
        reach=_reach(data),
    )


def _span(name: str, values: Array) -> Said:
    return say("{name} from {low} to {high}", name=name, low=num(values.min()), high=num(values.max()))


def _reach(data: losses.Dataset) -> str:
    """What the targets are."""
    if not data.classes:
        return _span(data.target_name, data.y)
    counts = np.bincount(data.y.astype(int), minlength=len(data.classes)).tolist()
    return listed(
        ", ", (say("{n} are {name}", n=n, name=name) for n, name in zip(counts, data.classes, strict=True))
    )


def detail(cast: Cast, veiled: bool) -> str:
    view, run = DETAILS[cast.state.card], cast.run
    said = listed(": ", (view.name, small(view.hint)))
    last = len(run.theta) - 1
    if not view.shows_loss_by_step or veiled or not last:
        return said
    lowest = int(np.nanargmin(run.loss)) if np.isfinite(run.loss).any() else 0
    come = say(
        "From {first} to {end} in 1 step, lowest {lowest} at step {k}."
        if last == 1
        else "From {first} to {end} in {n} steps, lowest {lowest} at step {k}.",
        first=num(run.loss[0]),
        end=num(run.loss[-1]),
        n=last,
        lowest=num(run.loss[lowest]),
        k=lowest,
    )
    return listed(" ", (said, come))
