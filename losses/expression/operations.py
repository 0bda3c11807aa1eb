"""The operations of formulas: a table of their values, derivatives, bounds, TeX and NumPy."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.special import sigmoid, softplus
from losses.expression import scaled
from losses.expression.intervals import (
    Bounds,
    abs_bounds,
    increasing_bounds,
    product_bounds,
    quotient_bounds,
    sum_bounds,
)
from losses.expression.node import Node, Operand, apply_operation
from losses.expression.scaled import Scaled

ATOM_PRECEDENCE: Final = 9
"""The precedence of numbers, names and calls, which need no brackets."""


@dataclass(frozen=True)
class Operation:
    """An operation with one to three operands."""

    key: str
    """Its function name or its sign in Python; ``"negative"`` for the unary minus."""
    arity: int
    value: Callable[..., Array] = field(repr=False)
    partials: tuple[Callable[..., Operand] | None, ...] = field(repr=False)
    """For each operand the partial derivative, as a function from the operands' nodes to a node.

    None for the operands of comparisons, on which the value depends by jumps only.
    """
    bounds: Callable[..., Bounds] = field(repr=False)
    """Maps bounds of the operands to bounds of the value."""
    scaled: Callable[..., Scaled] = field(repr=False)
    """``value`` in the arithmetic of :mod:`losses.expression.scaled`."""
    derivative: Callable[..., Node] | None = field(default=None, repr=False)
    """The derivative as a function of the operands' nodes and of their derivatives, in place of ``partials``.

    An operation that chooses an operand chooses its derivative. As a sum of products with weights 0 and 1,
    the derivative would be NaN wherever one of an operand that is not chosen is.
    """
    smooth: Callable[..., bool] = field(default=lambda *parts: True, repr=False)
    """Maps bounds of the operands to whether the derivative is proved continuous there."""
    tex: str = ""
    """A format string with one placeholder for each operand."""
    numpy: str = ""
    """A format string with one placeholder for each operand."""
    precedence: int = ATOM_PRECEDENCE
    """How tightly it binds in print, from 0 for comparisons to ``ATOM_PRECEDENCE``."""
    jumps: bool = False
    """Whether its value may jump where an operand passes 0 or another operand."""
    positive: bool = False
    """Whether its value is positive for all operands, though it may round to 0."""
    may_underflow: bool = False
    """Whether its value may be 0 in float64 although no operand is."""
    attains_bounds: bool = False
    """Whether its value is never merely rounded to one of its ``bounds``, as e^(−u) is to 0."""


def function_node(key: str, *parts: Operand) -> Node:
    """Return the node of a call of the function ``key``."""
    return apply_operation(key, *parts)


def _stays_above(low: float) -> Callable[[Bounds], bool]:
    """Return a test of whether bounds lie above ``low``, the boundary of the domain."""
    return lambda u: u[0] > low


def _unary_operation(
    key: str,
    value: Callable[[Any], Any],
    partial: Callable[[Node], Operand],
    bounds: Callable[[Bounds], Bounds],
    scaled: Callable[[Scaled], Scaled],
    **fields: Any,
) -> Operation:
    printed = {"tex": rf"\{key}({{0}})", "numpy": f"np.{key}({{0}})"}
    return Operation(key, 1, value, (partial,), bounds, scaled, **(printed | fields))


def _comparison(key: str, value: Callable[..., Any], tex: str) -> Operation:
    """Return a comparison, whose value is 1 where it holds and 0 elsewhere."""
    return Operation(
        key,
        2,
        lambda a, b: np.asarray(value(a, b), dtype=np.float64),
        (None, None),
        lambda u, v: (0.0, 1.0),
        scaled.compare(value),
        smooth=lambda u, v: False,
        tex=f"{{0}} {tex} {{1}}",
        numpy=f"{{0}} {key} {{1}}",
        precedence=0,
        jumps=True,
        attains_bounds=True,
    )


def _max_derivative(a: Node, b: Node, slope_of_a: Node, slope_of_b: Node) -> Node:
    """Return the derivative of max(a, b): that of the larger one, their mean if a = b."""
    if_not_larger = function_node(
        "where", function_node("==", a, b), 0.5 * (slope_of_a + slope_of_b), slope_of_b
    )
    return function_node("where", function_node(">", a, b), slope_of_a, if_not_larger)


def _min_derivative(a: Node, b: Node, slope_of_a: Node, slope_of_b: Node) -> Node:
    return _max_derivative(b, a, slope_of_a, slope_of_b)


ALL_OPERATIONS: Final = (
    Operation(
        "+",
        2,
        np.add,
        (lambda a, b: 1.0, lambda a, b: 1.0),
        sum_bounds,
        operator.add,
        tex="{0} + {1}",
        numpy="{0} + {1}",
        precedence=1,
        attains_bounds=True,
    ),
    Operation(
        "-",
        2,
        np.subtract,
        (lambda a, b: 1.0, lambda a, b: -1.0),
        lambda u, v: sum_bounds(u, (-v[1], -v[0])),
        operator.sub,
        tex="{0} - {1}",
        numpy="{0} - {1}",
        precedence=1,
        attains_bounds=True,
    ),
    Operation(
        "*",
        2,
        np.multiply,
        (lambda a, b: b, lambda a, b: a),
        product_bounds,
        operator.mul,
        tex=r"{0}\,{1}",
        numpy="{0} * {1}",
        precedence=2,
        may_underflow=True,
        attains_bounds=True,
    ),
    Operation(
        "/",
        2,
        np.divide,
        (lambda a, b: 1.0 / b, lambda a, b: -a / b**2),
        quotient_bounds,
        operator.truediv,
        smooth=lambda u, v: not v[0] <= 0.0 <= v[1],
        tex=r"\frac{{{0}}}{{{1}}}",
        numpy="{0} / {1}",
        precedence=2,
        may_underflow=True,
    ),
    Operation(
        "negative",
        1,
        np.negative,
        (lambda a: -1.0,),
        lambda u: (-u[1], -u[0]),
        operator.neg,
        tex="-{0}",
        numpy="-{0}",
        precedence=3,
        attains_bounds=True,
    ),
    _unary_operation(
        "abs",
        np.abs,
        lambda u: function_node("sign", u),
        abs_bounds,
        abs,
        smooth=lambda u: u[0] > 0.0 or u[1] < 0.0,
        tex="|{0}|",
        attains_bounds=True,
    ),
    _unary_operation(
        "exp",
        np.exp,
        lambda u: function_node("exp", u),
        increasing_bounds(np.exp, low=0.0),
        scaled.exp,
        tex="e^{{{0}}}",
        positive=True,
        may_underflow=True,
    ),
    _unary_operation(
        "log",
        np.log,
        lambda u: 1.0 / u,
        increasing_bounds(np.log),
        scaled.log,
        smooth=_stays_above(0.0),
    ),
    _unary_operation(
        "log1p",
        np.log1p,
        lambda u: 1.0 / (1.0 + u),
        increasing_bounds(np.log1p),
        scaled.log1p,
        smooth=_stays_above(-1.0),
        tex=r"\log(1 + {0})",
    ),
    _unary_operation(
        "sqrt",
        lambda u: np.sqrt(u) + 0.0,  # 0.0 at -0.0
        lambda u: 0.5 / function_node("sqrt", u),
        increasing_bounds(np.sqrt, low=0.0),
        lambda u: scaled.power(u, 0.5),
        smooth=_stays_above(0.0),
        tex=r"\sqrt{{{0}}}",
        attains_bounds=True,
    ),
    _unary_operation(
        "tanh",
        np.tanh,
        lambda u: 1.0 - function_node("tanh", u) ** 2,
        increasing_bounds(np.tanh, low=-1.0, high=1.0),
        scaled.linear_near_zero(scaled.through_float(np.tanh)),
    ),
    _unary_operation(
        "sin",
        np.sin,
        lambda u: function_node("cos", u),
        lambda u: (-1.0, 1.0),
        scaled.linear_near_zero(scaled.through_float(np.sin)),
    ),
    _unary_operation(
        "cos",
        np.cos,
        lambda u: -function_node("sin", u),
        lambda u: (-1.0, 1.0),
        scaled.through_float(np.cos),
    ),
    _unary_operation(
        "cosh",
        np.cosh,
        lambda u: function_node("sinh", u),
        lambda u: increasing_bounds(np.cosh, low=1.0)(abs_bounds(u)),
        scaled.cosh,
        positive=True,
    ),
    _unary_operation(
        "sinh", np.sinh, lambda u: function_node("cosh", u), increasing_bounds(np.sinh), scaled.sinh
    ),
    _unary_operation(
        "sign",
        np.sign,
        lambda u: 0.0,
        lambda u: (float(np.sign(u[0])), float(np.sign(u[1]))),
        lambda u: Scaled.of(np.sign(u.mantissa)),
        smooth=lambda u: u[0] > 0.0 or u[1] < 0.0,
        tex=r"\operatorname{{sign}}({0})",
        jumps=True,
        attains_bounds=True,
    ),
    _unary_operation(
        "sigmoid",
        sigmoid,
        lambda u: function_node("sigmoid", u) * function_node("sigmoid", -u),
        increasing_bounds(sigmoid, low=0.0, high=1.0),
        scaled.sigmoid,
        tex=r"\sigma({0})",
        numpy="sigmoid({0})",
        positive=True,
        may_underflow=True,
    ),
    _unary_operation(
        "softplus",
        softplus,
        lambda u: function_node("sigmoid", u),
        increasing_bounds(softplus, low=0.0),
        scaled.softplus,
        tex=r"\log(1 + e^{{{0}}})",
        numpy="np.logaddexp(0, {0})",
        positive=True,
        may_underflow=True,
    ),
    Operation(
        "max",
        2,
        np.maximum,
        (),
        lambda u, v: (max(u[0], v[0]), max(u[1], v[1])),
        scaled.maximum,
        _max_derivative,
        lambda u, v: False,
        tex=r"\max({0}, {1})",
        numpy="np.maximum({0}, {1})",
        attains_bounds=True,
    ),
    Operation(
        "min",
        2,
        np.minimum,
        (),
        lambda u, v: (min(u[0], v[0]), min(u[1], v[1])),
        scaled.minimum,
        _min_derivative,
        lambda u, v: False,
        tex=r"\min({0}, {1})",
        numpy="np.minimum({0}, {1})",
        attains_bounds=True,
    ),
    Operation(
        "where",
        3,
        lambda c, a, b: np.asarray(np.where(c != 0.0, a, b)),
        (),
        lambda c, u, v: (min(u[0], v[0]), max(u[1], v[1])),
        scaled.where,
        lambda c, a, b, slope_of_c, slope_of_a, slope_of_b: function_node("where", c, slope_of_a, slope_of_b),
        lambda c, u, v: False,
        tex=r"\begin{{cases}} {1} & {0} \\ {2} & \text{{else}} \end{{cases}}",
        numpy="np.where({0}, {1}, {2})",
        jumps=True,
        attains_bounds=True,
    ),
    _comparison("<", np.less, "<"),
    _comparison("<=", np.less_equal, r"\le"),
    _comparison(">", np.greater, ">"),
    _comparison(">=", np.greater_equal, r"\ge"),
    _comparison("==", np.equal, "="),
    _comparison("!=", np.not_equal, r"\ne"),
)
OPERATIONS: Final = {operation.key: operation for operation in ALL_OPERATIONS}
FUNCTIONS: Final = {
    operation.key: operation
    for operation in ALL_OPERATIONS
    if operation.key.isidentifier() and operation.key != "negative"
}
"""The operations that are written as calls."""
