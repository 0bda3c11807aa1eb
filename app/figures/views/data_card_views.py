"""The views of the data card: the examples with the model's predictions and residuals at the current step.

There is a view for each kind of data. The first of ``DATA_VIEWS`` that applies to a problem is shown.
"""

from textwrap import wrap
from typing import Any, Final

import losses
from losses.core.registry import Registry

from ...i18n.translation import WrappedText
from ...protocol.figures import FigureSpec
from ..plot_base import View, layout_2d
from . import decision_boundary, fit_1d, image_grid, predicted_vs_true

MORAL_ANNOTATION: Final = "moral"
"""Name of the annotation that says what a test function teaches; hidden while a lesson asks for that."""


def data_view_for(problem: losses.Problem) -> View:
    """Return the view in which the data card shows a problem."""
    return next(view for view in DATA_VIEWS.values() if view.applies_to(problem))


def _formula_figure(function: losses.TestFunction, certificate: losses.Certificate) -> FigureSpec:
    """Return the formula of a test function, which has no data, and a sentence on what it teaches."""
    base = {"x": 0.5, "xref": "paper", "yref": "paper", "showarrow": False, "font": {"color": "var(--ink)"}}
    formula = {"y": 0.6, "yanchor": "bottom", "text": f"<b>{'<br>'.join(wrap(function.formula, 28))}</b>"}
    moral = {"y": 0.5, "yanchor": "top", "text": WrappedText(function.when), "name": MORAL_ANNOTATION}
    hidden_axis = {"visible": False, "fixedrange": True}
    annotations = [base | formula, base | moral]
    layout = layout_2d(hidden_axis, hidden_axis, 12, annotations=annotations)
    return FigureSpec(data=[], moving=[], layout=layout)


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
            shows_target_by_input=True,
            competitor=fit_1d.competitor,
            handles=fit_1d.line_handles,
            place_arrays=fit_1d.place_arrays,
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
            competitor=decision_boundary.competitor,
            edits="class",
        ),
        View("sheet", "", "", lambda p: bool(p.data.image), image_grid.figure, image_grid.arrays),
        View(
            "said",
            "",
            "",
            lambda p: True,
            predicted_vs_true.figure,
            predicted_vs_true.arrays,
            competitor=predicted_vs_true.competitor,
        ),
    ),
)
