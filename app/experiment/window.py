"""The window of a landscape: the part of the view plane that is drawn.

It is chosen from where a run starts, where it goes and where the optimum is; neither the learning rate nor
playing changes it.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array, frozen
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER

from ..common.cache import cached
from ..problem_setup.default_steps import default_steps
from ..problem_setup.learning_rate import moderate_rate
from ..problem_setup.price import path_steps
from ..problem_setup.view_planes import ViewPlane, reference_run
from ..url_state.compared_state import comparison_state
from ..url_state.state import State, parse

MARGIN: Final = 0.12
"""Room around what the window must show, as a fraction of its extent."""
MARGIN_OF_QUESTION: Final = 0.35
"""The same where a lesson asks for the minimum in the fog: the middle of the window must not tell it."""
MOST_DISTANCES: Final = 4.0
"""A run that leaves is followed up to this many times the distance of start and optimum."""
LEAST_DISTANCE: Final = 0.25
"""The least that counts as that distance, also where no optimum is known, in half widths of the window."""
FARTHEST: Final = 12.0
"""A run that slows down is followed up to this many half widths of the default window."""
SLOWED: Final = 0.5
"""A run slows down if its last step is below this share of its longest."""
SMALLEST_SHARE: Final = 0.35
"""No side of the window is below this fraction of the side of the default window."""
LEAST_WIDTH: Final = 1e-9
"""The smallest half width of a window as a share of its edges: less is lost in rounding."""
PATH_POINTS: Final = 24
"""Points of a path that the camera must see."""
LEAST_RATIO, MOST_RATIO = 1.0, 1.1
"""Limits of width by height of a window whose axes have one scale, so that it fills a map."""


@dataclass(frozen=True, eq=False)
class Window:
    """A window with what it was chosen from.

    ``path (n, 3)`` has the coordinates u and v and the heights of points of a run: the start, its path and
    the optimum.
    """

    box: losses.Box
    path: Array
    one_scale: bool
    """Whether a unit is as long on one axis of the map as on the other."""


@dataclass(frozen=True)
class _Run:
    """The run from which a window is chosen."""

    start: tuple[float, float]
    rate: float
    optimizer: str
    steps: int
    in_fog: bool


def find_window(state: State, beside: State | None = None) -> Window:
    """Return the window of a state; a start outside of what it would be widens it.

    Two losses of one problem that are compared have one window. ``beside`` is the state with which this one
    is compared, by default the one that it names.
    """
    other = beside or comparison_state(state)
    has_common = other is not None and _differ_by_loss_only(state, other)
    run = _reference(beside if beside and has_common else state)
    chosen = _window(state.problem, state.view_plane, run, _has_one_scale(state))
    if other and has_common:
        beside_it = _window(other.problem, other.view_plane, run, _has_one_scale(other))
        chosen = _common(chosen, beside_it)
    return _widened(chosen, state.start)


def _has_one_scale(state: State) -> bool:
    return state.same_scale or shares_scale(state)


def _differ_by_loss_only(state: State, other: State) -> bool:
    same = ("data", "model", "standardize", "points", "edit", "seed", "plane")
    return all(getattr(state, name) == getattr(other, name) for name in same)


@cached(4_000_000)
def _common(window: Window, other: Window) -> Window:
    """Return a window with the path of the first that shows both."""
    box = _union(window.box, other.box)
    if box == window.box:
        return window
    return replace(window, box=_rounded(with_one_scale(box) if window.one_scale else box))


@cached(4_000_000)
def _widened(window: Window, start: tuple[float, float]) -> Window:
    box = widen_box(window.box, start)
    if box == window.box:
        return window
    return replace(window, box=_rounded(with_one_scale(box) if window.one_scale else box))


def shares_scale(state: State) -> bool:
    """Whether the coordinates of the view plane have comparable units; those of a slice always have."""
    return state.view_plane.plane.is_slice or state.problem.shares_scale


def _reference(state: State) -> _Run:
    """Return the run of the lesson's own link, else the default one."""
    if state.lesson:
        own = parse(f"?s={state.lesson}")[0]
        return _Run(own.start, own.rate, own.optimizer, own.steps, own.fog)
    start = (float(state.view_plane.start[0]), float(state.view_plane.start[1]))
    rate, steps = moderate_rate(state.problem), default_steps(state.problem)
    return _Run(start, rate, DEFAULT_OPTIMIZER, steps, in_fog=False)


@cached(4_000_000)
def _window(problem: losses.Problem, view_plane: ViewPlane, run: _Run, one_scale: bool) -> Window:
    plane = view_plane.plane
    certificate = losses.certify(problem)
    optimum = None if certificate.optimum is None else plane.coordinates(certificate.optimum)
    half = plane.width / 2
    path = _near_part(_path(problem, plane, run), optimum, half)
    seen = _thinned(path)
    if plane.is_slice:
        laid_along = np.vstack([path[:1], plane.coordinates(reference_run(problem).theta)])
        laid_along = _near_part(laid_along, optimum, half)
        path, seen = np.vstack([path, laid_along]), np.vstack([seen, _thinned(laid_along)])
    is_near = optimum is not None and _is_near(path[0], optimum, half)
    if optimum is not None and is_near:
        path, seen = np.vstack([path, optimum]), np.vstack([seen, optimum])
    if run.in_fog:
        box = _around(path, half, MARGIN_OF_QUESTION)
    elif problem.convex and optimum is not None and is_near and not plane.is_slice:
        box = _centered(path, optimum, half)
    else:
        box = _union(plane.box, _around(path, 0.0 * half, MARGIN))
    box = with_one_scale(box) if one_scale else box
    heights = losses.heights(problem, plane, seen[:, 0], seen[:, 1])
    return Window(_rounded(box), frozen(np.column_stack([seen, heights])), one_scale)


def _path(problem: losses.Problem, plane: losses.Plane, run: _Run) -> Array:
    """Return the coordinates ``(n, 2)`` of a run."""
    start = plane.points(*np.array(run.start))
    if not np.isfinite(problem.value(start)):
        return np.array([run.start])
    with np.errstate(all="ignore"):
        steps = path_steps(problem, run.optimizer, run.steps)
        theta = losses.descend(problem, run.optimizer, start=start, rate=run.rate, steps=steps).theta
        return plane.coordinates(theta[np.isfinite(theta).all(axis=1)])


@np.errstate(all="ignore")  # a run may leave beyond float64
def _near_part(path: Array, optimum: Array | None, half: Array) -> Array:
    """Return the first part of a path, within ``MOST_DISTANCES``, or ``FARTHEST`` if the run slows down."""
    scaled = (path - path[0]) / half
    distance = 0.0 if optimum is None else _distance(path[0], optimum, half)
    reach = FARTHEST if _slows_down(scaled) else MOST_DISTANCES * max(distance, LEAST_DISTANCE)
    stays = np.logical_and.accumulate(np.abs(scaled).max(axis=1) <= reach)
    stays[0] = True
    return np.asarray(path[stays])


def _thinned(path: Array) -> Array:
    points = min(PATH_POINTS, len(path))  # so that no index comes twice
    return np.asarray(path[np.linspace(0, len(path) - 1, points).round().astype(int)])


def _slows_down(path: Array) -> bool:
    lengths = np.hypot.reduce(np.diff(path, axis=0), axis=-1)
    return len(lengths) > 0 and bool(lengths[-1] < SLOWED * lengths.max())


def _distance(point: Array, other: Array, half: Array) -> float:
    return float((np.abs(point - other) / half).max())


def _is_near(point: Array, optimum: Array, half: Array) -> bool:
    """Whether a window that shows both is no more than a few times the default one."""
    return _distance(point, optimum, half) <= MOST_DISTANCES


def _around(points: Array, least_half: Array, margin: float) -> losses.Box:
    """Return the box around points with a margin, with half widths of at least a share of ``least_half``."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = np.maximum((0.5 + margin) * (high - low), SMALLEST_SHARE * least_half)
    return _box((low + high) / 2, half)


def _centered(points: Array, optimum: Array, half: Array) -> losses.Box:
    """Return the box around the optimum that shows all points: a bowl is seen whole."""
    needed = (1.0 + MARGIN) * np.abs(points - optimum).max(axis=0)
    return _box(optimum, np.maximum(needed, SMALLEST_SHARE * half))


def _box(middle: Array, half: Array) -> losses.Box:
    low, high = (middle - half).tolist(), (middle + half).tolist()
    return (low[0], high[0]), (low[1], high[1])


def _union(one: losses.Box, other: losses.Box) -> losses.Box:
    def side(axis: int) -> tuple[float, float]:
        return min(one[axis][0], other[axis][0]), max(one[axis][1], other[axis][1])

    return side(0), side(1)


def with_one_scale(box: losses.Box) -> losses.Box:
    """Widen one side of a box to the proportions of a map, ``LEAST_RATIO`` to ``MOST_RATIO``."""
    middle, half = np.mean(box, axis=1), np.ptp(box, axis=1) / 2
    half[0] = max(half[0], LEAST_RATIO * half[1])
    half[1] = max(half[1], half[0] / MOST_RATIO)
    return _box(middle, half)


def _rounded(box: losses.Box) -> losses.Box:
    """Round the edges to three digits of the width, which is never lost beside a large coordinate."""

    def edges(low: float, high: float) -> tuple[float, float]:
        least = LEAST_WIDTH * max(abs(low), abs(high))
        if high - low <= least:
            low, high = low - least, high + least
        digits = 2 - int(np.floor(np.log10(high - low)))
        return round(low, digits), round(high, digits)

    return edges(*box[0]), edges(*box[1])


def widen_box(box: losses.Box, start: tuple[float, float]) -> losses.Box:
    """Widen a box so that it contains the start with a margin of a tenth of its width."""

    def widen(low: float, high: float, at: float) -> tuple[float, float]:
        margin = 0.1 * (high - low)
        return (low if at >= low else at - margin), (high if at <= high else at + margin)

    return widen(*box[0], start[0]), widen(*box[1], start[1])
