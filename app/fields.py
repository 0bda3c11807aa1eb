"""The grammar of a link: one field a key, in the order in which links spell them.

A default may depend on other fields; those are resolved first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

import losses
from app.figures.details import DETAILS
from app.problems import (
    ALL_SETTINGS,
    PLANES,
    SUBJECTS,
    in_force,
    own,
    problem,
    swept_rate,
    usual_rate,
    window,
)
from app.readers import (
    Reader,
    Rejected,
    Values,
    read_edits,
    read_ghost,
    read_race,
    read_start,
    read_switch,
    real,
    real_in,
    six_digits,
    spell,
    whole_in,
    word,
    write_edits,
)

MAX_STEPS: Final = 1000
THEMES: Final = {name: name for name in ("auto", "light", "dark", "projector")}


@dataclass(frozen=True)
class Field:
    """One key of a link: how it is read, its default, how it is written."""

    key: str
    read: Callable[[str, Values], Any]
    default: Callable[[Values], Any]
    write: Callable[[Any], str] = str
    follows: tuple[str, ...] = ()
    """A change of one of these keys sets this one back to its default."""
    pinned: bool = False
    """Kept as it is when a change moves its default, so that one thing changes at a time."""


def read_setting(name: str) -> Reader:
    def read(text: str, values: Values) -> float:
        setting = in_force(values).get(name)
        if setting is None:
            raise Rejected(f"Nothing here takes {name}.")
        value = real(text)
        nearest = min(max(round(value) if setting.whole else value, setting.low), setting.high)
        if nearest != value:
            kind = "a whole number " if setting.whole else ""
            raise Rejected(f"It is {kind}from {setting.low:g} to {setting.high:g}.", six_digits(nearest))
        return six_digits(value)

    return read


def default_setting(name: str) -> Callable[[Values], float | None]:
    def default(values: Values) -> float | None:
        setting = in_force(values).get(name)
        return None if setting is None else float(setting.default)

    return default


def settings_of(values: Values) -> dict[str, float]:
    """The values of all settings in force."""
    return {name: values[name] for name in in_force(values)}


def _problem(values: Values) -> losses.Problem:
    return problem(values, settings_of(values))


def _without_data(values: Values) -> str:
    """Why there is neither model nor loss to choose, if that is so."""
    function = losses.TEST_FUNCTIONS.get(values["data"])
    return f"{function.name[:1].upper()}{function.name[1:]} has no data to fit." if function else ""


def _default_model(values: Values) -> str:
    if _without_data(values):
        return ""
    data = losses.DATASETS[values["data"]]
    return data.model or losses.allowed_models(data)[0]


def _why_not_model(model: losses.Model, values: Values) -> str:
    return _without_data(values) or losses.why_not_model(losses.DATASETS[values["data"]], model)


def _why_not_loss(loss: losses.Loss, values: Values) -> str:
    if _without_data(values):
        return _without_data(values)
    return losses.why_not_loss(losses.DATASETS[values["data"]], losses.MODELS[values["model"]], loss)


def _default_loss(values: Values) -> str:
    """The model's own loss for this task."""
    if _without_data(values):
        return ""
    return losses.MODELS[values["model"]].reference_loss[losses.DATASETS[values["data"]].task]


def _default_standardize(values: Values) -> bool:
    return not _without_data(values) and losses.DATASETS[values["data"]].standardize


def _default_rate(values: Values) -> float:
    """A cautious rate; in a fair race the best of a sweep, as every racer has."""
    if not (values["race"] and values["fair"]):
        return usual_rate(_problem(values))
    plane = window(_problem(values), *(values[key] for key in SLICE)).plane
    start = tuple(plane.points(*np.array(values["start"])))
    given = own(losses.OPTIMIZERS[values["opt"]].settings, settings_of(values))
    return swept_rate(_problem(values), values["opt"], start, values["steps"], values["schedule"], given)


def _default_start(values: Values) -> tuple[float, ...]:
    u, v = window(_problem(values), *(values[key] for key in SLICE)).start
    return six_digits(float(u)), six_digits(float(v))


def _why_not_plane(plane: str, values: Values) -> str:
    return "Two parameters need no slice." if _problem(values).dim == 2 and plane != "path" else ""


def read_axis(text: str, values: Values) -> int:
    return int(whole_in(1, lambda values: _problem(values).dim)(text, values))


def read_second_axis(text: str, values: Values) -> int:
    axis = read_axis(text, values)
    if axis == values["axis1"]:
        raise Rejected("It is another parameter than axis1.")
    return axis


def _second_axis(values: Values) -> int:
    return 1 if values["axis1"] == 2 else 2


RAW, STANDARDIZED = "raw", "standardized"


def comparable(values: Values) -> dict[str, str]:
    """What can be put beside a state, and the key of the link that it would change."""
    if _without_data(values):
        return {}
    data, model, loss = losses.DATASETS[values["data"]], values["model"], values["loss"]
    others = [
        key
        for key, other in losses.DATASETS.items()
        if other.task == data.task
        and key != data.key
        and model in losses.allowed_models(other)
        and loss in losses.allowed_losses(other, model)
    ]
    fitting = [key for key in losses.allowed_losses(data, model) if key != loss]
    measured = RAW if values["standardize"] else STANDARDIZED
    return {**dict.fromkeys(fitting, "loss"), **dict.fromkeys(others, "data"), measured: "standardize"}


def read_vs(text: str, values: Values) -> str:
    found = comparable(values)
    if text and text not in found:
        raise Rejected(f"Beside it there can be {', '.join(found) or 'nothing'}.")
    return text


def _why_not_view(view: Any, values: Values) -> str:
    return "" if view.fits(_problem(values)) else f"{view.name} does not fit what is shown."


SLICE: Final = ("plane", "tilt", "axis1", "axis2")
_SAMPLE = ("data", "seed", *dict.fromkeys(s.name for d in losses.DATASETS.values() for s in d.settings))
_WINDOW = ("data", "model", "standardize", "width", "relu", *SLICE)

FIELDS: Final = (
    Field("loss", word(losses.LOSSES, _why_not_loss), _default_loss),
    Field("data", word(SUBJECTS), lambda _: next(iter(losses.DATASETS))),
    Field("model", word(losses.MODELS, _why_not_model), _default_model),
    Field(
        "standardize",
        read_switch,
        _default_standardize,
        lambda on: str(int(on)),
        follows=("data",),
    ),
    Field("opt", word(losses.OPTIMIZERS), lambda _: "gd"),
    Field("schedule", word(losses.SCHEDULES), lambda _: "constant"),
    *(Field(name, read_setting(name), default_setting(name), spell) for name in ALL_SETTINGS),
    Field("plane", word({key: key for key in PLANES}, _why_not_plane), lambda _: "path"),
    Field("tilt", whole_in(0, lambda _: 9999), lambda _: 0),
    Field("axis1", read_axis, lambda _: 1),
    Field("axis2", read_second_axis, _second_axis),
    Field("rate", real_in(1e-30, 1e30), _default_rate, spell, (*_WINDOW, "race", "fair"), pinned=True),
    Field(
        "start",
        read_start,
        _default_start,
        lambda start: ",".join(map(spell, start)),
        _WINDOW,
        pinned=True,
    ),
    Field("steps", whole_in(1, lambda _: MAX_STEPS), lambda _: 60),
    Field("k", whole_in(0, lambda values: values["steps"]), lambda values: min(7, values["steps"])),
    Field("seed", whole_in(0, lambda _: 9999), lambda _: 0),
    Field("vs", read_vs, lambda _: ""),
    Field("race", read_race, lambda _: (), ",".join),
    Field("fair", read_switch, lambda _: True, lambda on: str(int(on))),
    Field("ghost", read_ghost, lambda _: (), lambda ghost: ",".join(map(spell, ghost)), _WINDOW),
    Field("basins", read_switch, lambda _: False, lambda on: str(int(on))),
    Field("edit", read_edits, lambda _: (), write_edits, _SAMPLE),
    Field("view", word(DETAILS, _why_not_view), lambda _: "curve"),
    Field("fog", read_switch, lambda _: False, lambda on: str(int(on))),
    Field("theme", word(THEMES), lambda _: "auto"),
)
