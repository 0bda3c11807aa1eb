"""The numbers of any page that a lesson can name: of its run, its optimum and what is beside it."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import losses
from losses.certificate.certificate import SCOPE_BOUND, SCOPE_EXACT, SCOPE_LOCAL
from losses.core.arrays import Array
from losses.core.messages import format_number, format_number_down, message
from losses.descent import convergence

from .context import LessonContext

MAX_NAMED_PARAMETERS: Final = 12
"""Of a model with more parameters none has a name in texts."""
INFINITY: Final = "∞"
Value = float | str | None
"""A number, a text in its place, or None if it is not known."""


def value_text(value: Value) -> str:
    """Return a number as texts show it."""
    if value is None:
        return message("unknown")
    return value if isinstance(value, str) else format_number(value)


@dataclass(frozen=True)
class PageNumber:
    """A number by the name that stands in braces."""

    name: str
    meaning: str
    value: Callable[[LessonContext], Value]


def arrival(run: losses.Descent) -> Value:
    """Return the steps until a run has arrived; if it has not, that it takes more than it has.

    Of one that flies apart, or that has no minimum to arrive at, they are infinitely many.
    """
    if run.settled_at is not None:
        return float(run.settled_at)
    if run.outcome.name in (convergence.DIVERGED, convergence.NO_MINIMUM):
        return INFINITY
    return message("more than {n}", n=len(run.loss) - 1)


def stable_rate(certificate: losses.Certificate) -> Value:
    """Return the largest stable rate of gradient descent, or at least how large it is.

    At a start, where there may be no minimum, L tells nothing of it.
    """
    rate = certificate.critical_rate
    if rate is None or certificate.scope not in (SCOPE_EXACT, SCOPE_BOUND, SCOPE_LOCAL):
        return None
    if certificate.scope == SCOPE_BOUND:
        return message("at least {rate}", rate=format_number_down(rate))
    return format_number_down(rate)


def _competitor(context: LessonContext) -> losses.Descent | None:
    return context.competitors[0].run if context.competitors else None


def _competitor_steps(context: LessonContext) -> Value:
    competitor = _competitor(context)
    return arrival(competitor) if competitor else None


def _competitor_rate(context: LessonContext) -> Value:
    competitor = _competitor(context)
    return competitor.rate if competitor else None


def _beside(context: LessonContext) -> losses.Descent | None:
    run: losses.Descent | None = context.comparison.run if context.comparison else None
    return run


def _steps_beside(context: LessonContext) -> Value:
    beside = _beside(context)
    return arrival(beside) if beside else None


def _loss_beside(context: LessonContext) -> Value:
    beside = _beside(context)
    return beside.loss[-1] if beside else None


def _examples(context: LessonContext) -> Value:
    data = getattr(context.prepared.problem, "data", None)  # a test function has none
    return None if data is None else float(len(data.y))


PAGE_NUMBERS: Final = (
    PageNumber("rate", message("the learning rate"), lambda c: c.run.rate),
    PageNumber("last", message("the number of steps of the run"), lambda c: float(len(c.run.loss) - 1)),
    PageNumber("steps", message("the steps until it arrives"), lambda c: arrival(c.run)),
    PageNumber("loss", message("the loss at the end"), lambda c: c.run.loss[-1]),
    PageNumber("start_loss", message("the loss at the start"), lambda c: c.run.loss[0]),
    PageNumber("lowest", message("the lowest known loss"), lambda c: c.prepared.certificate.loss),
    PageNumber(
        "slope",
        message("the slope at the start"),
        lambda c: math.hypot(*c.run.gradient[0]),
    ),
    PageNumber("limit", message("the largest stable rate"), lambda c: stable_rate(c.prepared.certificate)),
    PageNumber("condition", message("the condition number"), lambda c: c.prepared.certificate.condition),
    PageNumber("examples", message("the number of examples"), _examples),
    PageNumber("parameters", message("the number of parameters"), lambda c: float(c.prepared.problem.dim)),
    PageNumber("rival", message("the steps of the first other run"), _competitor_steps),
    PageNumber("rival_rate", message("the rate of the first other run"), _competitor_rate),
    PageNumber("steps_beside", message("the steps of the run beside it"), _steps_beside),
    PageNumber("loss_beside", message("the loss at the end of the run beside it"), _loss_beside),
)
"""The numbers of every page, in the order of the menu; a page without one says that it is unknown."""


@dataclass(frozen=True)
class PagePlace:
    """A place of the run or of the problem: the point ``(d,)``, or None if it is not known."""

    prefix: str
    """What stands before the name of a parameter and before u and v, the coordinates on the map."""
    meaning: str
    """What its parameter is, in the menu."""
    title: str
    """What it is where a lesson asks for a place."""
    point: Callable[[LessonContext], Array | None]
    is_only: Callable[[LessonContext], bool] = lambda _: True
    """Whether no other place is as right an answer; else its coordinates on the map are unknown."""


PAGE_PLACES: Final = (
    PagePlace("", message("{name} at the end"), message("where the run ends"), lambda c: c.run.theta[-1]),
    PagePlace(
        "from_", message("{name} at the start"), message("where the run starts"), lambda c: c.run.theta[0]
    ),
    PagePlace(
        "best_",
        message("{name} of the minimum"),
        message("the minimum"),
        lambda c: c.prepared.certificate.optimum,
        lambda c: c.prepared.certificate.unique is losses.YES,
    ),
    PagePlace(
        "next_",
        message("{name} after the first step"),
        message("where the first step lands"),
        lambda c: c.run.theta[1] if len(c.run.theta) > 1 else None,
    ),
)
"""The places of every page. ``end_u`` and ``end_v`` are the map's coordinates of the first."""


def _minimum_in_data_units(context: LessonContext) -> Array | None:
    problem, optimum = context.prepared.problem, context.prepared.certificate.optimum
    return problem.in_data_units(optimum) if optimum is not None and has_data_units(problem) else None


MINIMUM_IN_DATA_UNITS: Final = PagePlace(
    "data_", message("{name} of the minimum, in the units of the data"), "", _minimum_in_data_units
)
"""The parameters of the same model for data that are not standardized; no place on the map."""


def has_data_units(problem: losses.Problem) -> bool:
    """Whether the parameters of a problem can be told in the units of the data."""
    return isinstance(problem, losses.DataProblem) and problem.model.linear


def map_names(place: PagePlace) -> tuple[str, str]:
    """Return the names of the coordinates of a place on the map."""
    prefix = place.prefix or "end_"
    return f"{prefix}u", f"{prefix}v"


def page_numbers(context: LessonContext) -> Mapping[str, Value]:
    """Return every number of a page by name."""
    numbers: dict[str, Value] = {number.name: _known(number.value(context)) for number in PAGE_NUMBERS}
    problem, plane = context.prepared.problem, context.prepared.surface.plane
    names = named_parameters(problem)
    for place in PAGE_PLACES:
        point = place.point(context)
        is_known = point is not None and place.is_only(context)
        on_map = plane.coordinates(point).tolist() if is_known else [None, None]
        numbers |= _parameter_numbers(place, point, names)
        numbers |= dict(zip(map_names(place), on_map, strict=True))
    return numbers | _parameter_numbers(MINIMUM_IN_DATA_UNITS, MINIMUM_IN_DATA_UNITS.point(context), names)


def _parameter_numbers(place: PagePlace, point: Array | None, names: tuple[str, ...]) -> dict[str, Value]:
    """Return the parameters of a place by name."""
    values: list[Value] = [None] * len(names)
    if point is not None:
        values = [float(value) for value in point[: len(names)]]
    return dict(zip((place.prefix + name for name in names), values, strict=True))


def named_parameters(problem: losses.Problem) -> tuple[str, ...]:
    """Return the parameters that texts can name: those of small models whose names are words."""
    taken = {number.name for number in PAGE_NUMBERS}
    is_small = problem.dim <= MAX_NAMED_PARAMETERS
    names = tuple(problem.parameters) if is_small else ()
    return names if all(name.isidentifier() and name not in taken for name in names) else ()


def offered_numbers(problem: losses.Problem) -> Iterator[tuple[str, str]]:
    """Yield the name and the meaning of each number that the menu of a form offers."""
    for number in PAGE_NUMBERS:
        yield number.name, number.meaning
    places = (*PAGE_PLACES, MINIMUM_IN_DATA_UNITS) if has_data_units(problem) else PAGE_PLACES
    for place in places:
        for name in named_parameters(problem):
            yield place.prefix + name, place.meaning.format(name=name)


def _known(value: Value) -> Value:
    return value if value is None or isinstance(value, str) else float(value)
