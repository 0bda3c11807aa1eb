"""Certify convex problems with kinks: by trying all vertices, or by an interior-point method."""

from typing import Final

import numpy as np

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_NONE,
    Certificate,
    certificate_without_optimum,
)
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.separability import is_separable
from losses.core.arrays import Array, frozen
from losses.core.ternary import NO, UNKNOWN, YES, Ternary
from losses.loss.base import SCORE
from losses.problem.problem import DataProblem

ROUNDING_TOLERANCE: Final = 3e-8
"""Largest change of a loss by rounding the parameters and the scores computed from them, relative to it."""
HIDDEN_LOSS: Final = 1e-6
"""Largest share of a loss that rounding the scores may hide: a computed loss may be below the true lowest."""
LOSS_FLOOR: Final = 1e-14
"""A loss below this share of that of a constant prediction is a rounding error."""
MAX_PAIRS: Final = 20_000
"""Pairs of examples up to which every vertex is tried."""


def certify_nonsmooth_convex(problem: DataProblem, minimum_exists: bool) -> Certificate:
    """Return the certificate of a convex problem of a linear model with kinks.

    If it is known that a minimum exists, so says the certificate even if it is not found.
    """
    not_found = certificate_without_optimum(problem, YES if minimum_exists else UNKNOWN)
    if problem.dim > MAX_PARAMETERS:
        return not_found
    has_vertices = problem.dim == 2 and not (problem.l1 or problem.l2) and len(problem.loss.kinks) == 1
    if has_vertices and _is_piecewise_linear(problem) and len(problem.y) ** 2 <= 2 * MAX_PAIRS:
        return _certify_by_vertices(problem)
    terms = PiecewiseLinearTerms.from_problem(problem)
    result = minimize_interior_point(terms) if terms else None
    if terms is None or result is None:
        return not_found
    optimum, is_unique = result
    loss, lowest = float(problem.value(optimum)), _lowest(terms, optimum)
    unique = YES if is_unique and lowest is YES else UNKNOWN
    return Certificate(frozen(optimum), loss, exists=YES, unique=unique, scope=SCOPE_NONE, lowest=lowest)


def _is_piecewise_linear(problem: DataProblem) -> bool:
    """Whether the loss of an example is two straight lines that meet at its kink."""
    breakpoints = problem.loss.breakpoints
    return breakpoints is not None and breakpoints() == problem.loss.kinks


def _lowest(terms: PiecewiseLinearTerms, optimum: Array) -> Ternary:
    """Return whether a proved minimizer has the lowest loss.

    It does if the rank of the data is known for sure, and if rounding the parameters costs nothing: weights
    of inputs that nearly depend on each other are large and cancel.
    """
    standardized = terms.standardized
    in_frame = terms.value(standardized.to_local(optimum))
    loss = float(terms.problem.value(optimum))
    hidden = HIDDEN_LOSS * abs(in_frame) + LOSS_FLOOR * terms.constant_loss
    is_lowest = in_frame - hidden <= loss <= in_frame + ROUNDING_TOLERANCE * abs(in_frame)
    return YES if standardized.is_resolved and is_lowest else UNKNOWN


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
    lowest = costs.min()  # below 0 if the loss has a constant that is
    ties = costs <= lowest + 1e-12 * (np.abs(lowest) + 1e-3 * np.abs(np.median(costs)))
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
