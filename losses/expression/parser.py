"""From text to a formula: Python's syntax, and of that only arithmetic and the functions of the table.

Nothing is executed. The text is read into Python's syntax tree, and every node
that is not on the list is refused with its position.
"""

import ast
import math
import re
from collections.abc import Mapping
from functools import reduce
from typing import Final

from losses.core.messages import message
from losses.expression.node import Node, apply_operation, name_node, number_node, power_node
from losses.expression.operations import FUNCTIONS

MAX_CHARACTERS: Final = 120
MAX_NODES: Final = 50
MAX_DEPTH: Final = 24
MAX_EXPONENT: Final = 8.0
CONSTANTS: Final = {"pi": math.pi}

_ASCII_OPERATORS: Final = str.maketrans("−·×÷", "-**/")
_ALLOWED_CHARACTERS: Final = re.compile(r"[A-Za-z0-9_ .,()+\-*/<>=!]*")
_IMPLICIT_PRODUCT: Final = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?+(?=[A-Za-z_(])")
"""A number that runs on into a name or a bracket."""
_HINTS: Final = {
    "^": message("a power is written r**2"),
    "|": message("an absolute value is written abs(r)"),
    "[": message("only round brackets are used"),
    "{": message("only round brackets are used"),
    "²": message("a square is written r**2"),
    "³": message("a cube is written r**3"),
    "&": message("conditions are written where(r > 0, ..., ...)"),
    "%": message("there is no remainder here"),
    "'": message("there is no text here"),
    '"': message("there is no text here"),
}
_BINARY_OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARISON_OPERATORS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class FormulaError(ValueError):
    """What is wrong with a formula, as a sentence; ``position`` counts characters from 1."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(message("At position {position}: {reason}.", position=position, reason=reason))
        self.position = position


def parse_formula(text: str, variables: tuple[str, ...], constants: Mapping[str, float] = CONSTANTS) -> Node:
    """The formula that ``text`` writes in ``variables``; FormulaError says what is wrong and where."""
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            message("a formula has at most {most} characters", most=MAX_CHARACTERS), MAX_CHARACTERS + 1
        )
    plain = text.translate(_ASCII_OPERATORS)
    if not plain.strip():
        raise FormulaError(message("nothing is written here"), 1)
    allowed = _ALLOWED_CHARACTERS.match(plain)
    end = allowed.end() if allowed else 0
    if end < len(plain):
        sign = plain[end]
        raise FormulaError(
            _HINTS.get(sign) or message("{sign} means nothing in a formula", sign=repr(sign)), end + 1
        )
    run_on = _IMPLICIT_PRODUCT.search(plain)
    if run_on:
        raise FormulaError(message("a product is written 2*r"), run_on.end() + 1)
    blanks = len(plain) - len(plain.lstrip())
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
    except SyntaxError as wrong:
        at = min((wrong.offset or len(plain)) + blanks, len(plain))
        raise FormulaError(message("this cannot be read as a formula"), at) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError(message("this is nested too deep"), 1) from None
    return _FormulaParser(variables, constants, blanks).node(tree, 1)


class _FormulaParser:
    """Walks Python's tree and builds ours, counting as it goes."""

    def __init__(self, names: tuple[str, ...], constants: Mapping[str, float], blanks: int) -> None:
        self.variables, self.constants, self.leading_blanks, self.node_count = names, constants, blanks, 0

    def error(self, reason: str, at: ast.expr) -> FormulaError:
        return FormulaError(reason, at.col_offset + 1 + self.leading_blanks)

    def node(self, at: ast.expr, depth: int) -> Node:
        self.node_count += 1
        if depth > MAX_DEPTH:
            raise self.error(message("brackets and calls go at most {most} deep", most=MAX_DEPTH), at)
        if self.node_count > MAX_NODES:
            raise self.error(message("a formula has at most {most} parts", most=MAX_NODES), at)
        match at:
            case ast.Constant():
                return number_node(self.constant(at))
            case ast.Name():
                return self.identifier(at)
            case ast.UnaryOp(op=ast.USub()):
                return -self.node(at.operand, depth + 1)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.node(at.operand, depth + 1)
            case ast.BinOp(op=ast.Pow()):
                return power_node(self.node(at.left, depth + 1), self.exponent(at.right))
            case ast.BinOp() if type(at.op) in _BINARY_OPERATORS:
                parts = self.node(at.left, depth + 1), self.node(at.right, depth + 1)
                return apply_operation(_BINARY_OPERATORS[type(at.op)], *parts)
            case ast.Compare(ops=[op], comparators=[right]) if type(op) in _COMPARISON_OPERATORS:
                return apply_operation(
                    _COMPARISON_OPERATORS[type(op)],
                    self.node(at.left, depth + 1),
                    self.node(right, depth + 1),
                )
            case ast.Compare():
                raise self.error(message("only two things are compared at a time"), at)
            case ast.Call():
                return self.call(at, depth)
        raise self.error(message("only arithmetic, comparisons and functions are understood here"), at)

    def constant(self, at: ast.Constant) -> float:
        if isinstance(at.value, bool) or not isinstance(at.value, int | float):
            raise self.error(message("this is not a number"), at)
        try:
            value = float(at.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.error(message("this number is too large"), at)
        return value

    def identifier(self, at: ast.Name) -> Node:
        if at.id in self.constants:
            return number_node(self.constants[at.id])
        if at.id in self.variables:
            return name_node(at.id)
        if at.id in FUNCTIONS:
            raise self.error(message("{name} is a function, written {name}(...)", name=at.id), at)
        known = ", ".join((*self.variables, *self.constants))
        raise self.error(message("{name} is unknown; there are {known}", name=at.id, known=known), at)

    def exponent(self, at: ast.expr) -> float:
        """A number with a sign or a fraction of two, never a formula: no towers."""
        match at:
            case ast.UnaryOp(op=ast.USub()):
                return -self.exponent(at.operand)
            case ast.BinOp(op=ast.Div(), left=ast.Constant(), right=ast.Constant()):
                below = self.constant(at.right)  # type: ignore[arg-type]
                value = self.constant(at.left) / below if below else math.inf  # type: ignore[arg-type]
            case ast.Constant():
                value = self.constant(at)
            case ast.Name() if at.id in self.constants:
                value = self.constants[at.id]
            case _:
                raise self.error(message("an exponent is a plain number"), at)
        if abs(value) > MAX_EXPONENT:
            raise self.error(message("an exponent is at most {most}", most=f"{MAX_EXPONENT:g}"), at)
        return value

    def call(self, at: ast.Call, depth: int) -> Node:
        key = at.func.id if isinstance(at.func, ast.Name) else ""
        if key not in FUNCTIONS:
            raise self.error(message("the functions are {names}", names=", ".join(FUNCTIONS)), at.func)
        arity = FUNCTIONS[key].arity
        many = key in ("max", "min") and len(at.args) > 2
        if at.keywords or any(isinstance(arg, ast.Starred) for arg in at.args):
            raise self.error(message("{name} takes plain arguments", name=key), at)
        if len(at.args) != arity and not many:
            takes = message("one argument") if arity == 1 else message("{n} arguments", n=arity)
            raise self.error(
                message("{name} takes {takes}; not {count}", name=key, takes=takes, count=len(at.args)), at
            )
        parts = [self.node(arg, depth + 1) for arg in at.args]
        return (
            reduce(lambda a, b: apply_operation(key, a, b), parts) if many else apply_operation(key, *parts)
        )
