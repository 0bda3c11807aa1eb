"""Make a loss from a formula."""

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, check_type
from losses.core.messages import format_number, message
from losses.expression.analytic import is_analytic_formula
from losses.expression.autodiff import (
    bounds,
    bounds_within,
    derivative,
    evaluate,
    is_smooth,
    is_smooth_within,
)
from losses.expression.cancellation import rounding_error, with_joined_exponentials, without_cancellation
from losses.expression.intervals import Bounds
from losses.expression.node import (
    POWER,
    Node,
    name_node,
    subexpressions,
    substitute,
    variables_of,
    with_parts,
)
from losses.expression.operations import OPERATIONS
from losses.expression.parser import FormulaError, parse_formula
from losses.expression.piecewise import piecewise_shape
from losses.expression.printers import tex
from losses.expression.shape import has_one_signed_slope, kinks_of_piecewise_linear, shape_of
from losses.loss.base import BINARY, MULTICLASS, PREDICTION, REGRESSION, Loss, constant_breakpoints

VARIABLES: Final = ("r", "p", "y")
"""The variables of a formula: residual (prediction − target), prediction, target."""
PREDICTION_VARIABLES: Final = frozenset(("r", "p"))
"""The variables that change with the prediction."""
RESIDUAL: Final = "r"
PIECES: Final = 64
"""Number of intervals into which bounds of the residual are cut."""
HIGHEST_PLAIN_POWER: Final = 4.0
"""A power whose argument must be very large for it to be beyond float64."""
FAR_AWAY: Final = 1e3
"""A residual at which a loss that rises has risen, if its kinks are nearer than 1."""
RISE_TOLERANCE: Final = 1e-12
"""Values that differ by less, relative to their size, may be equal."""
CUSTOM: Final = "own"
"""The key of every loss made from a formula."""

_DIFFERENCE: Final = name_node("a") - name_node("b")
_COMPARISONS: Final = frozenset(key for key, operation in OPERATIONS.items() if operation.precedence == 0)
_PROBABILITIES: Final = (5e-324, float(np.nextafter(1.0, 0.0)))
"""The least and the greatest number between 0 and 1."""
_SAMPLE_VALUES: Final = np.concatenate([[0.0], *(sign * np.geomspace(1e-3, 10.0, 9) for sign in (-1.0, 1.0))])
_SAMPLE_PROBABILITIES: Final = np.linspace(0.02, 0.98, 25)
_SAMPLES_BY_TASK: Final = {
    REGRESSION: (_SAMPLE_VALUES, _SAMPLE_VALUES),
    BINARY: (_SAMPLE_PROBABILITIES, np.array([0.0, 1.0])),
}
"""For each task, the predictions and the targets at which a formula must be finite to fit the task."""


def own_loss(text: str) -> Loss:
    """Make a loss from a formula in the residual ``r`` = p − y, the prediction ``p`` and the target ``y``.

    A formula is written in Python syntax with numbers, ``pi``, arithmetic,
    comparisons and the functions abs, exp, log, log1p, sqrt, tanh, sin, cos,
    cosh, sinh, sign, sigmoid, softplus, max, min and where; ``ln`` is log and
    ``^`` is ``**``. Slope and curvature follow by the chain rule. ``convex``,
    ``smooth`` and ``bounded_gradient`` are set only if rules of composition or
    interval arithmetic prove them, so they may be False for a loss that has the
    property. The loss fits the tasks on whose predictions it is finite. Raises
    FormulaError, a ValueError that says what is wrong and where, and TypeError
    if ``text`` is not a string.

    >>> import losses
    >>> loss = losses.own_loss("abs(r)**1.5")
    >>> float(loss.value(5.0, 1.0)), float(loss.slope(5.0, 1.0)), loss.convex
    (8.0, 3.0, True)
    >>> float(losses.problem("houses", "line", loss).value([2.0, 60.0])) > 0
    True
    """
    written = parse_formula(check_type(text, str, "text"), VARIABLES)
    node = _in_residual(written)
    if not variables_of(node) & PREDICTION_VARIABLES:
        raise FormulaError(
            message("the formula asks for neither r nor p, so no prediction is better than another"), 1
        )
    joined, pieces = with_joined_exponentials(node), piecewise_shape(node, RESIDUAL)
    slope = derivative(joined, PREDICTION_VARIABLES)
    curvature = derivative(slope, PREDICTION_VARIABLES)
    smooth = is_smooth(node) or is_analytic_formula(node) or (pieces is not None and pieces.smooth)
    tasks = _tasks_with_finite_values(node)
    formula = " ".join(text.split())
    curvature_bounds, slope_bounds, lowest = bounds(curvature), bounds(slope), bounds(node)[0]
    computed = [without_cancellation(part) for part in (joined, slope, curvature)]
    convex = any(shape_of(form, PREDICTION_VARIABLES).convex for form in (node, computed[0]))
    if pieces is not None:
        curvature_bounds = _tighter(curvature_bounds, pieces.curvature_bounds)
        slope_bounds = _tighter(slope_bounds, pieces.slope_bounds)
        convex, lowest = convex or pieces.convex, max(lowest, pieces.lower_bound)
    convex = convex or (smooth and curvature_bounds[0] >= 0.0)
    kinks = kinks_of_piecewise_linear(node, RESIDUAL) if REGRESSION in tasks else None
    curved_kinks = pieces.kinks if pieces and convex and not kinks else ()
    all_kinks = kinks or tuple(kink for kink, _ in curved_kinks)
    return Loss(
        key=CUSTOM,
        name=message("the loss {formula}", formula=formula)
        if len(formula) <= 28
        else message("a loss of our own"),
        formula=tex(written),
        expression=formula,
        when=message("A formula in the residual r = p − y, or in prediction p and target y."),
        tasks=tasks,
        space=PREDICTION,
        value=partial(_evaluate_at, computed[0]),
        slope=partial(_evaluate_at, computed[1]),
        curvature=partial(_evaluate_at, computed[2]),
        convex=convex,
        smooth=smooth,
        smooth_of_probability=smooth or _is_smooth_of_probability(node, all_kinks),
        bounded_gradient=all(map(np.isfinite, slope_bounds)),
        example=(0.5, 1.0, float(_evaluate_at(computed[0], 0.5, 1.0))),
        greatest_curvature=float(curvature_bounds[1])
        if np.isfinite(curvature_bounds[1]) and smooth
        else None,
        kinks=all_kinks,
        slope_jumps=tuple(jump for _, jump in curved_kinks),
        breakpoints=constant_breakpoints(*kinks) if kinks else None,
        attains_minimum=convex and _rises_on_both_sides(node, all_kinks),
        lower_bound=float(lowest) if np.isfinite(lowest) else None,
        curvature_bounds=partial(bounds_of_residual, curvature) if variables_of(node) == {RESIDUAL} else None,
        one_signed_slope=has_one_signed_slope(slope),
        operations=(_node_count(computed[0]), _node_count(computed[1]), _node_count(computed[2])),
        may_leave_range=any(map(_may_leave_range, subexpressions(computed[0]))),
        rounding_error=partial(_rounding_error_at, computed[0]),
    )


def _in_residual(node: Node) -> Node:
    """Return a formula of p − y alone, such as abs(p - y), as one of r, of which more is proved."""
    if "p" not in variables_of(node):
        return node
    in_residual = substitute(node, (("p", name_node(RESIDUAL) + name_node("y")),))
    shorter = without_cancellation(in_residual)
    return shorter if variables_of(shorter) == {RESIDUAL} else node


def _tighter(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    return max(a[0], b[0]), min(a[1], b[1])


def _node_count(node: Node) -> float:
    """Return the operations of an expression, each counted once however often it occurs."""
    return float(len(subexpressions(node)))


def _may_leave_range(node: Node) -> bool:
    """Whether a node is beyond float64 at arguments of some hundreds, as the exponential is, or near zero."""
    if node.op == POWER:
        return not -1.0 <= node.number <= HIGHEST_PLAIN_POWER
    if node.op not in OPERATIONS or len(node.parts) != 1:
        return False
    with np.errstate(all="ignore"):
        return bool(np.isinf(OPERATIONS[node.op].value(np.float64(FAR_AWAY))))


def _is_smooth_of_probability(node: Node, kinks: tuple[float, ...]) -> bool:
    """Whether the slope is proved continuous at predictions strictly between 0 and 1 of targets 0 and 1.

    ``kinks`` are all residuals at which it jumps, or none if they are not known.
    """
    if kinks:
        return all(kink == 0.0 or abs(kink) >= 1.0 for kink in kinks)
    low, high = _PROBABILITIES
    ranges = ({"p": (low, high), "y": (y, y), RESIDUAL: (low - y, high - y)} for y in (0.0, 1.0))
    return all(is_smooth_within(_without_decided_cases(node, within), within) for within in ranges)


def _without_decided_cases(node: Node, ranges: Mapping[str, Bounds]) -> Node:
    """Return an expression in which cases that are the same all over ``ranges`` are chosen."""
    parts = tuple(_without_decided_cases(part, ranges) for part in node.parts)
    if node.op == "where" and node.parts[0].op in _COMPARISONS:
        low, high = bounds_within(with_parts(_DIFFERENCE, *node.parts[0].parts), ranges)
        if low > 0.0 or high < 0.0:
            middle = {name: 0.5 * (first + last) for name, (first, last) in ranges.items()}
            return parts[1] if evaluate(node.parts[0], middle) else parts[2]
    return with_parts(node, *parts) if parts else node


def _rises_on_both_sides(node: Node, kinks: tuple[float, ...]) -> bool:
    """Whether a convex function of the residual alone surely tends to infinity on both sides.

    It does if it is higher far away on both sides than at some point between.
    """
    if variables_of(node) != {RESIDUAL}:
        return False
    far = FAR_AWAY * max((1.0, *map(abs, kinks)))
    residuals = {RESIDUAL: np.concatenate([[-far, far], _SAMPLE_VALUES, kinks])}
    left, right, *values = evaluate(node, residuals).tolist()
    error = RISE_TOLERANCE * abs(min(values)) + 8.0 * float(rounding_error(node, residuals).max())
    return bool(min(left, right) > min(values) + error)


def bounds_of_residual(node: Node, residuals: tuple[float, float]) -> tuple[float, float]:
    """Return bounds of a formula of the residual between bounds, by cutting these into pieces."""
    edges = np.linspace(*residuals, PIECES + 1).tolist()
    pieces = [bounds_within(node, {RESIDUAL: piece}) for piece in pairwise(edges)]
    return min(low for low, _ in pieces), max(high for _, high in pieces)


def _evaluate_at(node: Node, z: Any, y: Any) -> Array:
    return evaluate(node, {"r": np.subtract(z, y), "p": z, "y": y})


def _rounding_error_at(node: Node, z: Array, y: Array) -> Array:
    return rounding_error(node, {"r": np.subtract(z, y, dtype=np.longdouble), "p": z, "y": y})


def _tasks_with_finite_values(node: Node) -> tuple[str, ...]:
    """Return the tasks on whose sample predictions the formula is finite.

    Raises FormulaError with an example of a value that is not finite if there is no such task.
    """
    tasks, counterexample = [], None
    for task, (predictions, targets) in _SAMPLES_BY_TASK.items():
        p, y = np.meshgrid(predictions, targets)
        not_finite = np.argwhere(~np.isfinite(_evaluate_at(node, p, y)))
        if not len(not_finite):
            tasks += [task, MULTICLASS] if task == BINARY else [task]
        elif counterexample is None:
            i = tuple(not_finite[0])
            values = {"p": p[i], "y": y[i], "r": p[i] - y[i]}
            counterexample = {name: format_number(value) for name, value in values.items()}
    if not tasks:
        template = message(
            "the formula is not a finite number everywhere, for example at p = {p}, y = {y}, so r = {r}"
        )
        raise FormulaError(template.format(**(counterexample or {})), 1)
    return tuple(tasks)
