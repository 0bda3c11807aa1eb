"""Losses of a class: whether a lowest place exists at all, and how low it can get."""

from typing import Final

import numpy as np

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_NONE,
    Certificate,
    certificate_without_optimum,
)
from losses.certificate.separability import Separation, classify_separation
from losses.certificate.separator_search import find_separator
from losses.certificate.zero_one import minimize_zero_one_loss
from losses.core.arrays import Array, frozen
from losses.loss.base import BINARY, REGRESSION
from losses.model.output_activation import SIGMOID_KEY
from losses.problem.problem import DataProblem

NOT_SEPARABLE: Final = Separation(exists=False, complete=False)
SEPARABLE: Final = Separation(exists=True, complete=True)
SEPARABILITY_UNKNOWN: Final = Separation(exists=None, complete=None)

ClassificationResult = tuple[Certificate | None, Separation]


def certify_classification(problem: DataProblem) -> ClassificationResult:
    """What margins alone say of a problem of classes without a penalty, and how its classes can be told apart.

    Where a linear score can raise some margins and lower none, a loss that
    strictly decreases in each margin has no minimum. Where all margins can be
    made positive, and the score is linear in the parameters of an output
    layer, these may grow for ever and a loss that vanishes for large margins
    falls to 0, which it never reaches.
    """
    loss, task, linear = problem.loss, problem.data.task, problem.model.linear
    if task == REGRESSION or problem.l1 or problem.l2:
        return None, NOT_SEPARABLE
    if loss.counts_mistakes:
        return _certify_zero_one(problem), NOT_SEPARABLE
    if loss.error_power == 1 and task == BINARY and problem.link.key == SIGMOID_KEY:
        return _certify_absolute_error(problem), NOT_SEPARABLE
    if task in loss.vanishes_for_large_margins:
        if linear and problem.dim <= MAX_PARAMETERS:
            apart = classify_separation(problem)
            falls = apart.exists if task in loss.strictly_decreasing_in_margin else apart.complete
            return certificate_without_optimum(
                problem, False, 0.0 if apart.complete else None
            ) if falls else None, apart
        if not any(role.is_output for role in problem.roles) or find_separator(problem) is None:
            return None, SEPARABILITY_UNKNOWN
        return certificate_without_optimum(problem, False, 0.0), SEPARABLE
    if loss.zero_beyond_margin is not None and task == BINARY and not linear:
        theta = find_separator(problem)
        return None if theta is None else _scaled_to_zero_loss(
            problem, theta, loss.zero_beyond_margin
        ), NOT_SEPARABLE
    return None, NOT_SEPARABLE


def _certify_zero_one(problem: DataProblem) -> Certificate:
    """Of mistakes there are so many and no more, so a minimum is somewhere; where it is, counting may tell."""
    if not problem.model.linear:
        theta = find_separator(problem)
        found = None if theta is None else (theta, 0.0, True)
    else:
        found = minimize_zero_one_loss(problem)
    if found is None:
        return Certificate(None, None, exists=True, unique=False, scope=SCOPE_NONE)
    best, share, surely = found
    return Certificate(frozen(best), share, exists=True, unique=False, scope=SCOPE_NONE, lowest=surely)


def _certify_absolute_error(problem: DataProblem) -> Certificate | None:
    """The mean of |p − y|, which is the share of mistakes when a common doubt is added to all scores.

    With a doubt ε drawn from the logistic distribution 1 − p of a score s is
    the chance of s + ε < 0, and ε only moves the intercept. So the loss is a
    mean of shares of mistakes of the same model: never below the fewest, and
    as near as one likes while scores grow. A very large doubt puts all on one
    side; if that is not as good as the best, the fewest is never reached.
    """
    yes = float(problem.y.mean())
    found = _certify_zero_one(problem)
    never = yes != 0.5 or (found.loss is not None and found.loss < 0.5)
    if not never:
        return None
    return certificate_without_optimum(problem, False, found.loss if found.lowest else None)


def _scaled_to_zero_loss(problem: DataProblem, theta: Array, enough: float) -> Certificate | None:
    """With the output layer so large that every margin is above ``enough`` a hinge costs nothing."""
    wide = theta.copy()
    last = np.array([role.is_output for role in problem.roles])
    margins = np.where(problem.y > 0.5, 1.0, -1.0) * problem.score(theta)
    wide[last] *= 1.001 * enough / margins.min()
    if problem.value(wide) != 0.0:
        return None
    return Certificate(frozen(wide), 0.0, exists=True, unique=False, scope=SCOPE_NONE, lowest=True)
