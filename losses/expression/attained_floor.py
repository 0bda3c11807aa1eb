"""Find a value that a loss attains and never falls below."""

import numpy as np

from losses.expression.autodiff import bounds
from losses.expression.node import NAME, NUMBER, POWER, Node, subexpressions
from losses.expression.operations import OPERATIONS
from losses.expression.parser import CONSTANTS, parse_formula
from losses.loss.base import Loss


def attained_floor(loss: Loss) -> float | None:
    """Return a value that the loss of an example never falls below, and that it has wherever it seems to.

    It is the lower bound of the formula by interval arithmetic. None if there is no finite one, or if the
    formula may come so near to it that the difference is rounded away, as e^(−r) does.
    """
    if not loss.expression:
        return None
    settings = {setting.name: setting.default for setting in loss.settings}
    node = parse_formula(loss.expression, ("r", "p", "y", "z"), {**CONSTANTS, **settings})
    floor = bounds(node)[0]
    is_attained = all(map(_attains_bounds, subexpressions(node)))
    return floor if is_attained and np.isfinite(floor) else None


def _attains_bounds(node: Node) -> bool:
    """Whether the value of a node is never merely rounded to one of its bounds."""
    if node.op == POWER:
        return node.number >= 0.0
    return node.op in (NUMBER, NAME) or OPERATIONS[node.op].attains_bounds
