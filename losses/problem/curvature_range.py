"""The curvature of the examples' losses just beside their scores, where it may jump or have no bound."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.expression.analytic import is_analytic
from losses.loss.base import MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem

JUMP_TOLERANCE: Final = 1e-7
"""Relative distance from a breakpoint below which rounding decides on which side of it an error lies."""
ANALYTIC_TOLERANCE: Final = 1e-12
"""That of a loss without breakpoints, relative to the score and the target."""
INSIDE: Final = 1e-3
"""Curvatures are compared with those at this share of the tolerance."""
SCALES: Final = (1.0, 1e-2, 1e-4, 1e-6)
"""Shares of the tolerance at which a curvature that has no bound is told from one that is only large."""
MAX_GROWTH: Final = 1.5
"""A curvature that grows by more than this factor towards a score has no bound there."""


def curvature_range(problem: DataProblem, z: Array, share: float = 1.0) -> tuple[Array, Array]:
    """Return the least and the greatest curvature of each example's loss just beside the scores ``z``.

    Just beside is within ``share`` of the distance within which rounding may have moved a score.

    At a breakpoint the curvature of a loss such as Huber's jumps: there the two differ. The greatest is inf
    where it grows without bound, as that of \\|r\\|^1.5 at r = 0. Both have the shape of the curvature.
    """
    curvature = problem.of_score.curvature
    if problem.data.task == MULTICLASS:
        return curvature(z), curvature(z)
    tolerance = share * _tolerance(problem, z)
    with np.errstate(all="ignore"):
        at, *sides = (curvature(z + side * tolerance) for side in (0.0, -1.0, 1.0, -INSIDE, INSIDE))
    outer, inner = np.stack(sides[:2]), np.stack(sides[2:])
    lowest = np.minimum(np.stack(sides).min(axis=0), at)
    highest = np.maximum(np.stack(sides).max(axis=0), at)
    grows = (inner > MAX_GROWTH * np.abs(outer) + 1e-9 * np.abs(highest)).any(axis=0)
    is_finite = np.isfinite(at) & np.isfinite(outer).all(axis=0) & np.isfinite(inner).all(axis=0)
    return np.where(is_finite, lowest, 0.0), np.where(is_finite & ~grows, highest, np.inf)


def is_unbounded(problem: DataProblem, z: Array) -> NDArray[np.bool_]:
    """Return where the curvature of an example's loss grows without bound towards its score.

    It does if it grows on each of three scales; a curvature that is only narrow grows on one. The result
    broadcasts with the curvatures.
    """
    curvature = problem.of_score.curvature
    if problem.data.task == MULTICLASS:
        return np.zeros((1, 1, 1), dtype=bool)
    tolerance = _tolerance(problem, z)
    with np.errstate(all="ignore"):
        sides = [
            np.stack([curvature(z - share * tolerance), curvature(z + share * tolerance)]) for share in SCALES
        ]
        growth = [inner > MAX_GROWTH * np.abs(outer) for outer, inner in pairwise(sides)]
        is_finite = np.isfinite(curvature(z))
    return np.asarray(np.logical_and.reduce(growth).any(axis=0) | ~is_finite)


def _tolerance(problem: DataProblem, z: Array) -> Array:
    """Return the distance from each score within which rounding may have moved it."""
    loss = problem.loss
    if is_analytic(loss):
        return np.asarray(ANALYTIC_TOLERANCE * (np.abs(z) + np.abs(problem.y)))
    if loss.space == PREDICTION and problem.link.key != IDENTITY_KEY:
        return np.asarray(JUMP_TOLERANCE * (1.0 + np.abs(z)))
    error = z - problem.y if loss.space == PREDICTION else z
    if loss.breakpoints is None:
        # A formula may have its breakpoints anywhere, relative to the errors or to the predictions.
        return np.asarray(JUMP_TOLERANCE * (np.abs(error).mean() + np.abs(error) + problem.y.std()))
    size = max(map(abs, loss.breakpoints()), default=0.0)
    return np.asarray(JUMP_TOLERANCE * (np.abs(error) + size))
