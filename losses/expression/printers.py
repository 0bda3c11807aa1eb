"""Print expressions as TeX and as NumPy source.

The private printers return a text and its precedence, from which the caller
decides whether it needs brackets.
"""

import math
from fractions import Fraction

from losses.expression.node import NAME, NUMBER, POWER, Node, variables_of
from losses.expression.operations import ATOM_PRECEDENCE, OPERATIONS

_POWER_PRECEDENCE = 4
_TALL_PRECEDENCE = ATOM_PRECEDENCE - 1
"""That of exponentials and fractions: in TeX they need brackets only as the base of a power."""
_CASES_PRECEDENCE = 0
"""That of cases: what follows them without brackets would read as a part of the last one."""
_LONG_NUMBER = 12
"""Characters from which on a number is printed as a fraction, if it is one of small numbers."""
_LARGEST_DENOMINATOR = 100


def tex(node: Node) -> str:
    """Return the expression as TeX."""
    return _tex(node)[0]


def numpy_source(node: Node) -> str:
    """Return the expression as a Python expression in ``np``, ``sigmoid`` and the names of its variables."""
    return _numpy(node)[0]


def _format_constant(value: float) -> tuple[str, int]:
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return text, (ATOM_PRECEDENCE if value >= 0 else 3)


def _parenthesized(
    rendered: tuple[str, int], min_precedence: int, opening: str = "(", closing: str = ")"
) -> str:
    text, rank = rendered
    return text if rank >= min_precedence else f"{opening}{text}{closing}"


def _parenthesized_parts(
    node: Node, rendered: list[tuple[str, int]], *, keeps_order: bool = False
) -> list[str]:
    """Return the operands with brackets where needed.

    The right operand of a difference or quotient needs them at equal precedence, too; that of a sum or
    product if it ``keeps_order``, as rounding makes a + (b + c) another number than a + b + c.
    """
    rank = OPERATIONS[node.op].precedence
    if rank == ATOM_PRECEDENCE:
        return [text for text, _ in rendered]
    ordered = "-/+*" if keeps_order else "-/"
    return [_parenthesized(part, rank + (i > 0 and node.op in ordered)) for i, part in enumerate(rendered)]


def _numpy(node: Node) -> tuple[str, int]:
    if node.op == NUMBER:
        return _format_constant(node.number)
    if node.op == NAME:
        return node.name, ATOM_PRECEDENCE
    if _is_comparison(node):
        return f"1.0 * ({_condition(node)})", OPERATIONS["*"].precedence
    parts = [_numpy(part) for part in node.parts]
    values = node.parts[1:] if node.op == "where" else node.parts
    if all(part.op == NUMBER for part in values):  # NumPy's functions of whole numbers may wrap around
        parts = [
            (repr(p.number), rank) if p in values else (text, rank)
            for p, (text, rank) in zip(node.parts, parts, strict=True)
        ]
    if node.op == "where":
        parts[0] = _condition(node.parts[0]), ATOM_PRECEDENCE
    wrapped = _numpy_number_index(node)
    if wrapped is not None:
        parts[wrapped] = f"np.float64({parts[wrapped][0]})", ATOM_PRECEDENCE
    if node.op == POWER:
        base = _parenthesized(parts[0], _POWER_PRECEDENCE + 1)
        return f"{base}**{_format_constant(node.number)[0]}", _POWER_PRECEDENCE
    operation = OPERATIONS[node.op]
    return operation.numpy.format(*_parenthesized_parts(node, parts, keeps_order=True)), operation.precedence


def _numpy_number_index(node: Node) -> int | None:
    """Return which operand has to be a number of NumPy: in Python the operation might raise or be complex."""
    last = node.parts[-1]  # denominator or base
    if node.op not in ("/", POWER) or variables_of(last):
        return None
    if last.op != NUMBER or (node.op == "/" and not last.number):
        return len(node.parts) - 1
    if node.op == "/":
        return None
    try:
        value = node.parts[0].number ** node.number
    except ArithmeticError:
        return 0
    is_harmless = not isinstance(value, complex) and (
        1e-30 < abs(value) < 1e30 or node.parts[0].number == 0.0
    )
    return None if is_harmless else 0


def _is_comparison(node: Node) -> bool:
    return node.op in OPERATIONS and OPERATIONS[node.op].precedence == 0


def _condition(node: Node) -> str:
    """Print a condition: a comparison as it is, any other expression compared with 0."""
    if _is_comparison(node):
        return OPERATIONS[node.op].numpy.format(*(_parenthesized(_numpy(part), 1) for part in node.parts))
    return f"{_parenthesized(_numpy(node), 1)} != 0"


def _tex(node: Node) -> tuple[str, int]:
    if node.op == NUMBER:
        return _tex_number(node.number)
    if node.op == NAME:
        return node.name, ATOM_PRECEDENCE
    if node.op == POWER and node.number == 0.5:
        return rf"\sqrt{{{tex(node.parts[0])}}}", ATOM_PRECEDENCE
    if _is_comparison(node):  # in braces: [ after \begin{cases} would begin an option
        return f"{{[{_tex_condition(node)}]}}", ATOM_PRECEDENCE
    if node.op == "where":
        condition, *values = node.parts
        return OPERATIONS["where"].tex.format(_tex_condition(condition), *map(tex, values)), _CASES_PRECEDENCE
    parts = [_tex(part) for part in node.parts]
    if node.op == POWER:
        base = _parenthesized(parts[0], ATOM_PRECEDENCE, "{(", ")}")
        return f"{base}^{{{_tex_number(node.number)[0]}}}", _POWER_PRECEDENCE
    if node.op == "/":
        return OPERATIONS["/"].tex.format(*(text for text, _ in parts)), _TALL_PRECEDENCE
    if node.op == "abs" and "|" in parts[0][0]:
        parts[0] = f"({parts[0][0]})", ATOM_PRECEDENCE
    operation = OPERATIONS[node.op]
    texts = _parenthesized_parts(node, parts)
    if node.op == "*" and texts[1][0].isdigit():
        return r"{} \cdot {}".format(*texts), operation.precedence
    text = operation.tex.format(*texts)
    return text, _TALL_PRECEDENCE if node.op == "exp" else operation.precedence


def _tex_number(value: float) -> tuple[str, int]:
    """Print a number with 15 digits, or as π or a fraction if it is one that would take them all."""
    sign, size = ("-", -value) if value < 0 else ("", value)
    text, rank = f"{size:.15g}", ATOM_PRECEDENCE
    if len(text) > _LONG_NUMBER:
        fraction = Fraction(size).limit_denominator(_LARGEST_DENOMINATOR)
        if size == math.pi:
            text = r"\pi"
        elif float(fraction) == size and fraction.denominator > 1:
            text, rank = rf"\frac{{{fraction.numerator}}}{{{fraction.denominator}}}", _TALL_PRECEDENCE
    mantissa, _, exponent = text.partition("e")
    if exponent:
        text, rank = rf"{mantissa}\cdot 10^{{{int(exponent)}}}", OPERATIONS["*"].precedence
    return sign + text, min(rank, OPERATIONS["negative"].precedence) if sign else rank


def _tex_condition(node: Node) -> str:
    """Print a condition: a comparison as it is, any other expression compared with 0."""
    if _is_comparison(node):
        return OPERATIONS[node.op].tex.format(*(_parenthesized(_tex(part), 1) for part in node.parts))
    return rf"{_parenthesized(_tex(node), 1)} \ne 0"
