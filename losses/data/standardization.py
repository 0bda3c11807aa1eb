"""Standardization of inputs and targets: subtract the mean, divide by the standard deviation."""

from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array, frozen
from losses.core.records import ReadOnlyArrays, describe_point
from losses.data.dataset import Dataset
from losses.loss.base import REGRESSION


@dataclass(frozen=True, repr=False)
class Standardization(ReadOnlyArrays):
    """The means and scales of an affine map from the data's units to standardized units.

    Scales are population standard deviations, or 1 where these are 0.
    """

    x_mean: Array
    """``(k,)``; zeros if inputs are not centered."""
    x_scale: Array
    """``(k,)``."""
    y_mean: float = 0.0
    y_scale: float = 1.0

    def __repr__(self) -> str:
        x = f"x - {describe_point(self.x_mean)}) / {describe_point(self.x_scale)}"
        return f"<standardization: ({x}, (y - {self.y_mean:.4g}) / {self.y_scale:.4g}>"


def fit_standardization(data: Dataset, centered: bool) -> Standardization:
    """Compute the standardization of the inputs and, in a regression, of the target.

    If not ``centered``, the means are left at 0 and only the scales change.
    """
    inputs = data.inputs
    mean, deviation = inputs.mean(axis=0) * centered, inputs.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    if data.task != REGRESSION:
        return Standardization(frozen(mean), frozen(scale))
    return Standardization(
        frozen(mean), frozen(scale), float(data.y.mean()) * centered, float(data.y.std()) or 1.0
    )


def standardized_data(data: Dataset, scaling: Standardization | None) -> tuple[Array, Array]:
    """Return inputs ``(n, k)`` and targets ``(n,)``, standardized unless ``scaling`` is None."""
    if scaling is None:
        return data.inputs, data.y
    x = frozen((data.inputs - scaling.x_mean) / scaling.x_scale)
    return x, frozen((data.y - scaling.y_mean) / scaling.y_scale)
