"""The default learning rate of a link, and the rate after a control changes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import losses

from ..problem_setup.build import problem_for, select_settings, setting_values
from ..problem_setup.learning_rate import best_swept_rate, cautious_rate, initial_rate
from ..problem_setup.view_planes import PLANE_KEYS, view_plane

FieldValues = Mapping[str, Any]


def default_rate(values: FieldValues) -> float:
    """What a link means that names no rate: a cautious one; in a fair race the best of a sweep, as every racer has."""
    problem = problem_for(values)
    if not (values["race"] and values["fair"]):
        return cautious_rate(problem)
    start = tuple(_plane(values).points(*np.array(values["start"])))
    given = select_settings(losses.OPTIMIZERS[values["opt"]].settings, setting_values(values))
    return best_swept_rate(problem, values["opt"], start, values["steps"], values["schedule"], given)


def _plane(values: FieldValues) -> losses.Plane:
    return view_plane(problem_for(values), *(values[key] for key in PLANE_KEYS)).plane


def rate_after_change(before: FieldValues, after: FieldValues, *, rate_kept: bool) -> float | None:
    """The rate after a change on the page that does not name one; None where the one that was ``rate_kept`` still holds.

    It goes where another optimizer means something else by it, and does not stay on a default that is no good for this one.
    """
    meant = losses.OPTIMIZERS[after["opt"]].rate_meaning
    if after["race"] and after["fair"]:
        return default_rate(after) if after["opt"] != before["opt"] else None
    if meant != losses.OPTIMIZERS[before["opt"]].rate_meaning or (
        meant != "gradient_multiple" and not rate_kept
    ):
        return initial_rate(problem_for(after), _plane(after), after["opt"])
    return None
