"""Decide whether classes are separable: whether some direction lowers no margin and raises some.

A is the matrix whose product with the parameters is the vector of margins (:func:`margin_matrix`), so the
question is whether some direction v has A v ≥ 0 and A v ≠ 0.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.core.ternary import NO, UNKNOWN, YES, Ternary
from losses.loss.base import MULTICLASS
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

IndexArray = NDArray[np.intp]

MAX_NEWTON_STEPS: Final = 80
PROOF_INTERVAL: Final = 8
"""Newton steps between two attempts to prove a separation."""
WEIGHT_TOLERANCE: Final = 1e-12
"""Rows whose weight is below this share of the largest are lost in rounding."""
MARGIN_TOLERANCE: Final = 1e-10
"""Margins and singular values below this share of the largest are rounding errors."""


@dataclass(frozen=True)
class Separation:
    """How the margins of all examples can be raised without lowering one."""

    exists: Ternary
    """Whether some direction lowers no margin and raises at least one."""
    complete: Ternary
    """Whether some direction raises all margins."""


def is_separable(problem: DataProblem) -> Ternary:
    """Return ``Separation.exists`` of a problem: whether its classes are separable at least in part."""
    return classify_separation(problem).exists


def classify_separation(problem: DataProblem) -> Separation:
    """Return how the classes of a problem can be separated by scores that are linear in theta.

    If they can, cross-entropy has no minimizer (A. Albert and J. Anderson, On the existence of maximum
    likelihood estimates in logistic regression models, 1984). If they cannot, it has one; so Newton's method
    on it decides. Its iterates diverge along a separating direction (D. Soudry et al., The implicit bias of
    gradient descent on separable data, 2018), which is accepted only if the margins prove it, or they
    converge, which proves that there is none.

    A direction may leave some margins unchanged. Their rows are examined again without the others, as other
    directions may raise them: a large multiple of the first direction plus the second raises both. The
    separation is complete if no row is left.
    """
    if not problem.model.linear:
        return Separation(exists=NO, complete=NO)
    a, exists = margin_matrix(problem), NO
    while len(a):
        remaining = _unseparated_rows(a)
        if remaining is None:
            return Separation(exists=exists | UNKNOWN, complete=UNKNOWN)
        if len(remaining) == len(a):
            return Separation(exists=exists, complete=NO)
        a, exists = a[remaining], YES
    return Separation(exists=YES, complete=YES)


def _unseparated_rows(margin_rows: Array) -> IndexArray | None:
    """Return the rows that a separating direction leaves unchanged: all if there is no such direction.

    Returns None if neither is proved. The method is Newton's on the cross-entropy Σ log(1 + exp(−aᵢ·θ)), in a
    basis of the row space of A, as no margin depends on the rest. Let pᵢ = 1 / (1 + exp(aᵢ·θ)).

    - It diverges: every few steps, or when all margins are positive, :func:`_rows_on_boundary` tries to prove
      that the iterate or the last step, less a correction, separates.
    - It converges to a point at which the gradient −Σ pᵢ aᵢ is zero. For a direction v with A v ≥ 0 then
      Σ pᵢ aᵢ·v = 0 is a sum of nonnegative terms with pᵢ > 0, so A v = 0: no direction separates. As pᵢ that
      are lost in rounding prove nothing of their rows, the other rows must have full rank.
    """
    _, singular_values, basis = np.linalg.svd(margin_rows, full_matrices=False)
    a = margin_rows @ basis[singular_values > MARGIN_TOLERANCE * singular_values[0]].T
    theta = step = np.zeros(a.shape[1])
    for k in range(MAX_NEWTON_STEPS):
        z = a @ theta
        if (z > 0.0).all() or k % PROOF_INTERVAL == PROOF_INTERVAL - 1:
            boundary = _prove_separation(a, z, theta, step)
            if boundary is not None:
                return boundary
        p = 1.0 / (1.0 + np.exp(np.clip(z, -700, 700)))
        step = _cross_entropy_step(a, p)
        if np.abs(step).max() < 1e-9 * (1.0 + np.abs(theta).max()):
            weighty_rows = a[p > WEIGHT_TOLERANCE * p.max()]
            return np.arange(len(a)) if matrix_rank(weighty_rows) == a.shape[1] else None
        theta = theta + step * min(1.0, (5.0 + np.abs(theta).max()) / np.abs(step).max())
    return None


def _cross_entropy_step(a: Array, p: Array) -> Array:
    """Return Newton's step on the cross-entropy of margins with rows ``a (m, d)``, at slopes −``p (m,)``."""
    gradient, weight = -(p @ a), p * (1.0 - p)
    hessian = (a.T * weight) @ a + 1e-13 * len(a) * np.eye(a.shape[1])
    return np.asarray(np.linalg.lstsq(hessian, -gradient, rcond=1e-15)[0])


def _prove_separation(a: Array, z: Array, theta: Array, step: Array) -> IndexArray | None:
    """Return the rows that theta or step, corrected, leaves unchanged while it raises all others, or None.

    The rows that it should leave unchanged are guessed in two ways: by the smallest margins ``z``, and by the
    smallest change along the direction. Only what :func:`_rows_on_boundary` proves is returned.
    """
    for direction in (theta, step):
        for margins in (z, np.abs(a @ direction)):
            boundary = _rows_on_boundary(a, margins, direction)
            if boundary is not None:
                return boundary
    return None


def _rows_on_boundary(a: Array, margins: Array, direction: Array) -> IndexArray | None:
    """Return the rows of smallest margin without which a corrected direction raises all margins.

    Returns None if there are no such rows. For r = 0, 1, … below the rank of A the candidates are the longest
    initial segment, in the order of margins, whose rank is at most r; rows that depend on others of the
    segment cost no freedom, so longer is better. The rank does not fall as the segment grows, so bisection
    finds its end. The direction is projected onto the null space of the candidates, which leaves their
    margins unchanged. It is a proof if the projection raises the margin of every other row by more than
    rounding.
    """
    order, full_rank = np.argsort(margins), matrix_rank(a)
    count = 0
    for r in range(full_rank):
        count = _longest_segment(a[order], r, count)
        projected = direction
        if count:
            candidates = a[order[:count]]
            inverse = np.linalg.pinv(candidates, rcond=MARGIN_TOLERANCE)
            projected = direction - inverse @ (candidates @ direction)
        raised = a[order[count:]] @ projected
        tolerance = MARGIN_TOLERANCE * np.abs(a).max() * np.abs(direction).max()
        if len(raised) and raised.min() > tolerance:
            return order[:count]
    return None


def _longest_segment(rows: Array, max_rank: int, min_count: int) -> int:
    """Return the largest number, from ``min_count`` on, of first rows whose rank is at most ``max_rank``."""
    low, high = min_count, len(rows)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if matrix_rank(rows[:middle]) <= max_rank else (low, middle - 1)
    return low


def matrix_rank(a: Array) -> int:
    """Return the rank of a matrix: singular values above ``MARGIN_TOLERANCE`` times the largest."""
    if not len(a):
        return 0
    singular_values = np.linalg.svd(a, compute_uv=False)
    return int((singular_values > MARGIN_TOLERANCE * singular_values[0]).sum())


def margin_matrix(problem: DataProblem) -> Array:
    """Return the matrix A ``(m, d)`` whose product with φ, standardized parameters, is the vector of margins.

    For two classes there is a row for each example, the score with the sign of its target. For K classes
    there are K − 1, the score of the true class minus that of each other class.
    """
    a = design_matrix(StandardizedProblem.from_problem(problem).x)
    if problem.data.task != MULTICLASS:
        return np.asarray(a * np.where(problem.y > 0.5, 1.0, -1.0)[:, None])
    eye = np.eye(len(problem.data.classes))
    differences = eye[problem.y.astype(int)][:, None, :] - eye[None, :, :]
    rows = np.einsum("nkc,ni->nkci", differences, a)
    return np.asarray(rows[differences.any(axis=-1)].reshape(-1, len(eye) * a.shape[1]))
