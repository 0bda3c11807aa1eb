"""Bound the loss of a convex problem above the lowest, from gradient and Hessian in the singular frame."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import REGRESSION
from losses.problem.standardized_coordinates import StandardizedProblem

STEEP_CURVATURE: Final = 1e-10
"""Eigenvalues of the Hessian below this share of the largest may be rounding errors."""
FLAT_REACH: Final = 100.0
"""Distance of the minimizer along directions without curvature, in the spread of the scores."""
MAX_SCORE_CHANGE: Final = 1.0
"""Change of a score of classes over which curvatures stay the same up to a small factor."""
RADII: Final = np.geomspace(1.0, 1e-8, 9)
"""The distances from a point at which gradients are looked at, in the size of the scores."""
MAX_DEVIATION: Final = 0.5
"""Gradients there may differ by this share from those of the quadratic model, divided by √e."""
GRADIENT_ROUNDING: Final = 1e-14
"""Share of the sum of the absolute terms of a gradient that rounding may be."""


def gap_of_gradient(standardized: StandardizedProblem, hessian: Array, gradient: Array, phi: Array) -> float:
    """Return an estimate of how far the loss can fall from φ ``(e,)`` with a gradient and Hessian there.

    With eigenvalues λ of the Hessian and components g of the gradient along its eigenvectors it is the sum of
    g² / 2λ, half the squared Newton decrement (S. Boyd and L. Vandenberghe, Convex Optimization, 2004,
    section 9.5). Along directions without curvature it is at most \\|g\\| times the minimizer's distance:
    far, if one example is so far off that all others look alike in the frame. It is inf if Newton's step
    leaves the region in which the curvatures of losses of classes are those at φ, or if anything is beyond
    float64.
    """
    if not (np.isfinite(hessian).all() and np.isfinite(gradient).all()):
        return np.inf
    values, vectors = np.linalg.eigh(hessian)
    components = gradient @ vectors
    is_steep = values > STEEP_CURVATURE * max(float(values[-1]), 1e-300)
    step = vectors[:, is_steep] @ (components[is_steep] / values[is_steep])
    problem = standardized.problem
    score = problem.model.score(phi, standardized.x)
    if problem.data.task != REGRESSION:
        change = problem.model.score(phi - step, standardized.x) - score
        if np.abs(change).max() > MAX_SCORE_CHANGE:
            return np.inf
    spread = np.square(score).mean() + problem.y.var() + 1.0
    flat = np.abs(components[~is_steep]).sum() * FLAT_REACH * np.sqrt(spread) / standardized.finest_detail
    return float((np.square(components[is_steep]) / (2.0 * values[is_steep])).sum() + flat)


def is_curved(hessian: Array) -> bool:
    """Return whether the Hessian surely has curvature along all directions."""
    if not np.isfinite(hessian).all():
        return False
    values = np.linalg.eigvalsh(hessian)
    return bool(values[0] > STEEP_CURVATURE * values[-1])


def rises_all_around(standardized: StandardizedProblem, hessian: Array, phi: Array) -> bool:
    """Return whether gradients at points around φ ``(e,)``, with its curved Hessian, surely point outward.

    The tangent planes of a convex loss are below it. Where those at points on both sides along all axes of
    the Hessian have nearly the slopes of the quadratic model, some plane rises in each direction, so the loss
    has a minimum. Curvature at φ does not show this: e^(−t) has some everywhere and falls for ever.
    """
    values, vectors = np.linalg.eigh(hessian)
    axes = (vectors / np.sqrt(values)).T  # each row δ has δᵀHδ = 1
    problem, count = standardized.problem, len(axes)
    score, model = problem.model.score(phi, standardized.x), problem.model
    change = np.abs(model.score(phi + axes, standardized.x) - score).reshape(count, -1).max(axis=1)
    size = np.sqrt(np.square(score).mean() + problem.y.var() + 1.0)
    magnitude = np.maximum(standardized.gradient_magnitude(phi), standardized.gradient_scale)
    rounding = GRADIENT_ROUNDING * np.linalg.norm(np.abs(axes) @ magnitude)
    for radius in RADII:
        length = radius * size / change
        shift = np.concatenate([axes * length[:, None], -axes * length[:, None]])
        slopes = standardized.gradient(phi + shift) @ axes.T
        expected = np.concatenate([np.diag(length), -np.diag(length)])
        deviation = np.linalg.norm(slopes - expected, axis=1) + rounding
        if (deviation <= MAX_DEVIATION / np.sqrt(count) * np.tile(length, 2)).all():
            return True
    return False
