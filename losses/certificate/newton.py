"""Newton's method with safeguards, from several starts: how certificates find optima."""

import math
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from losses.core.arrays import Array
from losses.problem.problem import Problem

MAX_NEWTON_STEPS = 100
N_STARTS = 6
REFINEMENT_STEPS = 4
GRID_SIZE = 31


def minimize(problem: Problem) -> Array | None:
    """The lowest strict local minimum that Newton finds, or None where it finds none.

    A convex problem is asked once, any other from several starts. A minimum
    that is beaten far outside the window is not taken for the optimum.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # far away a loss may be beyond numbers
        return _minimize(problem)


def _minimize(problem: Problem) -> Array | None:
    starts = _start_points(problem)[: 1 if problem.convex else None]
    unit = parameter_scales(problem)
    *_, ends = newton_iterates(problem, starts, unit, MAX_NEWTON_STEPS)
    found = [_refine(problem, end, unit) for end in ends if _is_minimum(problem, end, unit, allow_flat=False)]
    if not found:
        return None
    best = min(found, key=lambda theta: float(problem.value(theta)))
    return best if problem.convex or float(problem.value(best)) <= min_loss_far_away(problem) else None


class SmoothFunction(Protocol):
    """What Newton's method asks of a function."""

    def value(self, theta: Array) -> Array: ...
    def gradient(self, theta: Array) -> Array: ...
    def hessian(self, theta: Array) -> Array: ...


def newton(
    problem: SmoothFunction,
    start: Array,
    unit: Array,
    allow_flat: bool = False,
    steps: int = MAX_NEWTON_STEPS,
) -> Array | None:
    """Newton from ``start`` to a strict local minimum, or None where it finds none.

    A ``allow_flat`` minimum, of a convex function that has one, is taken as well.
    """
    *_, ends = newton_iterates(problem, start[None], unit, steps)
    return _refine(problem, ends[0], unit) if _is_minimum(problem, ends[0], unit, allow_flat) else None


def newton_iterates(
    problem: SmoothFunction, starts: Array, unit: Array, steps: int, tolerance: float = 1e-30
) -> Iterator[Array]:
    """The starts ``(s, d)`` and where Newton's steps from them lead, while any is to win that share of its loss.

    The Hessian's eigenvalues are taken by their size and damped until the
    step descends (J. Nocedal and S. Wright, Numerical Optimization, 2006,
    3.4), in units of the window, so that the parameters' scales do not matter.
    """
    theta = np.array(starts, dtype=np.float64)
    damping, on = np.zeros(len(theta)), np.arange(len(theta))
    yield theta
    for _ in range(steps):
        here, at = problem.value(theta[on]), theta[on]
        gradient = problem.gradient(at) * unit
        hessian = problem.hessian(at) * np.outer(unit, unit)
        whole = np.isfinite(here) & np.isfinite(hessian).all(axis=(-2, -1))
        on, here, at = on[whole], here[whole], at[whole]
        gradient, hessian = gradient[whole], hessian[whole]
        if not len(on):
            return
        values, vectors = np.linalg.eigh(hessian)
        along, sizes = (gradient[:, None] @ vectors)[:, 0], np.abs(values)
        largest = sizes.max(axis=-1)
        bent, weight, again = (
            np.maximum(sizes, (1e-14 * largest + 1e-300)[:, None]),
            damping[on],
            np.arange(len(on)),
        )
        step, decrement, wins = np.zeros_like(at), np.zeros(len(on)), np.zeros(len(on), dtype=bool)
        for _ in range(40):
            tried = along[again] / (bent[again] + weight[again, None])
            step[again] = -(vectors[again] @ tried[..., None])[..., 0]
            decrement[again] = (along[again] * tried).sum(axis=-1)
            wins[again] = (
                problem.value(at[again] + unit * step[again]) <= here[again] - 1e-4 * decrement[again]
            )
            again = again[~wins[again]]
            if not len(again):
                break
            least = np.maximum(1e-6 * largest[again], 1e-3 * np.abs(along[again]).max(axis=-1))
            weight[again] = np.maximum(10.0 * weight[again], least)
        theta[on[wins]] = (at + unit * step)[wins]
        damping[on] = np.where(weight > 1e-9 * largest, weight / 10.0, 0.0)
        yield theta
        on = on[wins & (decrement > tolerance * np.abs(here)) & (np.abs(step).max(axis=-1) > 1e-16)]
        if not len(on):
            return


def _refine(problem: SmoothFunction, theta: Array, unit: Array) -> Array:
    """A minimum to nearly all digits: steps go on by the slope where the loss, flat to half of them, tells no more."""
    for _ in range(REFINEMENT_STEPS):
        gradient, hessian = problem.gradient(theta) * unit, problem.hessian(theta) * np.outer(unit, unit)
        values, vectors = np.linalg.eigh(hessian)
        if values[0] <= 1e-12 * values[-1]:
            break
        after = theta - unit * (vectors @ ((gradient @ vectors) / values))
        if not np.abs(problem.gradient(after) * unit).max() < 0.5 * np.abs(gradient).max():
            break
        theta = after
    return theta


def _is_minimum(problem: SmoothFunction, theta: Array, unit: Array, allow_flat: bool) -> bool:
    """A vanishing gradient and, unless it may be flat, a curvature that is more than rounding, in these units."""
    value = abs(float(problem.value(theta)))
    hessian = problem.hessian(theta) * np.outer(unit, unit)
    gradient = problem.gradient(theta) * unit
    if not (math.isfinite(value) and np.isfinite(hessian).all()):
        return False
    values = np.linalg.eigvalsh(hessian)
    if values[0] <= 1e-9 * max(float(values[-1]), value):
        return allow_flat and bool(np.abs(gradient).max() <= 1e-9 * (value + float(values[-1])))
    rest = float(gradient @ np.linalg.solve(hessian, gradient))
    return rest <= 1e-12 * value + 1e-15 * float(values[-1])


def parameter_scales(problem: Problem) -> Array:
    """The natural size of each parameter: the window's half width, or 1 where it does not vary."""
    plane = problem.plane
    widths = np.array([(high - low) / 2 for low, high in plane.box])
    sizes = np.abs(plane.directions.T) @ widths
    return np.where(sizes > 0, sizes, 1.0)


def _start_points(problem: Problem) -> Array:
    """The plane's origin, the default start and the lowest places of a coarse grid."""
    return np.stack([problem.plane.origin, problem.start, *lowest_grid_points(problem, N_STARTS)])


def lowest_grid_points(problem: Problem, count: int) -> Array:
    """The lowest places of a coarse grid on the window, ``(count, d)``."""
    plane = problem.plane
    u, v = (np.linspace(low, high, GRID_SIZE) for low, high in plane.box)
    grid = plane.points(u[None, :], v[:, None]).reshape(-1, problem.dim)
    return np.asarray(grid[np.argsort(problem.value(grid))[:count]])


def min_loss_far_away(problem: Problem) -> float:
    """The lowest loss on a very wide circle: below it a finite minimum is not the lowest of all."""
    plane = problem.plane
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    (left, right), (low, high) = plane.box
    u, v = 300.0 * (right - left) * np.cos(angle), 300.0 * (high - low) * np.sin(angle)
    return float(problem.value(plane.points(u, v)).min())
