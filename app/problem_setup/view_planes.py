"""View planes: the plane of parameter space in which a problem is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import losses
from losses.core.messages import format_number, message
from losses.optimizer.catalogue import LINE_SEARCH

from ..common.cache import cached
from .learning_rate import cautious_rate


@dataclass(frozen=True, eq=False)
class ViewPlane:
    """The plane in which a problem is looked at, the usual start on it, and what it is a slice of."""

    plane: losses.Plane
    start: tuple[float, ...]
    note: str = ""


@cached(8_000_000)
def view_plane(problem: losses.Problem, plane: str, tilt: int, axis1: int, axis2: int) -> ViewPlane:
    """The whole space of two parameters; of more, a slice of the kind asked for."""
    if problem.dim == 2:
        return ViewPlane(problem.plane, tuple(problem.start))
    return PLANES[plane](problem, tilt, (axis1 - 1, axis2 - 1))


@cached(8_000_000)
def _reference_run(problem: losses.Problem) -> losses.Descent:
    """A descent from the usual start that cannot overshoot."""
    return losses.descend(problem, LINE_SEARCH, rate=10 * cautious_rate(problem), steps=60)


def _path_plane(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> ViewPlane:
    found = losses.path_plane(_reference_run(problem), from_start=True)
    note = message("a slice that holds {share} % of a descent", share=format_number(100 * found.explained))
    return ViewPlane(found.plane, (0.0, 0.0), note)


def _random_plane(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> ViewPlane:
    plane = losses.random_plane(problem, _reference_run(problem).theta[-1], seed=tilt)
    return ViewPlane(plane, (-0.7, 0.7), message("a random slice through the end of a descent"))


def _parameter_plane(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> ViewPlane:
    assert isinstance(problem, losses.DataProblem)  # only these have more than two parameters
    plane = losses.parameter_plane(problem, axes)
    u, v = plane.coordinates(problem.start)
    return ViewPlane(
        plane, (float(u), float(v)), message("a slice: all other parameters stay where they start")
    )


PLANES: Final[Mapping[str, Callable[[losses.Problem, int, tuple[int, int]], ViewPlane]]] = {
    "path": _path_plane,
    "random": _random_plane,
    "parameters": _parameter_plane,
}


PLANE_KEYS: Final = ("plane", "tilt", "axis1", "axis2")
"""The keys that say which."""


PLANE_NAMES: Final = {
    "path": message("the plane of the path"),
    "random": message("random directions"),
    "parameters": message("two parameters"),
}
