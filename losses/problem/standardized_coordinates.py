"""Frames: a problem whose scores are linear, in units in which its inputs neither lean nor stretch."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem

JUMP_TOLERANCE: Final = 1e-7
"""So near a jump of the curvature, as a share of an error, it may be on either side."""


@dataclass(frozen=True, eq=False)
class StandardizedProblem:
    """``problem`` as a function of φ ``(..., d)``, where θ = ``matrix`` φ, less its L1 penalty.

    Inputs ``x`` are centered and scaled, so that what is known of curvature
    does not drown in rounding where years or dollars are the units.
    """

    problem: DataProblem
    x: Array
    matrix: Array

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self:
        mean, scale = problem.x.mean(axis=0), problem.x.std(axis=0)
        scale = np.where(scale > 0.0, scale, 1.0)
        one = np.diag(np.append(1.0 / scale, 1.0))
        one[-1, :-1] = -mean / scale
        scores = problem.dim // len(one)
        matrix = np.asarray(np.kron(np.eye(scores), one), dtype=np.float64)
        return cls(problem, (problem.x - mean) / scale, matrix)

    @cached_property
    def penalty_hessian(self) -> Array:
        """The Hessian of the L2 penalty."""
        weight = 2.0 * self.problem.l2 * self.problem.penalized
        return np.asarray(self.matrix.T @ (weight[:, None] * self.matrix))

    def value(self, phi: Array) -> Array:
        score = self.problem.model.score(phi, self.x)
        cost = 0.5 * (phi @ self.penalty_hessian * phi).sum(axis=-1)
        return np.asarray(self.problem.of_score.value(score).mean(axis=-1) + cost)

    def gradient(self, phi: Array) -> Array:
        slope = self.problem.of_score.slope(self.problem.model.score(phi, self.x))
        pull = self.problem.model.pullback(phi, self.x, slope) / len(self.x)
        return np.asarray(pull + phi @ self.penalty_hessian)

    def hessian(self, phi: Array) -> Array:
        score, of_score = self.problem.model.score(phi, self.x), self.problem.of_score
        bend = self.problem.model.hessian(phi, self.x, of_score.slope(score), of_score.curvature(score))
        return np.asarray(bend / len(self.x) + self.penalty_hessian)

    def hessian_lower_bound(self, phi: Array) -> Array:
        """The Hessian at one φ, of a loss whose curvature jumps without that of examples at a jump."""
        problem, breaks = self.problem, self.problem.loss.breakpoints
        if (
            breaks is None
            or not breaks()
            or (problem.loss.space == PREDICTION and problem.link.key != IDENTITY_KEY)
        ):
            return self.hessian(phi)
        z, of_score = problem.model.score(phi, self.x), problem.of_score
        error = z - problem.y if problem.loss.space == PREDICTION else z
        near = JUMP_TOLERANCE * (np.abs(error) + max(map(abs, breaks())))
        least = np.minimum(of_score.curvature(z - near), of_score.curvature(z + near))
        return np.asarray(
            problem.model.hessian(phi, self.x, of_score.slope(z), least) / len(self.x) + self.penalty_hessian
        )

    def gradient_magnitude(self, phi: Array) -> Array:
        """What the gradient at one φ is a sum of, in size, ``(d,)``: rounding is a share of it."""
        model, x = self.problem.model, np.abs(self.x)
        slope = np.abs(self.problem.of_score.slope(model.score(phi, self.x)))
        return np.asarray(model.pullback(phi, x, slope) / len(x) + np.abs(self.penalty_hessian) @ np.abs(phi))

    def to_local(self, theta: Array) -> Array:
        """The φ of a θ."""
        return np.asarray(np.linalg.solve(self.matrix, theta), dtype=np.float64)
