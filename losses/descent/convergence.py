"""The rules by which a run is said to have ended, for many runs at once.

They are free of scale: multiplying the loss or the parameters by a constant
changes no outcome.
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
from losses.problem.problem import DataProblem, Problem

BoolArray = NDArray[np.bool_]

CONVERGED: Final = "CONVERGED"
RUNNING: Final = "RUNNING"
OSCILLATING: Final = "OSCILLATING"
DIVERGED: Final = "DIVERGED"
PLATEAU: Final = "PLATEAU"
NO_MINIMUM: Final = "NO_MINIMUM"
OUTCOMES: Final = (CONVERGED, RUNNING, OSCILLATING, DIVERGED, PLATEAU, NO_MINIMUM)

LOSS_TOLERANCE: Final = 1e-6
"""CONVERGED: what is left is at most this share of the loss itself ..."""
PROGRESS_TOLERANCE: Final = 1e-12
"""... or, where the best loss is nothing, this share of what the run has won."""
TAIL_STEPS: Final = 20
"""OSCILLATING and PLATEAU look at this many last steps, or half of a shorter run."""
MIN_TAIL_PROGRESS: Final = 1e-3
"""OSCILLATING: the last stretch won at most this share of what the run has won."""
PLATEAU_SLOPE: Final = 0.1
"""PLATEAU: the slope across the whole window changes the loss by at most this share of it."""
MIN_RELATIVE_CURVATURE: Final = 1e-3
"""Nor is a minimum where the curvature across the whole window changes the loss by at most this share of it."""
POSITIVE_DEFINITE_TOLERANCE: Final = 1e-9
"""A Hessian is positive definite where its smallest eigenvalue is above this, in units in which its diagonal is one."""
MAX_BLOCK_ELEMENTS: Final = 2_000_000
"""How many numbers the Hessians of a block of runs may take."""


@dataclass(frozen=True)
class ConvergenceFacts:
    """What the tests need to know of a problem, computed once for each."""

    certificate: Certificate
    shift_free_basis: Array | None
    """Basis of the directions that change more than the common shift of several scores, ``(d, r)``; None for all."""
    constant_hessian: Array | None
    """The Hessian of a quadratic problem, ``(1, d, d)``; None for others."""


_facts: WeakKeyDictionary[Problem, ConvergenceFacts] = WeakKeyDictionary()


def convergence_facts(problem: Problem) -> ConvergenceFacts:
    """The facts of ``problem``, which are kept as long as it is."""
    if problem not in _facts:
        hessian = problem.hessian(problem.start[None]) if problem.quadratic else None
        _facts[problem] = ConvergenceFacts(certify(problem), shift_free_basis(problem), hessian)
    return _facts[problem]


def classify_runs(
    problem: Problem, best: Certificate, path: Array, loss: Array, gradients: Array
) -> tuple[NDArray[np.str_], NDArray[np.intp]]:
    """How runs that stayed finite ended, and the first steps from which they are converged, −1 where not.

    ``path`` and ``gradients`` are ``(m, k + 1, d)``, ``loss`` is ``(m, k + 1)``.
    Where several rules hold, the one applied last here has the word.
    """
    with np.errstate(all="ignore"):  # a run on its way out is still judged
        names = np.full(len(loss), RUNNING, dtype="<U11")
        names[_is_oscillating(loss, path)] = OSCILLATING
        settled, stuck = np.full(len(loss), -1), _is_plateau(problem, path, loss, gradients)
        if best.exists is False:
            names[:] = NO_MINIMUM
            if isinstance(problem, DataProblem):
                stuck &= ~_has_progressed(loss)
        else:
            settled = _first_converged_steps(problem, path, loss, gradients)
            names[settled >= 0] = CONVERGED
            if best.lowest and best.loss is not None:
                stuck &= loss[:, -1] > best.loss
        names[stuck] = PLATEAU
        names[is_diverging(loss)] = DIVERGED
        settled[names != CONVERGED] = -1
        return names, settled


def _has_progressed(loss: Array) -> BoolArray:
    """Whether a run has won more than next to nothing: on the endless way down the slope fades, too."""
    return np.asarray(loss[:, 0] - loss[:, -1] > 0.01 * np.abs(loss[:, 0]))


def is_diverging(loss: Array) -> BoolArray:
    """The last loss is the highest of all, and still rising by more than rounding."""
    if loss.shape[-1] < 3:
        return np.zeros(len(loss), dtype=bool)
    rises = np.diff(loss[:, -3:]) > 1e-12 * np.abs(loss[:, -2:])
    return np.asarray(rises.all(axis=-1) & (loss[:, -1] > loss[:, :-1].max(axis=-1)))


def newton_decrement(problem: Problem, path: Array, gradients: Array, loss: Array) -> Array:
    """Newton's estimate of the loss above the nearest minimum, inf where there is none near.

    Half the squared Newton decrement, ½ gᵀH⁻¹g (S. Boyd and L. Vandenberghe,
    Convex Optimization, 2004, 9.5), where the Hessian is positive definite.
    ``path`` and ``gradients`` are ``(..., d)``. Each parameter is measured in
    units in which its own curvature is one, so that scales do not matter; ways
    in which the scores of several classes shift together count for nothing.
    """
    facts = convergence_facts(problem)
    hessian = problem.hessian(path) if facts.constant_hessian is None else facts.constant_hessian
    roof = False if problem.convex else ~_has_significant_curvature(problem, hessian, loss)
    if (ways := facts.shift_free_basis) is not None:
        hessian, gradients = ways.T @ hessian @ ways, gradients @ ways
    if path.shape[-1] == 2:
        return np.where(roof, np.inf, _newton_decrement_2d(hessian, gradients))
    even, unit = equilibrate(hessian)
    values, vectors = np.linalg.eigh(even)
    along = np.einsum("...ji,...j->...i", vectors, gradients / unit)
    strict = (values[..., 0] > POSITIVE_DEFINITE_TOLERANCE) & ~np.asarray(roof)
    safe = np.where(strict[..., None], values, 1.0)
    return np.where(strict, 0.5 * (np.square(along) / safe).sum(axis=-1), np.inf)


def _has_significant_curvature(problem: Problem, hessian: Array, loss: Array) -> BoolArray:
    """Whether the curvature across the window says anything beside the loss: on a flat roof it does not."""
    across = np.diagonal(hessian, axis1=-2, axis2=-1) * np.square(problem.reach)
    return np.asarray(0.5 * np.abs(across).max(axis=-1) > MIN_RELATIVE_CURVATURE * np.abs(loss))


def _newton_decrement_2d(hessian: Array, gradients: Array) -> Array:
    """The same for two parameters, in closed form: LAPACK takes a microsecond a matrix."""
    a, b, c = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    u, v = gradients[..., 0], gradients[..., 1]
    inner = a * c - b * b
    strict = (a > 0.0) & (c > 0.0) & (inner > POSITIVE_DEFINITE_TOLERANCE * a * c)
    return np.where(strict, 0.5 * (c * u * u - 2.0 * b * u * v + a * v * v) / inner, np.inf)


def within_tolerance(
    problem: Problem, path: Array, gradients: Array, loss: Array, initial_loss: Array
) -> BoolArray:
    """Whether what is left at points ``(..., d)`` of runs that began at a loss ``initial_loss`` is small enough.

    It is the loss above the lowest where that is known for certain, and may be
    known where a minimum is not the only one, or lies at a kink.
    """
    allowed = np.maximum(
        LOSS_TOLERANCE * np.abs(loss), PROGRESS_TOLERANCE * np.maximum(initial_loss - loss, 0.0)
    )
    left = (
        newton_decrement(problem, path, gradients, loss)
        if is_testable(problem)
        else np.full(loss.shape, np.inf)
    )
    best = convergence_facts(problem).certificate
    if best.lowest and best.exists and best.loss is not None:
        left = np.minimum(left, np.maximum(loss - best.loss, 0.0))
    return np.asarray(left <= allowed)


def is_testable(problem: Problem) -> bool:
    """Whether the problem has the curvature by which a run is called converged."""
    return problem.smooth and problem.dim <= MAX_PARAMETERS


def _first_converged_steps(problem: Problem, path: Array, loss: Array, gradients: Array) -> NDArray[np.intp]:
    """The first step from which the remainder is small to the end; −1 where it is not small at the end."""
    settled = np.full(len(loss), -1)
    best = convergence_facts(problem).certificate
    if not (is_testable(problem) or (best.lowest and best.exists)):
        return settled
    there = np.flatnonzero(within_tolerance(problem, path[:, -1], gradients[:, -1], loss[:, -1], loss[:, 0]))
    size = problem.dim**2 + (problem.x.size if isinstance(problem, DataProblem) else 0)
    rows = max(1, MAX_BLOCK_ELEMENTS // (size * loss.shape[1]))
    for begin in range(0, len(there), rows):
        some = there[begin : begin + rows]
        missed = ~within_tolerance(problem, path[some], gradients[some], loss[some], loss[some, :1])
        since = np.argmax(missed[:, ::-1], axis=1)
        settled[some] = np.where(missed.any(axis=1), loss.shape[1] - since, 0)
    return settled


def _tail_length(loss: Array) -> int:
    return min(TAIL_STEPS, int(loss.shape[-1] - 1) // 2)


def _is_oscillating(loss: Array, path: Array) -> BoolArray:
    """Still moving, often not falling, and the last stretch won next to nothing."""
    stretch = _tail_length(loss)
    if stretch < 4:
        return np.zeros(len(loss), dtype=bool)
    tail = loss[:, -stretch - 1 :]
    stays = np.diff(tail) >= -1e-12 * np.abs(tail[:, 1:])
    moved = np.abs(np.diff(path[:, -stretch - 1 :], axis=1)).max(axis=(1, 2))
    before, since = loss[:, :-stretch].min(axis=1), tail[:, 1:].min(axis=1)
    won = np.maximum(loss[:, 0] - np.minimum(before, since), 0.0)
    return np.asarray(
        (stays.sum(axis=1) >= stretch / 4)
        & (before - since <= MIN_TAIL_PROGRESS * won)
        & (moved > 1e-12 * np.abs(path[:, -1]).max(axis=1))
    )


def _is_plateau(problem: Problem, path: Array, loss: Array, gradients: Array) -> BoolArray:
    """No minimum, next to no slope and next to no progress: a saddle or a flat roof."""
    if problem.convex or problem.dim > MAX_PARAMETERS:
        return np.zeros(len(loss), dtype=bool)
    stretch = max(1, _tail_length(loss))
    scale = np.abs(loss[:, -1]) + np.ptp(loss, axis=1)
    across = np.abs(gradients[:, -1] @ problem.plane.directions.T) * problem.plane.width
    won = loss[:, -min(stretch + 1, loss.shape[1])] - loss[:, -1]
    flat = (across.max(axis=1) <= PLATEAU_SLOPE * scale) & (won <= 0.01 * scale)
    if not flat.any():
        return np.asarray(flat)
    hessian = problem.hessian(path[flat, -1])
    whole = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))
    ways = convergence_facts(problem).shift_free_basis
    lowest = np.linalg.eigvalsh(equilibrate(hessian if ways is None else ways.T @ hessian @ ways)[0])[:, 0]
    flat[flat] = whole & (
        (lowest <= POSITIVE_DEFINITE_TOLERANCE)
        | ~_has_significant_curvature(problem, hessian, loss[flat, -1])
    )
    return np.asarray(flat)
