"""Scalings: data measured in standard deviations from their means."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from losses.core.arrays import Array, frozen, numbers
from losses.data.dataset import Dataset
from losses.loss.base import REGRESSION


@dataclass(frozen=True)
class Scaling:
    """Means and population standard deviations by which data were standardized."""

    x_mean: Array
    x_scale: Array
    y_mean: float = 0.0
    y_scale: float = 1.0

    def of_inputs(self, x: Array) -> Array:
        """Inputs ``(n, k)`` in the data's units, standardized."""
        return np.asarray((x - self.x_mean) / self.x_scale)


def scaling_of(data: Dataset, centered: bool) -> Scaling:
    """Population moments of the inputs and, in a regression, of the target; means only where centered."""
    inputs = data.inputs
    mean, spread = inputs.mean(axis=0) * centered, inputs.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    if data.task != REGRESSION:
        return Scaling(frozen(mean), frozen(scale))
    return Scaling(frozen(mean), frozen(scale), float(data.y.mean()) * centered, float(data.y.std()) or 1.0)


def scaled(data: Dataset, scaling: Scaling | None) -> tuple[Array, Array]:
    """Inputs and targets as a problem takes them."""
    if scaling is None:
        return data.inputs, data.y
    x = frozen(scaling.of_inputs(data.inputs))
    return x, frozen((data.y - scaling.y_mean) / scaling.y_scale)


def measured(x: Any, k: int, scaling: Scaling | None) -> Array:
    """Inputs ``(m, k)``, or ``(m,)`` of one, in the data's units, as a problem takes them; ValueError for other shapes."""
    inputs = numbers(x, "x")
    inputs = inputs[:, None] if inputs.ndim == k == 1 else inputs
    if inputs.ndim != 2 or inputs.shape[1] != k:
        raise ValueError(f"x must have shape {'(m,) or ' * (k == 1)}(m, {k}); not {inputs.shape}")
    return scaling.of_inputs(inputs) if scaling else inputs
