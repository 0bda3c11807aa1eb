"""Settings: numbers that a record takes, with the range that makes sense."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Setting:
    """A number by its ``name`` in Python and in links, with a ``label`` for people."""

    name: str
    label: str
    default: float
    low: float
    high: float
    whole: bool = False
    symbol: str = ""
    """What formulas call it."""

    def validate(self, value: float) -> float:
        """``value`` if it is in the range; ValueError with a sentence otherwise."""
        number = isinstance(value, int | float | np.integer | np.floating)
        if not number or not self.low <= value <= self.high or (self.whole and value != round(value)):
            kind = "a whole number " if self.whole else ""
            value = value.item() if isinstance(value, np.generic) else value
            raise ValueError(f"{self.name} must be {kind}from {self.low:g} to {self.high:g}; not {value!r}")
        return float(value)


def resolve_settings(
    owner: str, settings: tuple[Setting, ...], given: Mapping[str, float]
) -> dict[str, float]:
    """A value for each of ``settings``: the one given or the default.

    Raises ValueError for a name that ``owner`` does not take or a value out of range.
    """
    known = {setting.name: setting for setting in settings}
    for name in given:
        if name not in known:
            raise ValueError(f"{owner} takes {', '.join(known) or 'no settings'}; not {name}")
    return {name: setting.validate(given.get(name, setting.default)) for name, setting in known.items()}
