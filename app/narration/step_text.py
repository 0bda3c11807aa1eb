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
from losses.core.messages import Capital, Listed, Number, Said, Small, capital, listed, num, small

from ..figures.array_codec import exact, typed
from ..figures.step_slices import Figure

PLACE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Told:
    """Texts of one kind: the templates, and the number of the one that each step takes; one may do for all."""

    templates: tuple[str, ...]
    which: NDArray[Any] | None = None


def signed(value: float) -> str:
    """A factor in a product: negative ones stand in brackets."""
    return Number(f"({num(value)})") if value < 0 else num(value)


ROLES: Final[Mapping[str, Callable[[Array, int], str]]] = {
    "before": lambda column, k: num(float(column[k - 1])),
    "change": lambda column, k: num(abs(float(column[k - 1] - column[k]))),
    "step": lambda column, k: signed(float(column[k] - column[k - 1])),
    "factor": lambda column, k: signed(float(column[k - 1])),
}
"""What ``{loss_before}`` makes of the column ``loss``: the step before, how far from there, and both as factors."""


@dataclass(frozen=True)
class Telling:
    """Texts by kind, with ``columns`` of a number a step and ``words`` that are the same at each."""

    last: int
    kinds: Mapping[str, Told]
    columns: Mapping[str, Array]
    words: Mapping[str, str] = field(default_factory=dict)

    def at(self, k: int) -> dict[str, str]:
        """Every kind of text at step ``k``."""
        return {kind: self._filled(_template(told, k), k) for kind, told in self.kinds.items()}

    def _filled(self, text: str, k: int) -> str:
        """A template, or a text made of templates, with what belongs into its places."""
        if isinstance(text, Listed):
            return listed(text.separator, [self._filled(part, k) for part in text.parts])
        if isinstance(text, Capital | Small):
            begin = capital if isinstance(text, Capital) else small
            return begin(self._filled(text.text, k))
        if isinstance(text, Said) and text.values:
            return text
        names = PLACE.findall(text)
        if not names:
            return text
        if isinstance(text, Said):
            return text.format(**{name: self._value(name, k) for name in names})
        between = PLACE.split(text)  # texts and names in turn
        return listed("", [self._value(part, k) if i % 2 else part for i, part in enumerate(between)])

    def _value(self, name: str, k: int) -> str:
        if name in self.words:
            return self.words[name]
        if name in ("k", "last"):
            return str(k if name == "k" else self.last)
        column, _, role = name.partition("_")
        return ROLES[role](self.columns[column], k) if role else num(float(self.columns[column][k]))

    def packed(self) -> dict[str, Any]:
        """All of it for the browser."""
        return {
            "last": self.last,
            "words": dict(self.words),
            "columns": {name: exact(column) for name, column in self.columns.items()},
            "kinds": {kind: _packed(told) for kind, told in self.kinds.items()},
        }


def _template(told: Told, k: int) -> str:
    return told.templates[0 if told.which is None else int(told.which[k])]


def _packed(told: Told) -> Figure:
    which = {} if told.which is None else {"which": typed(np.asarray(told.which, dtype=np.uint8))}
    return {"templates": list(told.templates), **which}
