"""Curvature: Hessians in units that make their eigenvalues trustworthy, whatever the parameters are measured in."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.loss.base import SCORE
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import StandardizedProblem

EIGENVALUE_TOLERANCE: Final = 1e-12
"""An eigenvalue below this share, in even units, may be rounding."""


def equilibrate(hessian: Array) -> tuple[Array, Array]:
    """Hessians ``(..., d, d)`` in units in which their diagonals are one or less in size, and the units ``(..., d)``.

    What is not finite becomes zero, which is positive in no direction.
    """
    whole = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))[..., None, None]
    hessian = np.where(whole, hessian, 0.0)
    unit = np.sqrt(np.abs(np.diagonal(hessian, axis1=-2, axis2=-1)))
    unit = np.where(unit > 0.0, unit, 1.0)
    return hessian / unit[..., :, None] / unit[..., None, :], unit


def extreme_eigenvalues(problem: Problem, theta: Array) -> tuple[float, float]:
    """The largest eigenvalue of the Hessian ``theta`` a point and the smallest, 0 where it is not surely positive.

    The smallest is taken as one over the largest of the inverse, which in
    even units is computed to nearly all digits; taken from the Hessian
    itself it would be rounding wherever κ is above some 10^12.
    """
    top = float(np.linalg.eigvalsh(problem.hessian(theta))[-1])
    matrix = np.eye(problem.dim)
    if isinstance(problem, DataProblem) and problem.model.linear:
        frame = StandardizedProblem.from_problem(problem)
        matrix, hessian = frame.matrix, frame.hessian(frame.to_local(theta))
    else:
        hessian = problem.hessian(theta)
    even, unit = equilibrate(hessian)
    if np.linalg.eigvalsh(even)[0] <= EIGENVALUE_TOLERANCE:
        return top, 0.0
    way = matrix / unit
    inverse = way @ np.linalg.solve(even, way.T)
    return top, float(1.0 / np.linalg.eigvalsh(0.5 * (inverse + inverse.T))[-1])


def is_positive_definite(problem: Problem, theta: Array) -> bool:
    """Whether the curvature is positive in every way at a point where it does not vanish; on both sides of a jump."""
    if not isinstance(problem, DataProblem) or not problem.model.linear:
        return True
    frame = StandardizedProblem.from_problem(problem)
    return bool(
        np.linalg.eigvalsh(equilibrate(frame.hessian_lower_bound(frame.to_local(theta)))[0])[0]
        > EIGENVALUE_TOLERANCE
    )


def global_lipschitz_bound(problem: Problem) -> float | None:
    """A bound of the largest Hessian eigenvalue that holds everywhere, if one is known.

    The greatest curvature of the loss in the score times the largest
    eigenvalue of the inputs' second moments; for cross-entropy a quarter of
    it (D. Böhning, Multinomial logistic regression algorithm, 1992).
    """
    if not isinstance(problem, DataProblem) or not problem.convex:
        return None
    greatest = problem.loss.greatest_curvature
    if (
        greatest is None
        or not problem.model.linear
        or (problem.loss.space != SCORE and problem.link.key != IDENTITY_KEY)
    ):
        return None
    a = design_matrix(problem.x)
    return greatest * float(np.linalg.eigvalsh(a.T @ a / len(a))[-1]) + 2.0 * problem.l2
