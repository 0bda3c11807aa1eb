"""The route that serves the formulas of menus as MathML."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import flask

import losses

from ..controls.mathml import typeset
from ..problem_setup.registry import CHOICES_OF_LOSS

PATH: Final = "formulas"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, formulas)


@lru_cache(maxsize=1)
def formulas() -> Mapping[str, str]:
    """What each choice of a loss or an optimizer looks like, by its TeX."""
    chosen = [loss.formula for loss in CHOICES_OF_LOSS.values()]
    chosen += [optimizer.formula for optimizer in losses.OPTIMIZERS.values()]
    return {formula: typeset(formula) for formula in chosen}
