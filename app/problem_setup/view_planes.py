"""View planes: the plane of parameter space in which a problem is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import losses
from losses.core.messages import num, say
from losses.optimizer.catalogue import LINE_SEARCH

from ..common.cache import kept
from .learning_rate import usual_rate


@dataclass(frozen=True, eq=False)
class Window:
    """The plane in which a problem is looked at, the usual start on it, and what it is a slice of."""

    plane: losses.Plane
    start: tuple[float, ...]
    note: str = ""


@kept(8_000_000)
def window(problem: losses.Problem, plane: str, tilt: int, axis1: int, axis2: int) -> Window:
    """The whole space of two parameters; of more, a slice of the kind asked for."""
    if problem.dim == 2:
        return Window(problem.plane, tuple(problem.start))
    return PLANES[plane](problem, tilt, (axis1 - 1, axis2 - 1))


@kept(8_000_000)
def _usual_run(problem: losses.Problem) -> losses.Descent:
    """A descent from the usual start that cannot overshoot."""
    return losses.descend(problem, LINE_SEARCH, rate=10 * usual_rate(problem), steps=60)


def _path(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> Window:
    found = losses.path_plane(_usual_run(problem), from_start=True)
    note = say("a slice that holds {share} % of a descent", share=num(100 * found.explained))
    return Window(found.plane, (0.0, 0.0), note)


def _random(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> Window:
    plane = losses.random_plane(problem, _usual_run(problem).theta[-1], seed=tilt)
    return Window(plane, (-0.7, 0.7), say("a random slice through the end of a descent"))


def _parameters(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> Window:
    assert isinstance(problem, losses.DataProblem)  # only these have more than two parameters
    plane = losses.parameter_plane(problem, axes)
    u, v = plane.coordinates(problem.start)
    return Window(plane, (float(u), float(v)), say("a slice: all other parameters stay where they start"))


PLANES: Final[Mapping[str, Callable[[losses.Problem, int, tuple[int, int]], Window]]] = {
    "path": _path,
    "random": _random,
    "parameters": _parameters,
}


SLICE: Final = ("plane", "tilt", "axis1", "axis2")
"""The keys that say which."""


PLANE_NAMES: Final = {
    "path": say("the plane of the path"),
    "random": say("random directions"),
    "parameters": say("two parameters"),
}
