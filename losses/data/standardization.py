"""Standardization of inputs and targets: subtract the mean, divide by the standard deviation."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from losses.core.arrays import Array, as_float_array, frozen
from losses.data.dataset import Dataset
from losses.loss.base import REGRESSION


@dataclass(frozen=True)
class Standardization:
    """The means and scales of an affine map from the data's units to standardized units.

    Scales are population standard deviations, or 1 where these are 0.
    """

    x_mean: Array
    """``(k,)``; zeros if inputs are not centered."""
    x_scale: Array
    """``(k,)``."""
    y_mean: float = 0.0
    y_scale: float = 1.0

    def transform_inputs(self, x: Array) -> Array:
        """Standardize inputs ``(n, k)`` in the data's units."""
        return np.asarray((x - self.x_mean) / self.x_scale)


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
    x = frozen(scaling.transform_inputs(data.inputs))
    return x, frozen((data.y - scaling.y_mean) / scaling.y_scale)


def standardize_inputs(x: Any, n_inputs: int, scaling: Standardization | None) -> Array:
    """Convert new inputs in the data's units to those of a problem, ``(m, k)``.

    ``x`` is ``(m, k)``, or ``(m,)`` if there is one input; other shapes raise ValueError.
    """
    inputs = as_float_array(x, "x")
    inputs = inputs[:, None] if inputs.ndim == n_inputs == 1 else inputs
    if inputs.ndim != 2 or inputs.shape[1] != n_inputs:
        raise ValueError(
            f"x must have shape {'(m,) or ' * (n_inputs == 1)}(m, {n_inputs}); not {inputs.shape}"
        )
    return scaling.transform_inputs(inputs) if scaling else inputs
