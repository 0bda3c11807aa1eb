"""Show what lies near a point: a strict minimum, level ground, or a way down.

All functions take ``m`` points at once and judge each by itself. Lengths are in units of half the window
along each parameter, and rounding errors are allowed for, so the results depend neither on the units of
the parameters, nor on those of the loss, nor on a constant added to it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.certificate.certificate import MAX_PARAMETERS
from losses.certificate.curvature import equilibrate
from losses.core.arrays import Array
from losses.core.cost import EvaluationCost
from losses.problem.problem import Problem

BoolArray = NDArray[np.bool_]

NEWTON_STEPS: Final = 5
"""Newton steps within which the iteration must settle."""
SETTLED_STEP: Final = 1e-3
"""A Newton step that is this small a share of the distance allowed counts as settled."""
NEGLIGIBLE_STEP: Final = 1e-10
"""After a step that is this small a share of it none is taken."""
POSITIVE_DEFINITE_TOLERANCE: Final = 1e-9
"""A Hessian scaled to a unit diagonal is positive definite if its smallest eigenvalue is above this."""
ELLIPSOID_RADII: Final = (1.0, 0.1, 0.01)
"""The sizes of the ellipsoids on which a minimum is tested, as shares of the distance allowed."""
MAX_CONTRACTION: Final = 0.5
"""The gradient on such an ellipsoid may differ by this share from that of the quadratic model."""
MAX_AXES: Final = 8
"""Up to this many parameters each of them is a line on which a way down is looked for."""
LINE_LENGTHS: Final = np.geomspace(1e-3, 1.0, 13)
"""The distances at which a way down is looked for, in units of half the window."""
LEVEL_LENGTHS: Final = (-1.0, -0.3, -0.03, 0.03, 0.3, 1.0)
"""The distances at which level ground is looked for, in units of half the window."""
MAX_SEARCH_OPERATIONS: Final = 1.5e8
"""The most multiplications of all that is looked for near a point; beyond it nothing is."""
ROUNDING_SHARE: Final = 32 * np.finfo(np.float64).eps
"""Losses that differ by less than this share may be equal."""


def search_operations(cost: EvaluationCost) -> float:
    """Return the multiplications of what is looked for near a point, from the cost of an evaluation.

    They are those of most points: few need all Newton steps, or the tests of a minimum.
    """
    lines = 3 + (2 * cost.dim if cost.dim <= MAX_AXES else 0)
    each_step = cost.gradient + cost.hessian + cost.dim**3
    return lines * len(LINE_LENGTHS) * cost.value + (NEWTON_STEPS - 1) * each_step


def may_search(cost: EvaluationCost) -> bool:
    """Whether it is affordable to look for what lies near a point."""
    return cost.dim <= MAX_PARAMETERS and search_operations(cost) <= MAX_SEARCH_OPERATIONS


@dataclass(frozen=True, eq=False)
class NearbyMinima:
    """For each of m points whether a strict minimum was shown near it, the minimum and its loss."""

    found: BoolArray
    point: Array
    loss: Array


def nearby_minima(problem: Problem, points: Array, distance: Array, basis: Array | None) -> NearbyMinima:
    """Look for a strict local minimum within ``distance (d,)`` of each of ``points (m, d)``.

    Newton's method goes on from each point. A minimum is accepted if every Hessian on the way is positive
    definite, if each step, in units of the first, is at most half the square of the one before until the
    steps are settled, and if on an ellipsoid around the end the gradient is that of the quadratic model up to
    ``MAX_CONTRACTION``. The first tests are those of the theorem of Newton and Kantorovich, whose constant
    h = ½ makes the steps fall like that (P. Deuflhard, Newton Methods for Nonlinear Problems, 2004, section
    2.1); the last tests the contraction of the affine invariant version at 2d points. Where the gradient
    points out of an ellipsoid all around, a minimum is inside it.

    ``basis (d, e)`` spans the directions in which the loss changes; None if it may change in all.
    """
    theta, active = points.copy(), np.arange(len(points))
    first, last = np.full(len(points), np.inf), np.full(len(points), np.inf)
    settled = np.zeros(len(points), dtype=bool)
    for _ in range(NEWTON_STEPS):
        step, is_definite = _newton_step(problem, theta[active], basis)
        size = (np.abs(step) / distance).max(axis=-1)
        moved = (np.abs(theta[active] + step - points[active]) / distance).max(axis=-1)
        first[active] = np.where(np.isinf(first[active]), size, first[active])
        share = last[active] / first[active]
        falls = (
            np.isinf(last[active]) | (size <= 0.5 * first[active] * np.square(share)) | (size <= SETTLED_STEP)
        )
        accepted = is_definite & falls & (moved <= 1.0)
        active, step, size = active[accepted], step[accepted], size[accepted]
        theta[active], last[active] = theta[active] + step, size
        settled[active[size <= SETTLED_STEP]] = True
        active = active[size > NEGLIGIBLE_STEP]
        if not len(active):
            break
    rows = np.flatnonzero(settled)
    settled[rows] = _is_strict_minimum(problem, theta[rows], distance, basis)
    return NearbyMinima(settled, theta, problem.value(theta))


def _reduced(hessian: Array, gradient: Array, basis: Array | None) -> tuple[Array, Array]:
    return (hessian, gradient) if basis is None else (basis.T @ hessian @ basis, gradient @ basis)


def _newton_step(problem: Problem, theta: Array, basis: Array | None) -> tuple[Array, BoolArray]:
    """Return the Newton steps ``(m, d)``, NaN unless the Hessian is positive definite, and whether it is."""
    hessian, gradient = _reduced(problem.hessian(theta), problem.gradient(theta), basis)
    scaled, scale = equilibrate(hessian)
    values, vectors = np.linalg.eigh(scaled)
    is_definite = (values[:, 0] > POSITIVE_DEFINITE_TOLERANCE) & np.isfinite(gradient).all(axis=-1)
    components = ((gradient / scale)[:, None] @ vectors)[:, 0] / np.where(
        is_definite[:, None], values, np.nan
    )
    step = -(vectors @ components[..., None])[..., 0] / scale
    return (step if basis is None else step @ basis.T), is_definite


def _is_strict_minimum(problem: Problem, theta: Array, distance: Array, basis: Array | None) -> BoolArray:
    """Whether the gradient points outward on an ellipsoid ``δᵀHδ = const`` around each ``theta (m, d)``."""
    if not len(theta):
        return np.zeros(0, dtype=bool)
    hessian, _ = _reduced(problem.hessian(theta), problem.gradient(theta), basis)
    scaled, scale = equilibrate(hessian)
    values, vectors = np.linalg.eigh(scaled)
    # The columns of the axes have δᵀHδ = 1: H is the inverse of the sum of their squares.
    axes = vectors / np.sqrt(values)[:, None] / scale[..., None]
    full = axes if basis is None else basis @ axes
    size = (np.abs(full) / distance[:, None]).max(axis=(-2, -1))
    passed = np.zeros(len(theta), dtype=bool)
    for radius in ELLIPSOID_RADII:
        rest = np.flatnonzero(~passed)
        if not len(rest):
            break
        length = radius / size[rest]
        shift = np.concatenate([full[rest], -full[rest]], axis=-1) * length[:, None, None]
        gradient = problem.gradient(theta[rest][:, None] + np.swapaxes(shift, -1, -2))
        gradient = gradient if basis is None else gradient @ basis
        # In the coordinates of the axes the model's gradient is ± length along each axis.
        actual = gradient @ axes[rest]
        count = axes.shape[-1]
        model = np.concatenate([np.eye(count), -np.eye(count)]) * length[:, None, None]
        error = np.linalg.norm(actual - model, axis=-1)
        passed[rest] = (error <= MAX_CONTRACTION * length[:, None]).all(axis=-1)
    return passed


def way_down(problem: Problem, theta: Array, loss: Array, gradient: Array, scale: Array) -> Array:
    """Return the falls ``(m,)`` of the loss that the slope at ``theta (m, d)`` does not announce; 0 for none.

    The lines tried are that of steepest descent, those of the first parameters and, where the Hessian has a
    negative eigenvalue, both ways along its eigenvector. On a line the loss must fall all the way, and ten
    times as far as the slope alone would make it. ``scale (d,)`` is half the window.
    """
    count, d = theta.shape
    slope = gradient * scale
    steepest = -slope / np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 1e-300)
    axes = [sign * np.eye(d) for sign in (-1.0, 1.0)] if d <= MAX_AXES else []
    directions = [steepest, *(np.broadcast_to(axis, (count, d)) for side in axes for axis in side)]
    if problem.smooth:
        hessian = problem.hessian(theta) * np.outer(scale, scale)
        is_finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))
        values, vectors = np.linalg.eigh(np.where(is_finite[:, None, None], hessian, 0.0))
        is_evidence = is_finite & (values[:, 0] < -POSITIVE_DEFINITE_TOLERANCE * np.abs(values).max(axis=-1))
        across = np.where(is_evidence[:, None], vectors[..., 0], 0.0)
        directions += [across, -across]
    lines = np.stack(directions, axis=1)  # (m, directions, d)
    points = theta[:, None, None] + lines[:, :, None] * scale * LINE_LENGTHS[:, None]
    values = problem.value(points.reshape(count, -1, d)).reshape(points.shape[:-1])
    before = np.concatenate(
        [np.broadcast_to(loss[:, None, None], values[..., :1].shape), values[..., :-1]], -1
    )
    falls = np.logical_and.accumulate(values <= before + ROUNDING_SHARE * np.abs(before), axis=-1)
    fall = np.where(falls, loss[:, None, None] - values, 0.0)
    announced = np.maximum(-(lines @ slope[..., None]), 0.0) * LINE_LENGTHS
    is_shown = (fall >= 10.0 * announced) & (fall > ROUNDING_SHARE * np.abs(loss)[:, None, None])
    return np.asarray(np.where(is_shown, fall, 0.0).max(axis=(1, 2)))


def is_level(problem: Problem, theta: Array, loss: Array, scale: Array, tolerance: Array) -> BoolArray:
    """Whether the loss stays within ``tolerance (m,)`` on a line through ``theta (m, d)``.

    The line runs along one of the parameters, half a window both ways.
    """
    d = theta.shape[-1]
    lengths = np.outer(scale, LEVEL_LENGTHS)
    shifts = (lengths[:, :, None] * np.eye(d)[:, None]).reshape(-1, d)
    values = problem.value((theta[:, None] + shifts).reshape(-1, len(shifts), d))
    is_close = np.abs(values - loss[:, None]) <= tolerance[:, None]
    return np.asarray(is_close.reshape(len(theta), d, -1).all(axis=-1).any(axis=-1))
