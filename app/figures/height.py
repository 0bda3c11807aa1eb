"""How high a loss is drawn: as it is, or by its logarithm where its range asks for that."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.words import num, say

ASKS_FOR_LOG = 300.0
LEVELS = 14
RESOLVED = 1e-3
"""A logarithm reaches down to this share of the middle loss; below it the grid is too coarse to be true."""


@dataclass(frozen=True)
class Height:
    """A monotone map from loss to drawn height; ``offset`` keeps a zero loss drawable."""

    low: float
    high: float
    log: bool
    offset: float = 0.0

    def of(self, loss: Array | float) -> Array:
        """Heights of true losses. Nothing is clamped: what lies outside is drawn outside."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            at = np.asarray(loss, dtype=np.float64)
            return np.log10(at + self.offset) if self.log else at

    def steepness(self, loss: Array) -> Array:
        """How much drawn height goes with a little loss, at true losses."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            at = np.asarray(loss, dtype=np.float64)
            return 1.0 / (np.log(10.0) * (at + self.offset)) if self.log else np.ones_like(at)

    @property
    def span(self) -> tuple[float, float]:
        low, high = (float(self.of(value)) for value in (self.low, self.high))
        return low, high if high > low else low + 1.0

    @property
    def title(self) -> str:
        return say("loss (log scale)") if self.log else say("loss")

    @property
    def ticks(self) -> dict[str, object]:
        """Axis settings: on the logarithmic scale ticks say the loss, not its logarithm."""
        if not self.log:
            return {"nticks": 5}
        low, high = self.span
        step = max(1, round((high - low) / 5))
        exponents = range(int(np.ceil(low)), int(np.floor(high)) + 1, step)
        return {
            "tickmode": "array",
            "tickvals": [float(self.of(10.0**e)) for e in exponents],
            "ticktext": [num(10.0**e) for e in exponents],
        }

    @property
    def levels(self) -> dict[str, float]:
        low, high = self.span
        size = (high - low) / LEVELS
        return {"start": low + size / 2, "end": high, "size": size}


def height_of(z: Array) -> Height:
    """The height of a surface's losses ``z``: logarithmic when they span too much to be seen."""
    finite = z[np.isfinite(z)]
    if not len(finite):
        return Height(0.0, 1.0, False)
    low, high = float(finite.min()), float(finite.max())
    middle = float(np.median(finite))
    log = low >= 0 and high - low > ASKS_FOR_LOG * max(float(np.quantile(finite, 0.1)) - low, 1e-300)
    offset = RESOLVED * middle if log and low < RESOLVED * middle else 0.0
    if low + offset == 0.0:
        return Height(low, high, False)
    return Height(low, high, log, offset)
