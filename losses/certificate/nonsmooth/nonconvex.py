"""Local minima at kinks of problems that are not convex.

There some kinks are met exactly. Such a point is a strict local minimum where
the pulls of the kinks balance the rest with strength to spare, and the loss
curves upward along the ways that keep to them (J. Nocedal and S. Wright,
Numerical Optimization, 2006, 12.5).
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from losses.certificate.newton import lowest_grid_points, min_loss_far_away, newton_iterates, parameter_scales
from losses.core.arrays import Array
from losses.loss.base import PREDICTION
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.problem import DataProblem

BoolArray = NDArray[np.bool_]
Derivatives = tuple[Array, Array, Array]

N_STARTS: Final = 3
MAX_STEPS_PER_WIDTH: Final = 20
DECREASE_TOLERANCE: Final = 1e-9
"""Newton's steps at one width end where they win less than this share of the loss."""
SMOOTHING_WIDTHS: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""Widths to which kinks are rounded, one after the other, as shares of what errors and sizes are."""
ACTIVE_SLOPE: Final = 0.999
"""A rounded kink is met where its slope is less than this share of what it is far away."""
SNAP_STEPS: Final = 8
STRICTNESS_TOLERANCE: Final = 1e-6
"""So much of a kink's strength must be left, and of the largest curvature beside it."""


@dataclass(frozen=True, eq=False)
class SmoothedProblem:
    """A problem whose kinks, one an example or one a parameter, are rounded to hyperbolas.

    ``slope_below`` and ``slope_above`` are the slopes on both sides of an error of ``kink``;
    kinks are as wide as ``smoothing`` times ``error_scale`` and ``unit (d,)``.
    """

    problem: DataProblem
    kink: float
    slope_below: float
    slope_above: float
    error_scale: float
    parameter_scales: Array
    smoothing: float = 0.0

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self | None:
        """None where the loss has other kinks than one an example, or bends beside it."""
        loss, unit = problem.loss, parameter_scales(problem)
        if not problem.model.smooth():
            return None
        if loss.smooth or problem.link.key != IDENTITY_KEY:
            return cls(problem, 0.0, 0.0, 0.0, 1.0, unit)
        known = loss.breakpoints is not None and len(loss.kinks) == 1 and loss.breakpoints() == loss.kinks
        if not known or loss.space != PREDICTION:
            return None
        kink, zero = loss.kinks[0], np.zeros(1)
        low, high = (float(loss.slope(np.array([kink + side]), zero)[0]) for side in (-1.0, 1.0))
        size = float(np.abs(problem.y).mean()) or 1.0
        return cls(problem, kink, low, high, size, unit)

    @property
    def has_example_kinks(self) -> bool:
        """Whether examples have kinks."""
        return self.slope_above != self.slope_below

    @property
    def has_penalty(self) -> bool:
        return bool(self.problem.l1 or self.problem.l2)

    def kink_residuals(self, theta: Array) -> Array:
        """How far examples ``(..., n)`` are from their kinks; nothing where they have none."""
        if not self.has_example_kinks:
            return np.zeros((*theta.shape[:-1], len(self.problem.y)))
        return np.asarray(self.problem.score(theta) - self.problem.y - self.kink)

    def active_gradients(self, theta: Array, active: BoolArray) -> Array:
        """How the scores of the examples that meet their kinks change, ``(m, d)``."""
        if not self.has_example_kinks:
            return np.empty((0, len(theta)))
        some = np.broadcast_to(theta, (int(active.sum()), len(theta)))
        return np.asarray(self.problem.model.pullback(some, self.problem.x, np.eye(len(active))[active]))

    def example_terms(self, theta: Array) -> Derivatives:
        if not self.has_example_kinks:
            of, z = self.problem.of_score, self.problem.score(theta)
            return of.value(z), of.slope(z), of.curvature(z)
        return _smoothed_kink(
            self.kink_residuals(theta), self.slope_below, self.slope_above, self.smoothing * self.error_scale
        )

    def penalty_terms(self, theta: Array) -> Derivatives:
        p = self.problem
        parts = _smoothed_kink(theta, -p.l1, p.l1, self.smoothing * self.parameter_scales)
        more = p.l2 * theta**2, 2.0 * p.l2 * theta, 2.0 * p.l2 + 0.0 * theta
        value, slope, curvature = (p.penalized * (a + b) for a, b in zip(parts, more, strict=True))
        return value, slope, curvature

    def value(self, theta: Array) -> Array:
        mean = self.example_terms(theta)[0].mean(axis=-1)
        return np.asarray(mean + self.penalty_terms(theta)[0].sum(axis=-1) if self.has_penalty else mean)

    def gradient(self, theta: Array) -> Array:
        p, slope = self.problem, self.example_terms(theta)[1]
        pull = p.model.pullback(theta, p.x, slope) / len(p.y)
        return np.asarray(pull + self.penalty_terms(theta)[1] if self.has_penalty else pull)

    def hessian(self, theta: Array) -> Array:
        p, (_, slope, curvature) = self.problem, self.example_terms(theta)
        bend = p.model.hessian(theta, p.x, slope, curvature) / len(p.y)
        return np.asarray(
            bend + self.penalty_terms(theta)[2][..., None] * np.eye(p.dim) if self.has_penalty else bend
        )


def _smoothed_kink(r: Array, slope_below: float, slope_above: float, width: Array | float) -> Derivatives:
    """Value, slope and curvature of a kink rounded to a hyperbola."""
    root = np.sqrt(r * r + width**2)
    middle, half = 0.5 * (slope_above + slope_below), 0.5 * (slope_above - slope_below)
    return middle * r + half * root, middle + half * r / root, half * width**2 / root**3


def nonsmooth_local_minimum(problem: DataProblem) -> Array | None:
    """The lowest local minimum that is found from the lowest places of the window, and proved; None where none is.

    One that is beaten far outside the window is not taken for the optimum.
    """
    bent = SmoothedProblem.from_problem(problem)
    if bent is None:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        ends = lowest_grid_points(problem, N_STARTS)
        for width in SMOOTHING_WIDTHS:
            bent = replace(bent, smoothing=width)
            *_, ends = newton_iterates(
                bent, ends, bent.parameter_scales, MAX_STEPS_PER_WIDTH, DECREASE_TOLERANCE
            )
        found = [end for theta in ends if (end := _snap_to_kinks(bent, theta)) is not None]
        if not found:
            return None
        best = min(found, key=lambda theta: float(problem.value(theta)))
        return best if float(problem.value(best)) <= min_loss_far_away(problem) else None


def _snap_to_kinks(smoothed: SmoothedProblem, theta: Array) -> Array | None:
    """The minimum itself, where the kinks that are met are met exactly; None where it is not proved to be one.

    Newton's steps on the conditions of a minimum on the met kinks, with a
    multiplier for each: the share of its two slopes that balances the rest.
    """
    p, unit, n, d = smoothed.problem, smoothed.parameter_scales, len(smoothed.problem.y), len(theta)
    r, sizes = smoothed.kink_residuals(theta), p.penalized & (p.l1 > 0.0)
    met = _is_active(r, smoothed.smoothing * smoothed.error_scale) & smoothed.has_example_kinks
    nil = _is_active(theta, smoothed.smoothing * unit) & sizes
    count = int(met.sum()) + int(nil.sum())
    if count > d:
        return None
    sides = np.where(r > 0.0, smoothed.slope_above, smoothed.slope_below), np.sign(theta)
    low = np.append(np.full(int(met.sum()), smoothed.slope_below / n), np.full(int(nil.sum()), -p.l1))
    high = np.append(np.full(int(met.sum()), smoothed.slope_above / n), np.full(int(nil.sum()), p.l1))
    strength = np.zeros(count)
    for _ in range(SNAP_STEPS):
        r = smoothed.kink_residuals(theta)
        way = smoothed.active_gradients(theta, met)
        way = np.concatenate([way, np.eye(d)[nil]]) * unit
        if smoothed.has_example_kinks:
            slope, curvature = np.where(met, 0.0, sides[0]), np.zeros(n)
        else:
            _, slope, curvature = smoothed.example_terms(theta)
        rest = p.model.pullback(theta, p.x, slope) / n
        rest = unit * (rest + p.penalized * 2.0 * p.l2 * theta + np.where(sizes & ~nil, p.l1 * sides[1], 0.0))
        off, left = np.append(r[met], theta[nil]), rest + strength @ way
        whole = slope.copy()
        if smoothed.has_example_kinks:
            whole[met] = n * strength[: int(met.sum())]
        bend = p.model.hessian(theta, p.x, whole, curvature) / n + np.diag(2.0 * p.l2 * p.penalized)
        bend = bend * np.outer(unit, unit)
        system = np.block([[bend, way.T], [way, np.zeros((count, count))]])
        if not np.isfinite(system).all():
            return None
        step = np.linalg.lstsq(system, -np.append(rest, off), rcond=1e-15)[0]
        last, theta, strength = (theta, strength, left, off, way, bend), theta + unit * step[:d], step[d:]
    theta, strength, left, off, way, bend = last
    fits = (
        np.abs(off).max(initial=0.0) <= 1e-12 * (np.abs(p.y).max() + smoothed.error_scale)
        and np.abs(left).max()
        <= 1e-9 * (float(p.value(theta)) + np.abs(strength[:, None] * way).max(initial=0.0))
        and (
            (strength - low > STRICTNESS_TOLERANCE * (high - low))
            & (high - strength > STRICTNESS_TOLERANCE * (high - low))
        ).all()
    )
    r = smoothed.kink_residuals(theta)
    kept = (
        ~smoothed.has_example_kinks
        | met
        | (np.where(r > 0.0, smoothed.slope_above, smoothed.slope_below) == sides[0])
    ).all()
    kept &= (nil | ~sizes | (np.sign(theta) == sides[1])).all()
    if not (fits and kept and _is_strict_minimum(bend, way)):
        return None
    return np.where(nil, 0.0, theta)


def _is_active(r: Array, width: Array | float) -> BoolArray:
    return np.asarray(np.abs(r) < ACTIVE_SLOPE * np.sqrt(r * r + np.square(width)))


def _is_strict_minimum(hessian: Array, active_gradients: Array) -> bool:
    """Whether the kinks are independent and the curvature along them is positive, in these units."""
    _, sizes, ways = np.linalg.svd(active_gradients)
    if len(sizes) and sizes[-1] <= STRICTNESS_TOLERANCE * sizes[0]:
        return False
    along = ways[len(sizes) :]
    values = np.linalg.eigvalsh(along @ hessian @ along.T)
    return not len(values) or bool(values[0] > STRICTNESS_TOLERANCE * np.abs(hessian).max())
