"""Kinks of a convex problem.

Each is a row: a number linear in the parameters that costs ``up`` a unit above
its target and ``down`` a unit below. What is not a kink is smooth.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import design
from losses.loss.base import PREDICTION
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import Frame


@dataclass(frozen=True, eq=False)
class Kinks:
    """Rows ``(m, d)`` with their targets and costs a unit ``(m,)``, beside what of the loss is smooth."""

    frame: Frame
    rows: Array
    target: Array
    up: Array
    down: Array
    curved: bool

    @classmethod
    def of(cls, problem: DataProblem) -> Self | None:
        """The kinks of a convex problem; None where its loss bends elsewhere, too, or they are not known."""
        frame, loss, n = Frame.of(problem), problem.loss, len(problem.y)
        d = problem.dim
        rows, target, up, down = np.empty((0, d)), np.empty(0), np.empty(0), np.empty(0)
        if not loss.smooth:
            if len(loss.kinks) != 1 or loss.breaks is None or loss.breaks() != loss.kinks:
                return None
            kink, y = loss.kinks[0], np.array([0.0 if loss.space == PREDICTION else 1.0])
            low, high = (float(loss.slope(np.array([kink + side]), y)[0]) for side in (-1.0, 1.0))
            sign = np.ones(n) if loss.space == PREDICTION else np.where(problem.y > 0.5, 1.0, -1.0)
            rows = design(frame.x) * sign[:, None]
            target = problem.y + kink if loss.space == PREDICTION else np.full(n, kink)
            up, down = np.full(n, high / n), np.full(n, -low / n)
        if problem.l1:
            some = frame.matrix[problem.penalized]
            rows, target = np.concatenate([rows, some]), np.append(target, np.zeros(len(some)))
            up, down = (np.append(cost, np.full(len(some), problem.l1)) for cost in (up, down))
        return cls(frame, rows, target, up, down, loss.smooth)

    def value(self, phi: Array) -> float:
        return float(self.smooth(phi) + self.cost(self.rows @ phi - self.target))

    def cost(self, r: Array) -> float:
        return float((np.maximum(self.up * r, -self.down * r)).sum())

    def smooth(self, phi: Array) -> float:
        return float(self.frame.value(phi) if self.curved else 0.5 * phi @ self.frame.bend @ phi)

    def gradient(self, phi: Array) -> Array:
        return self.frame.gradient(phi) if self.curved else self.frame.bend @ phi

    def hessian(self, phi: Array) -> Array:
        return self.frame.hessian(phi) if self.curved else self.frame.bend

    def pulls(self) -> Array:
        """What slopes are sums of, in size, ``(d,)``: rounding is a share of it."""
        nil = np.zeros(self.rows.shape[1])
        most = np.abs(self.rows).T @ (self.up + self.down)
        return np.asarray(most + self.frame.pulls(nil) if self.curved else most)

    def sure_hessian(self, phi: Array) -> Array:
        return self.frame.sure_hessian(phi) if self.curved else self.frame.bend
