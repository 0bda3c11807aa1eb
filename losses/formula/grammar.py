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

from losses.formula.node import Node, apply, name, number, power
from losses.formula.operations import FUNCTIONS

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
    "^": "a power is written r**2",
    "|": "an absolute value is written abs(r)",
    "[": "only round brackets are used",
    "{": "only round brackets are used",
    "²": "a square is written r**2",
    "³": "a cube is written r**3",
    "&": "conditions are written where(r > 0, ..., ...)",
    "%": "there is no remainder here",
    "'": "there is no text here",
    '"': "there is no text here",
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
        super().__init__(f"At position {position}: {reason}.")
        self.position = position


def read(text: str, names: tuple[str, ...], constants: Mapping[str, float] = CONSTANTS) -> Node:
    """The formula that ``text`` writes in ``names``; FormulaError says what is wrong and where."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(f"a formula has at most {MOST_CHARACTERS} characters", MOST_CHARACTERS + 1)
    plain = text.translate(_SIGNS)
    if not plain.strip():
        raise FormulaError("nothing is written here", 1)
    allowed = _ALLOWED.match(plain)
    end = allowed.end() if allowed else 0
    if end < len(plain):
        sign = plain[end]
        raise FormulaError(_HINTS.get(sign, f"{sign!r} means nothing in a formula"), end + 1)
    run_on = _RUN_ON.search(plain)
    if run_on:
        raise FormulaError("a product is written 2*r", run_on.end() + 1)
    blanks = len(plain) - len(plain.lstrip())
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
    except SyntaxError as wrong:
        at = min((wrong.offset or len(plain)) + blanks, len(plain))
        raise FormulaError("this cannot be read as a formula", at) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError("this is nested too deep", 1) from None
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
            raise self.wrong(f"brackets and calls go at most {MOST_DEPTH} deep", at)
        if self.count > MOST_NODES:
            raise self.wrong(f"a formula has at most {MOST_NODES} parts", at)
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
                raise self.wrong("only two things are compared at a time", at)
            case ast.Call():
                return self.call(at, depth)
        raise self.wrong("only arithmetic, comparisons and functions are understood here", at)

    def constant(self, at: ast.Constant) -> float:
        if isinstance(at.value, bool) or not isinstance(at.value, int | float):
            raise self.wrong("this is not a number", at)
        try:
            value = float(at.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong("this number is too large", at)
        return value

    def named(self, at: ast.Name) -> Node:
        if at.id in self.constants:
            return number(self.constants[at.id])
        if at.id in self.names:
            return name(at.id)
        if at.id in FUNCTIONS:
            raise self.wrong(f"{at.id} is a function, written {at.id}(...)", at)
        raise self.wrong(f"{at.id} is unknown; there are {', '.join((*self.names, *self.constants))}", at)

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
                raise self.wrong("an exponent is a plain number", at)
        if abs(value) > MOST_EXPONENT:
            raise self.wrong(f"an exponent is at most {MOST_EXPONENT:g}", at)
        return value

    def call(self, at: ast.Call, depth: int) -> Node:
        key = at.func.id if isinstance(at.func, ast.Name) else ""
        if key not in FUNCTIONS:
            raise self.wrong(f"the functions are {', '.join(FUNCTIONS)}", at.func)
        arity = FUNCTIONS[key].arity
        many = key in ("max", "min") and len(at.args) > 2
        if at.keywords or any(isinstance(arg, ast.Starred) for arg in at.args):
            raise self.wrong(f"{key} takes plain arguments", at)
        if len(at.args) != arity and not many:
            takes = "one argument" if arity == 1 else f"{arity} arguments"
            raise self.wrong(f"{key} takes {takes}; not {len(at.args)}", at)
        parts = [self.node(arg, depth + 1) for arg in at.args]
        return reduce(lambda a, b: apply(key, a, b), parts) if many else apply(key, *parts)
