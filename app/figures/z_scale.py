"""Map losses to the z axis: linearly, or logarithmically where they span orders of magnitude."""

from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array
from losses.core.lazy import cached_property
from losses.core.messages import message

from .plot_base import MAX_END, linear_ticks, powers_of_ten, tick_labels

LOG_SCALE_RATIO = 300.0
"""The scale is logarithmic if the range exceeds this multiple of the lowest tenth's range."""
CONTOUR_LEVELS = 12
MAP_LEVELS = 10
VIRIDIS = (
    *("#440154", "#48186a", "#472d7b", "#424086", "#3b528b", "#33638d", "#2c728e", "#26828e", "#21918c"),
    *("#1fa088", "#28ae80", "#3fbc73", "#5ec962", "#84d44b", "#addc30", "#d8e219", "#fde725"),
)
"""The color scale of heights, as Plotly has it."""
LOWEST_TICK_SHARE = 0.1
"""No tick is lower than this fraction of the axis."""
LOG_FLOOR_SHARE = 1e-3
"""The logarithmic scale resolves losses down to this fraction of the median loss.

Losses far below it lie between the points of the grid, which is too coarse to show them.
"""


@dataclass(frozen=True)
class ZScale:
    """An increasing map from the loss to the z coordinate at which it is drawn."""

    low: float
    """Lowest loss of the surface."""
    high: float
    """Highest loss of the surface."""
    log: bool
    offset: float = 0.0
    """Added to a loss before the logarithm, so that zero can be drawn."""

    def can_show(self, loss: float) -> bool:
        """Whether a loss has a z coordinate, inside of the range or not."""
        return not self.log or loss + self.offset > 0

    def to_z(self, loss: Array | float) -> Array:
        """Return the z coordinates of losses; values outside of the range are not clipped."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            values = np.asarray(loss, dtype=np.float64)
            return np.log10(values + self.offset) if self.log else values

    def derivative(self, loss: Array) -> Array:
        """Return the derivative of ``to_z`` at losses."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            values = np.asarray(loss, dtype=np.float64)
            return 1.0 / (np.log(10.0) * (values + self.offset)) if self.log else np.ones_like(values)

    @cached_property
    def z_range(self) -> tuple[float, float]:
        """The z coordinates of the lowest and the highest loss; apart if these are equal, 1 or more."""
        low, high = (min(max(float(self.to_z(value)), -MAX_END), MAX_END) for value in (self.low, self.high))
        return low, high if high > low else low + max(1.0, 1e-3 * abs(low))

    @property
    def title(self) -> str:
        """The title of the axis."""
        return message("loss (log scale)") if self.log else message("loss")

    @property
    def ticks(self) -> dict[str, object]:
        """Tick settings of the z axis; on the logarithmic scale the labels are losses, not logarithms.

        The lowest part of the axis has no ticks: the labels of the horizontal axes begin there.
        """
        low, high = self.z_range
        losses = _powers_of_ten(low, high) if self.log else linear_ticks(low, high)
        texts = tick_labels(losses, 3 if self.log else 0)
        labelled = [(float(self.to_z(loss)), text) for loss, text in zip(losses, texts, strict=True)]
        lowest = low + LOWEST_TICK_SHARE * (high - low)
        return {
            "tickmode": "array",
            "tickvals": [z for z, _ in labelled if z >= lowest],
            "ticktext": [text for z, text in labelled if z >= lowest],
        }

    @property
    def contours(self) -> dict[str, float]:
        """Plotly's ``start``, ``end`` and ``size`` of ``CONTOUR_LEVELS`` evenly spaced contour lines."""
        low, high = self.z_range
        size = (high - low) / CONTOUR_LEVELS
        return {"start": low + size / 2, "end": high, "size": size}

    def to_level(self, loss: Array) -> Array:
        """Return where losses are among the level lines of the map, from 0 to 1.

        On the linear scale that is the square root of the height, so that the lines of a bowl are evenly
        spaced and those of a steep wall do not run into each other.
        """
        low, high = self.z_range
        share = (self.to_z(loss) - low) / (high - low)
        return np.asarray(share if self.log else np.sqrt(np.maximum(share, 0.0)))

    @property
    def map_contours(self) -> dict[str, float]:
        """Plotly's ``start``, ``end`` and ``size`` of the lines of the map, in what ``to_level`` returns."""
        size = 1.0 / MAP_LEVELS
        return {"start": size / 2, "end": 1.0, "size": size}

    @property
    def map_colors(self) -> list[list[float | str]]:
        """Plotly's color scale of the map: the colors of heights in 3-d, by what ``to_level`` returns."""
        last = len(VIRIDIS) - 1
        return [[i / last if self.log else (i / last) ** 0.5, color] for i, color in enumerate(VIRIDIS)]


def _powers_of_ten(low: float, high: float) -> list[float]:
    """Return about five powers of ten, or fewer, between 10**low and 10**high."""
    step = max(1, round((high - low) / 5))
    return [power for e, power in powers_of_ten(low, high) if e >= low][::step]


def z_scale_for(z: Array) -> ZScale:
    """Return the scale for the losses ``z`` of a surface.

    It is logarithmic if no loss is negative and the range exceeds ``LOG_SCALE_RATIO`` times the difference
    between the 10th percentile and the minimum: a linear scale could not show the lowest tenth.
    """
    finite = z[np.isfinite(z)]
    if not len(finite):
        return ZScale(0.0, 1.0, False)
    low, high = float(finite.min()), float(finite.max())
    ranks = [(len(finite) - 1) // 10, (len(finite) - 1) // 2]
    tenth, median = np.partition(finite, ranks)[ranks].tolist()  # np.median would import numpy.ma
    log = low >= 0 and high - low > LOG_SCALE_RATIO * max(tenth - low, 1e-300)
    offset = LOG_FLOOR_SHARE * median if log and low < LOG_FLOOR_SHARE * median else 0.0
    if low + offset == 0.0:  # the median is 0, too, so that the logarithm of the lowest loss does not exist
        return ZScale(low, high, False)
    return ZScale(low, high, log, offset)
