"""View planes: the plane of parameter space in which a problem is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import losses
from losses.core.messages import format_number, message
from losses.optimizer.catalogue import LINE_SEARCH

from ..common.cache import cached
from .build import problem_for
from .learning_rate import cautious_rate
from .price import reference_steps


@dataclass(frozen=True, eq=False)
class ViewPlane:
    """The plane in which a problem is drawn.

    ``start`` is the default start of runs in coordinates ``(2,)`` of the plane. ``note`` describes the slice;
    it is empty if the problem has two parameters and the plane shows them all.
    """

    plane: losses.Plane
    start: tuple[float, ...]
    note: str = ""


@cached(8_000_000)
def view_plane(problem: losses.Problem, plane: str, tilt: int, axis1: int, axis2: int) -> ViewPlane:
    """Return the plane of both parameters if there are two, else a slice.

    ``plane`` is the kind of slice, a key of ``PLANES``. ``tilt`` is the random seed of a random slice;
    ``axis1`` and ``axis2`` are the positions, counted from 1, of the parameters that a slice along two
    parameters varies.
    """
    if problem.dim == 2:
        return ViewPlane(problem.plane, tuple(problem.start))
    return PLANES[plane](problem, tilt, (axis1 - 1, axis2 - 1))


def view_plane_for(values: Mapping[str, Any]) -> ViewPlane:
    """Return the plane of a state with the values of its settings."""
    return view_plane(problem_for(values), *(values[key] for key in PLANE_KEYS))


@cached(8_000_000)
def reference_run(problem: losses.Problem) -> losses.Descent:
    """Return a line search from the problem's start, which never increases the loss, to place slices by."""
    return losses.descend(
        problem, LINE_SEARCH, rate=10 * cautious_rate(problem), steps=reference_steps(problem)
    )


def _path_plane(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> ViewPlane:
    path_plane = losses.path_plane(reference_run(problem), from_start=True)
    explained = format_number(100 * path_plane.explained)
    note = message("this slice shows {share} % of the path from the usual start", share=explained)
    return ViewPlane(path_plane.plane, (0.0, 0.0), note)


def _random_plane(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> ViewPlane:
    plane = losses.random_plane(problem, reference_run(problem).theta[-1], seed=tilt)
    return ViewPlane(plane, (-0.7, 0.7), message("a random slice through the end of a descent"))


def _parameter_plane(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> ViewPlane:
    assert isinstance(problem, losses.DataProblem)  # test functions have two parameters
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
"""Functions for each kind of slice: from a problem, a seed and two axes counted from 0 to its view plane."""
PLANE_KEYS: Final = ("plane", "tilt", "axis1", "axis2")
"""Keys of links that determine the view plane, in the order of the arguments of ``view_plane``."""
PLANE_NAMES: Final = {
    "path": message("the plane of the path"),
    "random": message("random directions"),
    "parameters": message("two parameters"),
}
