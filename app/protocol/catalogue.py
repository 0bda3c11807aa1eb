"""Texts and formulas that the browser loads besides scenes."""

from .base import ProtocolStruct

MenuFormulas = dict[str, str]
"""The MathML of the formulas of losses and optimizers, by their TeX."""


class TextCatalogue(ProtocolStruct, frozen=True):
    """The translations of the texts in browser modules."""

    texts: dict[str, str]
    """Translations by English template."""
    decimal_mark: str
