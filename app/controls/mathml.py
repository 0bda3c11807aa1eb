"""The formulas of menus as MathML, which browsers set by themselves; a page asks for them when its menus are reached for."""

from functools import lru_cache


@lru_cache(maxsize=256)
def tex_to_mathml(formula: str) -> str:
    """TeX as MathML."""
    from latex2mathml.converter import convert  # a tenth of the time to a worker's first answer

    return str(convert(formula))
