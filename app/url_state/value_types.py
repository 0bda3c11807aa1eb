"""Parsers and formatters of link values, by type. A parser raises InvalidValue with a reason."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

import numpy as np

import losses
from losses.core.messages import Message, message
from losses.core.registry import derived_mapping
from losses.data.dataset import MAX_MAGNITUDE

from ..common import limits
from ..lessons import LESSONS, OLD_KEYS, lesson_of
from ..lessons.lesson_link import PREFIX, LinkError, is_packed
from ..problem_setup.build import Edits, problem_settings, unedited_dataset
from ..problem_setup.view_planes import view_plane_for

MAX_LISTED_KEYS: Final = 8
"""Keys that a notice lists; of more it names one that is alike."""
MAX_ENCODINGS: Final = 4
"""How often a text of a link may have been percent-encoded too much; more is not undone."""
AFTER_WORD: Final = " \t)]}>,;.:!?\"'`*|\\/&»”“’‘…"
"""What a sentence puts behind a link."""
LESSON_KEYS: Final[Mapping[str, Any]] = derived_mapping(lambda: {"": None, **LESSONS}, LESSONS)
"""The lessons, and the empty key for no lesson."""
FieldValues = Mapping[str, Any]
Parser = Callable[[str, FieldValues], Any]


class InvalidValue(ValueError):
    """A value is not valid: ``reason`` is a sentence, ``nearest`` the nearest valid value or None."""

    def __init__(self, reason: str = "", nearest: Any = None) -> None:
        super().__init__(reason)
        self.reason, self.nearest = reason, nearest


def truncate(text: str) -> str:
    """Return at most 40 characters of a text."""
    return text if len(text) <= 40 else text[:39] + "…"


def requested_value_text(key: str, text: str) -> Message:
    """Return the beginning of a notice on an invalid part of a link."""
    return message("This link asked for {link}.", link=f"{truncate(key)}={truncate(text)}")


def round_to_6_digits(value: float) -> float:
    """Round to six significant digits, as links write numbers; −0 becomes 0."""
    return float(f"{value:.6g}") + 0.0


def format_value(value: float) -> str:
    """Write a number with six significant digits."""
    return f"{value:.6g}"


def parse_float(text: str) -> float:
    """Parse a finite number; a minus sign may be the typographic one."""
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        raise InvalidValue(message("That is not a number.")) from None
    if not math.isfinite(value):
        raise InvalidValue(message("That is not a finite number."))
    return value


@dataclass(frozen=True)
class Choice:
    """A parser of a registry's keys; ``incompatibility`` returns why a record cannot be chosen.

    ``old_keys`` maps keys that older links have to those of today.
    """

    registry: Mapping[str, Any]
    incompatibility: Callable[[Any, FieldValues], str] = lambda record, values: ""
    old_keys: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str, values: FieldValues) -> str:
        """Return the key that ``text`` is or was, if its record can be chosen."""
        text = self.old_keys.get(text, text)
        if text not in self.registry:
            raise InvalidValue(_suggestion(text, [key for key in self.registry if key]))
        reason = self.incompatibility(self.registry[text], values)
        if reason:
            raise InvalidValue(reason)
        return text


def _suggestion(text: str, keys: list[str]) -> str:
    """Return a short sentence on a key that does not exist: the few that do, or one that is alike."""
    if len(keys) <= MAX_LISTED_KEYS:
        return message("It is one of {keys}.", keys=", ".join(keys))
    alike = get_close_matches(text, keys, n=1)
    if alike:
        return message("Perhaps {key} is meant.", key=alike[0])
    return message("There is nothing of this name.")


_lesson_key: Final = Choice(LESSON_KEYS, old_keys=OLD_KEYS)


def float_between(low: float, high: float) -> Parser:
    """Return a parser of numbers of a closed interval, rounded to six digits."""

    def parse(text: str, values: FieldValues) -> float:
        value = parse_float(text)
        if not low <= value <= high:
            nearest = min(max(value, low), high)
            interval = {"low": format_value(low), "high": format_value(high)}
            raise InvalidValue(message("It lies between {low} and {high}.", **interval), nearest)
        return round_to_6_digits(value)

    return parse


def parse_rate(text: str, values: FieldValues) -> float:
    """Parse a learning rate. Rates ≤ 0 are rejected without a nearest value."""
    if parse_float(text) <= 0:
        raise InvalidValue(message("A learning rate is above zero."))
    rate: float = float_between(limits.MIN_RATE, limits.MAX_RATE)(text, values)
    return rate


def integer_between(low: int, high: Callable[[FieldValues], int]) -> Parser:
    """Return a parser of whole numbers from ``low`` to ``high(values)``."""

    def parse(text: str, values: FieldValues) -> int:
        value, highest = parse_float(text), high(values)
        nearest = min(max(round(value), low), highest)
        if value != nearest:
            raise InvalidValue(
                message("It is a whole number from {low} to {high}.", low=low, high=highest), nearest
            )
        return nearest

    return parse


def parse_switch(text: str, values: FieldValues) -> bool:
    """Parse ``1`` as True and ``0`` as False."""
    if text in ("0", "1"):
        return text == "1"
    raise InvalidValue(message("It is 1 for on or 0 for off."))


def format_switch(on: bool) -> str:
    """Write a switch as ``1`` or ``0``."""
    return str(int(on))


def parse_start(text: str, values: FieldValues) -> tuple[float, ...]:
    """Parse the two coordinates of a start in the view plane; the parameters there are finite."""
    start = tuple(round_to_6_digits(parse_float(part)) for part in text.split(","))
    if len(start) != 2:
        raise InvalidValue(message("It takes 2 numbers, the place on the map."))
    with np.errstate(over="ignore", invalid="ignore"):
        parameters = view_plane_for(values).plane.points(*np.array(start))
    if max(map(abs, start)) > limits.MAX_START or not np.isfinite(parameters).all():
        raise InvalidValue(message("It is too far away."))
    return start


def parse_edits(text: str, values: FieldValues) -> Edits:
    """Parse changed targets, ``row:value`` separated by commas; rows count from 0."""
    if values["data"] in losses.TEST_FUNCTIONS:
        raise InvalidValue(message("There are no data to change."))
    data = unedited_dataset(values, {name: values[name] for name in problem_settings(values)})
    edits: dict[int, float] = {}
    for part in filter(None, text.split(",")):
        row, _, value = part.partition(":")
        index, target = parse_float(row), round_to_6_digits(parse_float(value))
        if index != round(index) or not 0 <= index < len(data.y):
            raise InvalidValue(message("Rows are whole numbers from 0 to {last}.", last=len(data.y) - 1))
        if data.classes and not (target == round(target) and 0 <= target < len(data.classes)):
            raise InvalidValue(
                message("Classes are whole numbers from 0 to {last}.", last=len(data.classes) - 1)
            )
        if abs(target) > MAX_MAGNITUDE:
            raise InvalidValue(message("It is too far away."))
        edits[int(index)] = target
    if len(edits) > limits.MAX_EDITED_EXAMPLES:
        raise InvalidValue(
            message("At most {most} examples can be changed.", most=limits.MAX_EDITED_EXAMPLES)
        )
    targets = data.y.copy()
    targets[list(edits)] = list(edits.values())
    if data.classes and len(np.unique(targets)) < len(np.unique(data.y)):
        raise InvalidValue(message("A class would be empty."))
    return tuple(sorted(edits.items()))


def format_edits(edits: Edits) -> str:
    """Write changed targets as ``parse_edits`` reads them."""
    return ",".join(f"{row}:{format_value(value)}" for row, value in edits)


def parse_setting(setting: losses.Setting, text: str) -> float:
    """Parse a value of a setting."""
    value = parse_float(text)
    nearest = min(max(round(value) if setting.whole else value, setting.low), setting.high)
    if nearest != value:
        reason = (
            message("It is a whole number from {low} to {high}.")
            if setting.whole
            else message("It is from {low} to {high}.")
        )
        limits = {"low": f"{setting.low:g}", "high": f"{setting.high:g}"}
        raise InvalidValue(reason.format(**limits), round_to_6_digits(nearest))
    return round_to_6_digits(value)


def parse_ghost(text: str, values: FieldValues) -> tuple[float, ...]:
    """Parse the rate and the start of an earlier run, or nothing."""
    if not text:
        return ()
    rate, _, start = text.partition(",")
    if text.count(",") != 2:
        raise InvalidValue(message("It takes a rate and the 2 numbers of a start."))
    return parse_rate(rate, values), *parse_start(start, values)


def parse_lesson(text: str, values: FieldValues) -> str:
    """Parse the key of a lesson, or a lesson that is packed into the link; empty for none."""
    if not is_packed(text):
        return _lesson_key(text, values)
    word = PREFIX + text.removeprefix(PREFIX).rstrip(AFTER_WORD)
    try:
        lesson_of(word)
    except LinkError as error:
        raise InvalidValue(error.args[0], "") from None
    return word


def parse_answer(text: str, values: FieldValues) -> str:
    """Parse the answer to a lesson's question: the number of a choice, or a point in the view plane."""
    if not text:
        return ""
    if not values["s"]:
        raise InvalidValue(message("Only a lesson asks."))
    choices = lesson_of(values["s"]).choices
    if choices:
        if text not in map(str, range(len(choices))):
            raise InvalidValue(message("An answer is a number from 0 to {last}.", last=len(choices) - 1))
        return text
    point = tuple(round_to_6_digits(parse_float(part)) for part in text.split(","))
    if len(point) != 2:
        raise InvalidValue(message("An answer is a place: 2 numbers."))
    return ",".join(map(format_value, point))
