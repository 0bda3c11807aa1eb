"""The default number of steps of a run."""

from typing import Final

import losses
from losses.loss.base import MULTICLASS
from losses.problem.benchmark_functions import TestFunction

from ..common import limits

SHORT_STEPS: Final = 60
LONG_STEPS: Final = 200


def default_steps(problem: losses.Problem) -> int:
    """Return the number of steps of a run that need not be named.

    Curves, networks and several classes have more, as their way down is longer; not if a step is expensive.
    """
    if isinstance(problem, TestFunction):
        has_long_way = problem.bounded and not problem.convex
    elif isinstance(problem, losses.DataProblem):
        is_heavy = problem.score(problem.start).size > limits.HEAVY_SCORE_COUNT
        has_long_way = not is_heavy and (not problem.model.linear or problem.data.task == MULTICLASS)
    else:
        has_long_way = False
    return LONG_STEPS if has_long_way else SHORT_STEPS
