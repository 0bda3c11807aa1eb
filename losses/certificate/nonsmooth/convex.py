"""Certificates at kinks of convex problems: a corner of a polyhedron, or what closes a duality gap."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS, SCOPE_NONE, Certificate, unknown_certificate
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.separability import is_separable
from losses.core.arrays import frozen
from losses.loss.base import SCORE
from losses.problem.problem import DataProblem

MAX_PAIRS: Final = 20_000


def certify_nonsmooth_convex(problem: DataProblem) -> Certificate:
    """The lowest point of a convex problem with kinks."""
    if problem.dim > MAX_PARAMETERS:
        return unknown_certificate()
    line = problem.dim == 2 and not (problem.l1 or problem.l2) and problem.loss.kinks
    if line and len(problem.y) ** 2 <= 2 * MAX_PAIRS:
        return _certify_by_vertices(problem)
    kinks = PiecewiseLinearTerms.from_problem(problem)
    found = minimize_interior_point(kinks) if kinks else None
    if found is None:
        return unknown_certificate()
    best, only = found
    loss = float(problem.value(best))
    return Certificate(frozen(best), loss, exists=True, unique=only, scope=SCOPE_NONE, lowest=True)


def _certify_by_vertices(problem: DataProblem) -> Certificate:
    """A piecewise linear bowl in two parameters: some optimum lies where two examples have their kink.

    That is the fundamental theorem of linear programming; for absolute
    deviations it says that a best line passes through two of the points.
    """
    count, kink = len(problem.y), problem.loss.kinks[0]
    of_score, x, y = problem.loss.space == SCORE, problem.x[:, 0], problem.y
    middle, level = float(np.median(x)), 0.0 if of_score else float(np.median(y))
    x, aim = x - middle, np.where(y > 0.5, kink, -kink) if of_score else y - level + kink
    i, j = np.triu_indices(count, 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (aim[j] - aim[i]) / (x[j] - x[i])
    corners = np.stack([slope, aim[i] - slope * x[i]], axis=-1)
    costs = problem.loss.value(corners @ np.stack([x, np.ones(count)]), y - level).mean(axis=-1)
    ties = costs <= costs.min() + 1e-12 * (costs.min() + 1e-3 * np.median(costs))
    # Their lines are compared where the data are: parameters are in units of their own.
    apart = np.ptp(corners[ties] @ np.array([[x.min(), x.max()], [1.0, 1.0]]), axis=0).max()
    alone = bool(apart <= 1e-9 * (np.ptp(aim) + np.abs(aim).max()))
    slope, height = corners[np.argmin(costs)]
    best = np.array([slope, height + level - slope * middle])
    return Certificate(  # from the corner of data that can be told apart a ray goes on
        optimum=frozen(best),
        loss=float(problem.value(best)),
        exists=True,
        unique=alone and not (of_score and is_separable(problem) is not False),
        scope=SCOPE_NONE,
        lowest=True,
    )
