"""The default learning rate of a link, and the rate after a control changes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import losses

from ..problem_setup.build import own, problem_of, settings_of
from ..problem_setup.learning_rate import begins, swept_rate, usual_rate
from ..problem_setup.view_planes import SLICE, window

Values = Mapping[str, Any]


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
