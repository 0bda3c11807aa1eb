"""Parameters that tell all classes apart, where a few steps find some: the proof is that every margin is positive."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS
from losses.certificate.newton import newton_iterates
from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.core.special import softmax
from losses.loss.base import MULTICLASS
from losses.loss.binary import CROSS_ENTROPY
from losses.loss.multiclass import CATEGORICAL_CROSS_ENTROPY, one_hot
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

MAX_GRADIENT_STEPS: Final = 150
"""Steps of a search among many linear scores."""
MAX_NEWTON_STEPS: Final = 60
"""Newton steps of a search in a model that is not linear."""
MAX_MULTIPLICATIONS: Final = 4e8
"""Multiplications that a search may take."""
MARGIN_TOLERANCE: Final = 1e-10


def find_separator(problem: DataProblem) -> Array | None:
    """A θ whose margins are all positive; None where a few steps find none, which proves nothing.

    Newton's steps on the cross-entropy, and among many linear scores steps of
    Nesterov's gradient in units in which inputs neither lean nor stretch.
    """
    numbers = problem.x.size * max(2, len(problem.data.classes))
    if problem.model.linear:
        found = (
            _search_by_accelerated_gradient(problem)
            if 2 * MAX_GRADIENT_STEPS * numbers <= MAX_MULTIPLICATIONS
            else None
        )
    elif (
        problem.dim <= MAX_PARAMETERS
        and MAX_NEWTON_STEPS * len(problem.y) * problem.dim**2 <= MAX_MULTIPLICATIONS
    ):
        found = _search_by_newton(problem)
    else:
        found = None
    return found if found is not None and separates(problem, problem.score(found)) else None


def separates(problem: DataProblem, z: Array) -> bool:
    """Whether scores put every example on its own side by more than rounding."""
    return bool(_margins(problem, z).min() > MARGIN_TOLERANCE * max(1.0, float(np.abs(z).max())))


def _margins(problem: DataProblem, z: Array) -> Array:
    if problem.data.task != MULTICLASS:
        return np.where(problem.y > 0.5, z, -z)
    rows, y = np.arange(len(z)), problem.y.astype(np.intp)
    others = z.copy()
    others[rows, y] = -np.inf
    return np.asarray(z[rows, y] - others.max(axis=-1))


def _search_by_newton(problem: DataProblem) -> Array | None:
    loss = CATEGORICAL_CROSS_ENTROPY if problem.data.task == MULTICLASS else CROSS_ENTROPY
    smooth = DataProblem(problem.data, problem.model, loss, standardize=problem.scaling is not None)
    with np.errstate(over="ignore", invalid="ignore"):
        for ends in newton_iterates(smooth, problem.start[None], np.ones(problem.dim), MAX_NEWTON_STEPS):
            if separates(problem, problem.score(ends[0])):
                return np.array(ends[0])
    return None


def _search_by_accelerated_gradient(problem: DataProblem) -> Array | None:
    """Steps of length one in the metric of the inputs' second moments, in which cross-entropy bends by at most one half."""
    frame, classes = StandardizedProblem.from_problem(problem), len(problem.data.classes)
    a, target = design_matrix(frame.x), one_hot(problem.y, classes)
    moments = a.T @ a / len(a) + 1e-6 * np.eye(a.shape[1])
    onto = np.linalg.solve(moments, a.T) * (2.0 / len(a))
    at = ahead = np.zeros((a.shape[1], classes))
    pace = 1.0
    for _ in range(MAX_GRADIENT_STEPS):
        z = a @ ahead
        if separates(problem, z if problem.data.task == MULTICLASS else z[:, 1] - z[:, 0]):
            ways = ahead.T if problem.data.task == MULTICLASS else ahead.T[1:] - ahead.T[:1]
            return np.asarray(frame.matrix @ ways.ravel())
        after = ahead - onto @ (softmax(z) - target)
        if ((ahead - after) * (after - at)).sum() > 0.0:
            pace = 1.0
        faster = 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * pace * pace))
        ahead, at, pace = after + (pace - 1.0) / faster * (after - at), after, faster
    return None
