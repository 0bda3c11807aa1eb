"""Express a problem of a linear model in standardized coordinates, in which rounding errors stay small."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem

JUMP_TOLERANCE: Final = 1e-7
"""Relative distance from a breakpoint below which rounding decides on which side of it an error lies."""


@dataclass(frozen=True, eq=False)
class StandardizedProblem:
    """``problem`` as a function of φ ``(..., d)`` with θ = ``matrix`` φ, without its L1 penalty.

    The inputs are centered and scaled, which keeps Hessians well conditioned: with inputs in years or dollars
    their small eigenvalues would be rounding errors.
    """

    problem: DataProblem
    x: Array
    """The inputs ``(n, k)`` with mean 0 and standard deviation 1; a constant input is only centered."""
    matrix: Array
    """The matrix ``(d, d)`` from φ to θ."""

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self:
        """Standardize the inputs of a problem whose model is linear."""
        mean, scale = problem.x.mean(axis=0), problem.x.std(axis=0)
        scale = np.where(scale > 0.0, scale, 1.0)
        per_score = np.diag(np.append(1.0 / scale, 1.0))
        per_score[-1, :-1] = -mean / scale
        n_scores = problem.dim // len(per_score)
        matrix = np.asarray(np.kron(np.eye(n_scores), per_score), dtype=np.float64)
        return cls(problem, (problem.x - mean) / scale, matrix)

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

    def hessian_lower_bound(self, phi: Array) -> Array:
        """Return the Hessian at one ``phi (d,)`` with the smaller curvature for examples at a breakpoint.

        At a breakpoint the curvature of a loss such as Huber's jumps. Where the result is positive definite,
        the loss curves upward on both sides of the jump.
        """
        problem, breakpoints = self.problem, self.problem.loss.breakpoints
        if (
            breakpoints is None
            or not breakpoints()
            or (problem.loss.space == PREDICTION and problem.link.key != IDENTITY_KEY)
        ):
            return self.hessian(phi)
        z, of_score = problem.model.score(phi, self.x), problem.of_score
        error = z - problem.y if problem.loss.space == PREDICTION else z
        tolerance = JUMP_TOLERANCE * (np.abs(error) + max(map(abs, breakpoints())))
        curvature = np.minimum(of_score.curvature(z - tolerance), of_score.curvature(z + tolerance))
        total = problem.model.hessian(phi, self.x, of_score.slope(z), curvature)
        return np.asarray(total / len(self.x) + self.penalty_hessian)

    def gradient_magnitude(self, phi: Array) -> Array:
        """Return for each entry of the gradient at ``phi (d,)`` the sum of its absolute terms.

        The rounding error of the gradient is proportional to these sums.
        """
        model, x = self.problem.model, np.abs(self.x)
        slope = np.abs(self.problem.of_score.slope(model.score(phi, self.x)))
        return np.asarray(model.pullback(phi, x, slope) / len(x) + np.abs(self.penalty_hessian) @ np.abs(phi))

    def to_local(self, theta: Array) -> Array:
        """Return the φ of one ``theta (d,)``."""
        return np.asarray(np.linalg.solve(self.matrix, theta), dtype=np.float64)
