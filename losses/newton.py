"""Newton's method with safeguards, from several starts: how certificates find optima."""

import math
from typing import Protocol

import numpy as np

from losses.arrays import Array
from losses.problem import Problem

STEPS = 100
STARTS = 6
GRID = 31


def minimize(problem: Problem) -> Array | None:
    """The lowest strict local minimum that Newton finds, or None where it finds none.

    A convex problem is asked once, any other from several starts. A minimum
    that is beaten far outside the window is not taken for the optimum.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # far away a loss may be beyond numbers
        return _minimize(problem)


def _minimize(problem: Problem) -> Array | None:
    starts = _starts(problem)[: 1 if problem.convex else None]
    unit = window_units(problem)
    found = [end for start in starts if (end := newton(problem, start, unit)) is not None]
    if not found:
        return None
    best = min(found, key=lambda theta: float(problem.value(theta)))
    return best if problem.convex or float(problem.value(best)) <= _far_away(problem) else None


class Smooth(Protocol):
    """What Newton's method asks of a function."""

    def value(self, at: Array) -> Array: ...
    def gradient(self, at: Array) -> Array: ...
    def hessian(self, at: Array) -> Array: ...


def newton(problem: Smooth, start: Array, unit: Array, flat: bool = False) -> Array | None:
    """Newton from ``start`` to a strict local minimum, or None where it finds none.

    A ``flat`` minimum, of a convex function that has one, is taken as well.

    The Hessian's eigenvalues are taken by their size and damped until the
    step descends (J. Nocedal and S. Wright, Numerical Optimization, 2006,
    3.4), in units of the window, so that the parameters' scales do not matter.
    """
    theta = np.array(start, dtype=np.float64)
    damping = 0.0
    for _ in range(STEPS):
        here = float(problem.value(theta))
        gradient = problem.gradient(theta) * unit
        hessian = problem.hessian(theta) * np.outer(unit, unit)
        if not (math.isfinite(here) and np.isfinite(hessian).all()):
            return None
        values, vectors = np.linalg.eigh(hessian)
        along, sizes = vectors.T @ gradient, np.abs(values)
        floor = 1e-14 * sizes.max() + 1e-300
        for _ in range(40):
            step = -vectors @ (along / (np.maximum(sizes, floor) + damping))
            decrement = -float(gradient @ step)
            if problem.value(theta + unit * step) <= here - 1e-4 * decrement:
                break
            damping = max(10.0 * damping, 1e-6 * sizes.max(), 1e-3 * float(np.abs(along).max()))
        else:
            break
        theta, damping = theta + unit * step, damping / 10.0 if damping > 1e-9 * sizes.max() else 0.0
        if decrement <= 1e-30 * abs(here) or np.abs(step).max() <= 1e-16:
            break
    return theta if _is_minimum(problem, theta, unit, flat) else None


def _is_minimum(problem: Smooth, theta: Array, unit: Array, flat: bool) -> bool:
    """A vanishing gradient and, unless it may be flat, a curvature that is more than rounding, in these units."""
    value = abs(float(problem.value(theta)))
    hessian = problem.hessian(theta) * np.outer(unit, unit)
    gradient = problem.gradient(theta) * unit
    if not np.isfinite(hessian).all():
        return False
    values = np.linalg.eigvalsh(hessian)
    if values[0] <= 1e-9 * max(float(values[-1]), value):
        return flat and bool(np.abs(gradient).max() <= 1e-9 * (value + float(values[-1])))
    rest = float(gradient @ np.linalg.solve(hessian, gradient))
    return rest <= 1e-12 * value + 1e-15 * float(values[-1])


def window_units(problem: Problem) -> Array:
    """The natural size of each parameter: the window's half width, or 1 where it does not vary."""
    plane = problem.plane
    widths = np.array([(high - low) / 2 for low, high in plane.box])
    sizes = np.abs(plane.directions.T) @ widths
    return np.where(sizes > 0, sizes, 1.0)


def _starts(problem: Problem) -> list[Array]:
    """The plane's origin, the default start and the lowest places of a coarse grid."""
    plane = problem.plane
    u, v = (np.linspace(low, high, GRID) for low, high in plane.box)
    grid = plane.points(u[None, :], v[:, None]).reshape(-1, problem.dim)
    lowest = grid[np.argsort(problem.value(grid))[:STARTS]]
    return [np.array(plane.origin), np.array(problem.start), *lowest]


def _far_away(problem: Problem) -> float:
    """The lowest loss on a very wide circle: below it a finite minimum is not the lowest of all."""
    plane = problem.plane
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    (left, right), (low, high) = plane.box
    u, v = 300.0 * (right - left) * np.cos(angle), 300.0 * (high - low) * np.sin(angle)
    return float(problem.value(plane.points(u, v)).min())
