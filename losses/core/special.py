"""Special functions: sigmoid, softplus and softmax, stable for large arguments."""

import numpy as np

from losses.core.arrays import Array


def sigmoid(z: Array) -> Array:
    """The logistic function, without overflow at any z."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def softplus(z: Array) -> Array:
    """``log(1 + exp(z))`` without overflow; its exponential runs on vectors, which logaddexp's does not."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softmax(z: Array) -> Array:
    """Probabilities of the classes along the last axis, without overflow."""
    small = np.exp(z - max_last_axis(z)[..., None])
    small /= sum_last_axis(small)[..., None]
    return np.asarray(small)


def max_last_axis(z: Array) -> Array:
    """The largest along a short last axis, several times as fast as NumPy's own for a handful of classes."""
    top = np.array(z[..., 0])
    for k in range(1, z.shape[-1]):
        np.maximum(top, z[..., k], out=top)
    return top


def sum_last_axis(z: Array) -> Array:
    """The sum along a short last axis, as a product with ones for the same reason."""
    return np.asarray(z @ np.ones(z.shape[-1]))
