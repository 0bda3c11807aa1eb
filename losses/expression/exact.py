"""Exact values of formulas that consist of sums, products, quotients and whole powers."""

import math
from fractions import Fraction
from typing import Final

from losses.expression.node import NAME, NUMBER, POWER, Node, subexpressions

MAX_BITS: Final = 100_000
"""Powers with longer numbers are not computed."""


def exact_value(root: Node, variable: str, at: float) -> Fraction | None:
    """Return the value of a formula of one variable as a fraction.

    None if there is none: it has another operation, such as a root, divides by 0, or its numbers are too
    long or infinite.
    """
    values: dict[Node, Fraction] = {}
    for node in subexpressions(root):
        number = node.number if node.op == NUMBER else at
        if node.op in (NUMBER, NAME):
            if not math.isfinite(number) or (node.op == NAME and node.name != variable):
                return None
            values[node] = Fraction(number)
            continue
        value = _value(node, [values[part] for part in node.parts])
        if value is None:
            return None
        values[node] = value
    return values[root]


def _value(node: Node, parts: list[Fraction]) -> Fraction | None:
    match node.op, parts:
        case "+", [a, b]:
            return a + b
        case "-", [a, b]:
            return a - b
        case "*", [a, b]:
            return a * b
        case "/", [a, b] if b:
            return a / b
        case "negative", [a]:
            return -a
    if node.op == POWER and node.number == int(node.number):
        return _power(parts[0], int(node.number))
    return None


def _power(base: Fraction, exponent: int) -> Fraction | None:
    bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent)
    if bits > MAX_BITS or (base == 0 and exponent < 0):
        return None
    return base**exponent
