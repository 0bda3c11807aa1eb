"""Certificates at kinks of convex problems: a corner of a polyhedron, or what closes a duality gap."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MOST_PARAMETERS, NOTHING, Certificate, unknown
from losses.certificate.nonsmooth.interior_point import lowest
from losses.certificate.nonsmooth.piecewise_linear import Kinks
from losses.certificate.separability import separable
from losses.core.arrays import frozen
from losses.loss.base import SCORE
from losses.problem.problem import DataProblem

MOST_PAIRS: Final = 20_000


def kinked(problem: DataProblem) -> Certificate:
    """The lowest point of a convex problem with kinks."""
    if problem.dim > MOST_PARAMETERS:
        return unknown()
    line = problem.dim == 2 and not (problem.l1 or problem.l2) and problem.loss.kinks
    if line and len(problem.y) ** 2 <= 2 * MOST_PAIRS:
        return _corner(problem)
    kinks = Kinks.of(problem)
    found = lowest(kinks) if kinks else None
    if found is None:
        return unknown()
    best, only = found
    loss = float(problem.value(best))
    return Certificate(frozen(best), loss, exists=True, unique=only, scope=NOTHING, lowest=True)


def _corner(problem: DataProblem) -> Certificate:
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
        unique=alone and not (of_score and separable(problem) is not False),
        scope=NOTHING,
        lowest=True,
    )
