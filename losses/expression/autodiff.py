"""Values, symbolic derivatives and interval bounds of expressions."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from losses.core.arrays import Array
from losses.expression.intervals import Bounds, power_bounds
from losses.expression.node import (
    NAME,
    NUMBER,
    POWER,
    Node,
    equals_number,
    number_node,
    power_node,
    subexpressions,
)
from losses.expression.operations import OPERATIONS


def evaluate(root: Node, variable_values: Mapping[str, Any]) -> Array:
    """Evaluate an expression for numbers or arrays by variable name, broadcast together.

    Outside the domain of an operation the value is NaN or infinite, without a warning.
    """
    values: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for node in subexpressions(root):
            if node.op == NUMBER:
                values[node] = np.float64(node.number)
            elif node.op == NAME:
                values[node] = np.asarray(variable_values[node.name], dtype=np.float64)
            elif node.op == POWER:
                values[node] = np.power(values[node.parts[0]], node.number)
            else:
                values[node] = OPERATIONS[node.op].value(*(values[part] for part in node.parts))
    shape = np.broadcast_shapes(*(np.shape(array) for array in variable_values.values()))
    return np.asarray(values[root] + np.zeros(shape))


@lru_cache(maxsize=8192)
def derivative(node: Node, variables: frozenset[str]) -> Node:
    """Differentiate by the chain rule, as if all ``variables`` changed at the same speed.

    With one variable this is the partial derivative; with the residual r and the
    prediction p it is the derivative by the prediction, as dr/dp = 1.
    """
    if node.op == NAME:
        return number_node(float(node.name in variables))
    if node.op == POWER:
        base, exponent = node.parts[0], node.number
        return exponent * power_node(base, exponent - 1.0) * derivative(base, variables)
    total = number_node(0.0)
    if node.op == NUMBER:
        return total
    for partial, part in zip(OPERATIONS[node.op].partials, node.parts, strict=True):
        inner = derivative(part, variables)
        if partial is not None and not equals_number(inner, 0.0):
            total = total + partial(*node.parts) * inner
    return total


@lru_cache(maxsize=8192)
def bounds(node: Node) -> Bounds:
    """Return a lower and an upper bound of the expression over all values of its variables.

    They are computed by interval arithmetic, so they hold but need not be attained.
    """
    if node.op == NUMBER:
        return node.number, node.number
    if node.op == NAME:
        return -math.inf, math.inf
    if node.op == POWER:
        return power_bounds(bounds(node.parts[0]), node.number)
    low, high = OPERATIONS[node.op].bounds(*map(bounds, node.parts))
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def bounds_within(root: Node, ranges: Mapping[str, Bounds]) -> Bounds:
    """Return a lower and an upper bound of the expression while its variables are within ``ranges``."""
    found: dict[Node, Bounds] = {}
    for node in subexpressions(root):
        if node.op == NUMBER:
            found[node] = node.number, node.number
        elif node.op == NAME:
            found[node] = ranges[node.name]
        elif node.op == POWER:
            found[node] = power_bounds(found[node.parts[0]], node.number)
        else:
            low, high = OPERATIONS[node.op].bounds(*(found[part] for part in node.parts))
            found[node] = (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)
    return found[root]


@lru_cache(maxsize=8192)
def is_smooth(node: Node) -> bool:
    """Whether the derivative is proved to be continuous; False if it is not or if the proof fails."""
    if node.op in (NUMBER, NAME):
        return True
    if node.op == POWER:
        return _is_smooth_power(node.parts[0], node.number)
    return all(map(is_smooth, node.parts)) and OPERATIONS[node.op].smooth(*map(bounds, node.parts))


def _is_smooth_power(base: Node, exponent: float) -> bool:
    """Whether a power has a continuous derivative.

    An exponent above 1 removes a kink at zero: |u|^1.5 and max(0, u)^2 are smooth.
    """
    if is_smooth(base):
        is_positive_integer = exponent == int(exponent) and exponent > 0
        return is_positive_integer or bounds(base)[0] > 0.0 or (exponent > 1.0 and bounds(base)[0] >= 0.0)
    has_kink_at_zero = base.op == "abs" or (
        base.op == "max" and any(equals_number(part, 0.0) for part in base.parts)
    )
    return has_kink_at_zero and exponent > 1.0 and all(map(is_smooth, base.parts))
