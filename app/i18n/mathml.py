"""Formulas as MathML, which browsers render themselves."""

from functools import lru_cache


@lru_cache(maxsize=256)
def tex_to_mathml(formula: str) -> str:
    """Convert TeX to MathML."""
    from latex2mathml.converter import convert  # importing it takes a tenth of a worker's start-up

    return str(convert(formula))
