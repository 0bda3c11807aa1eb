"""Certify regressions in which a constant prediction has the least loss that the formula can give."""

from dataclasses import replace
from typing import Final

import numpy as np

from losses.certificate.certificate import SCOPE_LOCAL, SCOPE_NONE, Certificate, certificate_at
from losses.core.arrays import frozen, quantile
from losses.core.ternary import NO, UNKNOWN, YES
from losses.expression.attained_floor import attained_floor
from losses.loss.base import REGRESSION
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

FAR_LEVELS: Final = (1e3, 1e6, 1e9)
"""Distances from all targets at which a loss that tends to its floor has come there but for underflow."""


def infimum_at_floor(problem: DataProblem) -> float | None:
    """Return the floor of a loss without a minimum if the losses of far constant predictions round to it.

    No loss is lower than the floor, and these come as near to it as doubles can tell.
    """
    floor, y = problem.loss.lower_bound, problem.y
    if floor is None or problem.data.task != REGRESSION or not problem.model.linear:
        return None
    levels = [*(y.min() - np.array(FAR_LEVELS)), *(y.max() + np.array(FAR_LEVELS))]
    candidates = np.zeros((len(levels), problem.dim))
    candidates[:, -1] = levels
    return floor if (problem.value(candidates) == floor).any() else None


def certify_at_floor(problem: DataProblem) -> Certificate | None:
    """Return the certificate of a constant prediction at the floor of the loss, or None if none is there.

    A loss that is flat on one side of the target is at its floor beyond all targets, whatever its shape and
    the penalty. Two such predictions show that the minimizer is not unique.
    """
    floor, y = problem.loss.lower_bound, problem.y
    if floor is None or problem.data.task != REGRESSION or not problem.model.linear:
        return None
    levels = (
        y.min() - 1.0 - np.ptp(y),
        y.max() + 1.0 + np.ptp(y),
        y.min(),
        y.max(),
        float(quantile(y, 0.5)),
        0.0,
    )
    candidates = np.zeros((len(levels), problem.dim))
    candidates[:, -1] = levels
    reached = candidates[problem.value(candidates) == floor]
    if not len(reached) or attained_floor(problem.loss) != floor:
        return None
    optimum, unique = reached[0], NO if np.ptp(reached, axis=0).any() else UNKNOWN
    if not problem.smooth:
        return Certificate(frozen(optimum), floor, exists=YES, unique=unique, scope=SCOPE_NONE, lowest=YES)
    frame = StandardizedProblem.from_problem(problem)
    certificate = certificate_at(problem, optimum, SCOPE_LOCAL, YES, standardized=frame)
    return replace(certificate, unique=NO if unique is NO else certificate.unique)
