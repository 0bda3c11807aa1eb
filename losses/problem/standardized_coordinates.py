"""Express a problem of a linear model in coordinates in which rounding errors stay small."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array, quantile
from losses.core.exact_rank import exact_rank
from losses.core.lazy import cached_property
from losses.core.least_squares import design_matrix
from losses.loss.base import REGRESSION
from losses.problem.curvature_range import curvature_range, is_unbounded
from losses.problem.problem import DataProblem

_EPS: Final = float(np.finfo(np.float64).eps)
_EXTENDED_EPS: Final = float(np.finfo(np.longdouble).eps)
RESOLUTION: Final = 1e7 * _EXTENDED_EPS
"""Singular values above this share of the largest have vectors so exact that losses are, too."""
EXTENDED_BELOW: Final = 1e-4
"""Singular values below this share of the largest call for extended precision."""


@dataclass(frozen=True, eq=False)
class StandardizedProblem:
    """``problem`` as a function of φ ``(..., e)`` with θ = ``matrix`` φ, without its L1 penalty.

    The inputs are centered, scaled, and turned into the frame of their singular vectors. There inputs that
    nearly depend on each other are as far apart as all others, so the gradient bounds the loss above the
    minimum; in their own units a small gradient may stand for a long way down.
    """

    problem: DataProblem
    x: Array
    """The inputs ``(n, r)`` in the frame: their (weighted) mean is 0 and that of their products the identity.

    With an L2 penalty, the identity is that of the products plus the Hessian of the penalty.
    """
    matrix: Array
    """The matrix ``(d, e)`` from φ to θ; e < d if inputs depend on each other and nothing penalizes that."""
    inverse: Array
    """A matrix ``(e, d)`` from θ to a φ with the same scores."""
    rank: int
    """The rank r of the inputs, with singular values up to rounding errors counted as 0."""
    least_share: float
    """The smallest singular value that is not counted as 0, as a share of the largest."""

    @classmethod
    def from_problem(cls, problem: DataProblem, weights: Array | None = None) -> Self:
        """Return the frame of a problem of a linear model, with equal weights of the examples or others.

        Weights are nonnegative, ``(n,)``. With the curvatures of the losses of the examples the Hessian at
        that point becomes the identity, up to a factor, whatever the range of the inputs.
        """
        x = problem.x
        w = np.ones(len(x)) if weights is None else weights / weights.max()  # their sum may be beyond float64
        w = w / w.sum()
        mean = x[0] + w @ (x - x[0])
        scale = np.sqrt(w @ np.square(x - mean))
        scale = np.where(scale > 0.0, scale, 1.0)
        penalty_rows = np.sqrt(problem.l2) * np.diag(1.0 / scale)
        frame = _singular_frame(x - mean, scale, w, penalty_rows, keeps_null_directions=problem.l1 > 0.0)
        per_score, inverse = _affine_maps(mean, scale, frame.to_standardized, frame.from_standardized)
        eye = np.eye(problem.dim // len(per_score))
        maps = (np.asarray(np.kron(eye, one), dtype=np.float64) for one in (per_score, inverse))
        matrix, inverse = maps
        return cls(problem, frame.x, matrix, inverse, frame.rank, frame.least_share)

    @property
    def dim(self) -> int:
        """The number e of coordinates φ."""
        return int(self.matrix.shape[1])

    @cached_property
    def is_resolved(self) -> bool:
        """Whether rounding errors leave no doubt which directions change the scores, and by how much.

        Directions that seem to change nothing must do so exactly: the rank of the data is computed without
        rounding errors.
        """
        if self.least_share <= RESOLUTION:
            return False
        is_full = self.rank == self.problem.x.shape[1] or bool(self.problem.l1)
        return is_full or exact_rank(design_matrix(self.problem.data.inputs)) == self.rank + 1

    @cached_property
    def finest_detail(self) -> float:
        """The distance in the frame between typical examples, at most 1; tiny beside one heavy outlier."""
        distances = np.abs(self.x - quantile(self.x, 0.5))
        typical = [float(quantile(column[column > 0.0], 0.25)) for column in distances.T if column.any()]
        return float(min(1.0, *typical)) if typical else 1.0

    @property
    def is_complete(self) -> bool:
        """Whether φ can express every θ."""
        return bool(self.matrix.shape[1] == self.matrix.shape[0])

    @cached_property
    def penalty_hessian(self) -> Array:
        """The Hessian of the L2 penalty in φ, ``(d, d)``."""
        weight = 2.0 * self.problem.l2 * self.problem.penalized
        return np.asarray(self.matrix.T @ (weight[:, None] * self.matrix))

    def value(self, phi: Array) -> Array:
        """Return the mean loss and the L2 penalty, ``(..., d) -> (...)``."""
        score = self.problem.model.score(phi, self.x)
        penalty = 0.5 * (phi @ self.penalty_hessian * phi).sum(axis=-1)
        return np.asarray(self.problem.of_score.value(score).mean(axis=-1) + penalty)

    def gradient(self, phi: Array) -> Array:
        """Return the gradient in φ, ``(..., d) -> (..., d)``."""
        slope = self.problem.of_score.slope(self.problem.model.score(phi, self.x))
        data_gradient = self.problem.model.pullback(phi, self.x, slope) / len(self.x)
        return np.asarray(data_gradient + phi @ self.penalty_hessian)

    def hessian(self, phi: Array) -> Array:
        """Return the Hessian in φ, ``(..., d) -> (..., d, d)``."""
        score, of_score = self.problem.model.score(phi, self.x), self.problem.of_score
        total = self.problem.model.hessian(phi, self.x, of_score.slope(score), of_score.curvature(score))
        return np.asarray(total / len(self.x) + self.penalty_hessian)

    def bounded_hessian(self, phi: Array) -> Array:
        """Return the Hessian at one ``phi (d,)`` without the examples whose curvature has no bound there.

        Such a curvature, as that of \\|r\\|^1.5 at r = 0, falls at once beside the score. It tells nothing of
        how far the loss can fall.
        """
        z, of_score = self.problem.model.score(phi, self.x), self.problem.of_score
        bounded = np.where(is_unbounded(self.problem, z), 0.0, of_score.curvature(z))
        total = self.problem.model.hessian(phi, self.x, of_score.slope(z), bounded)
        return np.asarray(total / len(self.x) + self.penalty_hessian)

    def hessian_lower_bound(self, phi: Array) -> Array:
        """Return the Hessian at one ``phi (d,)`` with the least curvature beside the score of each example.

        At a breakpoint the curvature of a loss such as Huber's jumps. Where the result is positive definite,
        the loss curves upward on both sides of the jump.
        """
        z = self.problem.model.score(phi, self.x)
        lowest, _ = curvature_range(self.problem, z)
        total = self.problem.model.hessian(phi, self.x, self.problem.of_score.slope(z), lowest)
        return np.asarray(total / len(self.x) + self.penalty_hessian)

    def gradient_magnitude(self, phi: Array) -> Array:
        """Return for each entry of the gradient at ``phi (d,)`` the sum of its absolute terms.

        The rounding error of the gradient is proportional to these sums.
        """
        model, x = self.problem.model, np.abs(self.x)
        slope = np.abs(self.problem.of_score.slope(model.score(phi, self.x)))
        return np.asarray(model.pullback(phi, x, slope) / len(x) + np.abs(self.penalty_hessian) @ np.abs(phi))

    @cached_property
    def constants(self) -> Array:
        """Parameters of constant predictions, ``(k, d)``: beside them losses and gradients are called small.

        Of regressions they are 0 and the median, the least and the greatest target, of classes 0. The least
        loss of all is meant: a loss such as e^r is beyond all measure at some of them.
        """
        y = self.problem.y
        is_regression = self.problem.data.task == REGRESSION
        levels = [0.0, quantile(y, 0.5), y.min(), y.max()] if is_regression else [0.0]
        result = np.zeros((len(levels), self.dim))
        result[:, -1] = levels
        return result

    @cached_property
    def constant_loss(self) -> float:
        """The least loss of the ``constants``."""
        return float(np.nanmin(self.value(self.constants)))

    @cached_property
    def gradient_scale(self) -> Array:
        """The least sums of absolute terms of the gradient at the ``constants``, ``(d,)``."""
        return np.asarray(np.nanmin([self.gradient_magnitude(phi) for phi in self.constants], axis=0))

    def to_local(self, theta: Array) -> Array:
        """Return the φ of one ``theta (d,)``, or one of the same scores."""
        return np.asarray(self.inverse @ theta)


class _SingularFrame(NamedTuple):
    """The frame of the singular vectors of standardized inputs."""

    x: Array
    """The inputs in the frame, ``(n, r)``."""
    to_standardized: Array
    """The matrix ``(k, r)`` from weights in the frame to weights of standardized inputs."""
    from_standardized: Array
    """Its (pseudo)inverse, ``(r, k)``."""
    rank: int
    least_share: float


def _singular_frame(
    centered: Array, scale: Array, w: Array, penalty_rows: Array, *, keeps_null_directions: bool
) -> _SingularFrame:
    """Return the frame for weights ``w`` of the examples; without a penalty its rows are zeros.

    If it ``keeps_null_directions``, directions that leave the scores as they are remain coordinates, as a
    penalty changes along them.
    """
    root = np.sqrt(w)[:, None]
    z: NDArray[np.floating[Any]] = centered / scale
    _, singular_values, vectors = np.linalg.svd(np.concatenate([root * z, penalty_rows]), full_matrices=False)
    share = singular_values / singular_values[0]
    rank = int((share > 4.0 * _EPS * (len(z) + len(penalty_rows))).sum())
    basis, least_share = vectors[:rank].T, float(share[rank - 1])
    if least_share <= EXTENDED_BELOW:
        z = centered.astype(np.longdouble) / scale
    factor = _triangular_factor(np.concatenate([root * z, penalty_rows]) @ basis)
    to_standardized, x = _divided(basis, factor), _divided(z @ basis, factor)
    from_standardized = np.asarray(factor @ basis.T, dtype=np.float64)
    if keeps_null_directions:
        rest = vectors[rank:].T
        to_standardized = np.concatenate([to_standardized, rest], axis=1)
        from_standardized = np.concatenate([from_standardized, rest.T])
        x = np.concatenate([x, (z @ rest).astype(np.float64)], axis=1)
    return _SingularFrame(x, to_standardized, from_standardized, rank, least_share)


def _triangular_factor(columns: Array) -> Array:
    """Return R of the QR decomposition of independent columns ``(m, r)``, in their precision.

    In extended precision, which LAPACK lacks, by Gram and Schmidt's method, twice for each column (L. Giraud
    et al., Rounding error analysis of the classical Gram-Schmidt orthogonalization process, 2005).
    """
    if columns.dtype == np.float64:
        return np.asarray(np.linalg.qr(columns, mode="r"))
    q, r = columns.copy(), np.zeros((columns.shape[1], columns.shape[1]), dtype=columns.dtype)
    for j in range(len(r)):
        for _ in range(2):
            shares = q[:, :j].T @ q[:, j]
            r[:j, j] += shares
            q[:, j] -= q[:, :j] @ shares
        r[j, j] = np.sqrt(np.square(q[:, j]).sum())
        q[:, j] /= r[j, j]
    return r


def _divided(left: Array, factor: Array) -> Array:
    """Return ``left @ factor⁻¹`` for an upper triangular factor, computed in its precision, as doubles."""
    result = np.zeros(left.shape, dtype=factor.dtype)
    for j in range(left.shape[1]):
        result[:, j] = (left[:, j] - result[:, :j] @ factor[:j, j]) / factor[j, j]
    return np.asarray(result, dtype=np.float64)


def _affine_maps(
    mean: Array, scale: Array, to_standardized: Array, from_standardized: Array
) -> tuple[Array, Array]:
    """Return the matrices from weights and intercept in the frame to those of the inputs, and back."""
    k, r = to_standardized.shape
    per_score, inverse = np.zeros((k + 1, r + 1)), np.zeros((r + 1, k + 1))
    per_score[:k, :r] = to_standardized / scale[:, None]
    per_score[k, :r] = -(mean / scale) @ to_standardized
    inverse[:r, :k] = from_standardized * scale
    inverse[r, :k] = mean
    per_score[k, r] = inverse[r, k] = 1.0
    return per_score, inverse
