"""Search for a separator: parameters that classify every example correctly."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS
from losses.certificate.newton import newton_iterates
from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.core.least_squares import design_matrix
from losses.core.special import softmax
from losses.loss.base import MULTICLASS
from losses.loss.binary import CROSS_ENTROPY
from losses.loss.multiclass import CATEGORICAL_CROSS_ENTROPY, one_hot
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

MAX_GRADIENT_STEPS: Final = 150
"""Steps of accelerated gradient descent in the search for a linear model."""
MAX_NEWTON_STEPS: Final = 60
"""Newton steps in the search for a model that is not linear."""
MAX_MULTIPLICATIONS: Final = 4e8
"""Multiplications that a search may take; a larger problem is not searched."""
MARGIN_TOLERANCE: Final = 1e-10
"""Least positive margin, relative to the largest score."""


def find_separator(problem: DataProblem) -> Array | None:
    """Return parameters ``(d,)`` with only positive margins, or None if a few steps find none.

    That positive margins were found is the proof; that none were found proves nothing. The search minimizes
    the cross-entropy, by accelerated gradient descent for linear models and by Newton's method for others.
    """
    n_scores = problem.x.size * max(2, len(problem.data.classes))
    gradient_cost = 2 * MAX_GRADIENT_STEPS * n_scores
    newton_cost = MAX_NEWTON_STEPS * len(problem.y) * problem.dim**2
    theta = None
    if problem.model.linear:
        if gradient_cost <= MAX_MULTIPLICATIONS:
            theta = _search_by_accelerated_gradient(problem)
    elif problem.dim <= MAX_PARAMETERS and newton_cost <= MAX_MULTIPLICATIONS:
        theta = _search_by_newton(problem)
    return theta if theta is not None and separates(problem, problem.score(theta)) else None


def separates(problem: DataProblem, z: Array) -> bool:
    """Return whether scores ``z (n,)`` or ``(n, K)`` surely classify every example correctly."""
    return bool(_margins(problem, z).min() > MARGIN_TOLERANCE * max(1.0, float(np.abs(z).max())))


def _margins(problem: DataProblem, z: Array) -> Array:
    """Return the margin of each example, ``(n,)``; for several classes the smallest."""
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
        for points in newton_iterates(smooth, problem.start[None], np.ones(problem.dim), MAX_NEWTON_STEPS):
            if separates(problem, problem.score(points[0])):
                return np.array(points[0])
    return None


def _search_by_accelerated_gradient(problem: DataProblem) -> Array | None:
    """Minimize softmax cross-entropy until the iterates separate, by Nesterov's method with restarts.

    Steps are preconditioned with the second moments of the inputs. In that metric the curvature of the
    cross-entropy is at most 1/2 (Böhning 1992), so the step length is 2. Momentum restarts when it points
    uphill (Y. Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), 1983;
    B. O'Donoghue and E. Candès, Adaptive restart for accelerated gradient schemes, 2015).
    """
    standardized, n_classes = StandardizedProblem.from_problem(problem), len(problem.data.classes)
    is_multiclass = problem.data.task == MULTICLASS
    a, target = design_matrix(standardized.x), one_hot(problem.y, n_classes)
    moments = a.T @ a / len(a) + 1e-6 * np.eye(a.shape[1])
    preconditioner = np.linalg.solve(moments, a.T) * (2.0 / len(a))
    x = y = np.zeros((a.shape[1], n_classes))  # the iterate and the extrapolated point
    t = 1.0
    for _ in range(MAX_GRADIENT_STEPS):
        checkpoint()
        z = a @ y
        if separates(problem, z if is_multiclass else z[:, 1] - z[:, 0]):
            weights = y.T if is_multiclass else y.T[1:] - y.T[:1]
            return np.asarray(standardized.matrix @ weights.ravel())
        next_x = y - preconditioner @ (softmax(z) - target)
        if ((y - next_x) * (next_x - x)).sum() > 0.0:
            t = 1.0
        next_t = 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * t * t))
        y, x, t = next_x + (t - 1.0) / next_t * (next_x - x), next_x, next_t
    return None
