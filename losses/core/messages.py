"""What is said: English texts that remember how they were made, and numbers as they are read aloud."""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

MINUS_SIGN = "−"
TO_SUBSCRIPTS = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉\u202f")


class Message(str):
    """An English text that remembers its template and values, so that it can be said in another language."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def format(self, *_: object, **values: object) -> "Message":
        """The text with values in it, which goes on remembering."""
        said = Message(self.template.format_map(values))
        said.template, said.values = self.template, values
        return said


class Joined(str):
    """Texts in a row that remembers them."""

    __slots__ = ("parts", "separator")
    separator: str
    parts: tuple[str, ...]


class Recased(str):
    """A text whose first letter was made large or small, and the text."""

    __slots__ = ("original",)
    original: str


class Capitalized(Recased):
    __slots__ = ()


class Lowercased(Recased):
    __slots__ = ()


class FormattedNumber(str):
    """A number as it is read; some languages put a comma where this has a point."""

    __slots__ = ()


def message(template: str, /, **values: object) -> Message:
    """``message("{n} steps", n=3)``: a text that is English and can be translated."""
    said = Message(template.format_map(values) if values else template)
    said.template, said.values = template, values
    return said


def joined(separator: str, parts: Iterable[str]) -> Joined:
    """``separator.join(parts)``."""
    parts = tuple(parts)
    row = Joined(separator.join(parts))
    row.separator, row.parts = separator, parts
    return row


def capitalized(text: str) -> Capitalized:
    """The text as a sentence begins."""
    begun = Capitalized(text[:1].upper() + text[1:])
    begun.original = text
    return begun


def lowercased(text: str) -> Lowercased:
    """The text as it goes on after a colon."""
    begun = Lowercased(text[:1].lower() + text[1:])
    begun.original = text
    return begun


def with_subscripts(name: str) -> str:
    """A parameter's name as it is read: ``w0.37`` with both its numbers below the line, or it would be one itself."""
    return name[:1] + name[1:].translate(TO_SUBSCRIPTS)


@lru_cache(maxsize=4096)  # a run says most of its numbers twice
def format_number(value: float, digits: int = 3) -> str:
    """A number for reading: three significant digits at most, a true minus, 5e−9 for the very small."""
    value = float(value)  # NumPy's own scalars compare and format several times slower
    if not math.isfinite(value):
        return message("beyond numbers")
    if value == 0:
        return FormattedNumber("0")
    size = abs(value)
    if 1e-3 <= size < min(999, 10**digits - 1):  # what is said most often, and four times as fast
        return FormattedNumber(f"{value:.{digits}g}".replace("-", MINUS_SIGN))
    if 1e-3 <= size < 10**6:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:,.{decimals}f}".replace(",", "\u202f")
        text = text.rstrip("0").rstrip(".") if decimals else text
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{float(mantissa):g}e{int(exponent)}"
    return FormattedNumber(text.replace("-", MINUS_SIGN))
