"""Scalings: data measured in standard deviations from their means."""

from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array, frozen
from losses.data.dataset import Dataset
from losses.loss.base import REGRESSION


@dataclass(frozen=True)
class Standardization:
    """Means and population standard deviations by which data were standardized."""

    x_mean: Array
    x_scale: Array
    y_mean: float = 0.0
    y_scale: float = 1.0


def fit_standardization(data: Dataset, centered: bool) -> Standardization:
    """Population moments of the inputs and, in a regression, of the target; means only where centered."""
    inputs = data.inputs
    mean, spread = inputs.mean(axis=0) * centered, inputs.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    if data.task != REGRESSION:
        return Standardization(frozen(mean), frozen(scale))
    return Standardization(
        frozen(mean), frozen(scale), float(data.y.mean()) * centered, float(data.y.std()) or 1.0
    )


def standardized_data(data: Dataset, scaling: Standardization | None) -> tuple[Array, Array]:
    """Inputs and targets as a problem takes them."""
    if scaling is None:
        return data.inputs, data.y
    x = frozen((data.inputs - scaling.x_mean) / scaling.x_scale)
    return x, frozen((data.y - scaling.y_mean) / scaling.y_scale)
