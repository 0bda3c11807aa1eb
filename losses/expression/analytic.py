"""Tell whether a loss is an analytic function, whose derivatives neither jump nor grow without bound."""

from losses.expression.node import NAME, NUMBER, POWER, Node, subexpressions
from losses.expression.parser import CONSTANTS, parse_formula
from losses.expression.shape import strict_sign
from losses.loss.base import Loss

ENTIRE = frozenset(
    ("+", "-", "*", "negative", "exp", "tanh", "sin", "cos", "cosh", "sinh", "sigmoid", "softplus")
)
"""Operations that are analytic at all real arguments."""


def is_analytic(loss: Loss) -> bool:
    """Return whether the formula of a loss is proved to be analytic in its variables."""
    if not loss.expression:
        return False
    settings = {setting.name: setting.default for setting in loss.settings}
    return is_analytic_formula(
        parse_formula(loss.expression, ("r", "p", "y", "z"), {**CONSTANTS, **settings})
    )


def is_analytic_formula(node: Node) -> bool:
    """Return whether a formula is proved to be analytic in its variables."""
    return all(map(_is_analytic_operation, subexpressions(node)))


def _is_analytic_operation(node: Node) -> bool:
    if node.op in (NUMBER, NAME) or node.op in ENTIRE:
        return True
    if node.op == POWER:
        return (node.number >= 0.0 and node.number % 1.0 == 0.0) or strict_sign(node.parts[0]) > 0
    if node.op == "/":
        return strict_sign(node.parts[1]) != 0
    return node.op in ("log", "sqrt") and strict_sign(node.parts[0]) > 0
