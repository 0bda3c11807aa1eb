"""Decide whether classes are separable: whether some direction lowers no margin and raises some.

A is the matrix whose product with the parameters is the vector of margins (:func:`margin_matrix`), so the
question is whether some direction v has A v ≥ 0 and A v ≠ 0.

With one input the order of the examples decides. Otherwise A is computed in the frame of the singular vectors
of the inputs, in which rounding errors are small beside all differences between examples, and ranks on which
a proof relies are those of the data as they are stored, computed without rounding errors. What rounding could
decide is unknown.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.core.exact_rank import exact_rank
from losses.core.least_squares import design_matrix
from losses.core.ternary import NO, UNKNOWN, YES, Ternary
from losses.loss.base import MULTICLASS
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

IndexArray = NDArray[np.intp]

MAX_NEWTON_STEPS: Final = 80
MAX_HALVINGS: Final = 30
PROOF_INTERVAL: Final = 8
"""Newton steps between two attempts to prove a separation."""
WEIGHT_TOLERANCES: Final = (1e-3, 1e-6, 1e-9)
"""Rows whose weight is below this share of the largest are left out of a proof."""
MARGIN_TOLERANCE: Final = 1e-10
"""Margins and singular values below this share of the largest are rounding errors."""
SPANNING_TOLERANCE: Final = 1e-6
"""Singular values above this share of the largest are surely not 0."""


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
    if problem.x.shape[1] == 1 and problem.data.task != MULTICLASS:
        # Standardized inputs may be equal by rounding.
        stored, used = (
            _separation_by_order(x[:, 0], problem.y > 0.5) for x in (problem.data.inputs, problem.x)
        )
        return stored if stored == used else Separation(exists=UNKNOWN, complete=UNKNOWN)
    standardized = StandardizedProblem.from_problem(problem)
    if not standardized.is_resolved:
        return Separation(exists=UNKNOWN, complete=UNKNOWN)
    rows = MarginRows.from_problem(problem, standardized)
    exists = NO
    while len(rows.margins):
        remaining = _unseparated_rows(rows)
        if remaining is None:
            return Separation(exists=exists | UNKNOWN, complete=UNKNOWN)
        if len(remaining) == len(rows.margins):
            return Separation(exists=exists, complete=NO)
        rows, exists = rows.take(remaining), YES
    return Separation(exists=YES, complete=YES)


def _separation_by_order(x: Array, is_positive: NDArray[np.bool_]) -> Separation:
    """Return how a threshold separates two classes with one input that varies."""
    positive, negative = x[is_positive], x[~is_positive]
    gap = max(positive.min() - negative.max(), negative.min() - positive.max())
    return Separation(exists=YES if gap >= 0.0 else NO, complete=YES if gap > 0.0 else NO)


@dataclass(frozen=True, eq=False)
class MarginRows:
    """The rows of A, as which margins are computed, and those of the data as they are stored."""

    margins: Array
    """The rows in the frame of the singular vectors, ``(m, e)``."""
    stored: Array
    """The rows of the inputs themselves, ``(m, d)``; they depend on each other as those of the margins do."""

    @classmethod
    def from_problem(cls, problem: DataProblem, standardized: StandardizedProblem) -> Self:
        """Return the rows of a problem of a linear model."""
        margins, stored = (margin_rows(problem, inputs) for inputs in (standardized.x, problem.data.inputs))
        return cls(margins, stored)

    def take(self, index: IndexArray) -> "MarginRows":
        """Return some of the rows."""
        return MarginRows(self.margins[index], self.stored[index])

    def have_rank(self, index: IndexArray, rank: int) -> bool:
        """Return whether the rank of some rows is surely ``rank``."""
        return exact_rank(self.stored[index]) == rank


def _unseparated_rows(rows: MarginRows) -> IndexArray | None:
    """Return the rows that a separating direction leaves unchanged: all if there is no such direction.

    Returns None if neither is proved. The method is Newton's on the cross-entropy Σ log(1 + exp(−aᵢ·θ)), in a
    basis of the row space of A, as no margin depends on the rest. Let pᵢ = 1 / (1 + exp(aᵢ·θ)).

    - It diverges: every few steps, or when all margins are positive, :func:`_rows_on_boundary` tries to prove
      that the iterate or the last step, less a correction, separates.
    - It converges to a point at which the gradient −Σ pᵢ aᵢ is zero: :func:`_span_positively`.
    """
    _, singular_values, basis = np.linalg.svd(rows.margins, full_matrices=False)
    rank = int((singular_values > MARGIN_TOLERANCE * singular_values[0]).sum())
    if not rows.have_rank(np.arange(len(rows.margins)), rank):
        return None
    a = rows.margins @ basis[:rank].T
    theta = step = np.zeros(a.shape[1])
    for k in range(MAX_NEWTON_STEPS):
        checkpoint()
        z = a @ theta
        if (z > 0.0).all() or k % PROOF_INTERVAL == PROOF_INTERVAL - 1:
            boundary = _prove_separation(a, z, theta, step)
            if boundary is not None:
                is_proved = rows.have_rank(boundary, matrix_rank(a[boundary]))
                return boundary if is_proved else None
        p = 1.0 / (1.0 + np.exp(np.clip(z, -700, 700)))
        step = _cross_entropy_step(a, p)
        if np.abs(step).max() < 1e-9 * (1.0 + np.abs(theta).max()):
            return np.arange(len(a)) if _span_positively(a, p) else None
        length = min(1.0, (5.0 + np.abs(theta).max()) / np.abs(step).max())
        theta = theta + _step_length(a, z, step, length) * step
    return None


def _span_positively(a: Array, p: Array) -> bool:
    """Return whether some of the rows aᵢ surely have a combination Σ λᵢ aᵢ = 0, λᵢ > 0, and full rank.

    For a direction v with A v ≥ 0 then Σ λᵢ aᵢ·v = 0 is a sum of nonnegative terms, so v is orthogonal to
    these rows and 0: no direction separates (E. Stiemke, Über positive Lösungen homogener linearer
    Gleichungen, 1915). λ is ``p`` less its projection onto the columns, which must not change a sign.
    """
    for tolerance in WEIGHT_TOLERANCES:
        is_weighty = p > tolerance * p.max()
        rows, weights = a[is_weighty], p[is_weighty]
        u, singular_values, _ = np.linalg.svd(rows, full_matrices=False)
        spans = len(rows) >= a.shape[1] and singular_values[-1] > SPANNING_TOLERANCE * singular_values[0]
        if spans and (np.abs(u @ (u.T @ weights)) < 0.5 * weights).all():
            return True
    return False


def _cross_entropy_step(a: Array, p: Array) -> Array:
    """Return Newton's step on the cross-entropy of margins with rows ``a (m, d)``, at slopes −``p (m,)``."""
    gradient, weight = -(p @ a), p * (1.0 - p)
    hessian = (a.T * weight) @ a + 1e-13 * len(a) * np.eye(a.shape[1])
    return np.asarray(np.linalg.lstsq(hessian, -gradient, rcond=1e-15)[0])


def _step_length(a: Array, z: Array, step: Array, length: float) -> float:
    """Return the largest of some step lengths that lowers the cross-entropy of margins ``z (m,)``."""
    change, value = a @ step, np.logaddexp(0.0, -z).sum()
    for _ in range(MAX_HALVINGS):
        if np.logaddexp(0.0, -z - length * change).sum() <= (1.0 + 1e-12) * value:
            break
        length *= 0.5
    return length


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
    """Return the matrix A ``(m, e)`` whose product with φ, in the frame, is the vector of margins."""
    return margin_rows(problem, StandardizedProblem.from_problem(problem).x)


def margin_rows(problem: DataProblem, inputs: Array) -> Array:
    """Return the matrix whose product with the parameters for ``inputs (n, k)`` is the vector of margins.

    For two classes there is a row for each example, the score with the sign of its target. For K classes
    there are K − 1, the score of the true class minus that of each other class.
    """
    a = design_matrix(inputs)
    if problem.data.task != MULTICLASS:
        return np.asarray(a * np.where(problem.y > 0.5, 1.0, -1.0)[:, None])
    eye = np.eye(len(problem.data.classes))
    differences = eye[problem.y.astype(int)][:, None, :] - eye[None, :, :]
    rows = np.einsum("nkc,ni->nkci", differences, a)
    return np.asarray(rows[differences.any(axis=-1)].reshape(-1, len(eye) * a.shape[1]))
