"""Linear least squares by QR factorization of standardized columns, with iterative refinement."""

from typing import Any

import numpy as np

from losses.core.arrays import Array


def design_matrix(x: Array) -> Array:
    """Append a column of ones, for the intercept, to ``x (n, k)``; the result is ``(n, k + 1)``."""
    return np.column_stack([x, np.ones(len(x))])


def standardized_columns(x: Array) -> tuple[Array, Array, Array, Array]:
    """Return columns of mean 0 and standard deviation 1, and the three rows that they are made with.

    The columns are ``((x - first) - shift) / scale`` with the first row of x, so that no digits are lost
    however far the columns are from zero (T. Chan, G. Golub and R. LeVeque, Algorithms for computing the
    sample variance, 1983). The scale of a constant column is 1.
    """
    first = x[0]
    offset = x - first
    shift = offset.mean(axis=0)
    centered = offset - shift
    scale = np.sqrt(np.square(centered).mean(axis=0))
    scale = np.where(scale > 0.0, scale, 1.0)
    return centered / scale, first, shift, scale


def least_squares(x: Array, y: Array) -> Array:
    """Fit ``y (n,)`` by the columns of ``x (n, k)``; return k slopes and the intercept, ``(k + 1,)``.

    Every column of x must vary. If many solutions fit equally well, the slopes
    are those of smallest norm in standardized columns.
    """
    z, first, shift, scale = standardized_columns(x)
    if is_rank_deficient(z):
        slopes = np.linalg.pinv(z, rcond=_RANK_TOLERANCE * max(z.shape)) @ (y - y.mean()) / scale
        return np.append(slopes, y.mean() - slopes @ (first + shift))
    q, r = np.linalg.qr(z)
    slopes = np.linalg.solve(r, q.T @ (y - y.mean())) / scale
    exact_z = ((x.astype(np.longdouble) - first) - shift) / scale
    mean = first.astype(np.longdouble) + shift
    return _refine_iteratively(exact_z, y, mean, scale, r, slopes)


def coefficient_spread(x: Array) -> Array:
    """Return the square roots of the diagonal of n (AᵀA)⁻¹ for ``A = design_matrix(x)``, ``(k + 1,)``.

    They are computed from the singular values of the standardized columns: AᵀA itself would be singular in
    float64 for inputs far from zero. For linearly dependent columns it is the pseudo-inverse.
    """
    z, first, shift, scale = standardized_columns(x)
    _, singular_values, rows = np.linalg.svd(z, full_matrices=False)
    is_kept = singular_values > _RANK_TOLERANCE * max(z.shape) * singular_values[0]
    factors = np.sqrt(len(z)) * rows[is_kept] / singular_values[is_kept, None]
    mean = (first + shift) / scale
    return np.append(np.linalg.norm(factors, axis=0) / scale, np.hypot(1.0, np.linalg.norm(factors @ mean)))


_RANK_TOLERANCE = float(np.finfo(np.float64).eps)


def is_rank_deficient(z: Array) -> bool:
    """Whether standardized columns ``z (n, k)`` admit many least-squares solutions.

    They do if columns are linearly dependent or if there are no more rows than columns.
    """
    singular_values = np.linalg.svd(z, compute_uv=False)
    threshold = _RANK_TOLERANCE * max(z.shape) * singular_values[0]
    return len(z) <= z.shape[1] or bool(singular_values[-1] <= threshold)


def _refine_iteratively(z: Any, y: Array, mean: Any, scale: Array, r: Array, slopes: Array) -> Array:
    """Refine ``slopes`` with residuals in extended precision (Å. Björck, Iterative refinement, BIT 1967).

    ``z`` are the standardized columns and ``mean`` the means of x in extended
    precision; ``r`` is the triangular factor of z. Stops when the
    corrections no longer halve. Returns slopes and intercept ``(k + 1,)``.
    """
    w, intercept = slopes * scale.astype(np.longdouble), np.longdouble(y.mean())
    previous_size = np.inf
    for _ in range(3):
        residual = y - intercept - z @ w
        z_residual = (z.T @ residual).astype(np.float64)
        correction = np.linalg.solve(r, np.linalg.solve(r.T, z_residual))
        size = float(np.abs(correction).max())
        if not size < 0.5 * previous_size:
            break
        w, intercept, previous_size = w + correction, intercept + residual.mean(), size
    return np.append(w / scale, intercept - (w / scale) @ mean).astype(np.float64)
