"""Evaluate a formula in MathML as a reader would, knowing nothing of how it was made."""

import math
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

NAMESPACE: Final = "{http://www.w3.org/1998/Math/MathML}"
FUNCTIONS: Final[dict[str, Callable[..., float]]] = {
    "log": math.log,
    "sin": lambda u: _of_moderate(math.sin, u),
    "cos": lambda u: _of_moderate(math.cos, u),
    "tanh": math.tanh,
    "cosh": math.cosh,
    "sinh": math.sinh,
    "sign": lambda u: _compare(">", u, 0.0) - _compare("<", u, 0.0),
    "σ": lambda u: 1 / (1 + math.exp(-u)),
    "max": max,
    "min": min,
}
CONSTANTS: Final = {"e": math.e, "π": math.pi}
CLOSING: Final = {"(": ")", "|": "|", "[": "]"}
COMPARISONS: Final = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "≤": lambda a, b: a <= b,
    "≥": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
}
Reading = tuple[float, int]
"""The value of some tokens, and the index behind them."""


class UnclearError(ValueError):
    """A formula has no reading, or several with different values."""


class UndefinedError(ValueError):
    """A formula has no value, or one that rounding decides."""


def value_of_mathml(mathml: str, values: dict[str, float]) -> float:
    """Return the value of a formula for values of its names.

    Spaces mean nothing and what stands side by side is multiplied, so that all readings are tried. Raises
    UnclearError if they differ, if a number stands behind a factor, or if something follows cases, and
    UndefinedError outside the domain and beside a jump.
    """
    return _Reader(values).value(ElementTree.fromstring(mathml))


class _Reader:
    def __init__(self, values: dict[str, float]) -> None:
        self.values = values | CONSTANTS

    def value(self, *elements: Element) -> float:
        tokens = _tokens(elements)
        readings = [value for value, end in self.sums(tokens, 0) if end == len(tokens)]
        if not readings:
            raise UnclearError(f"no reading: {tokens}")
        if any(_differ(reading, readings[0]) for reading in readings):
            raise UnclearError(f"{readings}: {tokens}")
        return readings[0]

    def sums(self, tokens, i) -> Iterator[Reading]:
        for value, end in self.products(tokens, i):
            yield from self.longer_sums(tokens, value, end)

    def longer_sums(self, tokens, value, i) -> Iterator[Reading]:
        yield value, i
        if _is_sign(tokens, i, "+−"):
            sign = 1 if tokens[i][1] == "+" else -1
            for other, end in self.products(tokens, i + 1):
                yield from self.longer_sums(tokens, value + sign * other, end)

    def products(self, tokens, i) -> Iterator[Reading]:
        if _is_sign(tokens, i, "−"):
            yield from ((-value, end) for value, end in self.products(tokens, i + 1))
            return
        for value, end in self.factors(tokens, i):
            yield from self.longer_products(tokens, value, end)

    def longer_products(self, tokens, value, i) -> Iterator[Reading]:
        yield value, i
        if i < len(tokens) and _begins_with_number(tokens[i]):
            raise UnclearError(f"a number behind a factor: {tokens}")
        for other, end in self.factors(tokens, i + _is_sign(tokens, i, "·⋅")):
            yield from self.longer_products(tokens, value * other, end)

    def factors(self, tokens, i) -> Iterator[Reading]:
        for value, end in self.atoms(tokens, i):
            if end < len(tokens) and tokens[end][0] == "exponent":
                yield _call(math.pow, value, self.value(tokens[end][1])), end + 1
            else:
                yield value, end

    def atoms(self, tokens, i) -> Iterator[Reading]:
        kind, part = tokens[i] if i < len(tokens) else ("", "")
        if kind == "mn":
            yield float(part), i + 1
        elif kind == "mi" and part in self.values:
            yield self.values[part], i + 1
        elif kind in ("mi", "mo") and part in FUNCTIONS:
            yield from self.calls(tokens, i)
        elif kind == "mo" and part in CLOSING:
            yield from self.brackets(tokens, i)
        else:
            yield from self.boxes(tokens, i)

    def calls(self, tokens, i) -> Iterator[Reading]:
        if _is_sign(tokens, i + 1, "("):
            for arguments, end in self.arguments(tokens, i + 2):
                if _is_sign(tokens, end, ")"):
                    yield _call(FUNCTIONS[tokens[i][1]], *arguments), end + 1

    def brackets(self, tokens, i) -> Iterator[Reading]:
        opening = tokens[i][1]
        for value, end in (self.comparisons if opening == "[" else self.sums)(tokens, i + 1):
            if _is_sign(tokens, end, CLOSING[opening]):
                yield abs(value) if opening == "|" else float(value), end + 1

    def boxes(self, tokens, i) -> Iterator[Reading]:
        kind, part = tokens[i] if i < len(tokens) else ("", "")
        if kind == "base":
            yield self.value(part), i + 1
        elif kind == "mfrac":
            yield _call(lambda a, b: a / b, *map(self.value, part)), i + 1
        elif kind == "msqrt":
            yield _call(math.sqrt, self.value(*part)), i + 1
        elif kind == "cases":
            yield self.value_of_cases(part), i + 1
            if i + 1 < len(tokens) and not _is_sign(tokens, i + 1, ")|,"):
                raise UnclearError(f"something follows cases: {tokens}")

    def arguments(self, tokens, i) -> Iterator[tuple[tuple[float, ...], int]]:
        for value, end in self.sums(tokens, i):
            yield (value,), end
            if _is_sign(tokens, end, ","):
                yield from (((value, *others), last) for others, last in self.arguments(tokens, end + 1))

    def comparisons(self, tokens, i) -> Iterator[Reading]:
        for left, middle in self.sums(tokens, i):
            if middle < len(tokens) and tokens[middle][1] in COMPARISONS:
                for right, end in self.sums(tokens, middle + 1):
                    yield _compare(tokens[middle][1], left, right), end

    def value_of_cases(self, table: Element) -> float:
        for value, condition in table:
            tokens = _tokens([condition])
            holds = [holds for holds, end in self.comparisons(tokens, 0) if end == len(tokens)]
            if tokens == [("mtext", "else")] or holds[0]:
                return self.value(value)
        raise UnclearError("no case holds")


def _tokens(elements) -> list[tuple[str, object]]:
    """Return the tokens of a row as kind and text or element; brackets with an exponent are two tokens."""
    tokens: list[tuple[str, object]] = []
    for element in elements:
        kind, parts = element.tag.removeprefix(NAMESPACE), list(element)
        if kind in ("math", "mrow", "mtd"):
            is_cases = [part.tag.removeprefix(NAMESPACE) for part in parts] == ["mo", "mtable"]
            tokens += [("cases", parts[1])] if is_cases else _tokens(parts)
        elif kind == "msup":
            base, exponent = parts
            is_bracket = base.text in CLOSING.values()
            tokens += [("mo", base.text) if is_bracket else ("base", base), ("exponent", exponent)]
        elif kind in ("mi", "mn", "mo", "mtext"):
            tokens.append((kind, element.text))
        elif kind != "mspace":
            tokens.append((kind, element))
    return tokens


def _begins_with_number(token) -> bool:
    kind, part = token
    return kind == "mn" or (kind == "base" and part.tag == f"{NAMESPACE}mn")


def _is_sign(tokens, i, signs: str) -> bool:
    return i < len(tokens) and tokens[i][0] == "mo" and tokens[i][1] in signs


def _differ(a: float, b: float) -> bool:
    return not math.isclose(a, b, rel_tol=1e-9)


def _compare(sign: str, a: float, b: float) -> bool:
    if a != b and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9):
        raise UndefinedError("rounding decides")
    return COMPARISONS[sign](a, b)


def _of_moderate(function: Callable[[float], float], u: float) -> float:
    if abs(u) > 1e4:
        raise UndefinedError("rounding decides")
    return function(u)


def _call(function: Callable[..., float], *arguments: float) -> float:
    try:
        return float(function(*arguments))
    except (ArithmeticError, ValueError):
        raise UndefinedError from None
