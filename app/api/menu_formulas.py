"""The route that serves the formulas of menus as MathML."""

from functools import lru_cache

import flask

import losses

from ..common.routes import route
from ..i18n.mathml import tex_to_mathml
from ..problem_setup.registry import LOSS_CHOICES
from ..protocol.catalogue import MenuFormulas
from ..protocol.responses import json_response


@lru_cache(maxsize=1)
def menu_formulas() -> MenuFormulas:
    """Return the MathML of the formula of each loss and optimizer, by its TeX."""
    formulas = [loss.formula for loss in LOSS_CHOICES.values()]
    formulas += [optimizer.formula for optimizer in losses.OPTIMIZERS.values()]
    return {formula: tex_to_mathml(formula) for formula in formulas}


@route("formulas", "shell")
def menu_formulas_response() -> flask.Response:
    return json_response(menu_formulas())
