"""Values, symbolic derivatives and interval bounds of expressions."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

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
from losses.expression.scaled import Scaled, power

SCALED_BLOCK_SIZE: Final = 4096
"""Elements that are evaluated at once with larger exponents, so that they fit into the processor's cache."""
SMALLEST_NORMAL: Final = float(np.finfo(np.float64).tiny)
"""The smallest number that float64 holds to all digits."""
MAX_FACTOR: Final = 1e6
"""A factor with which a rounding error below the smallest number remains one."""


def evaluate(root: Node, variable_values: Mapping[str, Any]) -> Array:
    """Evaluate an expression for numbers or arrays by variable name, broadcast together.

    Outside the domain of an operation the value is NaN or infinite, without a warning. An element at which
    some subexpression is beyond float64 is evaluated again with larger exponents, so that only values that
    are themselves beyond float64 are infinite.
    """
    variables = {name: np.asarray(array, dtype=np.float64) for name, array in variable_values.items()}
    shape = np.broadcast_shapes(*(array.shape for array in variables.values()))
    values: dict[Node, Any] = {}
    lost: dict[Node, Any] = {}
    steps, is_in_range = subexpressions(root), np.bool_(True)
    has_jumps = any(map(may_jump, steps))
    with np.errstate(all="ignore"):
        for node in steps:
            if node.op == NUMBER:
                values[node] = np.float64(node.number)
            elif node.op == NAME:
                values[node] = variables[node.name]
            elif node.op == POWER:  # NumPy's square root of -0.0 is -0.0, whose inverse is -inf
                values[node] = np.power(values[node.parts[0]] + 0.0, node.number)
            else:
                values[node] = OPERATIONS[node.op].value(*(values[part] for part in node.parts))
            in_range = np.isfinite(values[node]) & ~_is_magnified(node, values, lost)
            if (is_lost := _loses_digits(node, values, lost)).any():
                lost[node] = is_lost
                if has_jumps:  # a zero that is none may be on another side of a jump
                    in_range &= ~is_lost
            if not in_range.all():
                is_in_range = is_in_range & in_range
        result = np.asarray(values[root] + np.zeros(shape))
        if result.size and not is_in_range.all():
            again = ~np.broadcast_to(is_in_range, shape)
            selected = {name: np.broadcast_to(array, shape)[again] for name, array in variables.items()}
            blocks = range(0, int(again.sum()), SCALED_BLOCK_SIZE)
            parts = [
                _evaluate_scaled(root, {k: v[i : i + SCALED_BLOCK_SIZE] for k, v in selected.items()})
                for i in blocks
            ]
            result[again] = np.concatenate(parts)
    return result


def evaluate_in(precision: Any, root: Node, variable_values: Mapping[str, Any]) -> Array:
    """Evaluate an expression in a floating-point type, without regard to its range, unlike ``evaluate``."""
    values: dict[Node, Any] = {}
    for node in subexpressions(root):
        if node.op == NUMBER:
            values[node] = precision(node.number)
        elif node.op == NAME:
            values[node] = np.asarray(variable_values[node.name], dtype=precision)
        elif node.op == POWER:
            values[node] = np.power(values[node.parts[0]], precision(node.number))
        else:
            values[node] = OPERATIONS[node.op].value(*(values[part] for part in node.parts))
    return np.asarray(values[root])


def may_jump(node: Node) -> bool:
    """Return whether the operation of a node itself may jump, whatever its operands do."""
    return node.op in OPERATIONS and OPERATIONS[node.op].jumps


def _may_underflow(node: Node) -> bool:
    return node.op == POWER or (node.op in OPERATIONS and OPERATIONS[node.op].may_underflow)


def _loses_digits(node: Node, values: Mapping[Node, Any], lost: Mapping[Node, Any]) -> Any:
    """Return where the value of a node is so near to 0 that float64 cannot hold it to all digits."""
    is_lost = [lost[part] for part in node.parts if part in lost]
    if not (is_lost or _may_underflow(node)):
        return np.bool_(False)
    is_tiny = np.abs(values[node]) < SMALLEST_NORMAL
    if not is_tiny.any():
        return is_tiny
    if _may_underflow(node):
        parts = [values[part] for part in node.parts]
        is_lost.append(np.logical_and.reduce(np.broadcast_arrays(*(part != 0.0 for part in parts))))
    return is_tiny & np.logical_or.reduce(np.broadcast_arrays(*is_lost))


def _is_magnified(node: Node, values: Mapping[Node, Any], lost: Mapping[Node, Any]) -> Any:
    """Return where a node makes much of an operand that has lost its digits near 0."""
    if not any(part in lost for part in node.parts):
        return np.bool_(False)
    of_parts = [lost.get(part, np.bool_(False)) for part in node.parts]
    match node.op, [np.abs(values[part]) for part in node.parts]:
        case "*", [a, b]:
            return (of_parts[0] & (b > MAX_FACTOR)) | (of_parts[1] & (a > MAX_FACTOR))
        case "/", [_, b]:
            return of_parts[1] | (of_parts[0] & (b < 1.0 / MAX_FACTOR))
    return of_parts[0] & (node.op in ("log", "sqrt") or (node.op == POWER and node.number < 1.0))


def _evaluate_scaled(root: Node, variables: Mapping[str, Array]) -> Array:
    """Evaluate an expression in the arithmetic of :mod:`losses.expression.scaled`."""
    values: dict[Node, Scaled] = {}
    for node in subexpressions(root):
        if node.op == NUMBER:
            values[node] = Scaled.of(node.number)
        elif node.op == NAME:
            values[node] = Scaled.of(variables[node.name])
        elif node.op == POWER:
            values[node] = power(values[node.parts[0]], node.number)
        else:
            values[node] = OPERATIONS[node.op].scaled(*(values[part] for part in node.parts))
    shape = np.broadcast_shapes(*(array.shape for array in variables.values()))
    return np.broadcast_to(values[root].to_float(), shape)


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
        if base.op == "abs" and exponent == 2.0:
            base = base.parts[0]  # |u|² is u²; the derivative of |u| would be taken to be 0 at u = 0
        return exponent * power_node(base, exponent - 1.0) * derivative(base, variables)
    total = number_node(0.0)
    if node.op == NUMBER:
        return total
    operation, slopes = OPERATIONS[node.op], [derivative(part, variables) for part in node.parts]
    if operation.derivative is not None:
        return operation.derivative(*node.parts, *slopes)
    for partial, inner in zip(operation.partials, slopes, strict=True):
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


def is_smooth_within(root: Node, ranges: Mapping[str, Bounds]) -> bool:
    """Return whether the derivative is proved continuous while the variables are within ``ranges``.

    So there are no poles: r⁻⁸ is not smooth around 0, though its curvature is positive on either side.
    """
    return all(_is_smooth_operation(node, ranges) for node in subexpressions(root))


def _is_smooth_operation(node: Node, ranges: Mapping[str, Bounds]) -> bool:
    if node.op in (NUMBER, NAME):
        return True
    of_parts = [bounds_within(part, ranges) for part in node.parts]
    if node.op != POWER:
        return OPERATIONS[node.op].smooth(*of_parts)
    (low, _), exponent = of_parts[0], node.number
    is_whole = exponent >= 0.0 and exponent % 1.0 == 0.0
    return is_whole or low > 0.0 or (exponent > 1.0 and low >= 0.0)


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
