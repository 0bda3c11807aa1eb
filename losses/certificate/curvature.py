"""Compute eigenvalues of Hessians accurately, whatever the units of the parameters."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.loss.base import SCORE
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import StandardizedProblem

EIGENVALUE_TOLERANCE: Final = 1e-12
"""An eigenvalue of an equilibrated Hessian below this may be a rounding error."""


def equilibrate(hessian: Array) -> tuple[Array, Array]:
    """Scale Hessians ``(..., d, d)`` to a diagonal of ±1 and 0; also return the scales ``(..., d)``.

    An entry of the result is hᵢⱼ / (scaleᵢ scaleⱼ). A Hessian that is not finite becomes zero.
    """
    is_finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))[..., None, None]
    hessian = np.where(is_finite, hessian, 0.0)
    scale = np.sqrt(np.abs(np.diagonal(hessian, axis1=-2, axis2=-1)))
    scale = np.where(scale > 0.0, scale, 1.0)
    return hessian / scale[..., :, None] / scale[..., None, :], scale


def extreme_eigenvalues(problem: Problem, theta: Array) -> tuple[float, float]:
    """Return the largest and the smallest eigenvalue of the Hessian at ``theta (d,)``.

    The smallest is 0 unless it is surely positive. It is the reciprocal of the largest eigenvalue of the
    inverse, which is computed to nearly all digits from the equilibrated Hessian. Taken from the Hessian
    itself, it would be a rounding error for condition numbers above about 10¹².
    """
    top = float(np.linalg.eigvalsh(problem.hessian(theta))[-1])
    matrix = np.eye(problem.dim)
    if isinstance(problem, DataProblem) and problem.model.linear:
        standardized = StandardizedProblem.from_problem(problem)
        if not standardized.is_complete:
            return top, 0.0
        matrix, hessian = standardized.matrix, standardized.hessian(standardized.to_local(theta))
    else:
        hessian = problem.hessian(theta)
    equilibrated, scale = equilibrate(hessian)
    if np.linalg.eigvalsh(equilibrated)[0] <= EIGENVALUE_TOLERANCE:
        return top, 0.0
    scaled_matrix = matrix / scale
    inverse = scaled_matrix @ np.linalg.solve(equilibrated, scaled_matrix.T)
    return top, float(1.0 / np.linalg.eigvalsh(0.5 * (inverse + inverse.T))[-1])


def is_positive_definite(problem: Problem, theta: Array) -> bool:
    """Return whether the Hessian at a point is surely positive definite, on both sides of a jump.

    For models that are not linear it is assumed.
    """
    if not isinstance(problem, DataProblem) or not problem.model.linear:
        return True
    standardized = StandardizedProblem.from_problem(problem)
    if not standardized.is_complete:
        return False
    equilibrated, _ = equilibrate(standardized.hessian_lower_bound(standardized.to_local(theta)))
    return bool(np.linalg.eigvalsh(equilibrated)[0] > EIGENVALUE_TOLERANCE)


def global_lipschitz_bound(problem: Problem) -> float | None:
    """Return an upper bound of the largest Hessian eigenvalue at all points, or None if none is known.

    For linear models it is the greatest curvature of the loss in the score times the largest eigenvalue of
    the second moments of the inputs. For cross-entropy that curvature is 1/4, for several classes 1/2 (D.
    Böhning, Multinomial logistic regression algorithm, 1992).
    """
    if not isinstance(problem, DataProblem) or not problem.convex:
        return None
    greatest_curvature = problem.loss.greatest_curvature
    if (
        greatest_curvature is None
        or not problem.model.linear
        or (problem.loss.space != SCORE and problem.link.key != IDENTITY_KEY)
    ):
        return None
    a = design_matrix(problem.x)
    return greatest_curvature * float(np.linalg.eigvalsh(a.T @ a / len(a))[-1]) + 2.0 * problem.l2
