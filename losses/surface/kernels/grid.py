"""Grids: a problem on grid points of a plane, with the scores as affine functions where they are so."""

from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array
from losses.core.lazy import cached_property
from losses.loss.base import BINARY, MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.plane import Plane
from losses.problem.problem import DataProblem


@dataclass(frozen=True, eq=False)
class AffineScores:
    """Affine functions ``constant + u·u_slope + v·v_slope`` of the plane coordinates.

    There are one or K for each of n examples: the arrays are ``(n,)`` or ``(n, K)``.
    """

    constant: Array
    u_slope: Array
    v_slope: Array

    def evaluate_row(self, u: Array, v: float) -> Array:
        """Return the values ``(m, n)`` or ``(m, n, K)`` at points ``u (m,)`` of the row ``v``."""
        return np.asarray(self.constant + v * self.v_slope + np.multiply.outer(u, self.u_slope))

    def scaled_by(self, factor: Array) -> "AffineScores":
        """Return the functions times a factor, or times one for each example."""
        return AffineScores(self.constant * factor, self.u_slope * factor, self.v_slope * factor)


@dataclass(frozen=True, eq=False)
class Grid:
    """A problem with data at the coordinates ``u (n,)`` by ``v (m,)`` of a plane."""

    problem: DataProblem
    plane: Plane
    u: Array
    v: Array

    @cached_property
    def scores(self) -> AffineScores | None:
        """The scores, or None if they are not linear in the parameters."""
        if not self.problem.model.linear:
            return None
        return AffineScores(
            *(self.problem.score(theta) for theta in (self.plane.origin, *self.plane.directions))
        )

    @cached_property
    def margins(self) -> AffineScores | None:
        """Scores times −1 for class 0 and +1 for class 1, or None.

        A loss of the margin is the loss of the score with target 1.
        """
        if self.scores is None or self.problem.data.task != BINARY:
            return None
        return self.scores.scaled_by(2.0 * self.problem.y - 1.0)

    @cached_property
    def errors(self) -> AffineScores | None:
        """Predictions minus targets, or None if predictions are not the scores.

        A loss of the error is the loss of the prediction with target 0.
        """
        if self.scores is None or self.problem.link.key != IDENTITY_KEY:
            return None
        return AffineScores(self.scores.constant - self.problem.y, self.scores.u_slope, self.scores.v_slope)

    @cached_property
    def scores_and_target(self) -> tuple[AffineScores, float] | None:
        """The errors with target 0 or the margins with target 1, which give the loss; None if not affine."""
        if self.problem.data.task == MULTICLASS:
            return None
        if self.problem.loss.space == PREDICTION:
            return (self.errors, 0.0) if self.errors else None
        return (self.margins, 1.0) if self.margins else None

    def max_magnitude(self, scores: AffineScores) -> float:
        """Return the largest absolute value on the grid; affine functions have it at a corner."""
        return max(float(np.abs(scores.evaluate_row(self.u[[0, -1]], v)).max()) for v in self.v[[0, -1]])

    def exponential_factors(self, scores: AffineScores) -> tuple[Array, Array]:
        """Return factors ``e (columns, n, ...)`` and ``f (rows, n, ...)`` whose products are e^scores."""
        middle = 0.5 * (self.v[0] + self.v[-1])
        row_change = np.multiply.outer(self.v - middle, scores.v_slope)
        return np.exp(scores.evaluate_row(self.u, middle)), np.exp(row_change)
