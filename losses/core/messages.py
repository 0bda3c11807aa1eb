"""Translatable messages: English texts that keep their template and values, and formatted numbers."""

import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Context
from functools import lru_cache
from typing import Final

import numpy as np

from losses.core.arrays import Array

MINUS_SIGN = "−"
TO_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
TO_SUBSCRIPTS = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉\u202f")


class Message(str):
    """An English text that keeps the template and the values it was made from, for translation."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def format(self, *_: object, **values: object) -> "Message":
        """Fill ``values`` into the template; the result keeps both."""
        text = Message(self.template.format_map(values))
        text.template, text.values = self.template, values
        return text


class PluralMessage(Message):
    """A message that depends on a number; keeps both English templates and the number, for translation.

    Its ``template`` is the English one for the number. Languages have up to six forms, so a translation
    chooses anew.
    """

    __slots__ = ("n", "templates")
    templates: tuple[str, str]
    n: int


class Joined(str):
    """Texts joined by a separator; keeps the parts so that each can be translated."""

    __slots__ = ("parts", "separator")
    separator: str
    parts: tuple[str, ...]


class Recased(str):
    """A text with the case of its first letter changed; keeps the original for translation."""

    __slots__ = ("original",)
    original: str


class Capitalized(Recased):
    """A text with an upper-case first letter."""

    __slots__ = ()


class Lowercased(Recased):
    """A text with a lower-case first letter."""

    __slots__ = ()


class FormattedNumber(str):
    """A number formatted in English; a translation may replace its decimal point by a comma."""

    __slots__ = ()


def message(template: str, /, **values: object) -> Message:
    """Return a translatable English text: ``message("{n} steps", n=3)``.

    Without values the template is the text, braces included. pybabel collects
    the templates, so they must be literals.
    """
    text = Message(template.format_map(values) if values else template)
    text.template, text.values = template, values
    return text


def plural(one: str, other: str, /, *, n: int, **values: object) -> PluralMessage:
    """Return a translatable English text for a number: ``plural("{n} step", "{n} steps", n=3)``.

    ``one`` is the template for 1 and ``other`` for all other numbers; both may contain ``{n}``. pybabel
    collects them, so they must be literals.
    """
    template, values = one if n == 1 else other, {"n": n, **values}
    text = PluralMessage(template.format_map(values))
    text.template, text.values, text.templates, text.n = template, values, (one, other), int(n)
    return text


def step_count(n: int) -> PluralMessage:
    """Return a number of steps with its noun."""
    return plural("{n} step", "{n} steps", n=n)


def joined(separator: str, parts: Iterable[str]) -> Joined:
    """Return ``separator.join(parts)`` as a text whose parts can be translated."""
    parts = tuple(parts)
    text = Joined(separator.join(parts))
    text.separator, text.parts = separator, parts
    return text


def capitalized(text: str) -> Capitalized:
    """Return ``text`` with an upper-case first letter, as at the beginning of a sentence."""
    changed = Capitalized(text[:1].upper() + text[1:])
    changed.original = text
    return changed


def lowercased(text: str) -> Lowercased:
    """Return ``text`` with a lower-case first letter, as after a colon."""
    changed = Lowercased(text[:1].lower() + text[1:])
    changed.original = text
    return changed


def with_subscripts(name: str) -> str:
    """Write the digits of a parameter's name as subscripts, so that it does not read as a number.

    A point between two numbers becomes a thin space: ``w0.37`` is written w₀ ₃₇.
    """
    return name[:1] + name[1:].translate(TO_SUBSCRIPTS)


@lru_cache(maxsize=4096)  # the texts of a run contain most numbers twice
def format_number(value: float, digits: int = 3) -> str:
    """Format a number for reading, with at most ``digits`` significant digits.

    Uses a true minus sign and thin spaces between thousands. Sizes below 0.001
    and from 100 000 on are written as 2.3 × 10⁻⁴, with no-break spaces.
    Infinity and NaN become a translatable text.
    """
    value = float(value)  # NumPy's own scalars compare and format several times slower
    if not math.isfinite(value):
        return message("too large to compute")
    if value == 0:
        return FormattedNumber("0")
    if 1e-3 <= abs(value) < min(999, 10**digits - 1):  # the most frequent case, four times as fast this way
        return FormattedNumber(f"{value:.{digits}g}".replace("-", MINUS_SIGN))
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -3 <= power < 5:
        decimals = max(0, digits - 1 - power)
        text = f"{float(f'{mantissa}e{power}'):,.{decimals}f}".replace(",", "\u202f")
        text = text.rstrip("0").rstrip(".") if decimals else text
    else:
        factor, power_of_ten = float(mantissa), f"10{str(power).translate(TO_SUPERSCRIPTS)}"
        product = f"{factor:g}\u00a0×\u00a0{power_of_ten}"
        text = {1.0: power_of_ten, -1.0: f"-{power_of_ten}"}.get(factor, product)
    return FormattedNumber(text.replace("-", MINUS_SIGN))


def format_number_down(value: float, digits: int = 3) -> str:
    """Format a positive number as ``format_number`` does, but as no larger one, rounding errors aside.

    A limit that is rounded up would be one that does not hold.
    """
    return format_number(round_down(value, digits) if math.isfinite(value) else value, digits)


def round_down(value: float, digits: int = 3) -> float:
    """Return a positive number with ``digits`` significant digits, no larger one, rounding errors aside."""
    rounded = float(f"{value:.{digits}g}")
    if rounded > value * (1.0 + 1e-9):
        rounded = float(Context(prec=digits, rounding=ROUND_DOWN).create_decimal_from_float(value))
    return rounded


NEGLIGIBLE: Final = 1e-9
"""A number below this share of its scale is written as 0."""


def without_rounding_errors(values: Array | float, scale: Array | float) -> Array:
    """Return an array in which numbers below ``NEGLIGIBLE`` of their scale are 0, as for reading."""
    return np.where(np.abs(values) < NEGLIGIBLE * scale, 0.0, values)
