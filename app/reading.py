"""How a value of a link is read: a reader a kind, and the refusal that they share."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
    in_link: Callable[[Any], str] | None = None
    """How a link writes it where that differs, because it is too long for one."""
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
