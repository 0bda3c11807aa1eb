"""Scalings: data measured in standard deviations from their means."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from losses.core.arrays import Array, as_float_array, frozen
from losses.data.dataset import Dataset
from losses.loss.base import REGRESSION


@dataclass(frozen=True)
class Standardization:
    """Means and population standard deviations by which data were standardized."""

    x_mean: Array
    x_scale: Array
    y_mean: float = 0.0
    y_scale: float = 1.0

    def transform_inputs(self, x: Array) -> Array:
        """Inputs ``(n, k)`` in the data's units, standardized."""
        return np.asarray((x - self.x_mean) / self.x_scale)


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
    x = frozen(scaling.transform_inputs(data.inputs))
    return x, frozen((data.y - scaling.y_mean) / scaling.y_scale)


def standardize_inputs(x: Any, n_inputs: int, scaling: Standardization | None) -> Array:
    """Inputs ``(m, k)``, or ``(m,)`` of one, in the data's units, as a problem takes them; ValueError for other shapes."""
    inputs = as_float_array(x, "x")
    inputs = inputs[:, None] if inputs.ndim == n_inputs == 1 else inputs
    if inputs.ndim != 2 or inputs.shape[1] != n_inputs:
        raise ValueError(
            f"x must have shape {'(m,) or ' * (n_inputs == 1)}(m, {n_inputs}); not {inputs.shape}"
        )
    return scaling.transform_inputs(inputs) if scaling else inputs
