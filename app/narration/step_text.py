"""The texts of every step of a run, stored as templates with the numbers that fill them.

``assets/js/narration/step_text.mjs`` fills the templates in the browser by the same rules.
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
from ..protocol.narration import RunText, StepTemplates

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class TextByStep:
    """The texts of one kind: its templates, and which of them each step has."""

    templates: tuple[str, ...]
    template_index: NDArray[Any] | None = None
    """The index of the template at each step, shape ``(steps + 1,)``; None if all steps have the first."""


def bracket_negative(value: float) -> str:
    """Return a number as a factor or summand: in brackets if it is negative."""
    return FormattedNumber(f"({format_number(value)})") if value < 0 else format_number(value)


COLUMN_ROLES: Final[Mapping[str, Callable[[Array, int], str]]] = {
    "before": lambda column, k: format_number(float(column[k - 1])),
    "change": lambda column, k: format_number(abs(float(column[k - 1] - column[k]))),
    "step": lambda column, k: bracket_negative(float(column[k] - column[k - 1])),
    "factor": lambda column, k: bracket_negative(float(column[k - 1])),
}
"""What the placeholder ``{column_role}`` stands for at step k.

``before`` is the value of the column one step earlier, ``change`` the absolute difference from it, ``step``
the signed difference and ``factor`` the earlier value, these two with brackets if they are negative.
"""


@dataclass(frozen=True)
class StepText:
    """The texts of every step of a run, by kind.

    A placeholder in a template is ``{k}``, ``{last}``, the name of a constant, the name of a column or
    ``{column_role}`` with one of ``COLUMN_ROLES``.
    """

    last_step: int
    texts: Mapping[str, TextByStep]
    columns: Mapping[str, Array]
    """A number for each step, shape ``(steps + 1,)``, by name."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Values that are the same at each step, by name."""

    def render(self, k: int) -> dict[str, str]:
        """Return the text of each kind at step ``k``."""
        return {kind: self._fill(_template(text, k), k) for kind, text in self.texts.items()}

    def _fill(self, text: str, k: int) -> str:
        """Return a template, or a text composed of templates, with its placeholders filled at step ``k``."""
        if isinstance(text, Joined):
            return joined(text.separator, [self._fill(part, k) for part in text.parts])
        if isinstance(text, Capitalized | Lowercased):
            recase = capitalized if isinstance(text, Capitalized) else lowercased
            return recase(self._fill(text.original, k))
        if isinstance(text, Message) and text.values:  # filled already
            return text
        names = PLACEHOLDER.findall(text)
        if not names:
            return text
        if isinstance(text, Message):
            return text.format(**{name: self._placeholder_value(name, k) for name in names})
        texts_and_names = PLACEHOLDER.split(text)  # alternating, first a text
        return joined(
            "",
            [self._placeholder_value(part, k) if i % 2 else part for i, part in enumerate(texts_and_names)],
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

    def encode(self) -> RunText:
        """Return the templates and numbers for the browser."""
        return RunText(
            last_step=self.last_step,
            constants=dict(self.constants),
            columns={name: to_float64_array(column) for name, column in self.columns.items()},
            texts={kind: _encode_templates(text) for kind, text in self.texts.items()},
        )


def _template(text: TextByStep, k: int) -> str:
    return text.templates[0 if text.template_index is None else int(text.template_index[k])]


def _encode_templates(text: TextByStep) -> StepTemplates:
    index = text.template_index
    return StepTemplates(
        templates=list(text.templates),
        index=None if index is None else to_typed_array(np.asarray(index, dtype=np.uint8)),
    )
