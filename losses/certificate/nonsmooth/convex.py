"""Certify convex problems with kinks: by trying all vertices, or by an interior-point method."""

from typing import Final

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_NONE,
    Certificate,
    certificate_without_optimum,
)
from losses.certificate.nonsmooth.best_line import certify_best_line
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.nonsmooth.vertex import Minimizer
from losses.core.arrays import frozen
from losses.core.ternary import UNKNOWN, YES, Ternary
from losses.problem.problem import DataProblem

ROUNDING_TOLERANCE: Final = 3e-8
"""Largest change of a loss by rounding the parameters and the scores computed from them, relative to it."""
HIDDEN_LOSS: Final = 1e-6
"""Largest share of a loss that rounding the scores may hide: a computed loss may be below the true lowest."""
LOSS_FLOOR: Final = 1e-14
"""A loss below this share of that of a constant prediction is a rounding error."""


def certify_nonsmooth_convex(problem: DataProblem, minimum_exists: bool) -> Certificate:
    """Return the certificate of a convex problem of a linear model with kinks.

    If it is known that a minimum exists, so says the certificate even if it is not found.
    """
    not_found = certificate_without_optimum(problem, YES if minimum_exists else UNKNOWN)
    if problem.dim > MAX_PARAMETERS:
        return not_found
    certificate = certify_best_line(problem)
    if certificate is not None:
        return certificate
    terms = PiecewiseLinearTerms.from_problem(problem)
    minimizer = minimize_interior_point(terms) if terms else None
    if terms is None or minimizer is None:
        return not_found
    loss, lowest = float(problem.value(minimizer.theta)), _lowest(terms, minimizer)
    unique = YES if minimizer.is_unique and lowest is YES else UNKNOWN
    return Certificate(
        frozen(minimizer.theta), loss, exists=YES, unique=unique, scope=SCOPE_NONE, lowest=lowest
    )


def _lowest(terms: PiecewiseLinearTerms, minimizer: Minimizer) -> Ternary:
    """Return whether a proved minimizer has the lowest loss.

    It does if the rank of the data is known for sure, and if rounding the parameters costs nothing: weights
    of inputs that nearly depend on each other are large and cancel.
    """
    standardized = terms.standardized
    in_frame, loss = minimizer.loss, float(terms.problem.value(minimizer.theta))
    floor = LOSS_FLOOR * terms.constant_loss
    below, above = HIDDEN_LOSS * abs(in_frame) + floor, ROUNDING_TOLERANCE * abs(in_frame) + floor
    is_lowest = in_frame - below <= loss <= in_frame + above
    return YES if standardized.is_resolved and is_lowest else UNKNOWN
