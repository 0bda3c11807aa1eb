"""Find minima by Newton's method with safeguards, from several starts at once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.problem.cost import evaluation_cost
from losses.problem.problem import Problem

BoolArray = NDArray[np.bool_]

MAX_NEWTON_STEPS: Final = 100
MIN_NEWTON_STEPS: Final = 10
MAX_NEWTON_OPERATIONS: Final = 8e8
"""Multiplications of the second derivatives of all steps; beyond it there are fewer steps."""
MAX_DAMPING_STEPS: Final = 40
"""Times that the damping of a step is increased until the step decreases the loss."""
SUFFICIENT_DECREASE: Final = 1e-4
"""The share of the predicted decrease that a step must reach (c₁ of Nocedal and Wright)."""
N_STARTS: Final = 6
"""Lowest points of the grid that are starts."""
REFINEMENT_STEPS: Final = 4
GRID_SIZE: Final = 31
"""Points of the grid along each side of the window, if they are within ``MAX_GRID_OPERATIONS``."""
MIN_GRID_SIZE: Final = 5
MAX_GRID_OPERATIONS: Final = 2e8
"""Multiplications for the values at the grid; beyond it the grid is coarser."""


RISE_STEP: Final = 1e-3
"""A change of the parameters, as a share of their scales, with which the loss rises beside a minimum ..."""
RISE_TOLERANCE: Final = 1e-13
"""... by this share of it."""


def newton_steps(problem: Problem, runs: int, most: int = MAX_NEWTON_STEPS) -> int:
    """Return how many Newton steps are affordable in each of several runs, or ``MIN_NEWTON_STEPS``."""
    cost = evaluation_cost(problem)
    affordable = MAX_NEWTON_OPERATIONS / (runs * (cost.hessian + cost.dim**3))
    return int(min(most, max(MIN_NEWTON_STEPS, affordable)))


def minimize(problem: Problem) -> Array | None:
    """Return the lowest strict local minimum ``(d,)`` that Newton's method finds, or None if it finds none.

    A convex problem has one start, any other several. A local minimum that is not below the loss far outside
    the window is not returned.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # far from the minimum a loss may overflow
        return _minimize(problem)


def _minimize(problem: Problem) -> Array | None:
    starts = _start_points(problem)[: 1 if problem.convex else None]
    unit = parameter_scales(problem)
    *_, ends = newton_iterates(problem, starts, unit, newton_steps(problem, len(starts)))
    minima = [
        _refine(problem, end, unit) for end in ends if _is_minimum(problem, end, unit, allow_flat=False)
    ]
    if not minima:
        return None
    lowest = min(minima, key=lambda theta: float(problem.value(theta)))
    is_lowest = problem.convex or float(problem.value(lowest)) <= min_loss_far_away(problem)
    return lowest if is_lowest else None


class SmoothFunction(Protocol):
    """A function with two derivatives: ``(..., d)`` to ``(...)``, ``(..., d)`` and ``(..., d, d)``."""

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
    """Return the strict local minimum ``(d,)`` that Newton's method finds from ``start (d,)``, or None.

    ``unit (d,)`` holds the scales of the parameters. With ``allow_flat`` a stationary point without positive
    curvature is returned, too; it is a minimum only if the function is convex and has one.
    """
    *_, ends = newton_iterates(problem, start[None], unit, steps)
    return _refine(problem, ends[0], unit) if _is_minimum(problem, ends[0], unit, allow_flat) else None


def newton_end(problem: SmoothFunction, start: Array, unit: Array, steps: int = MAX_NEWTON_STEPS) -> Array:
    """Return where Newton's method ends from ``start (d,)``, to nearly all digits, a minimum or not."""
    *_, ends = newton_iterates(problem, start[None], unit, steps)
    return _refine(problem, ends[0], unit)


def newton_iterates(
    problem: SmoothFunction, starts: Array, unit: Array, steps: int, tolerance: float = 1e-30
) -> Iterator[Array]:
    """Yield the starts ``(s, d)`` and the points after each Newton step, at most ``steps`` times.

    Each step solves (|H| + τ I) p = −g in units of ``unit (d,)``, where |H| has the absolute eigenvalues of
    the Hessian and the damping τ grows until the step decreases the loss (J. Nocedal and S. Wright, Numerical
    Optimization, 2006, section 3.4). A start is left where it is once its step does not decrease the loss, is
    tiny, or has a predicted decrease below ``tolerance`` times the loss. The same array is yielded each time,
    changed in place.
    """
    theta = np.array(starts, dtype=np.float64)
    damping, active = np.zeros(len(theta)), np.arange(len(theta))
    yield theta
    for _ in range(steps):
        models, is_finite = _local_models(problem, theta[active], unit)
        active = active[is_finite]
        if not len(active):
            return
        step, decrement, decreases, damping[active] = _damped_steps(problem, models, unit, damping[active])
        theta[active[decreases]] = (models.theta + unit * step)[decreases]
        yield theta
        is_worthwhile = decrement > tolerance * np.abs(models.value)
        active = active[decreases & is_worthwhile & (np.abs(step).max(axis=-1) > 1e-16)]
        if not len(active):
            return


@dataclass(frozen=True, eq=False)
class _LocalModels:
    """Quadratic models at several points ``(k, d)``, in units of the parameters' scales.

    The gradient is given by its components along the eigenvectors of the Hessian.
    """

    theta: Array
    value: Array
    gradient: Array
    eigenvalues: Array
    eigenvectors: Array


def _local_models(problem: SmoothFunction, theta: Array, unit: Array) -> tuple[_LocalModels, BoolArray]:
    """Return the models of those points ``(s, d)`` at which they are finite, and a mask ``(s,)`` of these."""
    value = problem.value(theta)
    gradient = problem.gradient(theta) * unit
    hessian = problem.hessian(theta) * np.outer(unit, unit)
    is_finite = np.isfinite(value) & np.isfinite(hessian).all(axis=(-2, -1))
    eigenvalues, eigenvectors = np.linalg.eigh(hessian[is_finite])
    components = (gradient[is_finite][:, None] @ eigenvectors)[:, 0]
    models = _LocalModels(theta[is_finite], value[is_finite], components, eigenvalues, eigenvectors)
    return models, is_finite


def _damped_steps(
    problem: SmoothFunction, models: _LocalModels, unit: Array, damping: Array
) -> tuple[Array, Array, BoolArray, Array]:
    """Take a damped Newton step from each of k points.

    Returns the steps p ``(k, d)``, the decrements gᵀ (|H| + τ I)⁻¹ g, whether p decreases the loss, and the τ
    of the next iteration, ``(k,)`` each. τ grows until the loss decreases sufficiently; the next is a tenth
    of it.
    """
    sizes = np.abs(models.eigenvalues)
    largest = sizes.max(axis=-1)
    sizes = np.maximum(sizes, (1e-14 * largest + 1e-300)[:, None])
    tau = damping.copy()
    step, decrement = np.zeros_like(models.theta), np.zeros(len(damping))
    decreases, rest = np.zeros(len(damping), dtype=bool), np.arange(len(damping))
    for _ in range(MAX_DAMPING_STEPS):
        checkpoint()
        gradient = models.gradient[rest]
        components = gradient / (sizes[rest] + tau[rest, None])
        step[rest] = -(models.eigenvectors[rest] @ components[..., None])[..., 0]
        decrement[rest] = (gradient * components).sum(axis=-1)
        limit = models.value[rest] - SUFFICIENT_DECREASE * decrement[rest]
        decreases[rest] = problem.value(models.theta[rest] + unit * step[rest]) <= limit
        rest = rest[~decreases[rest]]
        if not len(rest):
            break
        min_tau = np.maximum(1e-6 * largest[rest], 1e-3 * np.abs(models.gradient[rest]).max(axis=-1))
        tau[rest] = np.maximum(10.0 * tau[rest], min_tau)
    return step, decrement, decreases, np.where(tau > 1e-9 * largest, tau / 10.0, 0.0)


def _refine(problem: SmoothFunction, theta: Array, unit: Array) -> Array:
    """Return a minimum to nearly all digits, by Newton steps that are judged by the gradient.

    The loss is so flat at a minimum that it determines only half of the digits.
    """
    for _ in range(REFINEMENT_STEPS):
        gradient, hessian = problem.gradient(theta) * unit, problem.hessian(theta) * np.outer(unit, unit)
        if not np.isfinite(hessian).all():
            break
        values, vectors = np.linalg.eigh(hessian)
        if values[0] <= 1e-12 * values[-1]:
            break
        next_theta = theta - unit * (vectors @ ((gradient @ vectors) / values))
        if not np.abs(problem.gradient(next_theta) * unit).max() < 0.5 * np.abs(gradient).max():
            break
        theta = next_theta
    return theta


def _is_minimum(problem: SmoothFunction, theta: Array, unit: Array, allow_flat: bool) -> bool:
    """Return whether the gradient vanishes and, unless it may be flat, all curvatures are surely positive."""
    value = abs(float(problem.value(theta)))
    hessian = problem.hessian(theta) * np.outer(unit, unit)
    gradient = problem.gradient(theta) * unit
    if not (math.isfinite(value) and np.isfinite(hessian).all()):
        return False
    values = np.linalg.eigvalsh(hessian)
    if values[0] <= 1e-9 * max(float(values[-1]), value):
        return allow_flat and bool(np.abs(gradient).max() <= 1e-9 * (value + float(values[-1])))
    decrement = float(gradient @ np.linalg.solve(hessian, gradient))
    return decrement <= 1e-12 * value + 1e-15 * float(values[-1])


def rises_along(problem: SmoothFunction, theta: Array, directions: Array) -> bool:
    """Return whether the computed loss is higher a little way from ``theta`` along ``directions (m, d)``."""
    value, shifts = float(problem.value(theta)), RISE_STEP * directions
    around = problem.value(np.concatenate([theta + shifts, theta - shifts]))
    return bool((around - value > RISE_TOLERANCE * abs(value)).all())


def parameter_scales(problem: Problem) -> Array:
    """Return the scale of each parameter, ``(d,)``: half the window's width, or 1 if it is constant there."""
    plane = problem.plane
    half_widths = np.array([(high - low) / 2 for low, high in plane.box])
    scales = np.abs(plane.directions.T) @ half_widths
    return np.where(scales > 0, scales, 1.0)


def _start_points(problem: Problem) -> Array:
    """Return the plane's origin, the default start and the lowest points of a grid, ``(2 + N_STARTS, d)``."""
    return np.stack([problem.plane.origin, problem.start, *lowest_grid_points(problem, N_STARTS)])


def grid_size(problem: Problem) -> int:
    """Return the points along each side of the window's grid, an odd number; fewer if they cost too much."""
    affordable = int((MAX_GRID_OPERATIONS / evaluation_cost(problem).value) ** 0.5)
    return min(GRID_SIZE, max(MIN_GRID_SIZE, affordable - 1 + affordable % 2))


def lowest_grid_points(problem: Problem, count: int) -> Array:
    """Return the ``count`` lowest points of a grid on the window, ``(count, d)``."""
    plane, size = problem.plane, grid_size(problem)
    u, v = (np.linspace(low, high, size) for low, high in plane.box)
    grid = plane.points(u[None, :], v[:, None]).reshape(-1, problem.dim)
    return np.asarray(grid[np.argsort(problem.value(grid))[:count]])


def min_loss_far_away(problem: Problem) -> float:
    """Return the lowest loss on an ellipse 300 windows away; a minimum above it is not the global one."""
    plane = problem.plane
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    (left, right), (low, high) = plane.box
    u, v = 300.0 * (right - left) * np.cos(angle), 300.0 * (high - low) * np.sin(angle)
    return float(problem.value(plane.points(u, v)).min())
