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
        return apply("+", self, other)

    def __radd__(self, other: Operand) -> "Node":
        return apply("+", other, self)

    def __sub__(self, other: Operand) -> "Node":
        return apply("-", self, other)

    def __rsub__(self, other: Operand) -> "Node":
        return apply("-", other, self)

    def __mul__(self, other: Operand) -> "Node":
        return apply("*", self, other)

    def __rmul__(self, other: Operand) -> "Node":
        return apply("*", other, self)

    def __truediv__(self, other: Operand) -> "Node":
        return apply("/", self, other)

    def __rtruediv__(self, other: Operand) -> "Node":
        return apply("/", other, self)

    def __pow__(self, exponent: float) -> "Node":
        return power(self, exponent)

    def __neg__(self) -> "Node":
        return apply("negative", self)


@lru_cache(maxsize=8192)
def _make(op: str, parts: tuple[Node, ...], number: float, name: str) -> Node:
    return Node(op, parts, number, name)


def number(value: float) -> Node:
    return _make(NUMBER, (), float(value), "")


def name(text: str) -> Node:
    return _make(NAME, (), 0.0, text)


def is_number(node: Node, value: float) -> bool:
    return node.op == NUMBER and node.number == value


def _node(operand: Operand) -> Node:
    return operand if isinstance(operand, Node) else number(operand)


def power(base: Node, exponent: float) -> Node:
    if exponent == 1.0:
        return base
    if exponent == 0.0:
        return number(1.0)
    return _make(POWER, (base,), float(exponent), "")


def apply(op: str, *operands: Operand) -> Node:
    """An operation on its parts, less what is obviously nothing."""
    parts = tuple(map(_node, operands))
    simpler = _simpler(op, parts)
    return _make(op, parts, 0.0, "") if simpler is None else simpler


def _simpler(op: str, parts: tuple[Node, ...]) -> Node | None:
    """What an operation on these parts is more simply; None where nothing is simpler."""
    if (
        all(part.op == NUMBER for part in parts)
        and op in _PLAIN
        and not (op == "/" and is_number(parts[1], 0.0))
    ):
        return number(_PLAIN[op](*(part.number for part in parts)))
    match op, parts:
        case "+" | "-", (a, b) if is_number(b, 0.0):
            return a
        case "+", (a, b) if is_number(a, 0.0):
            return b
        case "-", (a, b) if is_number(a, 0.0):
            return -b
        case "+", (a, b) if b.op == "negative":
            return a - b.parts[0]
        case "-", (a, b) if b.op == "negative":
            return a + b.parts[0]
        case "+", (a, b) if _below_zero(b):
            return a - -b
        case "-", (a, b) if _below_zero(b):
            return a + -b
        case "negative", (a,) if a.op == "negative":
            return a.parts[0]
        case "negative", (a,) if _scaled(a):
            return number(-a.parts[0].number) * a.parts[1]
        case "*", (a, b):
            return _simpler_product(a, b)
        case "/", (a, b) if is_number(b, 1.0):
            return a
        case "/", (a, b) if a.op == "sinh" and b.op == "cosh" and a.parts == b.parts:
            return apply("tanh", *a.parts)
        case "where", (_, a, b) if a is b:
            return a
    return None


def _simpler_product(a: Node, b: Node) -> Node | None:
    """Less zeros and ones; the number to the left, powers of the same together, 1/b as a quotient."""
    if is_number(a, 0.0) or is_number(b, 0.0):
        return number(0.0)
    if is_number(a, 1.0):
        return b
    if b.op == NUMBER:
        return b * a
    if a.op == NUMBER:
        return _number_times(a.number, b)
    if "negative" in (a.op, b.op):
        return -(a.parts[0] * b) if a.op == "negative" else -(a * b.parts[0])
    if _scaled(a):
        return a.parts[0] * (a.parts[1] * b)
    if _scaled(b):
        return b.parts[0] * (a * b.parts[1])
    if b.op == "/" and b.parts[0].op == NUMBER:
        return b.parts[0] * a / b.parts[1]
    if a.op == "/" and a.parts[0].op == NUMBER:
        return a.parts[0] * b / a.parts[1]
    if a.op == "*" and _are_powers_of_one(a.parts[1], b):
        return a.parts[0] * (a.parts[1] * b)
    if b.op == "*" and _are_powers_of_one(a, b.parts[1]):
        return b.parts[0] * (a * b.parts[1])
    if _are_powers_of_one(a, b):
        return power(_base(a), _exponent(a) + _exponent(b))
    return None


def _number_times(factor: float, b: Node) -> Node | None:
    if factor == -1.0:
        return -b
    if b.op == "negative":
        return number(-factor) * b.parts[0]
    if b.op in "*/" and b.parts[0].op == NUMBER:
        return apply(b.op, factor * b.parts[0].number, b.parts[1])
    if b.op == "/" and _scaled(b.parts[0]):
        return factor * b.parts[0] / b.parts[1]
    return None


def _below_zero(node: Node) -> bool:
    """Whether a node is written with a minus in front."""
    return (node.parts[0] if _scaled(node) else node).number < 0.0 and node.op != POWER


def _scaled(node: Node) -> bool:
    return node.op == "*" and node.parts[0].op == NUMBER


def _are_powers_of_one(a: Node, b: Node) -> bool:
    """Whether a · b is one power: not r · r⁻¹, which is no number at zero."""
    return _base(a) is _base(b) and _exponent(a) > 0.0 and _exponent(b) > 0.0


def _base(node: Node) -> Node:
    return node.parts[0] if node.op == POWER else node


def _exponent(node: Node) -> float:
    return node.number if node.op == POWER else 1.0


_PLAIN: Final[dict[str, Callable[..., float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "negative": operator.neg,
}


def nodes_of(top: Node) -> list[Node]:
    """Every different node below and including ``top``, parts first."""
    seen: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in seen:
            for part in node.parts:
                visit(part)
            seen[node] = None

    visit(top)
    return list(seen)


def names_of(top: Node) -> set[str]:
    return {node.name for node in nodes_of(top) if node.op == NAME}


@lru_cache(maxsize=1024)
def replaced(top: Node, names: tuple[tuple[str, Node], ...]) -> Node:
    """The same formula with nodes in the place of names."""
    given, done = dict(names), dict[Node, Node]()
    for node in nodes_of(top):
        parts = tuple(done[part] for part in node.parts)
        if node.op == NAME:
            done[node] = given.get(node.name, node)
        elif node.op == POWER:
            done[node] = power(parts[0], node.number)
        else:
            done[node] = node if node.op == NUMBER else apply(node.op, *parts)
    return done[top]
