"""Certify problems of classes by their margins: whether a minimum exists, and how low the loss can get."""

from typing import Final

import numpy as np

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_NONE,
    Certificate,
    certificate_without_optimum,
    unknown_certificate,
)
from losses.certificate.separability import Separation, classify_separation
from losses.certificate.separator_search import find_separator
from losses.certificate.zero_one import minimize_zero_one_loss
from losses.core.arrays import Array, frozen
from losses.core.ternary import NO, UNKNOWN, YES
from losses.loss.base import BINARY, REGRESSION
from losses.model.output_activation import SIGMOID_KEY
from losses.problem.problem import DataProblem

NOT_SEPARABLE: Final = Separation(exists=NO, complete=NO)
SEPARABLE: Final = Separation(exists=YES, complete=YES)
SEPARABILITY_UNKNOWN: Final = Separation(exists=UNKNOWN, complete=UNKNOWN)

ClassificationResult = tuple[Certificate | None, Separation]
"""A certificate, if margins alone prove one, and how the classes can be separated."""


def certify_classification(problem: DataProblem) -> ClassificationResult:
    """Return what margins alone prove of a problem of classes without a penalty.

    If a direction raises some margins and lowers none, a loss that strictly decreases in each margin has no
    minimum. If all margins can be made positive, and the score is linear in the parameters of an output
    layer, a loss that vanishes for large margins tends to 0 as these grow, and never reaches it.

    The separation is that of the classes for losses to which it matters; for others, and for regressions, it
    is ``NOT_SEPARABLE``.
    """
    loss, task = problem.loss, problem.data.task
    is_penalized = bool(problem.l1 or problem.l2)
    if loss.counts_mistakes and problem.model.linear and is_penalized:
        return _certify_penalized_zero_one(problem), NOT_SEPARABLE
    if task == REGRESSION or is_penalized:
        return None, NOT_SEPARABLE
    if loss.counts_mistakes:
        return _certify_zero_one(problem), NOT_SEPARABLE
    if loss.error_power == 1 and task == BINARY and problem.link.key == SIGMOID_KEY:
        return _certify_absolute_error(problem), NOT_SEPARABLE
    if task in loss.vanishes_for_large_margins:
        return _certify_vanishing_loss(problem)
    if loss.zero_beyond_margin is not None and task == BINARY and not problem.model.linear:
        theta = find_separator(problem)
        if theta is not None:
            return _scaled_to_zero_loss(problem, theta, loss.zero_beyond_margin), NOT_SEPARABLE
    return None, NOT_SEPARABLE


def _certify_vanishing_loss(problem: DataProblem) -> ClassificationResult:
    """Certify a loss that is positive and tends to 0 as all margins grow."""
    loss, task = problem.loss, problem.data.task
    if problem.model.linear and problem.dim <= MAX_PARAMETERS:
        separation = classify_separation(problem)
        decreases_in_each = task in loss.strictly_decreasing_in_margin
        has_no_minimum = separation.exists if decreases_in_each else separation.complete
        if has_no_minimum is not YES:
            return None, separation
        return certificate_without_optimum(
            problem, NO, 0.0 if separation.complete is YES else None
        ), separation
    has_output_layer = any(role.is_output for role in problem.roles)
    if not has_output_layer or find_separator(problem) is None:
        return None, SEPARABILITY_UNKNOWN
    return certificate_without_optimum(problem, NO, 0.0), SEPARABLE


def _certify_zero_one(problem: DataProblem) -> Certificate:
    """Certify the share of mistakes, which has a minimum, as its values are finitely many."""
    if not problem.model.linear:
        theta = find_separator(problem)
        result = None if theta is None else (theta, 0.0, True)
    else:
        result = minimize_zero_one_loss(problem)
    if result is None:
        return Certificate(None, None, exists=YES, unique=UNKNOWN, scope=SCOPE_NONE)
    optimum, share, is_lowest = result
    lowest = YES if is_lowest else UNKNOWN
    # A multiple of the rule makes the same mistakes.
    return Certificate(frozen(optimum), share, exists=YES, unique=NO, scope=SCOPE_NONE, lowest=lowest)


def _certify_penalized_zero_one(problem: DataProblem) -> Certificate:
    """Certify the share of mistakes of a linear rule plus a penalty of its weights.

    Half of the weights and intercept make the same mistakes and cost less, so no rule with weights is best.
    As they shrink to 0 the loss tends to the fewest mistakes of all rules. Without weights everything is in
    one class, and the mistakes are the smaller class: if no rule makes fewer, that is a minimizer.
    """
    smaller_share = min(float(problem.y.mean()), float(1.0 - problem.y.mean()))
    fewest = _certify_zero_one(problem)
    if fewest.lowest is not YES or fewest.loss is None:
        return unknown_certificate()
    if fewest.loss < smaller_share - 0.5 / len(problem.y):
        return certificate_without_optimum(problem, UNKNOWN, fewest.loss)
    constant = np.zeros(problem.dim)
    constant[-1] = 1.0 if problem.y.mean() >= 0.5 else -1.0
    loss = float(problem.value(constant))
    return Certificate(frozen(constant), loss, exists=YES, unique=NO, scope=SCOPE_NONE, lowest=YES)


def _certify_absolute_error(problem: DataProblem) -> Certificate | None:
    """Certify the mean absolute error |p − y| of probabilities p, if it has no minimum.

    Let ε be drawn from the logistic distribution. Then 1 − p of a score s is the probability of s + ε < 0, so
    the loss is the expected share of mistakes when the same ε is added to all scores. As ε only moves the
    intercept, it is a mean of shares of mistakes of the same model: never below the fewest, and as near as
    one likes while scores grow. For a very large or very small ε all examples are in one class. If one of
    these rules makes more mistakes than the fewest, the mean exceeds the fewest, which is never reached.
    """
    positive_share = float(problem.y.mean())
    zero_one = _certify_zero_one(problem)
    has_no_minimum = positive_share != 0.5 or (zero_one.loss is not None and zero_one.loss < 0.5)
    if not has_no_minimum:
        return None
    return certificate_without_optimum(problem, NO, zero_one.loss if zero_one.lowest is YES else None)


def _scaled_to_zero_loss(problem: DataProblem, separator: Array, enough: float) -> Certificate | None:
    """Scale the output layer of a separator so that every margin exceeds ``enough`` and the loss is 0."""
    theta = separator.copy()
    is_output = np.array([role.is_output for role in problem.roles])
    margins = np.where(problem.y > 0.5, 1.0, -1.0) * problem.score(separator)
    theta[is_output] *= 1.001 * enough / margins.min()
    if problem.value(theta) != 0.0:
        return None
    return Certificate(frozen(theta), 0.0, exists=YES, unique=NO, scope=SCOPE_NONE, lowest=YES)
