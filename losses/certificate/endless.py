"""Losses of a class: whether a lowest place exists at all, and how low it can get."""

from typing import Final

import numpy as np

from losses.arrays import Array, frozen
from losses.certificate.apart import told_apart
from losses.certificate.mistakes import fewest_mistakes
from losses.certificate.record import MOST_PARAMETERS, NOTHING, Certificate, without_optimum
from losses.loss import BINARY, REGRESSION
from losses.problem import DataProblem
from losses.separation import Separation, separation

FOR_EVER: Final = ("bce", "exponential", "focal", "cce", "mse")
"""Losses that fall as margins grow, for ever: to nothing, which they never reach."""
TO_NOTHING: Final = ("hinge", "squared_hinge")
"""Losses that cost nothing where margins are wide."""
NEVER: Final = Separation(any=False, all=False)
SEEN: Final = Separation(any=True, all=True)
UNSEEN: Final = Separation(any=None, all=None)
COUNTS: Final = "zero_one"
UNSURE: Final = "mae"
"""The absolute error of a probability: what it would be to guess with that much certainty."""


Found = tuple[Certificate | None, Separation]


def of_classes(problem: DataProblem) -> Found:
    """What margins alone say of a problem of classes without a penalty, and how its classes can be told apart.

    Where a linear score can raise some margins and lower none, a loss that
    falls with each margin has no minimum; of several classes only
    cross-entropy falls so. Where all margins can be made positive, whatever
    the model, its last layer may grow for ever and the loss falls to nothing.
    """
    key = problem.loss.key
    if problem.data.task == REGRESSION or problem.l1 or problem.l2:
        return None, NEVER
    if key == COUNTS:
        return _counted(problem), NEVER
    if key == UNSURE and problem.data.task == BINARY:
        return _never_sure(problem), NEVER
    few = problem.model.linear and problem.dim <= MOST_PARAMETERS
    if key in FOR_EVER and few:
        apart = separation(problem)
        falls = apart.any if key == "cce" or problem.data.task == BINARY else apart.all
        return without_optimum(problem, False, 0.0 if apart.all else None) if falls else None, apart
    if key in FOR_EVER:
        if told_apart(problem) is None:
            return None, UNSEEN
        return without_optimum(problem, False, 0.0), SEEN
    if key in TO_NOTHING and not problem.model.linear and (theta := told_apart(problem)) is not None:
        return _wide(problem, theta), NEVER
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


def _wide(problem: DataProblem, theta: Array) -> Certificate | None:
    """With the last layer so large that every margin is one at least a hinge costs nothing."""
    wide = theta.copy()
    last = np.array([name[0] in "vc" for name in problem.parameters])
    margins = np.where(problem.y > 0.5, 1.0, -1.0) * problem.score(theta)
    wide[last] *= 1.001 / margins.min()
    if problem.value(wide) != 0.0:
        return None
    return Certificate(frozen(wide), 0.0, exists=True, unique=False, scope=NOTHING, lowest=True)
