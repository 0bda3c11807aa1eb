"""Grids: what a kernel is given, with the scores of the examples where they are linear on the plane."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.core.arrays import Array
from losses.loss.base import BINARY, MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY
from losses.problem.plane import Plane
from losses.problem.problem import DataProblem


@dataclass(frozen=True, eq=False)
class Ramp:
    """Numbers ``flat + u across + v up``, one or K for each of n examples: ``(n,)`` or ``(n, K)``."""

    flat: Array
    across: Array
    up: Array

    def at(self, u: Array, v: float) -> Array:
        """The numbers at points ``u (m,)`` of one row, ``(m, n)``."""
        return np.asarray(self.flat + v * self.up + np.multiply.outer(u, self.across))

    def times(self, factor: Array) -> "Ramp":
        return Ramp(self.flat * factor, self.across * factor, self.up * factor)


@dataclass(frozen=True, eq=False)
class Grid:
    """A problem with data on ``u (n,)`` by ``v (m,)`` points of a plane."""

    problem: DataProblem
    plane: Plane
    u: Array
    v: Array

    @cached_property
    def scores(self) -> Ramp | None:
        """The scores, where they are linear in the parameters and so on the plane."""
        if not self.problem.model.linear:
            return None
        return Ramp(*(self.problem.score(theta) for theta in (self.plane.origin, *self.plane.directions)))

    @cached_property
    def margins(self) -> Ramp | None:
        """Scores times the sign of a yes or no; a loss of margins is one of scores whose target is yes."""
        if self.scores is None or self.problem.data.task != BINARY:
            return None
        return self.scores.times(2.0 * self.problem.y - 1.0)

    @cached_property
    def errors(self) -> Ramp | None:
        """Predictions less targets; a loss of predictions is one of errors whose target is nought."""
        if self.scores is None or self.problem.link.key != IDENTITY:
            return None
        return Ramp(self.scores.flat - self.problem.y, self.scores.across, self.scores.up)

    @cached_property
    def folded(self) -> tuple[Ramp, float] | None:
        """What the loss is a function of, with one target for all the examples."""
        if self.problem.data.task == MULTICLASS:
            return None
        if self.problem.loss.space == PREDICTION:
            return (self.errors, 0.0) if self.errors else None
        return (self.margins, 1.0) if self.margins else None

    def reach(self, ramp: Ramp) -> float:
        """The largest size of a ramp's numbers, which is at a corner."""
        return max(float(np.abs(ramp.at(self.u[[0, -1]], v)).max()) for v in self.v[[0, -1]])

    def halves(self, ramp: Ramp) -> tuple[Array, Array]:
        """Exponentials of a ramp, ``e (m, n, ...)`` over u and ``f (k, n, ...)`` over v, whose products they are."""
        middle = 0.5 * (self.v[0] + self.v[-1])
        return np.exp(ramp.at(self.u, middle)), np.exp(np.multiply.outer(self.v - middle, ramp.up))
