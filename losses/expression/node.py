"""Expression trees: construction with simplification, traversal and substitution."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Union

NUMBER: Final = "number"
NAME: Final = "name"
POWER: Final = "**"
"""The kinds of nodes that :mod:`losses.expression.operations` does not define; an exponent is a number."""

Operand = Union["Node", float]


@dataclass(frozen=True, eq=False)
class Node:
    """A node of an expression: a number, a variable, a power or an operation on ``parts``.

    Nodes are interned: equal nodes are usually the same object, so that results
    can be cached by identity and common subexpressions are computed once.
    """

    op: str
    """``NUMBER``, ``NAME``, ``POWER`` or the key of an operation."""
    parts: tuple["Node", ...] = ()
    number: float = 0.0
    """The value of a number, or the exponent of a power."""
    name: str = ""
    """The name of a variable."""

    def __add__(self, other: Operand) -> "Node":
        return apply_operation("+", self, other)

    def __radd__(self, other: Operand) -> "Node":
        return apply_operation("+", other, self)

    def __sub__(self, other: Operand) -> "Node":
        return apply_operation("-", self, other)

    def __rsub__(self, other: Operand) -> "Node":
        return apply_operation("-", other, self)

    def __mul__(self, other: Operand) -> "Node":
        return apply_operation("*", self, other)

    def __rmul__(self, other: Operand) -> "Node":
        return apply_operation("*", other, self)

    def __truediv__(self, other: Operand) -> "Node":
        return apply_operation("/", self, other)

    def __rtruediv__(self, other: Operand) -> "Node":
        return apply_operation("/", other, self)

    def __pow__(self, exponent: float) -> "Node":
        return power_node(self, exponent)

    def __neg__(self) -> "Node":
        return apply_operation("negative", self)


@lru_cache(maxsize=8192)
def _interned_node(op: str, parts: tuple[Node, ...], number: float, name: str) -> Node:
    return Node(op, parts, number, name)


def number_node(value: float) -> Node:
    """Return the node of a number."""
    return _interned_node(NUMBER, (), float(value), "")


def name_node(name: str) -> Node:
    """Return the node of a variable."""
    return _interned_node(NAME, (), 0.0, name)


def equals_number(node: Node, value: float) -> bool:
    """Whether the node is the number ``value``."""
    return node.op == NUMBER and node.number == value


def _as_node(operand: Operand) -> Node:
    return operand if isinstance(operand, Node) else number_node(operand)


def power_node(base: Node, exponent: float) -> Node:
    """Return ``base ** exponent``, simplified for the exponents 0 and 1."""
    if exponent == 1.0:
        return base
    if exponent == 0.0:
        return number_node(1.0)
    return _interned_node(POWER, (base,), float(exponent), "")


def apply_operation(op: str, *operands: Operand) -> Node:
    """Return the node of an operation, simplified: numbers are computed, zeros and ones removed."""
    parts = tuple(map(_as_node, operands))
    simplified = _simplified(op, parts)
    return _interned_node(op, parts, 0.0, "") if simplified is None else simplified


def with_parts(node: Node, *parts: Node) -> Node:
    """Return the same operation on other parts, not simplified."""
    return _interned_node(node.op, parts, node.number, node.name)


def _simplified(op: str, parts: tuple[Node, ...]) -> Node | None:
    """Return a simpler equivalent of an operation on ``parts``; None if no rule applies."""
    if all(part.op == NUMBER for part in parts) and op in _ARITHMETIC:
        value = _computed_number(op, *(part.number for part in parts))
        return None if value is None else number_node(value)
    return _SIMPLIFICATIONS[op](*parts) if op in _SIMPLIFICATIONS else None


def _computed_number(op: str, *numbers: float) -> float | None:
    """Return the value of an operation on numbers, or None if it is beyond float64."""
    if op == "/" and numbers[1] == 0.0:
        return None
    value = _ARITHMETIC[op](*numbers)
    is_lost = value == 0.0 and op in "*/" and numbers[0] != 0.0
    return None if is_lost or not math.isfinite(value) else value


def _simplified_sum(a: Node, b: Node) -> Node | None:
    if equals_number(b, 0.0):
        return a
    if equals_number(a, 0.0):
        return b
    if b.op == "negative":
        return a - b.parts[0]
    return a - -b if _has_leading_minus(b) else None


def _simplified_difference(a: Node, b: Node) -> Node | None:
    if equals_number(b, 0.0):
        return a
    if equals_number(a, 0.0):
        return -b
    if b.op == "negative":
        return a + b.parts[0]
    return a + -b if _has_leading_minus(b) else None


def _simplified_negation(a: Node) -> Node | None:
    if a.op == "negative":
        return a.parts[0]
    return number_node(-a.parts[0].number) * a.parts[1] if _has_numeric_factor(a) else None


def _simplified_quotient(a: Node, b: Node) -> Node | None:
    if equals_number(b, 1.0):
        return a
    if a.op == "sinh" and b.op == "cosh" and a.parts == b.parts:
        return apply_operation("tanh", *a.parts)
    return None


def _simplified_where(_condition: Node, a: Node, b: Node) -> Node | None:
    return a if a is b else None


def _simplified_product(a: Node, b: Node) -> Node | None:
    """Remove factors 0 and 1, move a number to the left and merge powers of the same base."""
    if equals_number(a, 0.0) or equals_number(b, 0.0):
        return number_node(0.0)
    if equals_number(a, 1.0):
        return b
    if b.op == NUMBER:
        return b * a
    if a.op == NUMBER:
        return _simplified_multiple(a.number, b)
    product = _with_number_in_front(a, b)
    return _with_merged_powers(a, b) if product is None else product


def _with_number_in_front(a: Node, b: Node) -> Node | None:
    """Move a minus sign, a numeric factor or a quotient with a numeric numerator to the front of a · b.

    The quotient stays a factor: 1/u · 0 is 0 also at u = 0, unlike 0/u, and so a slope does not become NaN
    where u is constant.
    """
    if "negative" in (a.op, b.op):
        return -(a.parts[0] * b) if a.op == "negative" else -(a * b.parts[0])
    if _has_numeric_factor(a):
        return a.parts[0] * (a.parts[1] * b)
    if _has_numeric_factor(b):
        return b.parts[0] * (a * b.parts[1])
    if _is_hyperbolic_tangent(a, b):
        return apply_operation("tanh", *a.parts)
    if _is_hyperbolic_tangent(b, a):
        return apply_operation("tanh", *b.parts)
    return b * a if _has_numeric_numerator(b) and not _has_numeric_numerator(a) else None


def _is_hyperbolic_tangent(a: Node, b: Node) -> bool:
    """Whether a · b is sinh(u) · 1/cosh(u)."""
    return (
        a.op == "sinh" and b.op == "/" and equals_number(b.parts[0], 1.0) and b.parts[1].op == "cosh"
    ) and a.parts == b.parts[1].parts


def _with_merged_powers(a: Node, b: Node) -> Node | None:
    """Write a · b with one power for factors of the same base; abs(u)^k sign(u)^2 is abs(u)^k, also at 0."""
    if b.op == POWER and b.number == 2.0 and b.parts[0].op == "sign":
        factor = a.parts[1] if a.op == "*" else a
        if _base(factor).op == "abs" and _base(factor).parts == b.parts[0].parts:
            return a
    if a.op == "*" and _share_positive_base(a.parts[1], b):
        return a.parts[0] * (a.parts[1] * b)
    if b.op == "*" and _share_positive_base(a, b.parts[1]):
        return b.parts[0] * (a * b.parts[1])
    if _share_positive_base(a, b):
        return power_node(_base(a), _exponent(a) + _exponent(b))
    return None


def _simplified_multiple(factor: float, b: Node) -> Node | None:
    """Merge a numeric factor with the sign or the numeric factor of ``b``."""
    if factor == -1.0:
        return -b
    if b.op == "negative":
        return number_node(-factor) * b.parts[0]
    if b.op in "*/" and b.parts[0].op == NUMBER:
        product = _computed_number("*", factor, b.parts[0].number)
        return None if product is None else apply_operation(b.op, product, b.parts[1])
    if b.op == "/" and _has_numeric_factor(b.parts[0]):
        return factor * b.parts[0] / b.parts[1]
    if b.op == "*" and _has_numeric_numerator(b.parts[0]):
        product = _computed_number("*", factor, b.parts[0].parts[0].number)
        return None if product is None else product / b.parts[0].parts[1] * b.parts[1]
    return None


def _has_leading_minus(node: Node) -> bool:
    """Whether a node is a negative number or has a negative numeric factor."""
    return (node.parts[0] if _has_numeric_factor(node) else node).number < 0.0 and node.op != POWER


def _has_numeric_factor(node: Node) -> bool:
    return node.op == "*" and node.parts[0].op == NUMBER


def _has_numeric_numerator(node: Node) -> bool:
    return node.op == "/" and node.parts[0].op == NUMBER


def _share_positive_base(a: Node, b: Node) -> bool:
    """Whether a · b equals one power everywhere.

    Not r · r⁻¹, which is undefined at 0, nor r^½ · r^½, which is undefined below 0.
    """
    exponents = _exponent(a), _exponent(b)
    return _base(a) is _base(b) and all(x > 0.0 and x == int(x) for x in exponents)


def _base(node: Node) -> Node:
    return node.parts[0] if node.op == POWER else node


def _exponent(node: Node) -> float:
    return node.number if node.op == POWER else 1.0


_ARITHMETIC: Final[dict[str, Callable[..., float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "negative": operator.neg,
}
_SIMPLIFICATIONS: Final[dict[str, Callable[..., Node | None]]] = {
    "+": _simplified_sum,
    "-": _simplified_difference,
    "*": _simplified_product,
    "/": _simplified_quotient,
    "negative": _simplified_negation,
    "where": _simplified_where,
}


def subexpressions(root: Node) -> list[Node]:
    """Return all distinct nodes of an expression, parts before the nodes that contain them."""
    visited: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in visited:
            for part in node.parts:
                visit(part)
            visited[node] = None

    visit(root)
    return list(visited)


def variables_of(root: Node) -> set[str]:
    """Return the names of the variables of an expression."""
    return {node.name for node in subexpressions(root) if node.op == NAME}


@lru_cache(maxsize=1024)
def substitute(root: Node, substitutions: tuple[tuple[str, Node], ...]) -> Node:
    """Return the expression with variables replaced by nodes, given as pairs of name and node."""
    replacements, substituted = dict(substitutions), dict[Node, Node]()
    for node in subexpressions(root):
        parts = tuple(substituted[part] for part in node.parts)
        if node.op == NAME:
            substituted[node] = replacements.get(node.name, node)
        elif node.op == POWER:
            substituted[node] = power_node(parts[0], node.number)
        else:
            substituted[node] = node if node.op == NUMBER else apply_operation(node.op, *parts)
    return substituted[root]
