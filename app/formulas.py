"""The formulas of menus as MathML, which browsers set by themselves; a page asks for them when its menus are reached for."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import flask

import losses
from app.problems import CHOICES_OF_LOSS

PATH: Final = "formulas"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, formulas)


@lru_cache(maxsize=1)
def formulas() -> Mapping[str, str]:
    """What each choice of a loss or an optimizer looks like, by its TeX."""
    chosen = [loss.formula for loss in CHOICES_OF_LOSS.values()]
    chosen += [optimizer.formula for optimizer in losses.OPTIMIZERS.values()]
    return {formula: typeset(formula) for formula in chosen}


@lru_cache(maxsize=256)
def typeset(formula: str) -> str:
    """TeX as MathML."""
    from latex2mathml.converter import convert  # a tenth of the time to a worker's first answer

    return str(convert(formula))
