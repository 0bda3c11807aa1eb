"""Data space: the examples, the model of the current step, and what it still owes them.

There is one view for each kind of data; ``DATA_VIEWS`` lists them, and the first that
fits a problem is taken.
"""

from textwrap import wrap
from typing import Any, Final

import losses
from losses.core.registry import Registry

from ..i18n.translation import WrappedText
from . import decision_boundary, fit_1d, image_grid, predicted_vs_true
from .plot_base import View, layout_2d
from .step_slices import Figure

MORAL_ANNOTATION: Final = "moral"
"""What a test function teaches, which a lesson asks for."""


def data_view_for(problem: losses.Problem) -> View:
    return next(way for way in DATA_VIEWS.values() if way.applies_to(problem))


def _formula_figure(function: losses.TestFunction, certificate: losses.Certificate) -> Figure:
    """No data: a test function is its formula."""
    text = {"x": 0.5, "xref": "paper", "yref": "paper", "showarrow": False, "font": {"color": "var(--ink)"}}
    formula = {"y": 0.6, "yanchor": "bottom", "text": f"<b>{'<br>'.join(wrap(function.formula, 28))}</b>"}
    moral = {"y": 0.5, "yanchor": "top", "text": WrappedText(function.when), "name": MORAL_ANNOTATION}
    nothing = {"visible": False, "fixedrange": True}
    notes = [text | formula, text | moral]
    return {"data": [], "moving": [], "layout": layout_2d(nothing, nothing, 12, annotations=notes)}


def _input_count(problem: Any) -> int:
    return int(problem.data.inputs.shape[1])


DATA_VIEWS: Final = Registry(
    "data view",
    (
        View("formula", "", "", lambda p: isinstance(p, losses.TestFunction), _formula_figure),
        View(
            "fitted",
            "",
            "",
            lambda p: _input_count(p) == 1 and p.data.task != "multiclass",
            fit_1d.figure,
            fit_1d.arrays,
            shows_model=True,
            edits="value",
        ),
        View(
            "border",
            "",
            "",
            lambda p: _input_count(p) == 2 and p.data.task == "binary",
            decision_boundary.figure,
            decision_boundary.arrays,
            shows_model=True,
            edits="class",
        ),
        View("sheet", "", "", lambda p: bool(p.data.image), image_grid.figure, image_grid.arrays),
        View("said", "", "", lambda p: True, predicted_vs_true.figure, predicted_vs_true.arrays),
    ),
)
