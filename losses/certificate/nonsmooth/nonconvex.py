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

from losses.certificate.newton import descending, far_away, lowest_places, window_units
from losses.core.arrays import Array
from losses.loss.base import PREDICTION
from losses.model.output_activation import IDENTITY
from losses.problem.problem import DataProblem

Flags = NDArray[np.bool_]
Parts = tuple[Array, Array, Array]

STARTS: Final = 3
STEPS: Final = 20
ENOUGH: Final = 1e-9
"""Newton's steps at one width end where they win less than this share of the loss."""
ROUNDINGS: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""Widths to which kinks are rounded, one after the other, as shares of what errors and sizes are."""
ACTIVE: Final = 0.999
"""A rounded kink is met where its slope is less than this share of what it is far away."""
POLISH: Final = 8
SPARE: Final = 1e-6
"""So much of a kink's strength must be left, and of the largest curvature beside it."""


@dataclass(frozen=True, eq=False)
class Bent:
    """A problem whose kinks, one an example or one a parameter, are rounded to hyperbolas.

    ``low`` and ``high`` are the slopes on both sides of an error of ``kink``;
    kinks are as wide as ``round`` times ``size`` and ``unit (d,)``.
    """

    problem: DataProblem
    kink: float
    low: float
    high: float
    size: float
    unit: Array
    round: float = 0.0

    @classmethod
    def of(cls, problem: DataProblem) -> Self | None:
        """None where the loss has other kinks than one an example, or bends beside it."""
        loss, unit = problem.loss, window_units(problem)
        if not problem.model.smooth():
            return None
        if loss.smooth or problem.link.key != IDENTITY:
            return cls(problem, 0.0, 0.0, 0.0, 1.0, unit)
        known = loss.breaks is not None and len(loss.kinks) == 1 and loss.breaks() == loss.kinks
        if not known or loss.space != PREDICTION:
            return None
        kink, zero = loss.kinks[0], np.zeros(1)
        low, high = (float(loss.slope(np.array([kink + side]), zero)[0]) for side in (-1.0, 1.0))
        size = float(np.abs(problem.y).mean()) or 1.0
        return cls(problem, kink, low, high, size, unit)

    @property
    def broken(self) -> bool:
        """Whether examples have kinks."""
        return self.high != self.low

    @property
    def penalty(self) -> bool:
        return bool(self.problem.l1 or self.problem.l2)

    def errors(self, theta: Array) -> Array:
        """How far examples ``(..., n)`` are from their kinks; nothing where they have none."""
        if not self.broken:
            return np.zeros((*theta.shape[:-1], len(self.problem.y)))
        return np.asarray(self.problem.score(theta) - self.problem.y - self.kink)

    def ways(self, theta: Array, met: Flags) -> Array:
        """How the scores of the examples that meet their kinks change, ``(m, d)``."""
        if not self.broken:
            return np.empty((0, len(theta)))
        some = np.broadcast_to(theta, (int(met.sum()), len(theta)))
        return np.asarray(self.problem.model.pullback(some, self.problem.x, np.eye(len(met))[met]))

    def of_examples(self, theta: Array) -> Parts:
        if not self.broken:
            of, z = self.problem.of_score, self.problem.score(theta)
            return of.value(z), of.slope(z), of.curvature(z)
        return _rounded(self.errors(theta), self.low, self.high, self.round * self.size)

    def of_sizes(self, theta: Array) -> Parts:
        p = self.problem
        parts = _rounded(theta, -p.l1, p.l1, self.round * self.unit)
        more = p.l2 * theta**2, 2.0 * p.l2 * theta, 2.0 * p.l2 + 0.0 * theta
        value, slope, curvature = (p.penalized * (a + b) for a, b in zip(parts, more, strict=True))
        return value, slope, curvature

    def value(self, theta: Array) -> Array:
        mean = self.of_examples(theta)[0].mean(axis=-1)
        return np.asarray(mean + self.of_sizes(theta)[0].sum(axis=-1) if self.penalty else mean)

    def gradient(self, theta: Array) -> Array:
        p, slope = self.problem, self.of_examples(theta)[1]
        pull = p.model.pullback(theta, p.x, slope) / len(p.y)
        return np.asarray(pull + self.of_sizes(theta)[1] if self.penalty else pull)

    def hessian(self, theta: Array) -> Array:
        p, (_, slope, curvature) = self.problem, self.of_examples(theta)
        bend = p.model.hessian(theta, p.x, slope, curvature) / len(p.y)
        return np.asarray(bend + self.of_sizes(theta)[2][..., None] * np.eye(p.dim) if self.penalty else bend)


def _rounded(r: Array, low: float, high: float, width: Array | float) -> Parts:
    """Value, slope and curvature of a kink rounded to a hyperbola."""
    root = np.sqrt(r * r + width**2)
    middle, half = 0.5 * (high + low), 0.5 * (high - low)
    return middle * r + half * root, middle + half * r / root, half * width**2 / root**3


def bent_minimum(problem: DataProblem) -> Array | None:
    """The lowest local minimum that is found from the lowest places of the window, and proved; None where none is.

    One that is beaten far outside the window is not taken for the optimum.
    """
    bent = Bent.of(problem)
    if bent is None:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        ends = lowest_places(problem, STARTS)
        for width in ROUNDINGS:
            bent = replace(bent, round=width)
            *_, ends = descending(bent, ends, bent.unit, STEPS, ENOUGH)
        found = [end for theta in ends if (end := _polished(bent, theta)) is not None]
        if not found:
            return None
        best = min(found, key=lambda theta: float(problem.value(theta)))
        return best if float(problem.value(best)) <= far_away(problem) else None


def _polished(bent: Bent, theta: Array) -> Array | None:
    """The minimum itself, where the kinks that are met are met exactly; None where it is not proved to be one.

    Newton's steps on the conditions of a minimum on the met kinks, with a
    multiplier for each: the share of its two slopes that balances the rest.
    """
    p, unit, n, d = bent.problem, bent.unit, len(bent.problem.y), len(theta)
    r, sizes = bent.errors(theta), p.penalized & (p.l1 > 0.0)
    met = _met(r, bent.round * bent.size) & bent.broken
    nil = _met(theta, bent.round * unit) & sizes
    count = int(met.sum()) + int(nil.sum())
    if count > d:
        return None
    sides = np.where(r > 0.0, bent.high, bent.low), np.sign(theta)
    low = np.append(np.full(int(met.sum()), bent.low / n), np.full(int(nil.sum()), -p.l1))
    high = np.append(np.full(int(met.sum()), bent.high / n), np.full(int(nil.sum()), p.l1))
    strength = np.zeros(count)
    for _ in range(POLISH):
        r = bent.errors(theta)
        way = bent.ways(theta, met)
        way = np.concatenate([way, np.eye(d)[nil]]) * unit
        if bent.broken:
            slope, curvature = np.where(met, 0.0, sides[0]), np.zeros(n)
        else:
            _, slope, curvature = bent.of_examples(theta)
        rest = p.model.pullback(theta, p.x, slope) / n
        rest = unit * (rest + p.penalized * 2.0 * p.l2 * theta + np.where(sizes & ~nil, p.l1 * sides[1], 0.0))
        off, left = np.append(r[met], theta[nil]), rest + strength @ way
        whole = slope.copy()
        if bent.broken:
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
        np.abs(off).max(initial=0.0) <= 1e-12 * (np.abs(p.y).max() + bent.size)
        and np.abs(left).max()
        <= 1e-9 * (float(p.value(theta)) + np.abs(strength[:, None] * way).max(initial=0.0))
        and ((strength - low > SPARE * (high - low)) & (high - strength > SPARE * (high - low))).all()
    )
    r = bent.errors(theta)
    kept = (~bent.broken | met | (np.where(r > 0.0, bent.high, bent.low) == sides[0])).all()
    kept &= (nil | ~sizes | (np.sign(theta) == sides[1])).all()
    if not (fits and kept and _curves(bend, way)):
        return None
    return np.where(nil, 0.0, theta)


def _met(r: Array, width: Array | float) -> Flags:
    return np.asarray(np.abs(r) < ACTIVE * np.sqrt(r * r + np.square(width)))


def _curves(bend: Array, way: Array) -> bool:
    """Whether the kinks are independent and the curvature along them is positive, in these units."""
    _, sizes, ways = np.linalg.svd(way)
    if len(sizes) and sizes[-1] <= SPARE * sizes[0]:
        return False
    along = ways[len(sizes) :]
    values = np.linalg.eigvalsh(along @ bend @ along.T)
    return not len(values) or bool(values[0] > SPARE * np.abs(bend).max())
