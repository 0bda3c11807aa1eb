"""Texts and formulas that the browser loads besides scenes."""

from collections.abc import Mapping

from .base import ProtocolStruct

MenuFormulas = dict[str, str]
"""The MathML of the formulas of losses and optimizers, by their TeX."""


class TextCatalogue(ProtocolStruct, frozen=True):
    """The translations of the texts in browser modules."""

    language: str
    """The key of the language, by BCP 47; its rules say which plural a number has."""
    texts: dict[str, str]
    """Translations by English template."""
    plurals: Mapping[str, Mapping[str, str]]
    """The forms of plurals by the English template for 1 and by category, such as ``few``."""
    decimal_mark: str
