"""Lines of an update rule: read from Python syntax, evaluated, and written as NumPy, TeX and templates."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any, Final

import numpy as np

OLD: Final = "_old"
"""Ends the name of a value from before the step: ``v_old`` is what ``v`` was."""
THETA: Final = "theta"
GRADIENT: Final = "g"

FUNCTIONS: Final = ("sqrt", "abs", "sign", "exp", "log", "maximum", "minimum")
"""The functions of NumPy that a rule may call."""

_FUNCTIONS: Final = {name: getattr(np, name) for name in FUNCTIONS}
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PRINTED: Final = (
    (r" \*\* ", "^"),
    (r"sqrt(?=\()", "√"),
    (r"√\((\{\w+\})\)", r"√\1"),
    (r"maximum\(", "max("),
    (r"minimum\(", "min("),
    (r"\*", "×"),
    (r"-", "−"),
)
"""Python's signs and those of printed arithmetic, in the order of replacement."""
_SUBSCRIPTS: Final = {ord(sign): f"_{digit}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_GREEK: Final = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "ω": r"\omega",
}  # fmt: skip


@dataclass(frozen=True)
class RuleLine:
    """One assignment of an update rule, such as ``v = momentum * v_old + g``."""

    text: str
    target: str
    """The name that is assigned."""
    expression: ast.expr = field(repr=False, compare=False)
    names: tuple[str, ...] = field(repr=False, compare=False)
    """Every name on the right side, once, in the order of first use."""
    code: CodeType = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The right side, given a number or an array for each of its names."""
        return eval(self.code, {"__builtins__": {}, **_FUNCTIONS}, dict(values))

    @property
    def template(self) -> str:
        """The line in printed arithmetic, each name in braces: ``{v} = {momentum} × {v_old} + {g}``."""
        text = ast.unparse(_renamed(self.expression, lambda name: f"{{{name}}}"))
        text = re.sub(r" \*\* (\d+)(?![\d.e])", lambda power: power[1].translate(_RAISED), text)
        for sign, printed in _PRINTED:
            text = re.sub(sign, printed, text)
        return f"{{{self.target}}} = {text}"

    def numpy(self, names: Mapping[str, str]) -> str:
        """The line as a NumPy statement; ``names`` has the Python expression for names that do not stay."""
        text = ast.unparse(_renamed(self.expression, lambda name: names.get(name, name), "np."))
        text = re.sub(r" \*\* (\w+)", r"**\1", text)
        return f"{names.get(self.target, self.target)} = {text}"

    def tex(self, symbols: Mapping[str, str]) -> str:
        r"""The line as TeX, ``v \leftarrow \beta v + g``, with the TeX of each name in ``symbols``."""
        return rf"{symbols[self.target]} \leftarrow {_tex(self.expression, symbols)[0]}"


@lru_cache(maxsize=256)
def read_line(text: str) -> RuleLine:
    """Read ``name = arithmetic``; ValueError for anything but arithmetic and the known functions.

    The arithmetic is Python's ``+ - * / **`` with numbers, names, and the
    functions sqrt, abs, sign, exp, log, maximum and minimum.
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
    r"""A printed symbol as TeX: ``β₁`` is ``\beta_1``, and a word is set upright."""
    head = symbol.rstrip("₀₁₂₃₄₅₆₇₈₉")
    tail = symbol[len(head) :].translate(_SUBSCRIPTS)
    plain = _GREEK.get(head, head)
    return (plain if len(head) == 1 else rf"\mathrm{{{head.replace('_', ' ')}}}") + tail


def _names(node: ast.expr, text: str) -> list[str]:
    """Names in the order of use; ValueError for syntax that a rule may not have."""
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
    """The expression with other names, which may be any Python expression, and with a prefix for functions."""
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
"""How tightly TeX binds, from a sum to a symbol."""


def _tex(node: ast.expr, symbols: Mapping[str, str]) -> tuple[str, int]:
    """TeX of an expression, and how tightly it binds."""

    def inside(part: ast.expr, least: int) -> str:
        text, rank = _tex(part, symbols)
        return text if rank >= least else f"({text})"

    match node:
        case ast.Name(id=name):
            return symbols[name], _ATOM
        case ast.UnaryOp(operand=operand):
            return f"-{inside(operand, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{inside(left, _SUM)} + {inside(right, _SUM)}", _SUM
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return f"{inside(left, _SUM)} - {inside(right, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            before, after = _factor(left, symbols), _factor(right, symbols)
            if after[0].isdigit():
                return rf"{before} \cdot {after}", _PRODUCT
            space = r"\," if isinstance(right, ast.Name) and right.id == GRADIENT else " "
            return f"{before}{space}{after}", _PRODUCT
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return f"{inside(left, _PRODUCT)}/{inside(right, _POWER)}", _PRODUCT
        case ast.BinOp(left=left, right=right):
            power = inside(right, _SUM)
            return f"{inside(left, _ATOM)}^{power if len(power) == 1 else f'{{{power}}}'}", _POWER
        case ast.Call(func=ast.Name(id="sqrt"), args=[arg]):
            return rf"\sqrt{{{inside(arg, _SUM)}}}", _ATOM
        case ast.Call(func=ast.Name(id="abs"), args=[arg]):
            return f"|{inside(arg, _SUM)}|", _ATOM
        case ast.Call(func=ast.Name(id=name), args=args):
            listed = ", ".join(inside(arg, _SUM) for arg in args)
            return rf"\mathrm{{{name.removesuffix('imum')}}}({listed})", _ATOM
    return ast.unparse(node), _ATOM


def _factor(node: ast.expr, symbols: Mapping[str, str]) -> str:
    """TeX of a factor of a product: a quotient is a fraction, a sum has brackets."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return rf"\frac{{{_tex(node.left, symbols)[0]}}}{{{_tex(node.right, symbols)[0]}}}"
    text, rank = _tex(node, symbols)
    return text if rank >= _PRODUCT else f"({text})"
