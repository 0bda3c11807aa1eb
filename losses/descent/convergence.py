"""Rules that decide how runs ended, for many runs at once.

The rules are invariant to scale: multiplying the loss or the parameters by a
constant changes no outcome.
"""

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from losses.certificate.certificate import MAX_PARAMETERS, Certificate
from losses.certificate.certify import certify
from losses.certificate.curvature import equilibrate
from losses.certificate.local_minimum import shift_free_basis
from losses.core.arrays import Array
from losses.core.ternary import NO, YES
from losses.problem.problem import DataProblem, Problem

BoolArray = NDArray[np.bool_]

CONVERGED: Final = "CONVERGED"
RUNNING: Final = "RUNNING"
OSCILLATING: Final = "OSCILLATING"
DIVERGED: Final = "DIVERGED"
PLATEAU: Final = "PLATEAU"
NO_MINIMUM: Final = "NO_MINIMUM"
OUTCOMES: Final = (CONVERGED, RUNNING, OSCILLATING, DIVERGED, PLATEAU, NO_MINIMUM)
"""The names of the outcomes of a run."""

LOSS_TOLERANCE: Final = 1e-6
"""CONVERGED: the remaining decrease is at most this fraction of the loss ..."""
PROGRESS_TOLERANCE: Final = 1e-12
"""... or, so that runs to a loss of zero converge, this fraction of the decrease since the start."""
TAIL_STEPS: Final = 20
"""OSCILLATING and PLATEAU consider this many last steps, or half of a shorter run."""
MIN_TAIL_PROGRESS: Final = 1e-3
"""OSCILLATING: the last steps lowered the best loss by at most this fraction of the run's decrease."""
PLATEAU_SLOPE: Final = 0.1
"""PLATEAU: the slope times the width of the window is at most this fraction of the loss and its range."""
MIN_RELATIVE_CURVATURE: Final = 1e-3
"""No minimum is assumed where the curvature over the window changes the loss by at most this fraction."""
POSITIVE_DEFINITE_TOLERANCE: Final = 1e-9
"""A Hessian scaled to a unit diagonal is positive definite if its smallest eigenvalue is above this."""
MAX_BLOCK_ELEMENTS: Final = 2_000_000
"""Largest number of elements of the Hessians that are computed at once."""


@dataclass(frozen=True)
class ConvergenceFacts:
    """What the tests need to know of a problem."""

    certificate: Certificate
    constant_hessian: Array | None
    """The Hessian of a quadratic problem, ``(1, d, d)``; None for others."""


_facts: WeakKeyDictionary[Problem, ConvergenceFacts] = WeakKeyDictionary()
_bases: WeakKeyDictionary[Problem, Array | None] = WeakKeyDictionary()


def convergence_facts(problem: Problem) -> ConvergenceFacts:
    """Return the facts of a problem, which are computed once and kept as long as the problem."""
    if problem not in _facts:
        hessian = problem.hessian(problem.start[None]) if problem.quadratic else None
        _facts[problem] = ConvergenceFacts(certify(problem), hessian)
    return _facts[problem]


def _shift_free_basis(problem: Problem) -> Array | None:
    """Return ``shift_free_basis(problem)``, computed once; most problems of many parameters never need it."""
    if problem not in _bases:
        _bases[problem] = shift_free_basis(problem)
    return _bases[problem]


def classify_runs(
    problem: Problem, certificate: Certificate, path: Array, loss: Array, gradients: Array
) -> tuple[NDArray[np.str_], NDArray[np.intp]]:
    """Return the outcomes ``(m,)`` of runs that stayed finite, and the first steps ``(m,)`` of convergence.

    A run is converged from that step to its end; the step is −1 if it is not
    converged. ``path`` and ``gradients`` are ``(m, k + 1, d)``, ``loss`` is
    ``(m, k + 1)``. If several rules apply to a run, the last one below decides.
    """
    with np.errstate(all="ignore"):  # the numbers of a diverging run may overflow
        names = np.full(len(loss), RUNNING, dtype="<U11")
        names[_is_oscillating(loss, path)] = OSCILLATING
        converged_at, on_plateau = np.full(len(loss), -1), _is_plateau(problem, path, loss, gradients)
        if certificate.exists is NO:
            names[:] = NO_MINIMUM
            if isinstance(problem, DataProblem):
                on_plateau &= ~_has_progressed(loss)
        else:
            converged_at = _first_converged_steps(problem, path, loss, gradients)
            names[converged_at >= 0] = CONVERGED
            if certificate.lowest is YES and certificate.loss is not None:
                on_plateau &= loss[:, -1] > certificate.loss
        names[on_plateau] = PLATEAU
        names[is_diverging(loss)] = DIVERGED
        converged_at[names != CONVERGED] = -1
        return names, converged_at


def _has_progressed(loss: Array) -> BoolArray:
    """Whether a run lowered its loss by more than 1 %.

    If there is no minimum, the slope of such a run tends to zero as well, but it is not on a plateau.
    """
    return np.asarray(loss[:, 0] - loss[:, -1] > 0.01 * np.abs(loss[:, 0]))


def is_diverging(loss: Array) -> BoolArray:
    """Whether the last loss of ``(m, k + 1)`` is the highest of its run and the last two steps raised it.

    A rise counts if it is larger than rounding errors.
    """
    if loss.shape[-1] < 3:
        return np.zeros(len(loss), dtype=bool)
    rises = np.diff(loss[:, -3:]) > 1e-12 * np.abs(loss[:, -2:])
    return np.asarray(rises.all(axis=-1) & (loss[:, -1] > loss[:, :-1].max(axis=-1)))


def newton_decrement(problem: Problem, path: Array, gradients: Array, loss: Array) -> Array:
    """Return Newton's estimate ``(...)`` of the loss above the nearest minimum, inf if there is none nearby.

    It is half the squared Newton decrement, ½ gᵀH⁻¹g (S. Boyd and
    L. Vandenberghe, Convex Optimization, 2004, section 9.5), where the Hessian
    H is positive definite. ``path`` and ``gradients`` are ``(..., d)``. Each
    parameter is scaled to unit curvature, so the result does not depend on its
    scale. Directions that shift the scores of all classes together do not
    change the loss and are left out.
    """
    facts = convergence_facts(problem)
    hessian = problem.hessian(path) if facts.constant_hessian is None else facts.constant_hessian
    is_flat = False if problem.convex else ~_has_significant_curvature(problem, hessian, loss)
    if (basis := _shift_free_basis(problem)) is not None:
        hessian, gradients = basis.T @ hessian @ basis, gradients @ basis
    if path.shape[-1] == 2:
        return np.where(is_flat, np.inf, _newton_decrement_2d(hessian, gradients))
    scaled_hessian, scale = equilibrate(hessian)
    eigenvalues, eigenvectors = np.linalg.eigh(scaled_hessian)
    components = np.einsum("...ji,...j->...i", eigenvectors, gradients / scale)
    is_definite = (eigenvalues[..., 0] > POSITIVE_DEFINITE_TOLERANCE) & ~np.asarray(is_flat)
    divisors = np.where(is_definite[..., None], eigenvalues, 1.0)
    return np.where(is_definite, 0.5 * (np.square(components) / divisors).sum(axis=-1), np.inf)


def _has_significant_curvature(problem: Problem, hessian: Array, loss: Array) -> BoolArray:
    """Whether the curvature over the window changes the loss noticeably; far from all data it may not."""
    change = np.diagonal(hessian, axis1=-2, axis2=-1) * np.square(problem.reach)
    return np.asarray(0.5 * np.abs(change).max(axis=-1) > MIN_RELATIVE_CURVATURE * np.abs(loss))


def _newton_decrement_2d(hessian: Array, gradients: Array) -> Array:
    """Compute ½ gᵀH⁻¹g for two parameters in closed form, because LAPACK takes a microsecond per matrix."""
    a, b, c = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    u, v = gradients[..., 0], gradients[..., 1]
    determinant = a * c - b * b
    is_definite = (a > 0.0) & (c > 0.0) & (determinant > POSITIVE_DEFINITE_TOLERANCE * a * c)
    return np.where(is_definite, 0.5 * (c * u * u - 2.0 * b * u * v + a * v * v) / determinant, np.inf)


def within_tolerance(
    problem: Problem, path: Array, gradients: Array, loss: Array, initial_loss: Array
) -> BoolArray:
    """Whether runs that started at ``initial_loss`` are within tolerance of a minimum at points ``(..., d)``.

    The remaining decrease is Newton's estimate, or the loss above the certified
    lowest loss if that is smaller. The latter also works where a minimum is not
    unique or lies at a kink.
    """
    tolerance = np.maximum(
        LOSS_TOLERANCE * np.abs(loss), PROGRESS_TOLERANCE * np.maximum(initial_loss - loss, 0.0)
    )
    remaining = (
        newton_decrement(problem, path, gradients, loss)
        if is_testable(problem)
        else np.full(loss.shape, np.inf)
    )
    certificate = convergence_facts(problem).certificate
    if certificate.lowest is YES and certificate.exists is YES and certificate.loss is not None:
        remaining = np.minimum(remaining, np.maximum(loss - certificate.loss, 0.0))
    return np.asarray(remaining <= tolerance)


def is_testable(problem: Problem) -> bool:
    """Whether convergence can be tested by second derivatives: the problem is smooth and small enough."""
    return problem.smooth and problem.dim <= MAX_PARAMETERS


def _first_converged_steps(problem: Problem, path: Array, loss: Array, gradients: Array) -> NDArray[np.intp]:
    """Return the first steps from which runs stay within tolerance; −1 if they are not at the end."""
    converged_at = np.full(len(loss), -1)
    certificate = convergence_facts(problem).certificate
    if not (is_testable(problem) or (certificate.lowest is YES and certificate.exists is YES)):
        return converged_at
    converged = np.flatnonzero(
        within_tolerance(problem, path[:, -1], gradients[:, -1], loss[:, -1], loss[:, 0])
    )
    elements = problem.dim**2 + (problem.x.size if isinstance(problem, DataProblem) else 0)
    block_size = max(1, MAX_BLOCK_ELEMENTS // (elements * loss.shape[1]))
    for first in range(0, len(converged), block_size):
        rows = converged[first : first + block_size]
        outside = ~within_tolerance(problem, path[rows], gradients[rows], loss[rows], loss[rows, :1])
        steps_inside = np.argmax(outside[:, ::-1], axis=1)
        converged_at[rows] = np.where(outside.any(axis=1), loss.shape[1] - steps_inside, 0)
    return converged_at


def _tail_length(loss: Array) -> int:
    return min(TAIL_STEPS, int(loss.shape[-1] - 1) // 2)


def _is_oscillating(loss: Array, path: Array) -> BoolArray:
    """Whether runs still move, but their best loss stalls.

    At least a quarter of the last steps must not lower the loss.
    """
    tail_length = _tail_length(loss)
    if tail_length < 4:
        return np.zeros(len(loss), dtype=bool)
    tail = loss[:, -tail_length - 1 :]
    not_falling = np.diff(tail) >= -1e-12 * np.abs(tail[:, 1:])
    moved = np.abs(np.diff(path[:, -tail_length - 1 :], axis=1)).max(axis=(1, 2))
    best_before, best_in_tail = loss[:, :-tail_length].min(axis=1), tail[:, 1:].min(axis=1)
    decrease = np.maximum(loss[:, 0] - np.minimum(best_before, best_in_tail), 0.0)
    return np.asarray(
        (not_falling.sum(axis=1) >= tail_length / 4)
        & (best_before - best_in_tail <= MIN_TAIL_PROGRESS * decrease)
        & (moved > 1e-12 * np.abs(path[:, -1]).max(axis=1))
    )


def _is_plateau(problem: Problem, path: Array, loss: Array, gradients: Array) -> BoolArray:
    """Whether runs end with almost no slope and almost no progress, but not at a minimum.

    Such a point is a saddle, or the loss is almost constant around it.
    """
    if problem.convex or problem.dim > MAX_PARAMETERS:
        return np.zeros(len(loss), dtype=bool)
    tail_length = max(1, _tail_length(loss))
    scale = np.abs(loss[:, -1]) + np.ptp(loss, axis=1)
    slope = np.abs(gradients[:, -1] @ problem.plane.directions.T) * problem.plane.width
    tail_progress = loss[:, -min(tail_length + 1, loss.shape[1])] - loss[:, -1]
    is_flat = (slope.max(axis=1) <= PLATEAU_SLOPE * scale) & (tail_progress <= 0.01 * scale)
    if not is_flat.any():
        return np.asarray(is_flat)
    hessian = problem.hessian(path[is_flat, -1])
    is_finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))
    basis = _shift_free_basis(problem)
    reduced = hessian if basis is None else basis.T @ hessian @ basis
    lowest_eigenvalue = np.linalg.eigvalsh(equilibrate(reduced)[0])[:, 0]
    is_flat[is_flat] = is_finite & (
        (lowest_eigenvalue <= POSITIVE_DEFINITE_TOLERANCE)
        | ~_has_significant_curvature(problem, hessian, loss[is_flat, -1])
    )
    return np.asarray(is_flat)
