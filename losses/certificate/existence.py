"""Decide whether a minimum exists from properties of loss, model and penalty, without finding it."""

from typing import Final

import numpy as np

from losses.core.ternary import NO, UNKNOWN, YES, Ternary
from losses.expression.analytic import is_strictly_concave, is_strictly_monotone
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.problem.problem import DataProblem

FAR_SCORE: Final = 500.0
"""A score at which losses of margins have reached their limits, or are very large."""
STRICT_SHARE: Final = 1.0 - 1e-6
"""A loss below this share of another is surely lower."""


def existence_of_minimum(problem: DataProblem) -> Ternary:
    """Return whether a minimum exists, as far as that follows without looking for it.

    - No, if the loss rises or falls everywhere and the intercept is free: moving it lowers the losses of all
      examples for ever.
    - No, if the loss of a regression is strictly concave and the intercept is free: of two ways to move it
      one lowers the mean loss, and ever faster.
    - Yes, if every parameter is penalized and the loss is continuous and bounded below: far away the penalty
      exceeds the loss at 0, so the lowest loss in a large ball is the lowest of all (Weierstrass).
    - Yes, if every weight is, and moving the intercept of a classifier of two classes to either side tends to
      a higher loss than some constant prediction.
    """
    loss, task = problem.loss, problem.data.task
    if task != MULTICLASS and _has_free_intercept(problem):
        if loss.one_signed_slope or is_strictly_monotone(loss):
            return NO
        if task == REGRESSION and is_strictly_concave(loss):
            return NO
    is_penalized = bool(problem.l1 or problem.l2)
    is_continuous = (loss.smooth or loss.convex) and loss.lower_bound is not None
    if not (is_penalized and is_continuous):
        return UNKNOWN
    if problem.penalized.all():
        return YES
    if not problem.model.linear:
        return UNKNOWN
    if loss.attains_minimum and problem.convex:
        return YES
    is_monotone = task == BINARY and BINARY in loss.strictly_decreasing_in_margin
    return YES if is_monotone and _best_constant_is_finite(problem) else UNKNOWN


def _has_free_intercept(problem: DataProblem) -> bool:
    """Whether some parameter is added to all scores and is not penalized."""
    return any(
        role.is_bias and role.is_output and not is_penalized
        for role, is_penalized in zip(problem.roles, problem.penalized, strict=True)
    )


def _best_constant_is_finite(problem: DataProblem) -> bool:
    """Whether some score for all examples has a lower loss than those that tend to infinity."""
    scores = np.append(np.linspace(-10.0, 10.0, 81), (-FAR_SCORE, FAR_SCORE))
    constant = np.broadcast_to(scores[:, None], (len(scores), len(problem.y)))
    values = problem.of_score.value(constant).mean(axis=-1)
    return bool(values[:-2].min() < STRICT_SHARE * values[-2:].min())
