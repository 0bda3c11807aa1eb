"""Least squares by QR factorization with column scaling."""

import numpy as np

from losses.core.arrays import Array


def design_matrix(x: Array) -> Array:
    """``x (n, k)`` with a column of ones for the intercept, ``(n, k + 1)``."""
    return np.column_stack([x, np.ones(len(x))])


def least_squares(x: Array, y: Array) -> Array:
    """The least-squares line, ``(k + 1,)``, by QR on centered and scaled columns; the smallest where there are many."""
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
    """Whether columns depend on each other, or are more than the rows: then many lines fit equally well."""
    sizes = np.linalg.svd(z, compute_uv=False)
    return len(z) <= z.shape[1] or bool(sizes[-1] <= _RANK_TOLERANCE * max(z.shape) * sizes[0])


def _refine_iteratively(x: Array, y: Array, mean: Array, scale: Array, r: Array, slopes: Array) -> Array:
    """The same with residuals in the longest numbers of the machine (Å. Björck, Iterative refinement, 1967)."""
    z = (x.astype(np.longdouble) - mean) / scale
    w, level = slopes * scale.astype(np.longdouble), np.longdouble(y.mean())
    last = np.inf
    for _ in range(3):
        rest = y - level - z @ w
        pull = (z.T @ rest).astype(np.float64)
        step = np.linalg.solve(r, np.linalg.solve(r.T, pull))
        size = float(np.abs(step).max())
        if not size < 0.5 * last:
            break
        w, level, last = w + step, level + rest.mean(), size
    return np.append(w / scale, level - (w / scale) @ mean).astype(np.float64)
