"""Find and prove local minima of nonconvex problems with kinks.

The kinks are smoothed to hyperbolas of decreasing width, and the minima of the smoothed problems are
followed. At the end the active kinks, those at which the minimum lies, are solved for exactly as equations
c(θ) = 0 with Lagrange multipliers λ. Such a point is a strict local minimum if each multiplier is strictly
between the two slopes of its kink, the gradient of the Lagrangian vanishes, and its Hessian is positive
definite on the null space of the Jacobian A of c (J. Nocedal and S. Wright, Numerical Optimization, 2006,
theorem 12.6; its system 18.6 is the step).
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from losses.certificate.newton import (
    lowest_grid_points,
    min_loss_far_away,
    newton_iterates,
    parameter_scales,
    rises_along,
)
from losses.core.arrays import Array
from losses.loss.base import PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem

BoolArray = NDArray[np.bool_]
Derivatives = tuple[Array, Array, Array]
"""Value, slope and curvature."""

N_STARTS: Final = 3
MAX_STEPS_PER_WIDTH: Final = 20
DECREASE_TOLERANCE: Final = 1e-9
"""Newton's steps at one width end when they decrease the loss by less than this share of it."""
SMOOTHING_WIDTHS: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""Widths of the smoothed kinks, one after the other, relative to the sizes of errors and parameters."""
MAX_KINK_DISTANCE: Final = 1e-3
"""Distance up to which a kink may be active, relative to the sizes of errors and parameters."""
SNAP_STEPS: Final = 8
"""Newton steps on the equations of the active kinks."""
STRICTNESS_TOLERANCE: Final = 1e-6
"""Least relative distance of a multiplier from its ends, of a curvature from 0, of singular values from 0."""


@dataclass(frozen=True, eq=False)
class SmoothedProblem:
    """A problem whose kinks are smoothed to hyperbolas: those of the examples, and those of an L1 penalty.

    The kinks of examples are ``smoothing * error_scale`` wide, those of the penalty
    ``smoothing * parameter_scales``.
    """

    problem: DataProblem
    kink: float
    """The error at which the loss of an example has its kink."""
    slope_below: float
    slope_above: float
    """The slopes of the loss below and above the kink; both are 0 if the loss is smooth."""
    error_scale: float
    """The mean absolute target."""
    parameter_scales: Array
    """The sizes of the parameters, ``(d,)``."""
    smoothing: float = 0.0
    """The relative width of the kinks."""

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self | None:
        """Return the problem with kinks of width 0.

        Returns None if the model has kinks, or the loss is neither smooth nor two straight lines with one
        kink.
        """
        loss, scales = problem.loss, parameter_scales(problem)
        if not problem.model.smooth():
            return None
        if loss.smooth or problem.link.key != IDENTITY_KEY:
            return cls(problem, 0.0, 0.0, 0.0, 1.0, scales)
        has_one_kink = (
            loss.breakpoints is not None and len(loss.kinks) == 1 and loss.breakpoints() == loss.kinks
        )
        if not has_one_kink or loss.space != PREDICTION:
            return None
        kink, zero = loss.kinks[0], np.zeros(1)
        slope_below, slope_above = (
            float(loss.slope(np.array([kink + side]), zero)[0]) for side in (-1.0, 1.0)
        )
        error_scale = float(np.abs(problem.y).mean()) or 1.0
        return cls(problem, kink, slope_below, slope_above, error_scale, scales)

    @property
    def has_example_kinks(self) -> bool:
        """Whether the loss of an example has a kink."""
        return self.slope_above != self.slope_below

    @property
    def has_penalty(self) -> bool:
        """Whether there is an L1 or L2 penalty."""
        return bool(self.problem.l1 or self.problem.l2)

    def kink_residuals(self, theta: Array) -> Array:
        """Return the errors of the examples minus ``kink``, ``(..., n)``; zeros if the loss has no kink."""
        if not self.has_example_kinks:
            return np.zeros((*theta.shape[:-1], len(self.problem.y)))
        return np.asarray(self.problem.score(theta) - self.problem.y - self.kink)

    def active_gradients(self, theta: Array, active: BoolArray) -> Array:
        """Return the gradients ``(m, d)`` of the scores of the m examples that are ``active (n,)``."""
        if not self.has_example_kinks:
            return np.empty((0, len(theta)))
        repeated = np.broadcast_to(theta, (int(active.sum()), len(theta)))
        return np.asarray(self.problem.model.pullback(repeated, self.problem.x, np.eye(len(active))[active]))

    def example_terms(self, theta: Array) -> Derivatives:
        """Return the smoothed loss of each example and its derivatives in the score, ``(..., n)`` each."""
        if not self.has_example_kinks:
            of_score, z = self.problem.of_score, self.problem.score(theta)
            return of_score.value(z), of_score.slope(z), of_score.curvature(z)
        return _smoothed_kink(
            self.kink_residuals(theta), self.slope_below, self.slope_above, self.smoothing * self.error_scale
        )

    def penalty_terms(self, theta: Array) -> Derivatives:
        """Return the smoothed penalty of each parameter and its derivatives, ``(..., d)`` each."""
        p = self.problem
        l1_terms = _smoothed_kink(theta, -p.l1, p.l1, self.smoothing * self.parameter_scales)
        l2_terms = p.l2 * theta**2, 2.0 * p.l2 * theta, 2.0 * p.l2 + 0.0 * theta
        value, slope, curvature = (p.penalized * (a + b) for a, b in zip(l1_terms, l2_terms, strict=True))
        return value, slope, curvature

    def value(self, theta: Array) -> Array:
        """Return the smoothed values at points, ``(..., d) -> (...)``."""
        mean = self.example_terms(theta)[0].mean(axis=-1)
        return np.asarray(mean + self.penalty_terms(theta)[0].sum(axis=-1) if self.has_penalty else mean)

    def gradient(self, theta: Array) -> Array:
        """Return the gradients at points, ``(..., d) -> (..., d)``."""
        p, slope = self.problem, self.example_terms(theta)[1]
        gradient = p.model.pullback(theta, p.x, slope) / len(p.y)
        return np.asarray(gradient + self.penalty_terms(theta)[1] if self.has_penalty else gradient)

    def hessian(self, theta: Array) -> Array:
        """Return the Hessians at points, ``(..., d) -> (..., d, d)``."""
        p, (_, slope, curvature) = self.problem, self.example_terms(theta)
        hessian = p.model.hessian(theta, p.x, slope, curvature) / len(p.y)
        if self.has_penalty:
            hessian = hessian + self.penalty_terms(theta)[2][..., None] * np.eye(p.dim)
        return np.asarray(hessian)


def _smoothed_kink(r: Array, slope_below: float, slope_above: float, width: Array | float) -> Derivatives:
    """Return value, slope and curvature of a hyperbola whose asymptotes are the two sides of a kink at 0."""
    root = np.sqrt(r * r + width**2)
    mean, half = 0.5 * (slope_above + slope_below), 0.5 * (slope_above - slope_below)
    return mean * r + half * root, mean + half * r / root, half * width**2 / root**3


def nonsmooth_local_minimum(problem: DataProblem) -> Array | None:
    """Return the lowest local minimum ``(d,)`` that is found and proved, or None if there is none.

    The search starts at the lowest points of a grid on the window. A minimum that is not below the loss far
    outside the window is not returned.
    """
    smoothed = SmoothedProblem.from_problem(problem)
    if smoothed is None:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        points = lowest_grid_points(problem, N_STARTS)
        for width in SMOOTHING_WIDTHS:
            smoothed = replace(smoothed, smoothing=width)
            *_, points = newton_iterates(
                smoothed, points, smoothed.parameter_scales, MAX_STEPS_PER_WIDTH, DECREASE_TOLERANCE
            )
        minima = [minimum for theta in points if (minimum := _snap_to_kinks(smoothed, theta)) is not None]
        if not minima:
            return None
        lowest = min(minima, key=lambda theta: float(problem.value(theta)))
        return lowest if float(problem.value(lowest)) <= min_loss_far_away(problem) else None


@dataclass(frozen=True, eq=False)
class _ActiveKinks:
    """The kinks that are active at a point, and the smooth problem in which the others stay on their side.

    The constraints c(θ) = 0 say that the active examples are at their kink and that the active parameters are
    0, in this order.
    """

    smoothed: SmoothedProblem
    examples: BoolArray
    """Which examples are at their kink, ``(n,)``."""
    parameters: BoolArray
    """Which parameters are at the kink of the L1 penalty, ``(d,)``."""
    example_slopes: Array
    """The slope of each example on its side of the kink, ``(n,)``."""
    signs: Array
    """The signs of the parameters, ``(d,)``."""

    @classmethod
    def nearest(cls, smoothed: SmoothedProblem, theta: Array, count: int) -> Self:
        """Return the kinks of which the ``count`` nearest to ``theta (d,)`` are active, unless far away."""
        r, has_l1 = smoothed.kink_residuals(theta), _has_l1(smoothed.problem)
        of_examples = np.abs(r) / smoothed.error_scale
        of_parameters = np.abs(theta) / smoothed.parameter_scales
        is_kink = np.append(np.full(len(r), smoothed.has_example_kinks), has_l1)
        distances = np.where(is_kink, np.append(of_examples, of_parameters), np.inf)
        active = np.zeros(len(distances), dtype=bool)
        active[np.argsort(distances)[:count]] = True
        active &= distances <= MAX_KINK_DISTANCE
        return cls(
            smoothed,
            active[: len(r)],
            active[len(r) :],
            np.where(r > 0.0, smoothed.slope_above, smoothed.slope_below),
            np.sign(theta),
        )

    @property
    def n_examples(self) -> int:
        """The number of active examples."""
        return int(self.examples.sum())

    @property
    def count(self) -> int:
        """The number m of constraints."""
        return self.n_examples + int(self.parameters.sum())

    @property
    def multiplier_bounds(self) -> tuple[Array, Array]:
        """The slopes below and above each active kink, ``(m,)`` each."""
        p, n = self.smoothed.problem, len(self.smoothed.problem.y)
        n_examples, n_parameters = self.n_examples, int(self.parameters.sum())
        return (
            np.append(np.full(n_examples, self.smoothed.slope_below / n), np.full(n_parameters, -p.l1)),
            np.append(np.full(n_examples, self.smoothed.slope_above / n), np.full(n_parameters, p.l1)),
        )

    def constraints(self, theta: Array) -> Array:
        """Return c(θ), ``(m,)``."""
        return np.append(self.smoothed.kink_residuals(theta)[self.examples], theta[self.parameters])

    def jacobian(self, theta: Array) -> Array:
        """Return the Jacobian A of c, ``(m, d)``."""
        example_rows = self.smoothed.active_gradients(theta, self.examples)
        return np.concatenate([example_rows, np.eye(len(theta))[self.parameters]])

    def _example_derivatives(self, theta: Array) -> tuple[Array, Array]:
        """Return slope and curvature of each example, ``(n,)``, on its side of the kink; 0 if active."""
        if self.smoothed.has_example_kinks:
            return np.where(self.examples, 0.0, self.example_slopes), np.zeros(len(self.examples))
        _, slope, curvature = self.smoothed.example_terms(theta)
        return slope, curvature

    def gradient(self, theta: Array) -> Array:
        """Return the gradient ``(d,)`` of the loss without its active kinks."""
        p, (slope, _) = self.smoothed.problem, self._example_derivatives(theta)
        gradient = p.model.pullback(theta, p.x, slope) / len(p.y)
        l1_gradient = np.where(_has_l1(self.smoothed.problem) & ~self.parameters, p.l1 * self.signs, 0.0)
        return np.asarray(gradient + p.penalized * 2.0 * p.l2 * theta + l1_gradient)

    def lagrangian_hessian(self, theta: Array, multipliers: Array) -> Array:
        """Return the Hessian ``(d, d)`` of the loss without its active kinks plus λᵀ c."""
        p, (slope, curvature) = self.smoothed.problem, self._example_derivatives(theta)
        if self.smoothed.has_example_kinks:
            slope = slope.copy()
            slope[self.examples] = len(p.y) * multipliers[: self.n_examples]
        hessian = p.model.hessian(theta, p.x, slope, curvature) / len(p.y)
        return np.asarray(hessian + np.diag(2.0 * p.l2 * p.penalized))

    def others_keep_their_side(self, theta: Array) -> bool:
        """Return whether all kinks that are not active are still on the side they were on."""
        slopes = np.where(
            self.smoothed.kink_residuals(theta) > 0.0, self.smoothed.slope_above, self.smoothed.slope_below
        )
        examples_stay = (self.examples | (slopes == self.example_slopes)).all()
        parameters_stay = (
            self.parameters | ~_has_l1(self.smoothed.problem) | (np.sign(theta) == self.signs)
        ).all()
        return bool(examples_stay & parameters_stay)


class _KktPoint(NamedTuple):
    """A point θ with its multipliers λ and derivatives; these are in units of the parameters' scales."""

    theta: Array
    multipliers: Array
    lagrangian_gradient: Array
    constraints: Array
    jacobian: Array
    hessian: Array


def _snap_to_kinks(smoothed: SmoothedProblem, theta: Array) -> Array | None:
    """Return the proved local minimum near ``theta (d,)`` with some of the nearest kinks active, or None.

    How many are active the smoothed problem does not tell for sure, so that each number is tried.
    """
    for count in range(len(theta), -1, -1):
        kinks = _ActiveKinks.nearest(smoothed, theta, count)
        point = _solve_kkt(kinks, theta)
        if point is not None and _is_local_minimum(kinks, point):
            return np.where(kinks.parameters, 0.0, point.theta)
    return None


def _is_local_minimum(kinks: _ActiveKinks, point: _KktPoint) -> bool:
    """Return whether a point is proved to be a strict local minimum.

    The loss must be seen to rise around it: on a tail that is level but for rounding all else may hold.
    """
    return (
        _satisfies_first_order_conditions(kinks, point)
        and kinks.others_keep_their_side(point.theta)
        and _is_strict_minimum(point.hessian, point.jacobian)
        and rises_along(kinks.smoothed.problem, point.theta, np.diag(kinks.smoothed.parameter_scales))
    )


def _solve_kkt(kinks: _ActiveKinks, theta: Array) -> _KktPoint | None:
    """Solve ∇f + Aᵀ λ = 0 and c = 0 by Newton's method.

    Returns the point before the last step, at which everything has been evaluated; None on overflow.
    """
    scales, d, m = kinks.smoothed.parameter_scales, len(theta), kinks.count
    multipliers = np.zeros(m)
    for _ in range(SNAP_STEPS):
        jacobian = kinks.jacobian(theta) * scales
        gradient = scales * kinks.gradient(theta)
        hessian = kinks.lagrangian_hessian(theta, multipliers) * np.outer(scales, scales)
        constraints = kinks.constraints(theta)
        system = np.block([[hessian, jacobian.T], [jacobian, np.zeros((m, m))]])
        if not np.isfinite(system).all():
            return None
        lagrangian_gradient = gradient + multipliers @ jacobian
        point = _KktPoint(theta, multipliers, lagrangian_gradient, constraints, jacobian, hessian)
        solution = np.linalg.lstsq(system, -np.append(gradient, constraints), rcond=1e-15)[0]
        theta, multipliers = theta + scales * solution[:d], solution[d:]
    return point


def _satisfies_first_order_conditions(kinks: _ActiveKinks, point: _KktPoint) -> bool:
    """Return whether c = 0 and ∇f + Aᵀ λ = 0 up to rounding, with λ strictly between the kinks' slopes."""
    p, multipliers = kinks.smoothed.problem, point.multipliers
    lower, upper = kinks.multiplier_bounds
    margin = STRICTNESS_TOLERANCE * (upper - lower)
    constraint_tolerance = 1e-12 * (np.abs(p.y).max() + kinks.smoothed.error_scale)
    kink_gradients = np.abs(multipliers[:, None] * point.jacobian).max(initial=0.0)
    gradient_tolerance = 1e-9 * (float(p.value(point.theta)) + kink_gradients)
    return bool(
        np.abs(point.constraints).max(initial=0.0) <= constraint_tolerance
        and np.abs(point.lagrangian_gradient).max() <= gradient_tolerance
        and ((multipliers - lower > margin) & (upper - multipliers > margin)).all()
    )


def _has_l1(problem: DataProblem) -> BoolArray:
    """Return which parameters have an L1 penalty, ``(d,)``."""
    return np.asarray(problem.penalized & (problem.l1 > 0.0))


def _is_strict_minimum(hessian: Array, jacobian: Array) -> bool:
    """Return whether the rows of A are independent and the Hessian is positive definite on its null space."""
    _, singular_values, basis = np.linalg.svd(jacobian)
    if len(singular_values) and singular_values[-1] <= STRICTNESS_TOLERANCE * singular_values[0]:
        return False
    null_space = basis[len(singular_values) :]
    values = np.linalg.eigvalsh(null_space @ hessian @ null_space.T)
    return not len(values) or bool(values[0] > STRICTNESS_TOLERANCE * np.abs(hessian).max())
