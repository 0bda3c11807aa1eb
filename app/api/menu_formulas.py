"""The route that serves the formulas of menus as MathML."""

from functools import lru_cache
from typing import Final

import flask

import losses

from ..controls.mathml import tex_to_mathml
from ..problem_setup.registry import LOSS_CHOICES
from ..protocol.catalogue import MenuFormulas
from ..protocol.responses import json_response

PATH: Final = "formulas"


def register(server: flask.Flask, prefix: str) -> None:
    """Add the route to the server, below the path prefix of the page."""
    server.add_url_rule(f"{prefix}{PATH}", PATH, lambda: json_response(menu_formulas()))


@lru_cache(maxsize=1)
def menu_formulas() -> MenuFormulas:
    """Return the MathML of the formula of each loss and optimizer, by its TeX."""
    formulas = [loss.formula for loss in LOSS_CHOICES.values()]
    formulas += [optimizer.formula for optimizer in losses.OPTIMIZERS.values()]
    return {formula: tex_to_mathml(formula) for formula in formulas}
