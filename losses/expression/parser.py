"""Parse formulas in Python syntax, restricted to arithmetic, comparisons and known functions.

The text is parsed by :mod:`ast` and never executed. A node of the syntax tree
that is not explicitly allowed is rejected with its position.
"""

import ast
import math
import re
from collections.abc import Mapping
from functools import reduce
from typing import Final

from losses.core.messages import message, plural
from losses.expression.node import Node, apply_operation, name_node, number_node, power_node
from losses.expression.operations import FUNCTIONS

MAX_CHARACTERS: Final = 120
MAX_NODES: Final = 50
MAX_DEPTH: Final = 24
MAX_EXPONENT: Final = 8.0
CONSTANTS: Final = {"pi": math.pi}

_ASCII_OPERATORS: Final = str.maketrans("−·×÷", "-**/")
_ALLOWED_CHARACTERS: Final = re.compile(r"[A-Za-z0-9_ .,()+\-*/<>=!^]*")
_POWER_SIGNS: Final = {"^": "**"}
"""Other signs for operators; as these are longer, positions in the text shift."""
ALIASES: Final = {"ln": "log"}
"""Other names of functions."""
_IMPLICIT_PRODUCT: Final = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?+(?=[A-Za-z_(])")
"""A number directly followed by a name or an opening bracket."""
_HINTS: Final = {
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
    """Raised for a formula that cannot be used; a ValueError.

    The message says what is wrong; ``position`` is the place, counted in characters from 1.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(message("At position {position}: {reason}.", position=position, reason=reason))
        self.position = position


def parse_formula(text: str, variables: tuple[str, ...], constants: Mapping[str, float] = CONSTANTS) -> Node:
    """Parse a formula in ``variables`` and ``constants`` into an expression tree.

    Raises FormulaError for a text that is too long, cannot be parsed, or
    contains anything but numbers, the given names and known operations.
    """
    ascii_text = _ascii_formula(text)
    leading_blanks = len(ascii_text) - len(ascii_text.lstrip())
    stripped = ascii_text.strip()
    # The place in the text of each character that Python reads, where a power has two.
    places = [leading_blanks + i + 1 for i, sign in enumerate(stripped) for _ in _POWER_SIGNS.get(sign, sign)]
    try:
        tree = ast.parse("".join(_POWER_SIGNS.get(sign, sign) for sign in stripped), mode="eval").body
    except SyntaxError as error:
        position = places[min((error.offset or len(places)) - 1, len(places) - 1)]
        raise FormulaError(message("this cannot be read as a formula"), position) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError(message("this is nested too deep"), 1) from None
    return _FormulaParser(variables, constants, places).node(tree, 1)


def _ascii_formula(text: str) -> str:
    """Replace typographic operators such as × by ASCII.

    Raises FormulaError for an empty or too long text, a character that is not
    allowed, and a product without ``*``.
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            message("a formula has at most {most} characters", most=MAX_CHARACTERS), MAX_CHARACTERS + 1
        )
    ascii_text = text.translate(_ASCII_OPERATORS)
    if not ascii_text.strip():
        raise FormulaError(message("nothing is written here"), 1)
    allowed = _ALLOWED_CHARACTERS.match(ascii_text)
    end = allowed.end() if allowed else 0
    if end < len(ascii_text):
        sign = ascii_text[end]
        raise FormulaError(
            _HINTS.get(sign) or message("{sign} means nothing in a formula", sign=repr(sign)), end + 1
        )
    implicit_product = _IMPLICIT_PRODUCT.search(ascii_text)
    if implicit_product:
        raise FormulaError(message("a product is written 2*r"), implicit_product.end() + 1)
    return ascii_text


class _FormulaParser:
    """Converts Python's syntax tree into nodes and counts them."""

    def __init__(self, variables: tuple[str, ...], constants: Mapping[str, float], places: list[int]) -> None:
        self.variables, self.constants, self.places = variables, constants, places
        self.node_count = 0

    def error(self, reason: str, tree: ast.expr) -> FormulaError:
        """Return an error at the position of ``tree`` in the text."""
        return FormulaError(reason, self.places[tree.col_offset])

    def node(self, tree: ast.expr, depth: int) -> Node:
        """Convert a syntax tree at the given depth; raise FormulaError if it is not allowed."""
        self.check_size(tree, depth)
        match tree:
            case ast.Constant():
                return number_node(self.constant(tree))
            case ast.Name():
                return self.identifier(tree)
            case ast.UnaryOp(op=ast.USub()):
                return -self.node(tree.operand, depth + 1)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.node(tree.operand, depth + 1)
            case ast.BinOp(op=ast.Pow()):
                return power_node(self.node(tree.left, depth + 1), self.exponent(tree.right))
            case ast.BinOp() if type(tree.op) in _BINARY_OPERATORS:
                parts = self.node(tree.left, depth + 1), self.node(tree.right, depth + 1)
                return apply_operation(_BINARY_OPERATORS[type(tree.op)], *parts)
            case ast.Compare():
                return self.comparison(tree, depth)
            case ast.Call():
                return self.call(tree, depth)
        raise self.error(message("only arithmetic, comparisons and functions are understood here"), tree)

    def check_size(self, tree: ast.expr, depth: int) -> None:
        """Count a node; raise FormulaError if it is too deep or there are too many."""
        self.node_count += 1
        if depth > MAX_DEPTH:
            raise self.error(message("brackets and calls go at most {most} deep", most=MAX_DEPTH), tree)
        if self.node_count > MAX_NODES:
            raise self.error(message("a formula has at most {most} parts", most=MAX_NODES), tree)

    def constant(self, tree: ast.Constant) -> float:
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | float):
            raise self.error(message("this is not a number"), tree)
        try:
            value = float(tree.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.error(message("this number is too large"), tree)
        return value

    def identifier(self, tree: ast.Name) -> Node:
        if tree.id in self.constants:
            return number_node(self.constants[tree.id])
        if tree.id in self.variables:
            return name_node(tree.id)
        if tree.id in FUNCTIONS:
            raise self.error(message("{name} is a function, written {name}(...)", name=tree.id), tree)
        known = ", ".join((*self.variables, *self.constants))
        raise self.error(message("{name} is unknown; there are {known}", name=tree.id, known=known), tree)

    def exponent(self, tree: ast.expr) -> float:
        """Return an exponent: a constant, its negative, or a fraction of two numbers.

        Other expressions are rejected, so that powers of powers cannot grow without limit.
        """
        match tree:
            case ast.UnaryOp(op=ast.USub()):
                return -self.exponent(tree.operand)
            case ast.BinOp(op=ast.Div(), left=ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as left)):
                return -self.exponent(ast.copy_location(ast.BinOp(left, tree.op, tree.right), tree))
            case ast.BinOp(op=ast.Div(), left=ast.Constant() as left, right=ast.Constant() as right):
                denominator = self.constant(right)
                value = self.constant(left) / denominator if denominator else math.inf
            case ast.Constant():
                value = self.constant(tree)
            case ast.Name() if tree.id in self.constants:
                value = self.constants[tree.id]
            case _:
                raise self.error(message("an exponent is a plain number"), tree)
        if abs(value) > MAX_EXPONENT:
            raise self.error(message("an exponent is at most {most}", most=f"{MAX_EXPONENT:g}"), tree)
        return value

    def comparison(self, tree: ast.Compare, depth: int) -> Node:
        match tree:
            case ast.Compare(ops=[op], comparators=[right]) if type(op) in _COMPARISON_OPERATORS:
                return apply_operation(
                    _COMPARISON_OPERATORS[type(op)],
                    self.node(tree.left, depth + 1),
                    self.node(right, depth + 1),
                )
        raise self.error(message("only two things are compared at a time"), tree)

    def call(self, tree: ast.Call, depth: int) -> Node:
        key = tree.func.id if isinstance(tree.func, ast.Name) else ""
        key = ALIASES.get(key, key)
        if key not in FUNCTIONS:
            raise self.error(message("the functions are {names}", names=", ".join(FUNCTIONS)), tree.func)
        arity = FUNCTIONS[key].arity
        is_nested = key in ("max", "min") and len(tree.args) > 2
        if tree.keywords or any(isinstance(arg, ast.Starred) for arg in tree.args):
            raise self.error(message("{name} takes plain arguments", name=key), tree)
        if len(tree.args) != arity and not is_nested:
            takes = plural("one argument", "{n} arguments", n=arity)
            raise self.error(
                message("{name} takes {takes}; not {count}", name=key, takes=takes, count=len(tree.args)),
                tree,
            )
        parts = [self.node(arg, depth + 1) for arg in tree.args]
        if is_nested:
            return reduce(lambda a, b: apply_operation(key, a, b), parts)
        return apply_operation(key, *parts)
