"""The default learning rate of a link, and the rate after a control changes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import losses

from ..problem_setup.build import problem_for, select_settings, setting_values
from ..problem_setup.learning_rate import best_swept_rate, initial_rate, moderate_rate
from ..problem_setup.view_planes import view_plane_for

FieldValues = Mapping[str, Any]


def default_rate(values: FieldValues) -> float:
    """Return the rate of a link that does not name one.

    It is a moderate rate; in a fair race the best of a sweep, as for every competitor.
    """
    problem = problem_for(values)
    if not (values["race"] and values["fair"]):
        return moderate_rate(problem)
    start = tuple(view_plane_for(values).plane.points(*np.array(values["start"])))
    settings = select_settings(losses.OPTIMIZERS[values["opt"]].settings, setting_values(values))
    race = (values["opt"], *(entry.key for entry in values["race"]))
    return best_swept_rate(problem, values["opt"], start, values["steps"], values["schedule"], settings, race)


def rate_after_change(before: FieldValues, after: FieldValues, *, rate_kept: bool) -> float | None:
    """Return the rate after a change of other controls, or None if the rate before still applies.

    ``rate_kept`` says whether the rate before is kept. It changes if the new optimizer's rate has another
    meaning, and if the rate falls back to a default that does not suit the optimizer.
    """
    meaning = losses.OPTIMIZERS[after["opt"]].rate_meaning
    if after["race"] and after["fair"]:
        return default_rate(after) if after["opt"] != before["opt"] else None
    if meaning != losses.OPTIMIZERS[before["opt"]].rate_meaning or (
        meaning != "gradient_multiple" and not rate_kept
    ):
        return initial_rate(problem_for(after), view_plane_for(after).plane, after["opt"])
    return None
