"""Hyperparameters of losses, models, datasets and optimizers, with their allowed ranges."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Setting:
    """A hyperparameter of a catalogue entry, such as δ of the Huber loss.

    ``name`` is its keyword argument in Python and its key in links; ``label``
    describes it to people. Values from ``low`` to ``high``, both included, are
    allowed; if ``whole``, only integers.

    >>> import losses
    >>> [(s.name, s.default, s.low, s.high) for s in losses.LOSSES["huber"].settings]
    [('delta', 1.0, 0.01, 100.0)]
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    whole: bool = False
    symbol: str = ""
    """Its symbol in formulas; empty if formulas write ``name``."""

    def validate(self, value: float) -> float:
        """Return ``value`` as a float; raise ValueError if it is not a number in the range."""
        is_number = isinstance(value, int | float | np.integer | np.floating)
        if not is_number or not self.low <= value <= self.high or (self.whole and value != round(value)):
            kind = "a whole number " if self.whole else ""
            value = value.item() if isinstance(value, np.generic) else value
            raise ValueError(f"{self.name} must be {kind}from {self.low:g} to {self.high:g}; not {value!r}")
        return float(value)


def resolve_settings(
    owner: str, settings: tuple[Setting, ...], values: Mapping[str, float]
) -> dict[str, float]:
    """Return a value for each of ``settings``: the one in ``values``, or else the default.

    ``owner`` is the name of the entry in error messages. Raises ValueError for
    a name that is not among ``settings`` and for a value out of range.
    """
    known = {setting.name: setting for setting in settings}
    for name in values:
        if name not in known:
            raise ValueError(f"{owner} takes {', '.join(known) or 'no settings'}; not {name}")
    return {name: setting.validate(values.get(name, setting.default)) for name, setting in known.items()}
