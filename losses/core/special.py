"""Exponential functions to all digits over the range of float64, and fast reductions of a short last axis.

Sources of the forms: N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, section 1.14; M.
Mächler, *Accurately computing log(1 − exp(−|a|))*, 2012; P. Blanchard, D. Higham and N. Higham, *Accurately
computing the log-sum-exp and softmax functions*, 2021.
"""

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array


def sigmoid(z: Array) -> Array:
    """Return ``1 / (1 + exp(−z))``, without overflow at any z."""
    exp_neg_abs = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, exp_neg_abs) / (1.0 + exp_neg_abs)


def softplus(z: Array) -> Array:
    """Return ``log(1 + exp(z))``, without overflow at any z.

    Faster than ``np.logaddexp(0, z)``, whose exponential is not vectorized.
    """
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def sigmoid_slope(z: Array) -> Array:
    """Return the derivative σ(z) σ(−z) of the sigmoid; as σ − σ² it would be 0 for z above 37."""
    exp_neg_abs = np.exp(-np.abs(z))
    return np.asarray(exp_neg_abs / np.square(1.0 + exp_neg_abs))


def log_sum_exp_of_differences(z: Array, index: NDArray[np.intp]) -> Array:
    """Return log Σ_k e^(z_k − z_i) for ``z (..., n, K)`` and the i of each row, ``index (n,)``.

    The term k = i is 1 and the sum of the others goes to ``log1p``, so that digits are not lost where z_i is
    the largest by far.
    """
    rows = np.arange(z.shape[-2])
    differences = z - z[..., rows, index][..., None]
    shift = max_last_axis(differences)  # at least 0, as the difference k = i is 0
    terms = np.exp(differences - shift[..., None])
    terms[..., rows, index] = np.expm1(-shift)
    return np.where(np.isinf(shift), shift, shift + np.log1p(sum_last_axis(terms)))


def softmax_residual(z: Array, index: NDArray[np.intp]) -> Array:
    """Return the probabilities minus 1 for the classes ``index (n,)``, ``(..., n, K)``.

    The difference p − 1 is computed as minus the sum of the other probabilities.
    """
    rows, residual = np.arange(z.shape[-2]), softmax(z)
    residual[..., rows, index] = 0.0
    residual[..., rows, index] = -sum_last_axis(residual)
    return residual


def softmax_jacobian(z: Array) -> Array:
    """Return the derivatives ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ) of the softmax, ``(..., K, K)``.

    As rows sum to zero, the diagonal is minus the sum of the others, which cancels no digits.
    """
    p, classes = softmax(z), np.arange(z.shape[-1])
    jacobian = -p[..., :, None] * p[..., None, :]
    jacobian[..., classes, classes] = 0.0
    jacobian[..., classes, classes] = -sum_last_axis(jacobian)
    return np.asarray(jacobian)


def times_exp(factor: Array, exponent: Array) -> Array:
    """Return ``factor * exp(exponent)``, also where only the exponential is beyond float64."""
    product = np.asarray(factor * np.exp(exponent))
    if not np.isfinite(product).all():
        product = np.sign(factor) * np.exp(np.log(np.abs(factor)) + exponent)
        product = np.where(np.broadcast_to(factor, product.shape) == 0.0, 0.0, product)
    return product


def softmax(z: Array) -> Array:
    """Return the probabilities of the classes along the last axis, without overflow."""
    probabilities = np.exp(z - max_last_axis(z)[..., None])
    probabilities /= sum_last_axis(probabilities)[..., None]
    return np.asarray(probabilities)


def max_last_axis(z: Array) -> Array:
    """Return ``z.max(axis=-1)``, several times faster than NumPy for a handful of classes."""
    largest = np.array(z[..., 0])
    for k in range(1, z.shape[-1]):
        np.maximum(largest, z[..., k], out=largest)
    return largest


def sum_last_axis(z: Array) -> Array:
    """Return ``z.sum(axis=-1)`` as a product with ones, several times faster for a handful of classes."""
    return np.asarray(z @ np.ones(z.shape[-1]))
