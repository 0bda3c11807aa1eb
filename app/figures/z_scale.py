"""How high a loss is drawn: as it is, or by its logarithm where its range asks for that."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import message

from .plot_base import linear_ticks, tick_labels

LOG_SCALE_RATIO = 300.0
CONTOUR_LEVELS = 14
LOWEST_TICK_SHARE = 0.1
LOG_FLOOR_SHARE = 1e-3
"""A logarithm reaches down to this share of the middle loss; below it the grid is too coarse to be true."""


@dataclass(frozen=True)
class ZScale:
    """A monotone map from loss to drawn height; ``offset`` keeps a zero loss drawable."""

    low: float
    high: float
    log: bool
    offset: float = 0.0

    def to_z(self, loss: Array | float) -> Array:
        """Heights of true losses. Nothing is clamped: what lies outside is drawn outside."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            at = np.asarray(loss, dtype=np.float64)
            return np.log10(at + self.offset) if self.log else at

    def derivative(self, loss: Array) -> Array:
        """How much drawn height goes with a little loss, at true losses."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            at = np.asarray(loss, dtype=np.float64)
            return 1.0 / (np.log(10.0) * (at + self.offset)) if self.log else np.ones_like(at)

    @cached_property
    def z_range(self) -> tuple[float, float]:
        low, high = (float(self.to_z(value)) for value in (self.low, self.high))
        return low, high if high > low else low + 1.0

    @property
    def title(self) -> str:
        return message("loss (log scale)") if self.log else message("loss")

    @property
    def ticks(self) -> dict[str, object]:
        """Axis settings: on the logarithmic scale ticks say the loss, not its logarithm.

        None stands low, where the first letters of the axes across are.
        """
        low, high = self.z_range
        losses = _powers_of_ten(low, high) if self.log else linear_ticks(low, high)
        texts = tick_labels(losses, 3 if self.log else 0)
        told = [(float(self.to_z(loss)), text) for loss, text in zip(losses, texts, strict=True)]
        shown = [(place, text) for place, text in told if place >= low + LOWEST_TICK_SHARE * (high - low)]
        return {
            "tickmode": "array",
            "tickvals": [place for place, _ in shown],
            "ticktext": [text for _, text in shown],
        }

    @property
    def contours(self) -> dict[str, float]:
        low, high = self.z_range
        size = (high - low) / CONTOUR_LEVELS
        return {"start": low + size / 2, "end": high, "size": size}


def _powers_of_ten(low: float, high: float) -> list[float]:
    """Powers of ten, at most about five."""
    step = max(1, round((high - low) / 5))
    return [10.0**e for e in range(math.ceil(low), math.floor(high) + 1, step)]


def z_scale_for(z: Array) -> ZScale:
    """The height of a surface's losses ``z``: logarithmic when they span too much to be seen."""
    finite = z[np.isfinite(z)]
    if not len(finite):
        return ZScale(0.0, 1.0, False)
    low, high = float(finite.min()), float(finite.max())
    places = [(len(finite) - 1) // 10, (len(finite) - 1) // 2]
    tenth, middle = np.partition(finite, places)[places].tolist()  # np.median would import masked arrays
    log = low >= 0 and high - low > LOG_SCALE_RATIO * max(tenth - low, 1e-300)
    offset = LOG_FLOOR_SHARE * middle if log and low < LOG_FLOOR_SHARE * middle else 0.0
    if low + offset == 0.0:
        return ZScale(low, high, False)
    return ZScale(low, high, log, offset)
