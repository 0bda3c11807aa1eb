"""A loss of one's own, from a formula."""

from functools import partial
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, check_type
from losses.core.messages import format_number, message
from losses.expression.autodiff import bounds, derivative, evaluate, is_smooth
from losses.expression.node import Node, variables_of
from losses.expression.parser import FormulaError, parse_formula
from losses.expression.printers import tex
from losses.loss.base import BINARY, MULTICLASS, PREDICTION, REGRESSION, Loss

VARIABLES: Final = ("r", "p", "y")
"""Residual (prediction − target), prediction, target."""
PREDICTION_VARIABLES: Final = frozenset(("r", "p"))
CUSTOM: Final = "own"

_SAMPLE_VALUES: Final = np.concatenate([[0.0], *(sign * np.geomspace(1e-3, 10.0, 9) for sign in (-1.0, 1.0))])
_SAMPLE_PROBABILITIES: Final = np.linspace(0.02, 0.98, 25)
_SAMPLES_BY_TASK: Final = {
    REGRESSION: (_SAMPLE_VALUES, _SAMPLE_VALUES),
    BINARY: (_SAMPLE_PROBABILITIES, np.array([0.0, 1.0])),
}
"""Predictions and targets of each task at which a formula must be a finite number."""


def own_loss(text: str) -> Loss:
    """The loss that a formula writes in ``r`` = p − y, ``p`` and ``y``: ``own_loss("abs(r)**1.5")``.

    It takes arithmetic, comparisons and the functions of ``operations``, and
    is differentiated by the chain rule. What it claims is proved by interval
    arithmetic; a loss whose convexity or smoothness is not seen that way
    claims neither. It fits the tasks on whose predictions it is finite.
    Raises FormulaError, a ValueError that says what is wrong and where.
    """
    node = parse_formula(check_type(text, str, "text"), VARIABLES)
    if not variables_of(node) & PREDICTION_VARIABLES:
        raise FormulaError(
            message("the formula asks for neither r nor p, so no prediction is better than another"), 1
        )
    slope = derivative(node, PREDICTION_VARIABLES)
    curvature = derivative(slope, PREDICTION_VARIABLES)
    smooth = is_smooth(node)
    tasks = _tasks_with_finite_values(node)
    said = " ".join(text.split())
    bend = bounds(curvature)
    return Loss(
        key=CUSTOM,
        name=message("the loss {formula}", formula=said) if len(said) <= 28 else message("a loss of our own"),
        formula=tex(node),
        expression=said,
        when=message("A formula in the residual r = p − y, or in prediction p and target y."),
        tasks=tasks,
        space=PREDICTION,
        value=partial(_evaluate_at, node),
        slope=partial(_evaluate_at, slope),
        curvature=partial(_evaluate_at, curvature),
        convex=smooth and bend[0] >= 0.0,
        smooth=smooth,
        bounded_gradient=all(map(np.isfinite, bounds(slope))),
        example=(0.5, 1.0, float(_evaluate_at(node, 0.5, 1.0))),
        greatest_curvature=float(bend[1]) if np.isfinite(bend[1]) and smooth else None,
    )


def _evaluate_at(node: Node, z: Any, y: Any) -> Array:
    return evaluate(node, {"r": np.subtract(z, y), "p": z, "y": y})


def _tasks_with_finite_values(node: Node) -> tuple[str, ...]:
    """The tasks on whose predictions the formula is finite; FormulaError where there is none."""
    found, first = [], None
    for task, (predictions, targets) in _SAMPLES_BY_TASK.items():
        p, y = np.meshgrid(predictions, targets)
        wrong = np.argwhere(~np.isfinite(_evaluate_at(node, p, y)))
        if not len(wrong):
            found += [task, MULTICLASS] if task == BINARY else [task]
        elif first is None:
            at = tuple(wrong[0])
            first = {"p": format_number(p[at]), "y": format_number(y[at]), "r": format_number(p[at] - y[at])}
    if not found:
        template = message(
            "the formula is not a finite number everywhere, for example at p = {p}, y = {y}, so r = {r}"
        )
        raise FormulaError(template.format(**(first or {})), 1)
    return tuple(found)
