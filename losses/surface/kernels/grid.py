"""Grids: what a kernel is given, with the scores of the examples where they are linear on the plane."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import BINARY, MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.plane import Plane
from losses.problem.problem import DataProblem


@dataclass(frozen=True, eq=False)
class AffineScores:
    """Numbers ``flat + u across + v up``, one or K for each of n examples: ``(n,)`` or ``(n, K)``."""

    constant: Array
    u_slope: Array
    v_slope: Array

    def evaluate_row(self, u: Array, v: float) -> Array:
        """The numbers at points ``u (m,)`` of one row, ``(m, n)``."""
        return np.asarray(self.constant + v * self.v_slope + np.multiply.outer(u, self.u_slope))

    def scaled_by(self, factor: Array) -> "AffineScores":
        return AffineScores(self.constant * factor, self.u_slope * factor, self.v_slope * factor)


@dataclass(frozen=True, eq=False)
class Grid:
    """A problem with data on ``u (n,)`` by ``v (m,)`` points of a plane."""

    problem: DataProblem
    plane: Plane
    u: Array
    v: Array

    @cached_property
    def scores(self) -> AffineScores | None:
        """The scores, where they are linear in the parameters and so on the plane."""
        if not self.problem.model.linear:
            return None
        return AffineScores(
            *(self.problem.score(theta) for theta in (self.plane.origin, *self.plane.directions))
        )

    @cached_property
    def margins(self) -> AffineScores | None:
        """Scores times the sign of a yes or no; a loss of margins is one of scores whose target is yes."""
        if self.scores is None or self.problem.data.task != BINARY:
            return None
        return self.scores.scaled_by(2.0 * self.problem.y - 1.0)

    @cached_property
    def errors(self) -> AffineScores | None:
        """Predictions less targets; a loss of predictions is one of errors whose target is nought."""
        if self.scores is None or self.problem.link.key != IDENTITY_KEY:
            return None
        return AffineScores(self.scores.constant - self.problem.y, self.scores.u_slope, self.scores.v_slope)

    @cached_property
    def scores_and_target(self) -> tuple[AffineScores, float] | None:
        """What the loss is a function of, with one target for all the examples."""
        if self.problem.data.task == MULTICLASS:
            return None
        if self.problem.loss.space == PREDICTION:
            return (self.errors, 0.0) if self.errors else None
        return (self.margins, 1.0) if self.margins else None

    def max_magnitude(self, scores: AffineScores) -> float:
        """The largest size of a ramp's numbers, which is at a corner."""
        return max(float(np.abs(scores.evaluate_row(self.u[[0, -1]], v)).max()) for v in self.v[[0, -1]])

    def exponential_factors(self, scores: AffineScores) -> tuple[Array, Array]:
        """Exponentials of a ramp, ``e (m, n, ...)`` over u and ``f (k, n, ...)`` over v, whose products they are."""
        middle = 0.5 * (self.v[0] + self.v[-1])
        return np.exp(scores.evaluate_row(self.u, middle)), np.exp(
            np.multiply.outer(self.v - middle, scores.v_slope)
        )
