"""What a rate is to an optimizer: where it begins when one is picked, how far its slider goes, what is marked on it.

A multiple of the slope for most; where slopes are measured by themselves, about the length of a step; for Newton a
share of the whole step. Links know one default for all of them, and for ever.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

import losses
from app.problems import SLICE, own, problem_of, rate_range, settings_of, swept_rate, usual_rate, window

Values = Mapping[str, Any]

WHOLE: Final = 1.0
"""Newton's step to the bottom of the parabola; on a bowl the best, and twice that the limit."""
STEPS_ACROSS: Final = 50
"""So many steps as long as their rate cross the window."""
SEARCHED: Final = 10
"""A line search begins so many times farther out than a step that is cautious."""
WIDE: Final = 100
"""A slider goes so many times below the rate to begin with, and as far above it."""


def usual(values: Values) -> float:
    """What a link means that names no rate: a cautious one; in a fair race the best of a sweep, as every racer has."""
    problem = problem_of(values)
    if not (values["race"] and values["fair"]):
        return usual_rate(problem)
    start = tuple(_plane(values).points(*np.array(values["start"])))
    given = own(losses.OPTIMIZERS[values["opt"]].settings, settings_of(values))
    return swept_rate(problem, values["opt"], start, values["steps"], values["schedule"], given)


def _plane(values: Values) -> losses.Plane:
    return window(problem_of(values), *(values[key] for key in SLICE)).plane


def picked(before: Values, after: Values, *, kept: bool) -> float | None:
    """The rate after a change on the page that does not name one; None where the one that was ``kept`` still holds.

    It goes where another optimizer means something else by it, and does not stay on a default that is no good for this one.
    """
    meant = losses.OPTIMIZERS[after["opt"]].rate_meaning
    if after["race"] and after["fair"]:
        return usual(after) if after["opt"] != before["opt"] else None
    if meant != losses.OPTIMIZERS[before["opt"]].rate_meaning or (meant != "gradient_multiple" and not kept):
        return begins(problem_of(after), _plane(after), after["opt"])
    return None


def begins(problem: losses.Problem, plane: losses.Plane, optimizer: str) -> float:
    """A rate at which an optimizer is seen at work."""
    meant = losses.OPTIMIZERS[optimizer].rate_meaning
    if meant == "newton_fraction":
        return WHOLE
    if meant == "step_length":
        return float(f"{plane.width.min() / STEPS_ACROSS / np.sqrt(problem.dim / 2):.0e}")
    usual = usual_rate(problem)
    return SEARCHED * usual if meant == "upper_bound" else usual


def reach(problem: losses.Problem, plane: losses.Plane, optimizer: str) -> tuple[float, float]:
    """The rates between which an optimizer's slider goes."""
    meant = losses.OPTIMIZERS[optimizer].rate_meaning
    if meant == "newton_fraction":
        return WHOLE / WIDE, 4 * WHOLE
    if meant == "step_length":
        middle = begins(problem, plane, optimizer)
        return middle / WIDE, middle * WIDE
    return rate_range(problem)


def marked(best: losses.Certificate, optimizer: str) -> tuple[float | None, float | None]:
    """The best rate and the largest stable one, as far as they are known."""
    if losses.OPTIMIZERS[optimizer].rate_meaning == "newton_fraction":
        return (WHOLE, 2 * WHOLE) if best.critical_rate and best.optimum is not None else (None, None)
    return best.best_rate, best.critical_rate
