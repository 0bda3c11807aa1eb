"""The grammar of a link: one field a key, in the order in which links spell them.

A default may depend on other fields; those are resolved first.
"""

from collections.abc import Callable
from typing import Final

import losses
from app import table
from app.problems import (
    ALL_SETTINGS,
    CHOICES_OF_DATA,
    CHOICES_OF_LOSS,
    FORMULA,
    PLANES,
    data_of,
    in_force,
    own_loss,
    problem,
    usual_rate,
    window,
)
from app.reading import (
    Field,
    Reader,
    Rejected,
    Values,
    read_switch,
    real,
    real_in,
    six_digits,
    spell,
    whole_in,
    word,
)
from losses.formula import OWN

MAX_STEPS: Final = 1000
HIDEABLE: Final = {
    "model": "the menu of models",
    "data": "the menu of data",
    "loss": "the menu of losses",
    "opt": "the menu of optimizers",
    "rate": "the learning rate",
    "start": "the start",
    "player": "the player",
    "verdict": "the verdict and its numbers",
    "curve": "the loss by step",
}
"""What a link can take away from the page, and how the share dialog calls it."""
THEMES: Final = {name: name for name in ("auto", "light", "dark", "projector")}


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


def _without_data(values: Values) -> str:
    """Why there is neither model nor loss to choose, of a test function."""
    function = losses.TEST_FUNCTIONS[values["data"]]
    return f"{function.name[:1].upper()}{function.name[1:]} has no data to fit."


def _default_model(values: Values) -> str:
    data = data_of(values)
    return "" if data is None else data.model or losses.allowed_models(data)[0]


def _why_not_model(model: losses.Model, values: Values) -> str:
    data = data_of(values)
    return _without_data(values) if data is None else losses.why_not_model(data, model)


def _why_not_loss(loss: losses.Loss, values: Values) -> str:
    data = data_of(values)
    if data is None:
        return _without_data(values)
    return losses.why_not_loss(data, losses.MODELS[values["model"]], loss)


def _default_loss(values: Values) -> str:
    """The model's own loss for this task."""
    data = data_of(values)
    return "" if data is None else losses.MODELS[values["model"]].reference_loss[data.task]


def read_formula(text: str, values: Values) -> str:
    """A formula that is a loss for the data; blanks mean nothing in it."""
    if values["loss"] != OWN:
        raise Rejected("Nothing here takes formula.")
    try:
        losses.own_loss(text)  # as it was typed, so that the position of a mistake is right
        formula = "".join(text.split()).replace("−", "-")
        against = _why_not_loss(own_loss(formula), values)
    except losses.FormulaError as wrong:
        raise Rejected(str(wrong)) from None
    if against:
        raise Rejected(against)
    return formula


def read_points(text: str, values: Values) -> str:
    if values["data"] != table.OWN:
        raise Rejected("Nothing here takes points.")
    if text == table.IN_BROWSER:
        raise Rejected("Its data are in the browser in which they were pasted.")
    try:
        table.dataset(text)
    except table.TableError as wrong:
        row = "" if wrong.row is None else f"Row {wrong.row + 1}: "
        raise Rejected(f"{row}{wrong}.") from None
    return text


def write_points(points: str) -> str:
    """Points as they travel; too many stay in the browser, and the link says so."""
    return points if len(points) <= table.IN_LINK else table.IN_BROWSER


def read_hide(text: str, values: Values) -> tuple[str, ...]:
    asked = text.split(",") if text else []
    known = tuple(key for key in HIDEABLE if key in asked)
    if set(asked) - set(known):
        raise Rejected(f"It is a list of {', '.join(HIDEABLE)}.", known)
    return known


def _default_standardize(values: Values) -> bool:
    data = data_of(values)
    return data is not None and data.standardize


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
_WINDOW = ("data", "points", "model", "standardize", "width", "relu", *SLICE)

FIELDS: Final = (
    Field("loss", word(CHOICES_OF_LOSS, _why_not_loss), _default_loss),
    Field("formula", read_formula, lambda values: FORMULA if values["loss"] == OWN else None),
    Field("data", word(CHOICES_OF_DATA), lambda _: next(iter(losses.DATASETS))),
    Field(
        "points",
        read_points,
        lambda values: table.SAMPLE if values["data"] == table.OWN else None,
        in_link=write_points,
    ),
    Field("model", word(losses.MODELS, _why_not_model), _default_model),
    Field(
        "standardize",
        read_switch,
        _default_standardize,
        lambda on: str(int(on)),
        follows=("data", "points"),
    ),
    Field("opt", word(losses.OPTIMIZERS), lambda _: "gd"),
    Field("schedule", word(losses.SCHEDULES), lambda _: "constant"),
    *(Field(name, read_setting(name), default_setting(name), spell) for name in ALL_SETTINGS),
    Field("plane", word({key: key for key in PLANES}, _why_not_plane), lambda _: "path"),
    Field("tilt", whole_in(0, lambda _: 9999), lambda _: 0),
    Field("axis1", read_axis, lambda _: 1),
    Field("axis2", read_second_axis, _second_axis),
    Field("rate", real_in(1e-30, 1e30), _default_rate, spell, follows=_WINDOW, pinned=True),
    Field(
        "start",
        read_start,
        _default_start,
        lambda start: ",".join(map(spell, start)),
        follows=_WINDOW,
        pinned=True,
    ),
    Field("steps", whole_in(1, lambda _: MAX_STEPS), lambda _: 60),
    Field("k", whole_in(0, lambda values: values["steps"]), lambda values: min(7, values["steps"])),
    Field("seed", whole_in(0, lambda _: 9999), lambda _: 0),
    Field("hide", read_hide, lambda _: (), ",".join),
    Field("embed", read_switch, lambda _: False, lambda on: str(int(on))),
    Field("theme", word(THEMES), lambda _: "auto"),
)
