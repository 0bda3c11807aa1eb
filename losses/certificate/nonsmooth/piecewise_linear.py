"""Split a convex problem into a smooth function and piecewise linear terms, one for each kink.

The term of a kink is c⁺ r for r ≥ 0 and −c⁻ r for r < 0, where r = bᵀ φ − t is linear in the parameters.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from losses.core.arrays import Array
from losses.core.lazy import cached_property
from losses.core.least_squares import design_matrix
from losses.loss.base import PREDICTION, Loss
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem


@dataclass(frozen=True, eq=False)
class PiecewiseLinearTerms:
    r"""A convex problem in standardized coordinates φ as a smooth function plus m piecewise linear terms.

    The loss of each example is a term unless it is smooth, and so is the L1 penalty of each weight. A loss
    with kinks that is curved between them has a term J \|r\| / 2 for each jump J of its slope, and the smooth
    function is the rest, with the L2 penalty.
    """

    problem: DataProblem
    standardized: StandardizedProblem
    """The problem, or its smooth part if that is more than a penalty, in the frame of φ."""
    rows: Array
    """The rows bᵀ, ``(m, d)``."""
    target: Array
    """The targets t, ``(m,)``."""
    cost_above: Array
    """The slopes c⁺ for r > 0, ``(m,)``."""
    cost_below: Array
    """The negative slopes c⁻ for r < 0, ``(m,)``; c⁺ + c⁻ > 0."""
    has_smooth_loss: bool
    """Whether the loss is part of the smooth function."""
    offset: float = 0.0
    """A constant that is added to the terms."""

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self | None:
        """Split a convex problem of a linear model.

        Returns None if the loss has kinks that are not known.
        """
        loss, n = problem.loss, len(problem.y)
        standardized = StandardizedProblem.from_problem(problem)
        rows, target = np.empty((0, standardized.dim)), np.empty(0)
        cost_above, cost_below, offset, has_smooth_loss = np.empty(0), np.empty(0), 0.0, loss.smooth
        if not loss.smooth:
            if not loss.kinks:
                return None
            if loss.breakpoints is not None and loss.breakpoints() == loss.kinks:
                costs, offset = costs_of_kinks(loss)
            elif loss.slope_jumps and loss.convex:
                costs, has_smooth_loss = (0.5 * np.array(loss.slope_jumps),) * 2, True
                standardized = StandardizedProblem.from_problem(_without_kinks(problem, costs[0]))
            else:
                return None
            of_prediction = loss.space == PREDICTION
            sign = np.ones(n) if of_prediction else np.where(problem.y > 0.5, 1.0, -1.0)
            row = design_matrix(standardized.x) * sign[:, None]
            zero = problem.y if of_prediction else np.zeros(n)
            rows = np.concatenate([row] * len(loss.kinks))
            target = np.concatenate([zero + kink for kink in loss.kinks])
            cost_above, cost_below = (np.repeat(cost, n) / n for cost in costs)
        if problem.l1:
            weight_rows = standardized.matrix[problem.penalized]
            rows, target = np.concatenate([rows, weight_rows]), np.append(target, np.zeros(len(weight_rows)))
            cost_above, cost_below = (
                np.append(cost, np.full(len(weight_rows), problem.l1)) for cost in (cost_above, cost_below)
            )
        return cls(problem, standardized, rows, target, cost_above, cost_below, has_smooth_loss, offset)

    def value(self, phi: Array) -> float:
        """Return the value of the problem at one ``phi (d,)``."""
        terms = self.piecewise_linear_value(self.rows @ phi - self.target)
        return float(self.smooth_value(phi) + terms + self.offset)

    def piecewise_linear_value(self, r: Array) -> float:
        """Return the sum of the piecewise linear terms at ``r (m,)``."""
        return float((np.maximum(self.cost_above * r, -self.cost_below * r)).sum())

    def smooth_value(self, phi: Array) -> float:
        """Return the value of the smooth function."""
        return float(
            self.standardized.value(phi)
            if self.has_smooth_loss
            else 0.5 * phi @ self.standardized.penalty_hessian @ phi
        )

    def gradient(self, phi: Array) -> Array:
        """Return the gradient of the smooth function, ``(d,)``."""
        return (
            self.standardized.gradient(phi)
            if self.has_smooth_loss
            else self.standardized.penalty_hessian @ phi
        )

    def hessian(self, phi: Array) -> Array:
        """Return the Hessian of the smooth function, ``(d, d)``."""
        return self.standardized.hessian(phi) if self.has_smooth_loss else self.standardized.penalty_hessian

    @cached_property
    def constant_loss(self) -> float:
        """The least loss above 0 of constant predictions and those beside them."""
        constants = self.standardized.constants
        found = [abs(self.value(phi)) for phi in (*constants, *(constants + 1.0))]
        return min((loss for loss in found if loss > 0.0), default=0.0)

    def bounded_hessian(self, phi: Array) -> Array:
        """Return ``StandardizedProblem.bounded_hessian`` of the smooth function, ``(d, d)``."""
        return (
            self.standardized.bounded_hessian(phi)
            if self.has_smooth_loss
            else self.standardized.penalty_hessian
        )

    def gradient_magnitude(self) -> Array:
        """Return for each entry of ∇f + Bᵀ s a bound of the sum of its absolute terms, ``(d,)``.

        Rounding errors are proportional to it. The smooth part is the least of constant predictions.
        """
        magnitude = np.abs(self.rows).T @ (self.cost_above + self.cost_below)
        if self.has_smooth_loss:
            magnitude = magnitude + self.standardized.gradient_scale
        return np.asarray(magnitude)

    def hessian_lower_bound(self, phi: Array) -> Array:
        """Return ``StandardizedProblem.hessian_lower_bound`` of the smooth function, ``(d, d)``."""
        return (
            self.standardized.hessian_lower_bound(phi)
            if self.has_smooth_loss
            else self.standardized.penalty_hessian
        )


def costs_of_kinks(loss: Loss) -> tuple[tuple[Array, Array], float]:
    """Return c⁺ and c⁻ of each kink of a piecewise linear loss, and the constant to add to the terms.

    Each kink contributes its jump of the slope above it; the first also contributes the slope below all.
    """
    kinks, y = np.array(loss.kinks), np.array([0.0 if loss.space == PREDICTION else 1.0])
    edges = np.concatenate([[kinks[0] - 1.0], 0.5 * (kinks[1:] + kinks[:-1]), [kinks[-1] + 1.0]])
    slopes = loss.slope(edges, y)
    cost_above, cost_below = np.diff(slopes), np.zeros(len(kinks))
    cost_above[0], cost_below[0] = slopes[1], -slopes[0]
    above, below = cost_above * (kinks[0] - kinks), -cost_below * (kinks[0] - kinks)
    offset = float(loss.value(kinks[:1], y)[0] - np.maximum(above, below).sum())
    return (cost_above, cost_below), offset


def _without_kinks(problem: DataProblem, halves: Array) -> DataProblem:
    r"""Return the problem whose loss lacks the terms ``halves`` · \|r − kink\| and so is smooth."""
    loss, kinks, zero = problem.loss, np.array(problem.loss.kinks), np.zeros(1)

    def value(z: Array, y: Array) -> Array:
        r = z - y
        return np.asarray(loss.value(r, zero) - np.abs(r[..., None] - kinks) @ halves)

    def slope(z: Array, y: Array) -> Array:
        r = np.asarray(z - y)
        # At a kink the slope of a formula is that of either side; just above it is known which.
        above = np.where(np.isin(r, kinks), np.nextafter(r, np.inf), r)
        return np.asarray(loss.slope(above, zero) - np.sign(above[..., None] - kinks) @ halves)

    smooth = replace(loss, value=value, slope=slope, smooth=True, kinks=(), lower_bound=None)
    is_standardized = problem.scaling is not None
    return DataProblem(
        problem.data, problem.model, smooth, standardize=is_standardized, l1=problem.l1, l2=problem.l2
    )
