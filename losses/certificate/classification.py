"""Losses of a class: whether a lowest place exists at all, and how low it can get."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MOST_PARAMETERS, NOTHING, Certificate, without_optimum
from losses.certificate.separability import Separation, separation
from losses.certificate.separator_search import told_apart
from losses.certificate.zero_one import fewest_mistakes
from losses.core.arrays import Array, frozen
from losses.loss.base import BINARY, REGRESSION
from losses.model.output_activation import SIGMOID
from losses.problem.problem import DataProblem

NEVER: Final = Separation(any=False, all=False)
SEEN: Final = Separation(any=True, all=True)
UNSEEN: Final = Separation(any=None, all=None)

Found = tuple[Certificate | None, Separation]


def of_classes(problem: DataProblem) -> Found:
    """What margins alone say of a problem of classes without a penalty, and how its classes can be told apart.

    Where a linear score can raise some margins and lower none, a loss that
    strictly decreases in each margin has no minimum. Where all margins can be
    made positive, and the score is linear in the parameters of an output
    layer, these may grow for ever and a loss that vanishes for large margins
    falls to 0, which it never reaches.
    """
    loss, task, linear = problem.loss, problem.data.task, problem.model.linear
    if task == REGRESSION or problem.l1 or problem.l2:
        return None, NEVER
    if loss.counts_mistakes:
        return _counted(problem), NEVER
    if loss.error_power == 1 and task == BINARY and problem.link.key == SIGMOID:
        return _never_sure(problem), NEVER
    if task in loss.vanishes_for_large_margins:
        if linear and problem.dim <= MOST_PARAMETERS:
            apart = separation(problem)
            falls = apart.any if task in loss.strictly_decreasing_in_margin else apart.all
            return without_optimum(problem, False, 0.0 if apart.all else None) if falls else None, apart
        if not any(role.is_output for role in problem.roles) or told_apart(problem) is None:
            return None, UNSEEN
        return without_optimum(problem, False, 0.0), SEEN
    if loss.zero_beyond_margin is not None and task == BINARY and not linear:
        theta = told_apart(problem)
        return None if theta is None else _wide(problem, theta, loss.zero_beyond_margin), NEVER
    return None, NEVER


def _counted(problem: DataProblem) -> Certificate:
    """Of mistakes there are so many and no more, so a minimum is somewhere; where it is, counting may tell."""
    if not problem.model.linear:
        theta = told_apart(problem)
        found = None if theta is None else (theta, 0.0, True)
    else:
        found = fewest_mistakes(problem)
    if found is None:
        return Certificate(None, None, exists=True, unique=False, scope=NOTHING)
    best, share, surely = found
    return Certificate(frozen(best), share, exists=True, unique=False, scope=NOTHING, lowest=surely)


def _never_sure(problem: DataProblem) -> Certificate | None:
    """The mean of |p − y|, which is the share of mistakes when a common doubt is added to all scores.

    With a doubt ε drawn from the logistic distribution 1 − p of a score s is
    the chance of s + ε < 0, and ε only moves the intercept. So the loss is a
    mean of shares of mistakes of the same model: never below the fewest, and
    as near as one likes while scores grow. A very large doubt puts all on one
    side; if that is not as good as the best, the fewest is never reached.
    """
    yes = float(problem.y.mean())
    found = _counted(problem)
    never = yes != 0.5 or (found.loss is not None and found.loss < 0.5)
    if not never:
        return None
    return without_optimum(problem, False, found.loss if found.lowest else None)


def _wide(problem: DataProblem, theta: Array, enough: float) -> Certificate | None:
    """With the output layer so large that every margin is above ``enough`` a hinge costs nothing."""
    wide = theta.copy()
    last = np.array([role.is_output for role in problem.roles])
    margins = np.where(problem.y > 0.5, 1.0, -1.0) * problem.score(theta)
    wide[last] *= 1.001 * enough / margins.min()
    if problem.value(wide) != 0.0:
        return None
    return Certificate(frozen(wide), 0.0, exists=True, unique=False, scope=NOTHING, lowest=True)
