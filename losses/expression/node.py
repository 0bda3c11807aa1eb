"""Formulas as trees: built, simplified, searched."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Union

NUMBER: Final = "number"
NAME: Final = "name"
POWER: Final = "**"

Operand = Union["Node", float]


@dataclass(frozen=True, eq=False)
class Node:
    """An operation on parts, a number or a name. Equal nodes are mostly one object, so work is shared."""

    op: str
    parts: tuple["Node", ...] = ()
    number: float = 0.0
    name: str = ""

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
    return _interned_node(NUMBER, (), float(value), "")


def name_node(text: str) -> Node:
    return _interned_node(NAME, (), 0.0, text)


def equals_number(node: Node, value: float) -> bool:
    return node.op == NUMBER and node.number == value


def _as_node(operand: Operand) -> Node:
    return operand if isinstance(operand, Node) else number_node(operand)


def power_node(base: Node, exponent: float) -> Node:
    if exponent == 1.0:
        return base
    if exponent == 0.0:
        return number_node(1.0)
    return _interned_node(POWER, (base,), float(exponent), "")


def apply_operation(op: str, *operands: Operand) -> Node:
    """An operation on its parts, less what is obviously nothing."""
    parts = tuple(map(_as_node, operands))
    simpler = _simplified(op, parts)
    return _interned_node(op, parts, 0.0, "") if simpler is None else simpler


def _simplified(op: str, parts: tuple[Node, ...]) -> Node | None:
    """What an operation on these parts is more simply; None where nothing is simpler."""
    if (
        all(part.op == NUMBER for part in parts)
        and op in _ARITHMETIC
        and not (op == "/" and equals_number(parts[1], 0.0))
    ):
        return number_node(_ARITHMETIC[op](*(part.number for part in parts)))
    match op, parts:
        case "+" | "-", (a, b) if equals_number(b, 0.0):
            return a
        case "+", (a, b) if equals_number(a, 0.0):
            return b
        case "-", (a, b) if equals_number(a, 0.0):
            return -b
        case "+", (a, b) if b.op == "negative":
            return a - b.parts[0]
        case "-", (a, b) if b.op == "negative":
            return a + b.parts[0]
        case "+", (a, b) if _has_leading_minus(b):
            return a - -b
        case "-", (a, b) if _has_leading_minus(b):
            return a + -b
        case "negative", (a,) if a.op == "negative":
            return a.parts[0]
        case "negative", (a,) if _has_numeric_factor(a):
            return number_node(-a.parts[0].number) * a.parts[1]
        case "*", (a, b):
            return _simplified_product(a, b)
        case "/", (a, b) if equals_number(b, 1.0):
            return a
        case "/", (a, b) if a.op == "sinh" and b.op == "cosh" and a.parts == b.parts:
            return apply_operation("tanh", *a.parts)
        case "where", (_, a, b) if a is b:
            return a
    return None


def _simplified_product(a: Node, b: Node) -> Node | None:
    """Less zeros and ones; the number to the left, powers of the same together, 1/b as a quotient."""
    if equals_number(a, 0.0) or equals_number(b, 0.0):
        return number_node(0.0)
    if equals_number(a, 1.0):
        return b
    if b.op == NUMBER:
        return b * a
    if a.op == NUMBER:
        return _simplified_multiple(a.number, b)
    if "negative" in (a.op, b.op):
        return -(a.parts[0] * b) if a.op == "negative" else -(a * b.parts[0])
    if _has_numeric_factor(a):
        return a.parts[0] * (a.parts[1] * b)
    if _has_numeric_factor(b):
        return b.parts[0] * (a * b.parts[1])
    if b.op == "/" and b.parts[0].op == NUMBER:
        return b.parts[0] * a / b.parts[1]
    if a.op == "/" and a.parts[0].op == NUMBER:
        return a.parts[0] * b / a.parts[1]
    if a.op == "*" and _share_positive_base(a.parts[1], b):
        return a.parts[0] * (a.parts[1] * b)
    if b.op == "*" and _share_positive_base(a, b.parts[1]):
        return b.parts[0] * (a * b.parts[1])
    if _share_positive_base(a, b):
        return power_node(_base(a), _exponent(a) + _exponent(b))
    return None


def _simplified_multiple(factor: float, b: Node) -> Node | None:
    if factor == -1.0:
        return -b
    if b.op == "negative":
        return number_node(-factor) * b.parts[0]
    if b.op in "*/" and b.parts[0].op == NUMBER:
        return apply_operation(b.op, factor * b.parts[0].number, b.parts[1])
    if b.op == "/" and _has_numeric_factor(b.parts[0]):
        return factor * b.parts[0] / b.parts[1]
    return None


def _has_leading_minus(node: Node) -> bool:
    """Whether a node is written with a minus in front."""
    return (node.parts[0] if _has_numeric_factor(node) else node).number < 0.0 and node.op != POWER


def _has_numeric_factor(node: Node) -> bool:
    return node.op == "*" and node.parts[0].op == NUMBER


def _share_positive_base(a: Node, b: Node) -> bool:
    """Whether a · b is one power: not r · r⁻¹, which is no number at zero."""
    return _base(a) is _base(b) and _exponent(a) > 0.0 and _exponent(b) > 0.0


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


def subexpressions(root: Node) -> list[Node]:
    """Every different node below and including ``root``, parts first."""
    seen: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in seen:
            for part in node.parts:
                visit(part)
            seen[node] = None

    visit(root)
    return list(seen)


def variables_of(root: Node) -> set[str]:
    return {node.name for node in subexpressions(root) if node.op == NAME}


@lru_cache(maxsize=1024)
def substitute(root: Node, substitutions: tuple[tuple[str, Node], ...]) -> Node:
    """The same formula with nodes in the place of names."""
    given, done = dict(substitutions), dict[Node, Node]()
    for node in subexpressions(root):
        parts = tuple(done[part] for part in node.parts)
        if node.op == NAME:
            done[node] = given.get(node.name, node)
        elif node.op == POWER:
            done[node] = power_node(parts[0], node.number)
        else:
            done[node] = node if node.op == NUMBER else apply_operation(node.op, *parts)
    return done[root]
