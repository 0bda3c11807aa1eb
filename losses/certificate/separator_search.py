"""Parameters that tell all classes apart, where a few steps find some: the proof is that every margin is positive."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MOST_PARAMETERS
from losses.certificate.newton import descending
from losses.core.arrays import Array
from losses.core.least_squares import design
from losses.core.special import softmax
from losses.loss.base import MULTICLASS
from losses.loss.binary import CROSS_ENTROPY
from losses.loss.multiclass import CATEGORICAL_CROSS_ENTROPY, one_hot
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import Frame

LOOKS: Final = 150
"""Steps of a search among many linear scores."""
STEPS: Final = 60
"""Newton steps of a search in a model that is not linear."""
MOST_WORK: Final = 4e8
"""Multiplications that a search may take."""
ROUNDING: Final = 1e-10


def told_apart(problem: DataProblem) -> Array | None:
    """A θ whose margins are all positive; None where a few steps find none, which proves nothing.

    Newton's steps on the cross-entropy, and among many linear scores steps of
    Nesterov's gradient in units in which inputs neither lean nor stretch.
    """
    numbers = problem.x.size * max(2, len(problem.data.classes))
    if problem.model.linear:
        found = _accelerated(problem) if 2 * LOOKS * numbers <= MOST_WORK else None
    elif problem.dim <= MOST_PARAMETERS and STEPS * len(problem.y) * problem.dim**2 <= MOST_WORK:
        found = _by_newton(problem)
    else:
        found = None
    return found if found is not None and apart(problem, problem.score(found)) else None


def apart(problem: DataProblem, z: Array) -> bool:
    """Whether scores put every example on its own side by more than rounding."""
    return bool(_margins(problem, z).min() > ROUNDING * max(1.0, float(np.abs(z).max())))


def _margins(problem: DataProblem, z: Array) -> Array:
    if problem.data.task != MULTICLASS:
        return np.where(problem.y > 0.5, z, -z)
    rows, y = np.arange(len(z)), problem.y.astype(np.intp)
    others = z.copy()
    others[rows, y] = -np.inf
    return np.asarray(z[rows, y] - others.max(axis=-1))


def _by_newton(problem: DataProblem) -> Array | None:
    loss = CATEGORICAL_CROSS_ENTROPY if problem.data.task == MULTICLASS else CROSS_ENTROPY
    smooth = DataProblem(problem.data, problem.model, loss, standardize=problem.scaling is not None)
    with np.errstate(over="ignore", invalid="ignore"):
        for ends in descending(smooth, problem.start[None], np.ones(problem.dim), STEPS):
            if apart(problem, problem.score(ends[0])):
                return np.array(ends[0])
    return None


def _accelerated(problem: DataProblem) -> Array | None:
    """Steps of length one in the metric of the inputs' second moments, in which cross-entropy bends by at most one half."""
    frame, classes = Frame.of(problem), len(problem.data.classes)
    a, target = design(frame.x), one_hot(problem.y, classes)
    moments = a.T @ a / len(a) + 1e-6 * np.eye(a.shape[1])
    onto = np.linalg.solve(moments, a.T) * (2.0 / len(a))
    at = ahead = np.zeros((a.shape[1], classes))
    pace = 1.0
    for _ in range(LOOKS):
        z = a @ ahead
        if apart(problem, z if problem.data.task == MULTICLASS else z[:, 1] - z[:, 0]):
            ways = ahead.T if problem.data.task == MULTICLASS else ahead.T[1:] - ahead.T[:1]
            return np.asarray(frame.matrix @ ways.ravel())
        after = ahead - onto @ (softmax(z) - target)
        if ((ahead - after) * (after - at)).sum() > 0.0:
            pace = 1.0
        faster = 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * pace * pace))
        ahead, at, pace = after + (pace - 1.0) / faster * (after - at), after, faster
    return None
