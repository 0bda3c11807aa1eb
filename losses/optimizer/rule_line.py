"""Lines of update rules: parsed from Python syntax, evaluated, and printed as NumPy, TeX and templates."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any, Final

import numpy as np

from losses.core.lazy import cached_property

OLD_SUFFIX: Final = "_old"
"""The suffix of values from before the step: ``v_old`` is the previous value of ``v``."""
THETA: Final = "theta"
GRADIENT: Final = "g"

FUNCTIONS: Final = ("sqrt", "abs", "sign", "exp", "log", "maximum", "minimum")
"""The functions of NumPy that a rule may call."""

_FUNCTIONS: Final = {name: getattr(np, name) for name in FUNCTIONS}
_TO_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PRINTED_SIGNS: Final = (
    (r" \*\* ", "^"),
    (r"sqrt(?=\()", "√"),
    (r"√\((\{\w+\})\)", r"√\1"),
    (r"maximum\(", "max("),
    (r"minimum\(", "min("),
    (r"\*", "×"),
    (r"-", "−"),
)
"""Patterns of Python's signs and the signs to print instead, in the order of replacement."""
_SUBSCRIPTS_TO_TEX: Final = {ord(sign): f"_{digit}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_GREEK_TO_TEX: Final = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "ω": r"\omega",
}  # fmt: skip


@dataclass(frozen=True)
class RuleLine:
    """One assignment of an update rule, such as ``v = momentum * v_old + g``."""

    text: str
    target: str
    """The name on the left side."""
    expression: ast.expr = field(repr=False, compare=False)
    """The right side as a syntax tree."""
    names: tuple[str, ...] = field(repr=False, compare=False)
    """The names on the right side, each once, in the order of first use."""
    code: CodeType = field(repr=False, compare=False)
    """The right side, compiled."""

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the value of the right side for a number or an array for each of its names."""
        return eval(self.code, {"__builtins__": {}, **_FUNCTIONS}, dict(values))

    @cached_property
    def template(self) -> str:
        """The line as a format string with printed signs: ``{v} = {momentum} × {v_old} + {g}``."""
        text = ast.unparse(_renamed(self.expression, lambda name: f"{{{name}}}"))
        text = re.sub(r" \*\* (\d+)(?![\d.e])", lambda power: power[1].translate(_TO_SUPERSCRIPTS), text)
        for pattern, sign in _PRINTED_SIGNS:
            text = re.sub(pattern, sign, text)
        return f"{{{self.target}}} = {text}"

    def numpy(self, names: Mapping[str, str]) -> str:
        """Return the line as a NumPy statement.

        Names that are keys of ``names`` are replaced by the Python expressions there.
        """
        text = ast.unparse(_renamed(self.expression, lambda name: names.get(name, name), "np."))
        text = re.sub(r" \*\* (\w+)", r"**\1", text)
        return f"{names.get(self.target, self.target)} = {text}"

    def tex(self, symbols: Mapping[str, str]) -> str:
        r"""Return the line as TeX, ``v \leftarrow \beta v + g``; ``symbols`` maps each name to its TeX."""
        return rf"{symbols[self.target]} \leftarrow {_tex(self.expression, symbols)[0]}"


@lru_cache(maxsize=256)
def parse_line(text: str) -> RuleLine:
    """Parse an assignment of an arithmetic expression to a name, ``name = arithmetic``.

    The expression may contain ``+ - * / **``, numbers, names, and the functions
    sqrt, abs, sign, exp, log, maximum and minimum. Raises ValueError for anything else.
    """
    try:
        (statement,) = ast.parse(text).body
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=expression):
                pass
            case _:
                raise ValueError
    except (SyntaxError, ValueError):
        raise ValueError(f"a line of a rule is written name = arithmetic; not {text!r}") from None
    names = dict.fromkeys(_names(expression, text))
    code = compile(ast.Expression(expression), "<rule>", "eval")
    return RuleLine(text, target, expression, tuple(names), code)


def tex_symbol(symbol: str) -> str:
    r"""Convert a printed symbol to TeX: ``β₁`` becomes ``\beta_1``; words become upright."""
    base = symbol.rstrip("₀₁₂₃₄₅₆₇₈₉")
    subscript = symbol[len(base) :].translate(_SUBSCRIPTS_TO_TEX)
    if len(base) == 1:
        return _GREEK_TO_TEX.get(base, base) + subscript
    return rf"\mathrm{{{base.replace('_', ' ')}}}" + subscript


def _names(node: ast.expr, text: str) -> list[str]:
    """Return the names in the order of use; raise ValueError for syntax that is not allowed."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Constant(value=int() | float()):
            return []
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _names(operand, text)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), left=left, right=right):
            return [*_names(left, text), *_names(right, text)]
        case ast.Call(func=ast.Name(id=function), args=args, keywords=[]) if function in _FUNCTIONS:
            return [name for arg in args for name in _names(arg, text)]
    raise ValueError(f"a rule has no {ast.unparse(node)!r}, as in {text!r}")


def _renamed(node: ast.expr, new_name: Callable[[str], str], module: str = "") -> ast.expr:
    """Return the expression with names replaced and the prefix ``module`` before functions.

    A new name may be any text; it is printed as it is.
    """
    match node:
        case ast.Name(id=name):
            return ast.Name(new_name(name), ast.Load())
        case ast.UnaryOp(op=op, operand=operand):
            return ast.UnaryOp(op, _renamed(operand, new_name, module))
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(_renamed(left, new_name, module), op, _renamed(right, new_name, module))
        case ast.Call(func=ast.Name(id=name), args=args):
            function = ast.Name(module + name, ast.Load())
            return ast.Call(function, [_renamed(arg, new_name, module) for arg in args], [])
    return node


_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""Precedences of TeX, from the loosest to the tightest."""


def _tex(node: ast.expr, symbols: Mapping[str, str]) -> tuple[str, int]:
    """Return the TeX of an expression and its precedence."""
    match node:
        case ast.Name(id=name):
            return symbols[name], _ATOM
        case ast.UnaryOp(operand=operand):
            return f"-{_parenthesized_tex(operand, symbols, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=op, right=right):
            return _binary_tex(left, op, right, symbols)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call_tex(name, [_tex(arg, symbols)[0] for arg in args]), _ATOM
    return ast.unparse(node), _ATOM


def _binary_tex(
    left: ast.expr, op: ast.operator, right: ast.expr, symbols: Mapping[str, str]
) -> tuple[str, int]:
    """Return the TeX of a binary operation and its precedence."""

    def operands(left_precedence: int, right_precedence: int) -> tuple[str, str]:
        return (
            _parenthesized_tex(left, symbols, left_precedence),
            _parenthesized_tex(right, symbols, right_precedence),
        )

    match op:
        case ast.Add():
            return " + ".join(operands(_SUM, _SUM)), _SUM
        case ast.Sub():
            return " - ".join(operands(_SUM, _PRODUCT)), _SUM
        case ast.Mult():
            first, second = _factor_tex(left, symbols), _factor_tex(right, symbols)
            if second[0].isdigit():
                return rf"{first} \cdot {second}", _PRODUCT
            space = r"\," if isinstance(right, ast.Name) and right.id == GRADIENT else " "
            return f"{first}{space}{second}", _PRODUCT
        case ast.Div():
            return "/".join(operands(_PRODUCT, _POWER)), _PRODUCT
    base, exponent = operands(_ATOM, _SUM)
    return f"{base}^{exponent if len(exponent) == 1 else f'{{{exponent}}}'}", _POWER


def _call_tex(function: str, arguments: list[str]) -> str:
    """Return the TeX of a function call."""
    listed = ", ".join(arguments)
    if function == "sqrt":
        return rf"\sqrt{{{listed}}}"
    if function == "abs":
        return f"|{listed}|"
    return rf"\mathrm{{{function.removesuffix('imum')}}}({listed})"


def _parenthesized_tex(node: ast.expr, symbols: Mapping[str, str], min_precedence: int) -> str:
    text, precedence = _tex(node, symbols)
    return text if precedence >= min_precedence else f"({text})"


def _factor_tex(node: ast.expr, symbols: Mapping[str, str]) -> str:
    """Return the TeX of a factor of a product: a quotient as a fraction, a sum in brackets."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return rf"\frac{{{_tex(node.left, symbols)[0]}}}{{{_tex(node.right, symbols)[0]}}}"
    return _parenthesized_tex(node, symbols, _PRODUCT)
