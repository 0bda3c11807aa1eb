"""What is said of every step, told once for the whole run: templates, which of them a step takes, and its numbers.

``assets/js/narration/step_text.mjs`` is the same rule in the browser.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.messages import (
    Capitalized,
    FormattedNumber,
    Joined,
    Lowercased,
    Message,
    capitalized,
    format_number,
    joined,
    lowercased,
)

from ..figures.array_codec import to_float64_array, to_typed_array
from ..figures.step_slices import Figure

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class TextByStep:
    """Texts of one kind: the templates, and the number of the one that each step takes; one may do for all."""

    templates: tuple[str, ...]
    template_index: NDArray[Any] | None = None


def bracket_negative(value: float) -> str:
    """A factor in a product: negative ones stand in brackets."""
    return FormattedNumber(f"({format_number(value)})") if value < 0 else format_number(value)


COLUMN_ROLES: Final[Mapping[str, Callable[[Array, int], str]]] = {
    "before": lambda column, k: format_number(float(column[k - 1])),
    "change": lambda column, k: format_number(abs(float(column[k - 1] - column[k]))),
    "step": lambda column, k: bracket_negative(float(column[k] - column[k - 1])),
    "factor": lambda column, k: bracket_negative(float(column[k - 1])),
}
"""What ``{loss_before}`` makes of the column ``loss``: the step before, how far from there, and both as factors."""


@dataclass(frozen=True)
class StepText:
    """Texts by kind, with ``columns`` of a number a step and ``constants`` that are the same at each."""

    last_step: int
    texts: Mapping[str, TextByStep]
    columns: Mapping[str, Array]
    constants: Mapping[str, str] = field(default_factory=dict)

    def render(self, k: int) -> dict[str, str]:
        """Every kind of text at step ``k``."""
        return {kind: self._fill(_template(told, k), k) for kind, told in self.texts.items()}

    def _fill(self, text: str, k: int) -> str:
        """A template, or a text made of templates, with what belongs into its places."""
        if isinstance(text, Joined):
            return joined(text.separator, [self._fill(part, k) for part in text.parts])
        if isinstance(text, Capitalized | Lowercased):
            begin = capitalized if isinstance(text, Capitalized) else lowercased
            return begin(self._fill(text.original, k))
        if isinstance(text, Message) and text.values:
            return text
        names = PLACEHOLDER.findall(text)
        if not names:
            return text
        if isinstance(text, Message):
            return text.format(**{name: self._placeholder_value(name, k) for name in names})
        between = PLACEHOLDER.split(text)  # texts and names in turn
        return joined(
            "", [self._placeholder_value(part, k) if i % 2 else part for i, part in enumerate(between)]
        )

    def _placeholder_value(self, name: str, k: int) -> str:
        if name in self.constants:
            return self.constants[name]
        if name in ("k", "last"):
            return str(k if name == "k" else self.last_step)
        column, _, role = name.partition("_")
        return (
            COLUMN_ROLES[role](self.columns[column], k)
            if role
            else format_number(float(self.columns[column][k]))
        )

    def to_json(self) -> dict[str, Any]:
        """All of it for the browser."""
        return {
            "last": self.last_step,
            "words": dict(self.constants),
            "columns": {name: to_float64_array(column) for name, column in self.columns.items()},
            "kinds": {kind: _text_to_json(told) for kind, told in self.texts.items()},
        }


def _template(text_by_step: TextByStep, k: int) -> str:
    return text_by_step.templates[
        0 if text_by_step.template_index is None else int(text_by_step.template_index[k])
    ]


def _text_to_json(text_by_step: TextByStep) -> Figure:
    which = (
        {}
        if text_by_step.template_index is None
        else {"which": to_typed_array(np.asarray(text_by_step.template_index, dtype=np.uint8))}
    )
    return {"templates": list(text_by_step.templates), **which}
