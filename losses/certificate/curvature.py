"""Compute eigenvalues of Hessians accurately, whatever the units of the parameters."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.loss.base import SCORE
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.curvature_range import INSIDE, curvature_range
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import StandardizedProblem

EIGENVALUE_TOLERANCE: Final = 1e-12
"""An eigenvalue of an equilibrated Hessian below this may be a rounding error."""
VANISHING_FACTOR: Final = 2.0
"""A largest eigenvalue that shrinks by more than this factor nearer to the scores is a rounding error."""

JUMP_SHARE: Final = 1e-3
"""The largest curvature jumps if it is larger by this share on its steeper side."""


def equilibrate(hessian: Array) -> tuple[Array, Array]:
    """Scale Hessians ``(..., d, d)`` to a diagonal of ±1 and 0; also return the scales ``(..., d)``.

    An entry of the result is hᵢⱼ / (scaleᵢ scaleⱼ). A Hessian that is not finite becomes zero.
    """
    is_finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))[..., None, None]
    hessian = np.where(is_finite, hessian, 0.0)
    scale = np.sqrt(np.abs(np.diagonal(hessian, axis1=-2, axis2=-1)))
    scale = np.where(scale > 0.0, scale, 1.0)
    return hessian / scale[..., :, None] / scale[..., None, :], scale


def extreme_eigenvalues(
    problem: Problem, theta: Array, standardized: StandardizedProblem | None
) -> tuple[float, float]:
    """Return the largest and the smallest eigenvalue of the Hessian at ``theta (d,)``.

    ``standardized`` is the problem in its frame if the model is linear. Where the curvature of the loss jumps
    the largest is that on its steeper side, inf if it has no bound, and the smallest that on its flatter
    side. The smallest is 0 unless it is surely positive. It is the reciprocal of the
    largest eigenvalue of the inverse, which is computed to nearly all digits from the equilibrated Hessian.
    Taken from the Hessian itself, it would be a rounding error for condition numbers above about 10¹².
    They are inf and 0 where the curvature is what rounding the scores makes it, as that of r⁴ at r = 0.
    """
    top = _largest_eigenvalue(hessian_upper_bound(problem, theta))
    if top > VANISHING_FACTOR * _largest_eigenvalue(hessian_upper_bound(problem, theta, INSIDE)):
        return np.inf, 0.0
    matrix, hessian = np.eye(problem.dim), hessian_lower_bound(problem, theta)
    if standardized is not None:
        if not standardized.is_complete:
            return top, 0.0
        matrix = standardized.matrix
        hessian = standardized.hessian_lower_bound(standardized.to_local(theta))
    equilibrated, scale = equilibrate(hessian)
    if np.linalg.eigvalsh(equilibrated)[0] <= EIGENVALUE_TOLERANCE:
        return top, 0.0
    scaled_matrix = matrix / scale
    inverse = scaled_matrix @ np.linalg.solve(equilibrated, scaled_matrix.T)
    return top, float(1.0 / np.linalg.eigvalsh(0.5 * (inverse + inverse.T))[-1])


def _largest_eigenvalue(hessian: Array) -> float:
    """Return the largest eigenvalue of a Hessian, inf if that is not finite."""
    return float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else np.inf


def _hessian_bounds(problem: DataProblem, theta: Array, share: float = 1.0) -> tuple[Array, Array]:
    """Return the Hessians at ``theta (d,)`` with the least and greatest curvature beside each score.

    For ``share`` see :func:`losses.problem.curvature_range.curvature_range`.
    """
    z = problem.score(theta)
    slope, n = problem.of_score.slope(z), len(problem.y)
    with np.errstate(invalid="ignore"):
        lower, upper = (
            problem.model.hessian(theta, problem.x, slope, curvature) / n
            for curvature in curvature_range(problem, z, share)
        )
    penalty = np.diag(2.0 * problem.l2 * problem.penalized)
    return lower + penalty, upper + penalty


def hessian_upper_bound(problem: Problem, theta: Array, share: float = 1.0) -> Array:
    """Return the Hessian at ``theta (d,)`` with the greatest curvature beside each score; it may be inf."""
    if not isinstance(problem, DataProblem):
        return problem.hessian(theta)
    return _hessian_bounds(problem, theta, share)[1]


def hessian_lower_bound(problem: Problem, theta: Array) -> Array:
    """Return the Hessian at ``theta (d,)`` with the least curvature beside each score."""
    return _hessian_bounds(problem, theta)[0] if isinstance(problem, DataProblem) else problem.hessian(theta)


def jumps_at(problem: Problem, theta: Array) -> bool:
    """Return whether the largest curvature at ``theta (d,)`` is another one on another side.

    Then no rate is critical: steps that overshoot on the steeper side may come to rest on the flatter one.
    """
    below, above = (
        _largest_eigenvalue(bound(problem, theta)) for bound in (hessian_lower_bound, hessian_upper_bound)
    )
    return not above <= (1.0 + JUMP_SHARE) * below


def is_positive_definite(
    problem: Problem, theta: Array, standardized: StandardizedProblem | None = None
) -> bool:
    """Return whether the Hessian at a point is surely positive definite, on both sides of a jump.

    ``standardized`` is the problem in its frame if the model is linear.
    """
    if not isinstance(problem, DataProblem):
        return True
    if standardized is None:
        hessian = hessian_lower_bound(problem, theta)
    elif not standardized.is_complete:
        return False
    else:
        hessian = standardized.hessian_lower_bound(standardized.to_local(theta))
    return bool(np.linalg.eigvalsh(equilibrate(hessian)[0])[0] > EIGENVALUE_TOLERANCE)


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
