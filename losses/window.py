"""Where to look: the window in which a model's story on its data can be seen, whatever the loss."""

from collections.abc import Callable

import numpy as np

from losses.arrays import Array

Window = Callable[[Array, Array], tuple[Array, Array]]


def design(x: Array) -> Array:
    """``x (n, k)`` with a column of ones for the intercept, ``(n, k + 1)``."""
    return np.column_stack([x, np.ones(len(x))])


def least_squares(x: Array, y: Array) -> Array:
    """The least-squares line, ``(k + 1,)``, by QR on centered and scaled columns."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    q, r = np.linalg.qr((x - mean) / scale)
    slopes = np.linalg.solve(r, q.T @ (y - y.mean())) / scale
    return np.append(slopes, y.mean() - slopes @ mean)


def line_window(x: Array, y: Array) -> tuple[Array, Array]:
    """The box around the ellipse where the squared error exceeds its best by five times the zero model's."""
    best = least_squares(x, y)
    a = design(x)
    spread = np.linalg.inv(2.0 * a.T @ a / len(a))
    level = 5.0 * float(np.square(y).mean())
    return best, np.sqrt(2.0 * level * np.diag(spread))


def logistic_window(x: Array, y: Array) -> tuple[Array, Array]:
    """Slopes of up to about eight standardized units around zero, where a sigmoid goes from flat to steep."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    half = np.append(8.0 / scale, 8.0 * (1.0 + np.abs(mean / scale).max()))
    return np.zeros(len(half)), half
