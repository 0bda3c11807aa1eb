"""Prove shapes of formulas: convex, concave, positive, and the kinks of piecewise linear ones.

The rules of composition for convexity are those of disciplined convex programming (M. Grant, S. Boyd and
Y. Ye, Disciplined convex programming, 2006), with interval bounds for signs.
"""

from typing import Final, NamedTuple

import numpy as np

from losses.core.arrays import Array
from losses.expression.autodiff import bounds, derivative, evaluate, may_jump
from losses.expression.node import NAME, NUMBER, POWER, Node, equals_number, subexpressions, variables_of
from losses.expression.operations import OPERATIONS

LINEAR: Final = frozenset(("+", "-", "negative"))
CONVEX_INCREASING: Final = frozenset(("exp", "softplus"))
MAX_BREAKS: Final = 32
"""Breaks of a formula that are looked for; cases within cases may have thousands."""
SAME_KINK: Final = 1e-12
"""Zeros that differ by less, relative to their size, are the same kink."""
SAME_SLOPE: Final = 1e-12
"""Slopes that differ by less, relative to the largest, are the same."""


class Shape(NamedTuple):
    """Whether a formula is proved convex and proved concave; it is affine if both."""

    convex: bool = False
    concave: bool = False

    @property
    def negative(self) -> "Shape":
        """The shape of −f."""
        return Shape(self.concave, self.convex)


AFFINE: Final = Shape(convex=True, concave=True)


def shape_of(node: Node, variables: frozenset[str]) -> Shape:
    """Return the shape of a formula as a function of ``variables``, which change at the same speed."""
    if node.op == NUMBER or node.op == NAME or not variables_of(node) & variables:
        return AFFINE
    if node.op == POWER:
        return _shape_of_power(node, variables)
    if node.op in "*/":
        return _shape_of_product(node, variables)
    shapes = [shape_of(part, variables) for part in node.parts]
    return _shape_of_sum(node, shapes) if node.op in LINEAR else _shape_of_call(node, shapes, variables)


def _shape_of_sum(node: Node, shapes: list[Shape]) -> Shape:
    match node.op, shapes:
        case "+", [a, b]:
            return Shape(a.convex and b.convex, a.concave and b.concave)
        case "-", [a, b]:
            return Shape(a.convex and b.concave, a.concave and b.convex)
        case _:
            return shapes[0].negative


def _shape_of_call(node: Node, shapes: list[Shape], variables: frozenset[str]) -> Shape:
    match node.op, shapes:
        case "max", [a, b]:
            return Shape(convex=a.convex and b.convex)
        case "min", [a, b]:
            return Shape(concave=a.concave and b.concave)
        case "abs" | "cosh", [a]:
            return Shape(convex=_is_even_composition_convex(a, node.parts[0]))
        case _, [a] if node.op in CONVEX_INCREASING:
            return Shape(convex=a.convex)
        case "sqrt", [a]:
            return Shape(convex=_is_sum_of_squares(node.parts[0], variables), concave=a.concave)
        case "log" | "log1p", [a]:
            return Shape(convex=_is_log_convex(node.parts[0], variables), concave=a.concave)
    return Shape()


def _is_even_composition_convex(inner: Shape, part: Node) -> bool:
    """Whether g(u) is convex for a convex even g that increases for u > 0."""
    low, high = bounds(part)
    return (inner == AFFINE) or (inner.convex and low >= 0.0) or (inner.concave and high <= 0.0)


def _shape_of_power(node: Node, variables: frozenset[str]) -> Shape:
    base, exponent = node.parts[0], node.number
    inner, (low, _) = shape_of(base, variables), bounds(base)
    if exponent >= 2.0 and exponent % 2.0 == 0.0:
        return Shape(convex=_is_even_composition_convex(inner, base))
    is_norm = exponent >= 0.5 and _is_sum_of_squares(base, variables)
    if exponent >= 1.0:
        return Shape(convex=is_norm or (inner.convex and low >= 0.0))
    # A power below 1 of another concave base is concave, or convex below 0, only if the base is constant:
    # no other concave function is positive everywhere.
    return Shape(convex=is_norm)


def _shape_of_product(node: Node, variables: frozenset[str]) -> Shape:
    """Return the shape of a product, or a quotient, of which one factor does not depend on the variables."""
    a, b = node.parts
    if variables_of(b) & variables:
        if node.op == "/" or variables_of(a) & variables:
            return Shape()
        a, b = b, a
    inner, (low, high) = shape_of(a, variables), bounds(b)
    if inner == AFFINE or low >= 0.0:
        return inner
    return inner.negative if high <= 0.0 else Shape()


def _is_sum_of_squares(node: Node, variables: frozenset[str]) -> bool:
    """Whether a formula is a sum of nonnegative constants and multiples of squares of affine formulas.

    Its root is a norm.
    """
    if not variables_of(node) & variables:
        return bounds(node)[0] >= 0.0
    if node.op == POWER:
        return node.number == 2.0 and shape_of(node.parts[0], variables) == AFFINE
    if node.op == "+":
        return all(_is_sum_of_squares(part, variables) for part in node.parts)
    if node.op in ("*", "/"):
        constant, square = node.parts if node.op == "*" else node.parts[::-1]
        is_constant = not variables_of(constant) & variables and bounds(constant)[0] >= 0.0
        return is_constant and _is_sum_of_squares(square, variables)
    return False


def _is_log_convex(node: Node, variables: frozenset[str]) -> bool:
    """Whether the logarithm of a formula is convex, as that of e^u + e^(−u) (Boyd and Vandenberghe, 3.5)."""
    if not variables_of(node) & variables:
        return strict_sign(node) > 0
    match node.op:
        case "exp":
            return shape_of(node.parts[0], variables).convex
        case "cosh":
            return shape_of(node.parts[0], variables) == AFFINE
        case "+" | "*":
            return all(_is_log_convex(part, variables) for part in node.parts)
    return False


def strict_sign(node: Node) -> int:
    """Return 1 if a formula is proved positive for all values of its variables, −1 if negative, else 0."""
    low, high = bounds(node)
    if low > 0.0 or high < 0.0:
        return 1 if low > 0.0 else -1
    if node.op == "negative":
        return -strict_sign(node.parts[0])
    if node.op in "*/":
        return strict_sign(node.parts[0]) * strict_sign(node.parts[1])
    return int(_is_positive(node))


def _is_positive(node: Node) -> bool:
    """Return whether a formula that is neither a product nor a negation is proved positive."""
    if node.op in (POWER, "sqrt"):
        return strict_sign(node.parts[0]) > 0
    if node.op == "+":
        a, b = node.parts
        return (strict_sign(a) > 0 and bounds(b)[0] >= 0.0) or (strict_sign(b) > 0 and bounds(a)[0] >= 0.0)
    if node.op == "-":
        return equals_number(node.parts[0], 1.0) and _is_below_one(node.parts[1])
    return node.op in OPERATIONS and OPERATIONS[node.op].positive


def _is_below_one(node: Node) -> bool:
    """Whether a formula is a sigmoid, or an even power of a hyperbolic tangent, which never reach 1."""
    is_even_power = node.op == POWER and node.number > 0.0 and node.number % 2.0 == 0.0
    return node.op == "sigmoid" or (is_even_power and node.parts[0].op == "tanh")


def has_one_signed_slope(slope: Node) -> bool:
    """Return whether a slope is proved positive everywhere, or negative everywhere."""
    return strict_sign(slope) != 0


def kinks_of_piecewise_linear(node: Node, variable: str) -> tuple[float, ...] | None:
    """Return the kinks of a continuous piecewise linear formula of one variable, in order.

    None if it is not proved to be one.
    """
    if variables_of(node) != {variable} or any(map(may_jump, subexpressions(node))):
        return None
    curvature = derivative(derivative(node, frozenset((variable,))), frozenset((variable,)))
    if not equals_number(curvature, 0.0):
        return None
    with np.errstate(all="ignore"):  # constants and values may be beyond float64
        breaks = linear_breaks(node, variable)
        if breaks is None:
            return None
        slope = np.diff(evaluate(node, {variable: _with_neighbors(breaks)}).reshape(-1, 3), axis=1)
    if not np.isfinite(slope).all():
        return None
    tolerance = SAME_SLOPE * np.abs(slope).max(initial=0.0)
    return tuple(b for b, (left, right) in zip(breaks, slope, strict=True) if abs(right - left) > tolerance)


def _with_neighbors(breaks: list[float]) -> Array:
    """Return each break with a point at a quarter of the least gap on either side, ``(3 b,)``."""
    gap = 0.25 * float(np.diff(breaks).min(initial=4.0))
    return np.array([b + side * gap for b in breaks for side in (-1.0, 0.0, 1.0)]) if breaks else np.empty(0)


def linear_breaks(node: Node, variable: str) -> list[float] | None:
    """Return points between which a piecewise linear formula is a straight line; None if they are many."""
    of_parts = [linear_breaks(part, variable) for part in node.parts]
    found = sorted({b for breaks in of_parts for b in breaks or ()})
    if None in of_parts or len(found) > MAX_BREAKS:
        return None
    if node.op not in ("abs", "max", "min"):
        return found
    inner = node.parts[0] if node.op == "abs" else node.parts[0] - node.parts[1]
    ends = [found[0] - 1.0, *found, found[-1] + 1.0] if found else [0.0, 1.0]
    values = evaluate(inner, {variable: np.array(ends)})
    zeros = []
    for i in range(len(ends) - 1):
        slope = (values[i + 1] - values[i]) / (ends[i + 1] - ends[i])
        zero = float(ends[i] - values[i] / slope) if slope else np.nan
        is_inside = (i == 0 or zero >= ends[i]) and (i == len(ends) - 2 or zero <= ends[i + 1])
        if np.isfinite(zero) and is_inside:
            rounded = round(zero, 12) + 0.0
            is_exact = float(evaluate(inner, {variable: rounded})) == 0.0
            zeros.append(rounded if is_exact else zero)
    merged: list[float] = []
    for b in sorted({*found, *zeros}):
        if not merged or b - merged[-1] > SAME_KINK * (1.0 + abs(b)):
            merged.append(b)
    return merged
