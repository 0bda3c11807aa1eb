"""Values, derivatives and bounds of formulas."""

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
    """The value for arrays by name, broadcast together; beyond the domain it is nan, without a warning."""
    done: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for node in subexpressions(root):
            if node.op == NUMBER:
                done[node] = np.float64(node.number)
            elif node.op == NAME:
                done[node] = np.asarray(variable_values[node.name], dtype=np.float64)
            elif node.op == POWER:
                done[node] = np.power(done[node.parts[0]], node.number)
            else:
                done[node] = OPERATIONS[node.op].value(*(done[part] for part in node.parts))
    shape = np.broadcast_shapes(*(np.shape(values) for values in variable_values.values()))
    return np.asarray(done[root] + np.zeros(shape))


@lru_cache(maxsize=8192)
def derivative(node: Node, variables: frozenset[str]) -> Node:
    """The derivative by all names in ``variables`` at once, by the chain rule."""
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
    """Numbers between which the formula surely stays, whatever its names are."""
    if node.op == NUMBER:
        return node.number, node.number
    if node.op == NAME:
        return -math.inf, math.inf
    if node.op == POWER:
        return power_bounds(bounds(node.parts[0]), node.number)
    low, high = OPERATIONS[node.op].bounds(*map(bounds, node.parts))
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


@lru_cache(maxsize=8192)
def is_smooth(node: Node) -> bool:
    """Whether the slope is surely continuous; False where it is not or where that is not seen."""
    if node.op in (NUMBER, NAME):
        return True
    if node.op == POWER:
        return _is_smooth_power(node.parts[0], node.number)
    return all(map(is_smooth, node.parts)) and OPERATIONS[node.op].smooth(*map(bounds, node.parts))


def _is_smooth_power(base: Node, exponent: float) -> bool:
    """A power above 1 smooths a kink at zero: |u|^1.5 and max(0, u)^2 have continuous slopes."""
    if is_smooth(base):
        whole = exponent == int(exponent) and exponent > 0
        return whole or bounds(base)[0] > 0.0 or (exponent > 1.0 and bounds(base)[0] >= 0.0)
    bends_at_zero = base.op == "abs" or (base.op == "max" and any(equals_number(p, 0.0) for p in base.parts))
    return bends_at_zero and exponent > 1.0 and all(map(is_smooth, base.parts))
