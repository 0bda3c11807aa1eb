"""What is said: English texts that remember how they were made, and numbers as they are read aloud."""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

MINUS = "−"
LOWERED = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉\u202f")


class Said(str):
    """An English text that remembers its template and values, so that it can be said in another language."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def format(self, *_: object, **values: object) -> "Said":
        """The text with values in it, which goes on remembering."""
        said = Said(self.template.format_map(values))
        said.template, said.values = self.template, values
        return said


class Listed(str):
    """Texts in a row that remembers them."""

    __slots__ = ("parts", "separator")
    separator: str
    parts: tuple[str, ...]


class Begun(str):
    """A text whose first letter was made large or small, and the text."""

    __slots__ = ("text",)
    text: str


class Capital(Begun):
    __slots__ = ()


class Small(Begun):
    __slots__ = ()


class Number(str):
    """A number as it is read; some languages put a comma where this has a point."""

    __slots__ = ()


def say(template: str, /, **values: object) -> Said:
    """``say("{n} steps", n=3)``: a text that is English and can be translated."""
    said = Said(template.format_map(values) if values else template)
    said.template, said.values = template, values
    return said


def listed(separator: str, parts: Iterable[str]) -> Listed:
    """``separator.join(parts)``."""
    parts = tuple(parts)
    row = Listed(separator.join(parts))
    row.separator, row.parts = separator, parts
    return row


def capital(text: str) -> Capital:
    """The text as a sentence begins."""
    begun = Capital(text[:1].upper() + text[1:])
    begun.text = text
    return begun


def small(text: str) -> Small:
    """The text as it goes on after a colon."""
    begun = Small(text[:1].lower() + text[1:])
    begun.text = text
    return begun


def subscripted(name: str) -> str:
    """A parameter's name as it is read: ``w0.37`` with both its numbers below the line, or it would be one itself."""
    return name[:1] + name[1:].translate(LOWERED)


@lru_cache(maxsize=4096)  # a run says most of its numbers twice
def num(value: float, digits: int = 3) -> str:
    """A number for reading: three significant digits at most, a true minus, 5e−9 for the very small."""
    value = float(value)  # NumPy's own scalars compare and format several times slower
    if not math.isfinite(value):
        return say("beyond numbers")
    if value == 0:
        return Number("0")
    size = abs(value)
    if 1e-3 <= size < min(999, 10**digits - 1):  # what is said most often, and four times as fast
        return Number(f"{value:.{digits}g}".replace("-", MINUS))
    if 1e-3 <= size < 10**6:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:,.{decimals}f}".replace(",", "\u202f")
        text = text.rstrip("0").rstrip(".") if decimals else text
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{float(mantissa):g}e{int(exponent)}"
    return Number(text.replace("-", MINUS))
