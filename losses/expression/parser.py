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

from losses.core.messages import say
from losses.expression.node import Node, apply, name, number, power
from losses.expression.operations import FUNCTIONS

MOST_CHARACTERS: Final = 120
MOST_NODES: Final = 50
MOST_DEPTH: Final = 24
MOST_EXPONENT: Final = 8.0
CONSTANTS: Final = {"pi": math.pi}

_SIGNS: Final = str.maketrans("−·×÷", "-**/")
_ALLOWED: Final = re.compile(r"[A-Za-z0-9_ .,()+\-*/<>=!]*")
_RUN_ON: Final = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?+(?=[A-Za-z_(])")
"""A number that runs on into a name or a bracket."""
_HINTS: Final = {
    "^": say("a power is written r**2"),
    "|": say("an absolute value is written abs(r)"),
    "[": say("only round brackets are used"),
    "{": say("only round brackets are used"),
    "²": say("a square is written r**2"),
    "³": say("a cube is written r**3"),
    "&": say("conditions are written where(r > 0, ..., ...)"),
    "%": say("there is no remainder here"),
    "'": say("there is no text here"),
    '"': say("there is no text here"),
}
_BINARY: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARE: Final[Mapping[type[ast.cmpop], str]] = {
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
        super().__init__(say("At position {position}: {reason}.", position=position, reason=reason))
        self.position = position


def read(text: str, names: tuple[str, ...], constants: Mapping[str, float] = CONSTANTS) -> Node:
    """The formula that ``text`` writes in ``names``; FormulaError says what is wrong and where."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            say("a formula has at most {most} characters", most=MOST_CHARACTERS), MOST_CHARACTERS + 1
        )
    plain = text.translate(_SIGNS)
    if not plain.strip():
        raise FormulaError(say("nothing is written here"), 1)
    allowed = _ALLOWED.match(plain)
    end = allowed.end() if allowed else 0
    if end < len(plain):
        sign = plain[end]
        raise FormulaError(
            _HINTS.get(sign) or say("{sign} means nothing in a formula", sign=repr(sign)), end + 1
        )
    run_on = _RUN_ON.search(plain)
    if run_on:
        raise FormulaError(say("a product is written 2*r"), run_on.end() + 1)
    blanks = len(plain) - len(plain.lstrip())
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
    except SyntaxError as wrong:
        at = min((wrong.offset or len(plain)) + blanks, len(plain))
        raise FormulaError(say("this cannot be read as a formula"), at) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError(say("this is nested too deep"), 1) from None
    return _Reader(names, constants, blanks).node(tree, 1)


class _Reader:
    """Walks Python's tree and builds ours, counting as it goes."""

    def __init__(self, names: tuple[str, ...], constants: Mapping[str, float], blanks: int) -> None:
        self.names, self.constants, self.blanks, self.count = names, constants, blanks, 0

    def wrong(self, reason: str, at: ast.expr) -> FormulaError:
        return FormulaError(reason, at.col_offset + 1 + self.blanks)

    def node(self, at: ast.expr, depth: int) -> Node:
        self.count += 1
        if depth > MOST_DEPTH:
            raise self.wrong(say("brackets and calls go at most {most} deep", most=MOST_DEPTH), at)
        if self.count > MOST_NODES:
            raise self.wrong(say("a formula has at most {most} parts", most=MOST_NODES), at)
        match at:
            case ast.Constant():
                return number(self.constant(at))
            case ast.Name():
                return self.named(at)
            case ast.UnaryOp(op=ast.USub()):
                return -self.node(at.operand, depth + 1)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.node(at.operand, depth + 1)
            case ast.BinOp(op=ast.Pow()):
                return power(self.node(at.left, depth + 1), self.exponent(at.right))
            case ast.BinOp() if type(at.op) in _BINARY:
                parts = self.node(at.left, depth + 1), self.node(at.right, depth + 1)
                return apply(_BINARY[type(at.op)], *parts)
            case ast.Compare(ops=[op], comparators=[right]) if type(op) in _COMPARE:
                return apply(_COMPARE[type(op)], self.node(at.left, depth + 1), self.node(right, depth + 1))
            case ast.Compare():
                raise self.wrong(say("only two things are compared at a time"), at)
            case ast.Call():
                return self.call(at, depth)
        raise self.wrong(say("only arithmetic, comparisons and functions are understood here"), at)

    def constant(self, at: ast.Constant) -> float:
        if isinstance(at.value, bool) or not isinstance(at.value, int | float):
            raise self.wrong(say("this is not a number"), at)
        try:
            value = float(at.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong(say("this number is too large"), at)
        return value

    def named(self, at: ast.Name) -> Node:
        if at.id in self.constants:
            return number(self.constants[at.id])
        if at.id in self.names:
            return name(at.id)
        if at.id in FUNCTIONS:
            raise self.wrong(say("{name} is a function, written {name}(...)", name=at.id), at)
        known = ", ".join((*self.names, *self.constants))
        raise self.wrong(say("{name} is unknown; there are {known}", name=at.id, known=known), at)

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
                raise self.wrong(say("an exponent is a plain number"), at)
        if abs(value) > MOST_EXPONENT:
            raise self.wrong(say("an exponent is at most {most}", most=f"{MOST_EXPONENT:g}"), at)
        return value

    def call(self, at: ast.Call, depth: int) -> Node:
        key = at.func.id if isinstance(at.func, ast.Name) else ""
        if key not in FUNCTIONS:
            raise self.wrong(say("the functions are {names}", names=", ".join(FUNCTIONS)), at.func)
        arity = FUNCTIONS[key].arity
        many = key in ("max", "min") and len(at.args) > 2
        if at.keywords or any(isinstance(arg, ast.Starred) for arg in at.args):
            raise self.wrong(say("{name} takes plain arguments", name=key), at)
        if len(at.args) != arity and not many:
            takes = say("one argument") if arity == 1 else say("{n} arguments", n=arity)
            raise self.wrong(
                say("{name} takes {takes}; not {count}", name=key, takes=takes, count=len(at.args)), at
            )
        parts = [self.node(arg, depth + 1) for arg in at.args]
        return reduce(lambda a, b: apply(key, a, b), parts) if many else apply(key, *parts)
