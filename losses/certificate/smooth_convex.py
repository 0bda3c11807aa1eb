"""Certify smooth convex problems of linear models: find the minimum and bound the loss above the lowest.

Newton's method runs in the frame of the singular vectors of the inputs (:class:`StandardizedProblem`). Where
the curvatures of the examples differ by many powers of ten, as with one input a million times larger than the
others, it goes on in the frame of the inputs weighted with them, in which the Hessian is nearly the identity.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_EXACT,
    SCOPE_LOCAL,
    Certificate,
    certificate_at,
    certificate_without_optimum,
)
from losses.certificate.gap import gap_of_gradient, is_curved, rises_all_around
from losses.certificate.local_minimum import shift_free_basis
from losses.certificate.newton import newton_end, newton_steps
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.arrays import Array
from losses.core.least_squares import least_squares
from losses.core.ternary import UNKNOWN, YES, Ternary
from losses.expression.attained_floor import attained_floor
from losses.loss.base import MULTICLASS, REGRESSION
from losses.loss.regression import ABSOLUTE_ERROR
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

GAP_TOLERANCE: Final = 1e-10
"""Largest loss above the lowest of a proved minimum, relative to the loss."""
ROUNDING_TOLERANCE: Final = 3e-8
"""Largest change of a loss by rounding the parameters and the scores computed from them, relative to it."""
HIDDEN_LOSS: Final = 1e-6
"""Largest share of a loss that rounding the scores may hide: a computed loss may be below the true lowest."""
LOSS_FLOOR: Final = 1e-15
"""A loss below this share of that of a constant prediction is a rounding error."""
GRADIENT_TOLERANCE: Final = 1e-9
"""Largest gradient of a proved minimum, relative to the terms that it is a sum of."""
MAX_FRAMES: Final = 6


def certify_smooth_convex(problem: DataProblem, minimum_exists: bool) -> Certificate:
    """Return the certificate of a smooth convex problem of a linear model.

    If it is known that a minimum exists, any stationary point is one; otherwise only a point around which the
    loss is seen to rise is accepted, and none if rounding decides which directions change the scores: along
    the others the loss may fall for ever.
    """
    standardized = StandardizedProblem.from_problem(problem)
    if problem.dim <= MAX_PARAMETERS and (minimum_exists or standardized.is_resolved):
        for start in _start_points(problem):
            found = _minimize_from(standardized, start, minimum_exists)
            if found is not None:
                frame, phi = found
                optimum = np.asarray(frame.matrix @ phi)
                return certificate_at(
                    problem,
                    optimum,
                    SCOPE_LOCAL,
                    _is_lowest(standardized, frame, phi, optimum),
                    basis=shift_free_basis(problem),
                    standardized=frame,
                )
    return certificate_without_optimum(problem, YES if minimum_exists else UNKNOWN)


def certify_quadratic(problem: DataProblem) -> Certificate:
    """Return the certificate of a quadratic problem, by QR or with a penalty by Newton's method.

    One Newton step would do for a quadratic; the second corrects rounding errors.
    """
    standardized = StandardizedProblem.from_problem(problem)
    phi = np.zeros(standardized.dim)
    for _ in range(2):
        phi = phi - np.linalg.solve(standardized.hessian(phi), standardized.gradient(phi))
    optimum = np.asarray(standardized.matrix @ phi)
    if not problem.l2:
        by_qr = least_squares(problem.x, problem.y)
        is_as_low = problem.value(by_qr) <= problem.value(optimum) * (1.0 + ROUNDING_TOLERANCE)
        optimum = by_qr if is_as_low else optimum
    lowest = _is_lowest(standardized, standardized, phi, optimum)
    return certificate_at(problem, optimum, SCOPE_EXACT, lowest, standardized=standardized)


def _minimize_from(
    standardized: StandardizedProblem, start: Array, minimum_exists: bool
) -> tuple[StandardizedProblem, Array] | None:
    """Return a frame and the minimizer φ in it, or None if it is not reached or not proved."""
    frame, theta = standardized, start
    steps = newton_steps(standardized.problem, MAX_FRAMES)
    with np.errstate(all="ignore"):  # far from the minimum a loss may overflow
        for _ in range(MAX_FRAMES):
            phi = newton_end(frame, frame.to_local(theta), np.ones(frame.dim), steps)
            if not np.isfinite(frame.value(phi)):
                return None
            if _is_minimum(frame, phi, minimum_exists):
                return frame, phi
            theta = frame.matrix @ phi
            weights = _curvatures(frame, phi)
            if not (np.isfinite(weights).all() and weights.max() > 0.0):
                return None
            frame = StandardizedProblem.from_problem(standardized.problem, weights)
            if frame.rank < standardized.rank:
                return None
    return None


def _curvatures(frame: StandardizedProblem, phi: Array) -> Array:
    """Return the curvature of each example's loss in its score, ``(n,)``; of several scores the trace.

    It is that of a convex loss, so what is below 0 is a rounding error.
    """
    curvature = frame.problem.of_score.curvature(frame.problem.model.score(phi, frame.x))
    if frame.problem.data.task == MULTICLASS:
        curvature = np.trace(curvature, axis1=-2, axis2=-1)
    return np.maximum(curvature, 0.0)


def _is_minimum(frame: StandardizedProblem, phi: Array, minimum_exists: bool) -> bool:
    """Return whether the gradient vanishes and the loss is within tolerance of the lowest."""
    if _meets_lower_bound(frame, phi):
        return True
    if not _is_stationary(frame, phi):
        return False
    hessian = frame.bounded_hessian(phi)
    if not (minimum_exists or (is_curved(hessian) and rises_all_around(frame, hessian, phi))):
        return False
    gap = gap_of_gradient(frame, hessian, frame.gradient(phi), phi)
    value, floor = abs(float(frame.value(phi))), _loss_floor(frame)
    if not minimum_exists:
        # A loss of nearly 0 may be on its way down for ever.
        return bool(gap <= GAP_TOLERANCE * value) and value > floor
    return bool(gap <= GAP_TOLERANCE * value + floor)


def _meets_lower_bound(frame: StandardizedProblem, phi: Array) -> bool:
    """Return whether the loss is exactly the least that its formula can be, and attains."""
    loss = frame.problem.loss
    return loss.lower_bound == float(frame.value(phi)) and attained_floor(loss) == loss.lower_bound


def _is_stationary(frame: StandardizedProblem, phi: Array) -> bool:
    """Return whether the gradient is zero up to rounding errors, of its terms or of the scores."""
    magnitude = np.maximum(frame.gradient_magnitude(phi), frame.gradient_scale)
    from_scores = np.abs(frame.bounded_hessian(phi)) @ np.abs(phi)
    tolerance = GRADIENT_TOLERANCE * magnitude + 4e-15 * from_scores
    return bool((np.abs(frame.gradient(phi)) <= tolerance).all())


def _loss_floor(frame: StandardizedProblem) -> float:
    """Return a loss that may be a rounding error beside that of a constant prediction."""
    return LOSS_FLOOR * frame.constant_loss


def _is_lowest(
    standardized: StandardizedProblem, frame: StandardizedProblem, phi: Array, optimum: Array
) -> Ternary:
    """Return whether the parameters of a proved minimum φ have the lowest loss.

    They do if the rank of the data is known for sure, and if rounding the parameters costs nothing: weights
    of inputs that nearly depend on each other are large and cancel.
    """
    lowest = float(frame.value(phi))
    tolerance = ROUNDING_TOLERANCE * abs(lowest) + _loss_floor(frame)
    if not lowest <= standardized.constant_loss + tolerance:
        return UNKNOWN
    above = float(frame.problem.value(optimum)) - lowest
    is_lowest = above <= tolerance and above >= -HIDDEN_LOSS * abs(lowest) - _loss_floor(frame)
    return YES if is_lowest and standardized.is_resolved else UNKNOWN


def _start_points(problem: DataProblem) -> Iterator[Array]:
    """Yield starts near the minimum of a convex problem: for regressions the minimizers of other losses."""
    if problem.data.task != REGRESSION:
        yield np.zeros(problem.dim)
        return
    yield least_squares(problem.x, problem.y)
    is_standardized = problem.scaling is not None
    absolute = PiecewiseLinearTerms.from_problem(
        DataProblem(problem.data, problem.model, ABSOLUTE_ERROR, standardize=is_standardized)
    )
    robust = minimize_interior_point(absolute) if absolute else None
    if robust is not None:
        yield robust.theta
