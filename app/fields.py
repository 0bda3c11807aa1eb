"""The grammar of a link: one field a key, in the order in which links spell them.

A default may depend on other fields; those are resolved first.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import losses
from app.problems import ALL_SETTINGS, PLANES, SUBJECTS, in_force, most_steps, problem, usual_rate, window

THEMES: Final = {name: name for name in ("auto", "light", "dark", "projector")}

Values = Mapping[str, Any]
Reader = Callable[[str, Values], Any]


class Rejected(ValueError):
    """A value that a field does not take, the nearest that it does, and why."""

    def __init__(self, reason: str = "", nearest: Any = None) -> None:
        super().__init__(reason)
        self.reason, self.nearest = reason, nearest


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


def six_digits(value: float) -> float:
    return float(f"{value:.6g}") + 0.0


def spell(value: float) -> str:
    return f"{value:.6g}"


def real(text: str) -> float:
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        raise Rejected("That is not a number.") from None
    if not math.isfinite(value):
        raise Rejected("That is not a finite number.")
    return value


def word(
    registry: Mapping[str, Any], why: Callable[[Any, Values], str] = lambda record, values: ""
) -> Reader:
    """A key of a registry, unless ``why`` has a sentence against its record."""

    def read(text: str, values: Values) -> str:
        if text not in registry:
            raise Rejected(f"It is one of {', '.join(registry)}.")
        against = why(registry[text], values)
        if against:
            raise Rejected(against)
        return text

    return read


def real_in(low: float, high: float) -> Reader:
    def read(text: str, values: Values) -> float:
        value = real(text)
        if not low <= value <= high:
            nearest = min(max(value, low), high)
            raise Rejected(f"It lies between {spell(low)} and {spell(high)}.", nearest)
        return six_digits(value)

    return read


def whole_in(low: int, high: Callable[[Values], int]) -> Reader:
    def read(text: str, values: Values) -> int:
        value, top = real(text), high(values)
        nearest = min(max(round(value), low), top)
        if value != nearest:
            raise Rejected(f"It is a whole number from {low} to {top}.", nearest)
        return nearest

    return read


def read_switch(text: str, values: Values) -> bool:
    if text in ("0", "1"):
        return text == "1"
    raise Rejected("It is 1 for on or 0 for off.")


def read_start(text: str, values: Values) -> tuple[float, ...]:
    start = tuple(six_digits(real(part)) for part in text.split(","))
    if len(start) != 2:
        raise Rejected("It takes 2 numbers, the place on the map.")
    if max(map(abs, start)) > 1e9:
        raise Rejected("It is too far away.")
    return start


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


def _most_steps(values: Values) -> int:
    return most_steps(values, settings_of(values))


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
    return usual_rate(_problem(values))


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


SLICE: Final = ("plane", "tilt", "axis1", "axis2")
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
    Field("rate", real_in(1e-30, 1e30), _default_rate, spell, _WINDOW, pinned=True),
    Field(
        "start",
        read_start,
        _default_start,
        lambda start: ",".join(map(spell, start)),
        _WINDOW,
        pinned=True,
    ),
    Field("steps", whole_in(1, _most_steps), lambda values: min(60, _most_steps(values))),
    Field("k", whole_in(0, lambda values: values["steps"]), lambda values: min(7, values["steps"])),
    Field("seed", whole_in(0, lambda _: 9999), lambda _: 0),
    Field("theme", word(THEMES), lambda _: "auto"),
)
