"""A loss of one's own, from a formula."""

from functools import partial
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, of_kind
from losses.core.messages import num, say
from losses.expression.autodiff import bounds, derivative, evaluate, is_smooth
from losses.expression.node import Node, names_of
from losses.expression.parser import FormulaError, read
from losses.expression.printers import tex
from losses.loss.base import BINARY, MULTICLASS, PREDICTION, REGRESSION, Loss

NAMES: Final = ("r", "p", "y")
"""Residual (prediction − target), prediction, target."""
OF_PREDICTION: Final = frozenset(("r", "p"))
OWN: Final = "own"

_NUMBERS: Final = np.concatenate([[0.0], *(sign * np.geomspace(1e-3, 10.0, 9) for sign in (-1.0, 1.0))])
_CHANCES: Final = np.linspace(0.02, 0.98, 25)
_TRIED: Final = {REGRESSION: (_NUMBERS, _NUMBERS), BINARY: (_CHANCES, np.array([0.0, 1.0]))}
"""Predictions and targets of each task at which a formula must be a finite number."""


def own_loss(text: str) -> Loss:
    """The loss that a formula writes in ``r`` = p − y, ``p`` and ``y``: ``own_loss("abs(r)**1.5")``.

    It takes arithmetic, comparisons and the functions of ``operations``, and
    is differentiated by the chain rule. What it claims is proved by interval
    arithmetic; a loss whose convexity or smoothness is not seen that way
    claims neither. It fits the tasks on whose predictions it is finite.
    Raises FormulaError, a ValueError that says what is wrong and where.
    """
    node = read(of_kind(text, str, "text"), NAMES)
    if not names_of(node) & OF_PREDICTION:
        raise FormulaError(
            say("the formula asks for neither r nor p, so no prediction is better than another"), 1
        )
    slope = derivative(node, OF_PREDICTION)
    curvature = derivative(slope, OF_PREDICTION)
    smooth = is_smooth(node)
    tasks = _tasks(node)
    said = " ".join(text.split())
    bend = bounds(curvature)
    return Loss(
        key=OWN,
        name=say("the loss {formula}", formula=said) if len(said) <= 28 else say("a loss of our own"),
        formula=tex(node),
        expression=said,
        when=say("A formula in the residual r = p − y, or in prediction p and target y."),
        tasks=tasks,
        space=PREDICTION,
        value=partial(_at, node),
        slope=partial(_at, slope),
        curvature=partial(_at, curvature),
        convex=smooth and bend[0] >= 0.0,
        smooth=smooth,
        bounded_gradient=all(map(np.isfinite, bounds(slope))),
        example=(0.5, 1.0, float(_at(node, 0.5, 1.0))),
        greatest_curvature=float(bend[1]) if np.isfinite(bend[1]) and smooth else None,
    )


def _at(node: Node, z: Any, y: Any) -> Array:
    return evaluate(node, {"r": np.subtract(z, y), "p": z, "y": y})


def _tasks(node: Node) -> tuple[str, ...]:
    """The tasks on whose predictions the formula is finite; FormulaError where there is none."""
    found, first = [], None
    for task, (predictions, targets) in _TRIED.items():
        p, y = np.meshgrid(predictions, targets)
        wrong = np.argwhere(~np.isfinite(_at(node, p, y)))
        if not len(wrong):
            found += [task, MULTICLASS] if task == BINARY else [task]
        elif first is None:
            at = tuple(wrong[0])
            first = {"p": num(p[at]), "y": num(y[at]), "r": num(p[at] - y[at])}
    if not found:
        template = say(
            "the formula is not a finite number everywhere, for example at p = {p}, y = {y}, so r = {r}"
        )
        raise FormulaError(template.format(**(first or {})), 1)
    return tuple(found)
