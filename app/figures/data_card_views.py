"""Data space: the examples, the model of the current step, and what it still owes them.

There is one view for each kind of data; ``WAYS`` lists them, and the first that
fits a problem is taken.
"""

from textwrap import wrap
from typing import Any, Final

import losses
from losses.core.registry import Registry

from ..i18n.translation import Wrapped
from . import decision_boundary, fit_1d, image_grid, predicted_vs_true
from .plot_base import View, flat_layout
from .step_slices import Figure

MORAL: Final = "moral"
"""What a test function teaches, which a lesson asks for."""


def way(problem: losses.Problem) -> View:
    return next(way for way in WAYS.values() if way.fits(problem))


def _formula(function: losses.TestFunction, best: losses.Certificate) -> Figure:
    """No data: a test function is its formula."""
    text = {"x": 0.5, "xref": "paper", "yref": "paper", "showarrow": False, "font": {"color": "var(--ink)"}}
    formula = {"y": 0.6, "yanchor": "bottom", "text": f"<b>{'<br>'.join(wrap(function.formula, 28))}</b>"}
    moral = {"y": 0.5, "yanchor": "top", "text": Wrapped(function.when), "name": MORAL}
    nothing = {"visible": False, "fixedrange": True}
    notes = [text | formula, text | moral]
    return {"data": [], "moving": [], "layout": flat_layout(nothing, nothing, 12, annotations=notes)}


def _inputs(problem: Any) -> int:
    return int(problem.data.inputs.shape[1])


WAYS: Final = Registry(
    "data view",
    (
        View("formula", "", "", lambda p: isinstance(p, losses.TestFunction), _formula),
        View(
            "fitted",
            "",
            "",
            lambda p: _inputs(p) == 1 and p.data.task != "multiclass",
            fit_1d.figure,
            fit_1d.arrays,
            shows_model=True,
            edits="value",
        ),
        View(
            "border",
            "",
            "",
            lambda p: _inputs(p) == 2 and p.data.task == "binary",
            decision_boundary.figure,
            decision_boundary.arrays,
            shows_model=True,
            edits="class",
        ),
        View("sheet", "", "", lambda p: bool(p.data.image), image_grid.figure, image_grid.arrays),
        View("said", "", "", lambda p: True, predicted_vs_true.figure, predicted_vs_true.arrays),
    ),
)
