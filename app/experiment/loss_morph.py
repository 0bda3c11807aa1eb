"""Bend squared error into absolute error through Huber losses, each frame a true loss.

The Huber loss is ½r² where |r| ≤ δ and δ(|r| − ½δ) beyond (P. J. Huber, Robust estimation of a location
parameter, 1964). Times c = max(2, 1/δ) it is r² where δ is at least the largest residual, and tends to |r|
as δ tends to 0: it is nowhere farther from |r| than ½δ.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array
from losses.loss.regression import ABSOLUTE_ERROR, HUBER, SQUARED_ERROR

from ..common import limits
from ..common.cache import cached
from ..problem_setup.price import surface_price
from ..problem_setup.view_planes import ViewPlane
from ..url_state.state import State

GRID_SIZES: Final = (51, 41, 31, 21, 15, 11)
"""Points along a side of a frame: the first with which all frames are affordable."""
FRAME_COUNT: Final = 15
"""Frames from squared to absolute error, ends included; that of the state's own δ comes on top."""
COARSE_GRID_SIZE: Final = 11
LAST_DELTA: Final = 0.02
"""The last δ above 0, or this share of the largest residual if that is below 1."""
ENDS: Final = frozenset({SQUARED_ERROR.key, ABSOLUTE_ERROR.key})
_ANY_DELTA: Final = replace(
    HUBER, settings=tuple(replace(setting, low=0.0, high=1e300) for setting in HUBER.settings)
)
"""The Huber loss with any δ: residuals in raw units may be beyond the range of its setting."""


@dataclass(frozen=True)
class MorphFrame:
    """A loss between squared and absolute error: ``factor`` times the Huber loss of ``delta``.

    ``delta`` is infinite for squared error and 0 for absolute error. ``heights`` is the loss on a grid of
    the plane, ``(m, m)``, with v along the rows and ``m`` of ``GRID_SIZES``.
    """

    delta: float
    factor: float
    problem: losses.Problem
    heights: Array
    optimum: tuple[float, float, float] | None
    """The certified minimum on the plane, perhaps not the lowest one, and its loss; None if not known."""


@dataclass(frozen=True)
class Morph:
    """The frames of a morph and the grid of all of them."""

    u: Array
    v: Array
    plane: losses.Plane
    frames: tuple[MorphFrame, ...]


def can_morph(state: State) -> bool:
    """Whether a comparison is one of squared or absolute error with each other or with a Huber loss."""
    pair = {state.loss, state.compare_with}
    return (
        len(pair) == 2
        and pair <= {*ENDS, HUBER.key}
        and isinstance(state.problem, losses.DataProblem)
        and state.dataset is not None
        and HUBER.key in losses.allowed_losses(state.dataset, state.model)
        and not state.awaiting_answer
        and not state.in_fog
    )


def factor_for(delta: float) -> float:
    """Return c of the frame with this δ: from 2, for squared error, to 1/δ."""
    return max(2.0, 1.0 / delta)


def morph(state: State, box: losses.Box) -> Morph:
    """Return the frames of a state for which ``can_morph``, in a window of its plane."""
    setting = HUBER.settings[0]
    own = dict(state.settings).get(setting.name, setting.default)
    assert isinstance(state.problem, losses.DataProblem)
    is_shown = HUBER.key in (state.loss, state.compare_with)
    return _morph(state.problem, state.view_plane, box, own if is_shown else None)


@cached(8_000_000)
def _morph(
    problem: losses.DataProblem, view_plane: ViewPlane, box: losses.Box, own_delta: float | None
) -> Morph:
    plane = replace(view_plane.plane, box=box)
    squared = with_loss(problem, SQUARED_ERROR)
    largest = _largest_residual(squared, plane)
    between = np.geomspace(largest, LAST_DELTA * min(1.0, largest), FRAME_COUNT - 1)[1:]
    own = [own_delta] if own_delta is not None and own_delta < largest else []
    size = _grid_size(with_loss(problem, HUBER), plane)
    frames = [_frame(squared, plane, np.inf, 1.0, size)]
    for delta in sorted([*between.tolist(), *own], reverse=True):
        factor = factor_for(delta)
        frames.append(_frame(scaled_huber(problem, delta, factor), plane, delta, factor, size))
    frames.append(_frame(with_loss(problem, ABSOLUTE_ERROR), plane, 0.0, 1.0, size))
    u, v = (np.linspace(low, high, size) for low, high in box)
    return Morph(u, v, plane, tuple(frames))


def scaled_huber(problem: losses.DataProblem, delta: float, factor: float) -> losses.DataProblem:
    """Return the problem whose loss, times ``factor``, is the frame's: penalties are not to be scaled."""
    return with_loss(problem, _ANY_DELTA.with_settings(delta=delta), factor)


def with_loss(problem: losses.DataProblem, loss: losses.Loss, factor: float = 1.0) -> losses.DataProblem:
    """Return a problem with another loss and its penalties divided by ``factor``."""
    return losses.DataProblem(
        problem.data,
        problem.model,
        loss,
        standardize=problem.scaling is not None,
        l2=problem.l2 / factor,
        l1=problem.l1 / factor,
    )


def _grid_size(problem: losses.Problem, plane: losses.Plane) -> int:
    """Return the points along a side of each frame."""
    most = limits.MAX_FRAMES_OPERATIONS / FRAME_COUNT
    affordable = (size for size in GRID_SIZES if surface_price(problem, size, plane).operations <= most)
    return next(affordable, GRID_SIZES[-1])


def _frame(
    problem: losses.DataProblem, plane: losses.Plane, delta: float, factor: float, size: int
) -> MorphFrame:
    surface = losses.surface(problem, size=size, box=plane.box, plane=plane)
    optimum = None if plane.is_slice else _optimum(problem, plane, factor)
    return MorphFrame(delta, factor, problem, factor * surface.z, optimum)


def _optimum(
    problem: losses.DataProblem, plane: losses.Plane, factor: float
) -> tuple[float, float, float] | None:
    best = losses.certify(problem)
    if best.optimum is None or best.loss is None:
        return None
    u, v = plane.coordinates(best.optimum)
    return float(u), float(v), factor * float(best.loss)


def _largest_residual(problem: losses.DataProblem, plane: losses.Plane) -> float:
    """Return the largest absolute residual in the window: for a linear model exactly, else on a coarse grid.

    A linear model has it in a corner of the window.
    """
    u, v = np.meshgrid(*(np.linspace(low, high, COARSE_GRID_SIZE) for low, high in plane.box))
    predictions = problem.link.value(problem.score(plane.points(u.ravel(), v.ravel())))
    residuals = np.abs(predictions - problem.y)
    return float(residuals[np.isfinite(residuals)].max(initial=1e-3))
