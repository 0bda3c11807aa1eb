"""Linear least squares by QR factorization of standardized columns, with iterative refinement."""

import numpy as np

from losses.core.arrays import Array


def design_matrix(x: Array) -> Array:
    """Append a column of ones, for the intercept, to ``x (n, k)``; the result is ``(n, k + 1)``."""
    return np.column_stack([x, np.ones(len(x))])


def least_squares(x: Array, y: Array) -> Array:
    """Fit ``y (n,)`` by the columns of ``x (n, k)``; return k slopes and the intercept, ``(k + 1,)``.

    Every column of x must vary. If many solutions fit equally well, the slopes
    are those of smallest norm in standardized columns.
    """
    mean, scale = x.mean(axis=0), x.std(axis=0)
    z = (x - mean) / scale
    if is_rank_deficient(z):
        slopes = np.linalg.pinv(z, rcond=_RANK_TOLERANCE * max(z.shape)) @ (y - y.mean()) / scale
        return np.append(slopes, y.mean() - slopes @ mean)
    q, r = np.linalg.qr(z)
    slopes = np.linalg.solve(r, q.T @ (y - y.mean())) / scale
    return _refine_iteratively(x, y, mean, scale, r, slopes)


_RANK_TOLERANCE = float(np.finfo(np.float64).eps)


def is_rank_deficient(z: Array) -> bool:
    """Whether standardized columns ``z (n, k)`` admit many least-squares solutions.

    They do if columns are linearly dependent or if there are no more rows than columns.
    """
    singular_values = np.linalg.svd(z, compute_uv=False)
    threshold = _RANK_TOLERANCE * max(z.shape) * singular_values[0]
    return len(z) <= z.shape[1] or bool(singular_values[-1] <= threshold)


def _refine_iteratively(x: Array, y: Array, mean: Array, scale: Array, r: Array, slopes: Array) -> Array:
    """Refine ``slopes`` with residuals in extended precision (Å. Björck, Iterative refinement, BIT 1967).

    ``r`` is the triangular factor of the standardized columns. Stops when the
    corrections no longer halve. Returns slopes and intercept ``(k + 1,)``.
    """
    z = (x.astype(np.longdouble) - mean) / scale
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
