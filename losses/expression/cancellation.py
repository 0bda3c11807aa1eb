"""Keep the digits of formulas in which nearly equal numbers are subtracted, or tell how many are lost.

In √(1 + r²) − 1 an error r of 1e-6 has only four digits of its loss left; r² / (√(1 + r²) + 1) is the same
number to all digits. The forms are those of N. Higham, *Accuracy and Stability of Numerical Algorithms*,
2002, sections 1.7 and 1.14, and of half angles: cosh u − 1 = 2 sinh² (u/2).
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from losses.core.arrays import Array
from losses.expression.analytic import is_analytic_formula
from losses.expression.autodiff import evaluate_in
from losses.expression.node import (
    NAME,
    NUMBER,
    POWER,
    Node,
    apply_operation,
    equals_number,
    number_node,
    power_node,
)


@lru_cache(maxsize=1024)
def without_cancellation(node: Node) -> Node:
    """Return a formula that is the same function, with known differences that lose digits rewritten."""
    if node.op in (NUMBER, NAME):
        return node
    parts = tuple(map(without_cancellation, node.parts))
    if node.op == POWER:
        return power_node(parts[0], node.number)
    if (shorter := _without_equal_terms(node.op, parts)) is not None:
        return shorter
    rewritten = None
    match node.op, parts:
        case "-", (a, b) if b.op == NUMBER:
            rewritten = _minus_number(a, b.number)
        case "-", (a, b) if a.op == NUMBER:
            difference = _minus_number(b, a.number)
            rewritten = None if difference is None else -difference
        case "+", (a, b) if b.op == NUMBER or a.op == NUMBER:
            number, other = (b, a) if b.op == NUMBER else (a, b)
            rewritten = _minus_number(other, -number.number)
        case "log", (a,):
            rewritten = _log_of(a)
        case "log1p", (a,) if a.op == "exp":
            rewritten = apply_operation("softplus", a.parts[0])
    return apply_operation(node.op, *parts) if rewritten is None else rewritten


def with_joined_exponentials(node: Node) -> Node:
    """Return a formula with eᵘ / eᵛ as exp(u − v) and eᵘ eᵛ as exp(u + v).

    Each exponential alone may be beyond all numbers where their quotient or product is not.
    """
    if node.op in (NUMBER, NAME):
        return node
    parts = tuple(map(with_joined_exponentials, node.parts))
    match node.op, parts:
        case "/", (a, b) if a.op == b.op == "exp":
            return without_cancellation(apply_operation("exp", a.parts[0] - b.parts[0]))
        case "*", (a, b) if a.op == b.op == "exp":
            return without_cancellation(apply_operation("exp", a.parts[0] + b.parts[0]))
    return power_node(parts[0], node.number) if node.op == POWER else apply_operation(node.op, *parts)


def _without_equal_terms(op: str, parts: tuple[Node, ...]) -> Node | None:
    """Return u + a − a as u, which holds even if a is beyond all numbers; None if no terms are equal.

    Where a formula is not defined, neither is such a sum.
    """
    if op not in ("+", "-"):
        return None
    added, subtracted = _terms(apply_operation(op, *parts))
    equal = [term for term in subtracted if term in added and is_analytic_formula(term)]
    if not equal:
        return None
    for term in dict.fromkeys(equal):
        for _ in range(min(added.count(term), subtracted.count(term))):
            added.remove(term)
            subtracted.remove(term)
    zero = number_node(0.0)
    return without_cancellation(sum(added, zero) - sum(subtracted, zero))


def _terms(node: Node) -> tuple[list[Node], list[Node]]:
    """Return the terms that a sum adds, and those that it subtracts."""
    if node.op not in ("+", "-"):
        return [node], []
    (added, subtracted), (added_right, subtracted_right) = map(_terms, node.parts)
    if node.op == "-":
        added_right, subtracted_right = subtracted_right, added_right
    return added + added_right, subtracted + subtracted_right


def _log_of(node: Node) -> Node | None:
    """Return the logarithm of a formula in a form that keeps its digits; None if none is known."""
    match node.op:
        case "exp":
            return node.parts[0]
        case "sigmoid":
            return -apply_operation("softplus", -node.parts[0])
        case "tanh":  # near 0 it is far from 1
            return None
    excess = _minus_number(node, 1.0)
    return None if excess is None else without_cancellation(apply_operation("log1p", excess))


def _minus_number(node: Node, c: float) -> Node | None:
    """Return ``node − c`` in a form that keeps its digits where the two are nearly equal; None if unknown."""
    match node.op, node.parts:
        case "+", (a, b) if equals_number(a, c) or equals_number(b, c):
            return b if equals_number(a, c) else a
        case "-", (a, b) if equals_number(a, c):
            return -b
        case "*", (a, b) if a.op == NUMBER and a.number and c / a.number * a.number == c:
            inner = _minus_number(b, c / a.number)
            return None if inner is None else a * inner
    if c > 0.0 and (node.op == "sqrt" or (node.op == POWER and node.number == 0.5)):
        excess = _minus_number(node.parts[0], c * c)
        return None if excess is None else excess / (node + c)
    return _minus_one(node) if c == 1.0 else None


def _minus_one(node: Node) -> Node | None:
    """Return an exponential, a sigmoid, a cosine or a hyperbolic function minus 1."""
    if node.op not in ("exp", "cosh", "cos", "sigmoid", "tanh"):
        return None
    inner = node.parts[0]
    half = inner / number_node(2.0)
    match node.op:
        case "exp":  # at −∞ this is −1, where sinh · exp would be ∞ · 0
            return apply_operation("tanh", half) * (node + 1.0)
        case "cosh":
            return 2.0 * apply_operation("sinh", half) ** 2.0
        case "cos":
            return -2.0 * apply_operation("sin", half) ** 2.0
        case "sigmoid":
            return -apply_operation("sigmoid", -inner)
    return -2.0 * apply_operation("sigmoid", -2.0 * inner)


def rounding_error(root: Node, variable_values: Mapping[str, Array]) -> Array:
    """Return by how much rounding changes the value of an expression, estimated in extended precision.

    It is 0 where that value is not finite, and everywhere if the platform has no extended precision.
    """
    with np.errstate(all="ignore"):
        exact, rounded = (
            evaluate_in(precision, root, variable_values) for precision in (np.longdouble, np.float64)
        )
        error = np.abs(exact - rounded).astype(np.float64)
    return np.where(np.isfinite(error), error, 0.0)
