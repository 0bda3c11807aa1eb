"""Tell whether a loss is an analytic function, whose derivatives neither jump nor grow without bound."""

import numpy as np

from losses.expression.autodiff import bounds, bounds_within, derivative
from losses.expression.intervals import UNBOUNDED, Bounds
from losses.expression.node import NAME, NUMBER, POWER, Node, subexpressions, variables_of
from losses.expression.parser import CONSTANTS, parse_formula
from losses.expression.piecewise import Piece, pieces_of
from losses.expression.shape import AFFINE, shape_of, strict_sign
from losses.loss.base import Loss

ENTIRE = frozenset(
    ("+", "-", "*", "negative", "exp", "tanh", "sin", "cos", "cosh", "sinh", "sigmoid", "softplus")
)
"""Operations that are analytic at all real arguments."""


def is_analytic(loss: Loss) -> bool:
    """Return whether the formula of a loss is proved to be analytic in its variables."""
    return bool(loss.expression) and is_analytic_formula(_formula_of(loss))


def _formula_of(loss: Loss) -> Node:
    settings = {setting.name: setting.default for setting in loss.settings}
    return parse_formula(loss.expression, ("r", "p", "y", "z"), {**CONSTANTS, **settings})


def is_analytic_formula(node: Node, within: Bounds = UNBOUNDED) -> bool:
    """Return whether a formula is proved to be analytic in its variables, strictly between bounds of each."""
    return all(_is_analytic_operation(part, within) for part in subexpressions(node))


def _is_analytic_operation(node: Node, within: Bounds) -> bool:
    if node.op in (NUMBER, NAME) or node.op in ENTIRE:
        return True
    if node.op == POWER:
        is_whole = node.number >= 0.0 and node.number % 1.0 == 0.0
        return is_whole or _is_positive(node.parts[0], within)
    if node.op == "/":
        return strict_sign(node.parts[1]) != 0 or _is_positive(node.parts[1], within)
    return node.op in ("log", "sqrt") and _is_positive(node.parts[0], within)


def _is_positive(node: Node, within: Bounds) -> bool:
    """Return whether a formula is proved to be positive strictly between bounds of its variables."""
    variables = variables_of(node)
    low, _ = bounds_within(node, dict.fromkeys(variables, within))
    is_line = len(variables) == 1 and shape_of(node, frozenset(variables)) == AFFINE
    return strict_sign(node) > 0 or low > 0.0 or (is_line and low == 0.0)


def is_strictly_convex(loss: Loss) -> bool:
    """Return whether a loss of one variable is proved to be strictly convex in it.

    A convex function that is not strictly convex is a straight line somewhere, and an analytic function that
    is a straight line somewhere is one everywhere (the identity theorem). So a convex formula is strictly
    convex if each piece is analytic and is curved at one point, whatever its curvature elsewhere: that of r⁴
    is 0 at 0.
    """
    return bool(loss.convex and loss.expression) and _is_curved_everywhere(_formula_of(loss))


def is_strictly_concave(loss: Loss) -> bool:
    """Return whether a loss of one variable is proved to be strictly concave in it: −f is strictly convex."""
    if not loss.expression:
        return False
    node = _formula_of(loss)
    return shape_of(node, frozenset(variables_of(node))).concave and _is_curved_everywhere(-node)


def is_strictly_monotone(loss: Loss) -> bool:
    """Return whether a loss of one variable is proved to rise strictly, or to fall strictly.

    An analytic function whose slope is nowhere negative is flat at single points at most, as r³ at 0, unless
    it is constant.
    """
    if not loss.expression:
        return False
    node = _formula_of(loss)
    if len(variables_of(node)) != 1 or not is_analytic_formula(node):
        return False
    (variable,) = variables_of(node)
    slope = derivative(node, frozenset((variable,)))
    (low, high), (low_at_1, high_at_1) = bounds(slope), bounds_within(slope, {variable: (1.0, 1.0)})
    return (low >= 0.0 and low_at_1 > 0.0) or (high <= 0.0 and high_at_1 < 0.0)


def _is_curved_everywhere(node: Node) -> bool:
    """Return whether each piece of a convex formula of one variable is analytic and curved at one point."""
    if len(variables_of(node)) != 1:
        return False
    (variable,) = variables_of(node)
    pieces = pieces_of(node, variable) or ()
    return bool(pieces) and all(
        is_analytic_formula(piece.node, piece.within) and _is_curved_somewhere(piece, variable)
        for piece in pieces
    )


def _is_curved_somewhere(piece: Piece, variable: str) -> bool:
    """Return whether the curvature of a piece is positive at a point inside, by interval arithmetic."""
    variables = frozenset((variable,))
    curvature = derivative(derivative(piece.node, variables), variables)
    low, high = piece.within
    inside = 0.5 * (low + high) if np.isfinite(high - low) else max(low, min(high, 0.0) - 1.0) + 0.5
    return bounds_within(curvature, {variable: (inside, inside)})[0] > 0.0
