"""Reading and writing the values of a link, one kind at a time; a value that will not do is rejected with a reason."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import losses
from losses.core.messages import Said, say

from ..common import limits
from ..lessons import LESSONS
from ..problem_setup.build import Edits, in_force, original

Values = Mapping[str, Any]
Reader = Callable[[str, Values], Any]


class Rejected(ValueError):
    """A value that a field does not take, the nearest that it does, and why."""

    def __init__(self, reason: str = "", nearest: Any = None) -> None:
        super().__init__(reason)
        self.reason, self.nearest = reason, nearest


def shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def asked_for(key: str, text: str) -> Said:
    """How a sentence on a value begins that a link cannot have."""
    return say("This link asked for {link}.", link=f"{shorten(key)}={shorten(text)}")


def six_digits(value: float) -> float:
    return float(f"{value:.6g}") + 0.0


def spell(value: float) -> str:
    return f"{value:.6g}"


def real(text: str) -> float:
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        raise Rejected(say("That is not a number.")) from None
    if not math.isfinite(value):
        raise Rejected(say("That is not a finite number."))
    return value


def word(
    registry: Mapping[str, Any], why: Callable[[Any, Values], str] = lambda record, values: ""
) -> Reader:
    """A key of a registry, unless ``why`` has a sentence against its record."""

    def read(text: str, values: Values) -> str:
        if text not in registry:
            raise Rejected(say("It is one of {keys}.", keys=", ".join(filter(None, registry))))
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
            said = {"low": spell(low), "high": spell(high)}
            raise Rejected(say("It lies between {low} and {high}.", **said), nearest)
        return six_digits(value)

    return read


def read_rate(text: str, values: Values) -> float:
    """A learning rate; near to one that is not above zero there is only a run that stands still."""
    if real(text) <= 0:
        raise Rejected(say("A learning rate is above zero."))
    rate: float = real_in(1e-30, 1e30)(text, values)
    return rate


def whole_in(low: int, high: Callable[[Values], int]) -> Reader:
    def read(text: str, values: Values) -> int:
        value, top = real(text), high(values)
        nearest = min(max(round(value), low), top)
        if value != nearest:
            raise Rejected(say("It is a whole number from {low} to {high}.", low=low, high=top), nearest)
        return nearest

    return read


def read_switch(text: str, values: Values) -> bool:
    if text in ("0", "1"):
        return text == "1"
    raise Rejected(say("It is 1 for on or 0 for off."))


def read_start(text: str, values: Values) -> tuple[float, ...]:
    start = tuple(six_digits(real(part)) for part in text.split(","))
    if len(start) != 2:
        raise Rejected(say("It takes 2 numbers, the place on the map."))
    if max(map(abs, start)) > 1e9:
        raise Rejected(say("It is too far away."))
    return start


def read_edits(text: str, values: Values) -> Edits:
    """``row:value`` with commas between them; rows count from 0."""
    if values["data"] in losses.TEST_FUNCTIONS:
        raise Rejected(say("There are no data to change."))
    data = original(values, {name: values[name] for name in in_force(values)})
    edits: dict[int, float] = {}
    for part in filter(None, text.split(",")):
        row, _, value = part.partition(":")
        at, to = real(row), six_digits(real(value))
        if at != round(at) or not 0 <= at < len(data.y):
            raise Rejected(say("Rows are whole numbers from 0 to {last}.", last=len(data.y) - 1))
        if data.classes and not (to == round(to) and 0 <= to < len(data.classes)):
            raise Rejected(say("Classes are whole numbers from 0 to {last}.", last=len(data.classes) - 1))
        edits[int(at)] = to
    if len(edits) > limits.EDITS:
        raise Rejected(say("At most {most} examples can be changed.", most=limits.EDITS))
    changed = data.y.copy()
    changed[list(edits)] = list(edits.values())
    if data.classes and len(np.unique(changed)) < len(np.unique(data.y)):
        raise Rejected(say("A class would be empty."))
    return tuple(sorted(edits.items()))


def write_edits(edits: Edits) -> str:
    return ",".join(f"{row}:{spell(value)}" for row, value in edits)


def real_of(setting: losses.Setting, text: str) -> float:
    """A value that a setting can have."""
    value = real(text)
    nearest = min(max(round(value) if setting.whole else value, setting.low), setting.high)
    if nearest != value:
        reason = say(
            "It is a whole number from {low} to {high}." if setting.whole else "It is from {low} to {high}.",
            low=f"{setting.low:g}",
            high=f"{setting.high:g}",
        )
        raise Rejected(reason, six_digits(nearest))
    return six_digits(value)


def read_ghost(text: str, values: Values) -> tuple[float, ...]:
    """The rate and the start of another run, or nothing."""
    if not text:
        return ()
    rate, _, start = text.partition(",")
    if text.count(",") != 2:
        raise Rejected(say("It takes a rate and the 2 numbers of a start."))
    return read_rate(rate, values), *read_start(start, values)


def read_answer(text: str, values: Values) -> str:
    """The number of a choice, or a place on the map as two numbers."""
    if not text:
        return ""
    if not values["s"]:
        raise Rejected(say("Only a lesson asks."))
    choices = LESSONS[values["s"]].choices
    if choices:
        if text not in map(str, range(len(choices))):
            raise Rejected(say("An answer is a number from 0 to {last}.", last=len(choices) - 1))
        return text
    place = tuple(six_digits(real(part)) for part in text.split(","))
    if len(place) != 2:
        raise Rejected(say("An answer is a place: 2 numbers."))
    return ",".join(map(spell, place))
