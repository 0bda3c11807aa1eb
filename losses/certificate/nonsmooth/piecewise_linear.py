"""Kinks of a convex problem.

Each is a row: a number linear in the parameters that costs ``cost_above`` a unit above
its target and ``cost_below`` a unit below. What is not a kink is smooth.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.loss.base import PREDICTION
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem


@dataclass(frozen=True, eq=False)
class PiecewiseLinearTerms:
    """Rows ``(m, d)`` with their targets and costs a unit ``(m,)``, beside what of the loss is smooth."""

    standardized: StandardizedProblem
    rows: Array
    target: Array
    cost_above: Array
    cost_below: Array
    has_smooth_loss: bool

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self | None:
        """The kinks of a convex problem; None where its loss bends elsewhere, too, or they are not known."""
        frame, loss, n = StandardizedProblem.from_problem(problem), problem.loss, len(problem.y)
        d = problem.dim
        rows, target, up, down = np.empty((0, d)), np.empty(0), np.empty(0), np.empty(0)
        if not loss.smooth:
            if len(loss.kinks) != 1 or loss.breakpoints is None or loss.breakpoints() != loss.kinks:
                return None
            kink, y = loss.kinks[0], np.array([0.0 if loss.space == PREDICTION else 1.0])
            low, high = (float(loss.slope(np.array([kink + side]), y)[0]) for side in (-1.0, 1.0))
            sign = np.ones(n) if loss.space == PREDICTION else np.where(problem.y > 0.5, 1.0, -1.0)
            rows = design_matrix(frame.x) * sign[:, None]
            target = problem.y + kink if loss.space == PREDICTION else np.full(n, kink)
            up, down = np.full(n, high / n), np.full(n, -low / n)
        if problem.l1:
            some = frame.matrix[problem.penalized]
            rows, target = np.concatenate([rows, some]), np.append(target, np.zeros(len(some)))
            up, down = (np.append(cost, np.full(len(some), problem.l1)) for cost in (up, down))
        return cls(frame, rows, target, up, down, loss.smooth)

    def value(self, phi: Array) -> float:
        return float(self.smooth_value(phi) + self.piecewise_linear_value(self.rows @ phi - self.target))

    def piecewise_linear_value(self, r: Array) -> float:
        return float((np.maximum(self.cost_above * r, -self.cost_below * r)).sum())

    def smooth_value(self, phi: Array) -> float:
        return float(
            self.standardized.value(phi)
            if self.has_smooth_loss
            else 0.5 * phi @ self.standardized.penalty_hessian @ phi
        )

    def gradient(self, phi: Array) -> Array:
        return (
            self.standardized.gradient(phi)
            if self.has_smooth_loss
            else self.standardized.penalty_hessian @ phi
        )

    def hessian(self, phi: Array) -> Array:
        return self.standardized.hessian(phi) if self.has_smooth_loss else self.standardized.penalty_hessian

    def gradient_magnitude(self) -> Array:
        """What slopes are sums of, in size, ``(d,)``: rounding is a share of it."""
        nil = np.zeros(self.rows.shape[1])
        most = np.abs(self.rows).T @ (self.cost_above + self.cost_below)
        return np.asarray(most + self.standardized.gradient_magnitude(nil) if self.has_smooth_loss else most)

    def hessian_lower_bound(self, phi: Array) -> Array:
        return (
            self.standardized.hessian_lower_bound(phi)
            if self.has_smooth_loss
            else self.standardized.penalty_hessian
        )
