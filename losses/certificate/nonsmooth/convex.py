"""Certify convex problems with kinks: by trying all vertices, or by an interior-point method."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS, SCOPE_NONE, Certificate, unknown_certificate
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.separability import is_separable
from losses.core.arrays import frozen
from losses.core.ternary import NO, UNKNOWN, YES
from losses.loss.base import SCORE
from losses.problem.problem import DataProblem

MAX_PAIRS: Final = 20_000
"""Pairs of examples up to which every vertex is tried."""


def certify_nonsmooth_convex(problem: DataProblem) -> Certificate:
    """Return the certificate of a convex problem of a linear model with kinks; an unknown one if it fails."""
    if problem.dim > MAX_PARAMETERS:
        return unknown_certificate()
    has_vertices = problem.dim == 2 and not (problem.l1 or problem.l2) and problem.loss.kinks
    if has_vertices and len(problem.y) ** 2 <= 2 * MAX_PAIRS:
        return _certify_by_vertices(problem)
    terms = PiecewiseLinearTerms.from_problem(problem)
    result = minimize_interior_point(terms) if terms else None
    if result is None:
        return unknown_certificate()
    optimum, is_unique = result
    loss = float(problem.value(optimum))
    unique = YES if is_unique else UNKNOWN
    return Certificate(frozen(optimum), loss, exists=YES, unique=unique, scope=SCOPE_NONE, lowest=YES)


def _certify_by_vertices(problem: DataProblem) -> Certificate:
    """Return the lowest vertex of a piecewise linear function of slope and intercept.

    Some minimizer is a vertex, at which two examples are at their kink (the fundamental theorem of linear
    programming); for absolute errors a best line passes through two of the points. x and y are measured from
    their medians, which keeps rounding errors small.
    """
    kink, of_score = problem.loss.kinks[0], problem.loss.space == SCORE
    median_x, median_y = float(np.median(problem.x[:, 0])), 0.0 if of_score else float(np.median(problem.y))
    x, y = problem.x[:, 0] - median_x, problem.y - median_y
    kink_score = np.where(problem.y > 0.5, kink, -kink) if of_score else y + kink
    i, j = np.triu_indices(len(y), 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (kink_score[j] - kink_score[i]) / (x[j] - x[i])
    vertices = np.stack([slope, kink_score[i] - slope * x[i]], axis=-1)
    costs = problem.loss.value(vertices @ np.stack([x, np.ones(len(y))]), y).mean(axis=-1)
    ties = costs <= costs.min() + 1e-12 * (costs.min() + 1e-3 * np.median(costs))
    # Compare the tied lines by their heights at the ends of the data, which do not depend on the unit of x.
    heights = vertices[ties] @ np.array([[x.min(), x.max()], [1.0, 1.0]])
    height_tolerance = 1e-9 * (np.ptp(kink_score) + np.abs(kink_score).max())
    is_one_line = bool(np.ptp(heights, axis=0).max() <= height_tolerance)
    slope, intercept = vertices[np.argmin(costs)]
    optimum = np.array([slope, intercept + median_y - slope * median_x])
    # If the data are separable, a ray of minimizers may start at the only lowest vertex.
    is_unique = is_one_line and not (of_score and is_separable(problem) is not NO)
    return Certificate(
        optimum=frozen(optimum),
        loss=float(problem.value(optimum)),
        exists=YES,
        unique=YES if is_unique else UNKNOWN,
        scope=SCOPE_NONE,
        lowest=YES,
    )
