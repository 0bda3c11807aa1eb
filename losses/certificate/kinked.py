"""Certificates at kinks of convex problems: a corner of a polyhedron, or what closes a duality gap."""

from typing import Final

import numpy as np

from losses.arrays import frozen
from losses.certificate.record import MOST_PARAMETERS, NOTHING, Certificate, unknown
from losses.kinks import Kinks, lowest
from losses.loss import SCORE
from losses.problem import DataProblem
from losses.separation import separable

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
    signs = np.where(problem.y > 0.5, 1.0, -1.0)
    scores = signs * kink if problem.loss.space == SCORE else problem.y + kink
    x = problem.x[:, 0]
    i, j = np.triu_indices(count, 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (scores[j] - scores[i]) / (x[j] - x[i])
    corners = np.stack([slope, scores[i] - slope * x[i]], axis=-1)
    costs = problem.value(corners)
    best = corners[np.argmin(costs)]
    ties = corners[costs <= costs.min() + 1e-12 * (costs.min() + 1e-3 * np.median(costs))]
    together = bool(np.ptp(ties, axis=0).max() <= 1e-9 * (1 + np.abs(best).max()))
    return Certificate(  # from the corner of data that can be told apart a ray goes on
        optimum=frozen(best),
        loss=float(costs.min()),
        exists=True,
        unique=together and not (problem.loss.space == SCORE and separable(problem)),
        scope=NOTHING,
        lowest=True,
    )
