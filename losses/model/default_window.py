"""Where to look: the window in which a model's story on its data can be seen, whatever the loss."""

from collections.abc import Callable

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix, is_rank_deficient, least_squares

WindowFunction = Callable[[Array, Array], tuple[Array, Array]]


def line_window(x: Array, y: Array) -> tuple[Array, Array]:
    """The box around the ellipse where the squared error exceeds its best by five times the zero model's."""
    best = least_squares(x, y)
    a = design_matrix(x)
    bowl = 2.0 * a.T @ a / len(a)
    many = is_rank_deficient((x - x.mean(axis=0)) / x.std(axis=0))
    spread = np.linalg.pinv(bowl, hermitian=True) if many else np.linalg.inv(bowl)
    level = 5.0 * float(np.square(y).mean())
    return best, np.sqrt(2.0 * level * np.diag(spread))


def logistic_window(x: Array, y: Array) -> tuple[Array, Array]:
    """Slopes of up to about eight standardized units around zero, where a sigmoid goes from flat to steep."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    half = np.append(8.0 / scale, 8.0 * (1.0 + np.abs(mean / scale).max()))
    return np.zeros(len(half)), half


def softmax_window(x: Array, y: Array) -> tuple[Array, Array]:
    """Weights of a few standardized units around zero, for as many classes as ``y`` has."""
    scale = np.maximum(x.std(axis=0), 0.1 * x.std())
    one = np.append(4.0 / scale, 6.0)
    half = np.tile(one, len(np.unique(y)))
    return np.zeros(len(half)), half


def _fit_by_variable_projection(
    curve: Callable[[Array, Array], Array], x: Array, y: Array, candidates: Array
) -> tuple[float, float]:
    """The shape parameter among ``candidates`` whose curve fits best, and its factor by least squares.

    Variable projection (G. Golub and V. Pereyra, 1973): the factor enters
    linearly, so only the shape is searched.
    """
    curves = curve(candidates[:, None], x[:, 0])
    power = np.maximum((curves * curves).sum(axis=1), 1e-300)
    factors = (curves @ y) / power
    errors = np.square(factors[:, None] * curves - y).sum(axis=1)
    best = int(np.argmin(errors))
    return float(factors[best]), float(candidates[best])


def positive_window(curve: Callable[[Array, Array], Array], scale_free: bool = False) -> WindowFunction:
    """For ``a * f(b, x)``: the box that holds zero, the best curve and twice its parameters."""

    def window(x: Array, y: Array) -> tuple[Array, Array]:
        shapes = np.geomspace(1e-2, 1e2, 801) / float(np.median(x))
        a, b = _fit_by_variable_projection(curve, x, y, np.linspace(-3.0, 3.0, 601) if scale_free else shapes)
        return np.array([a, b]), np.array([1.2 * abs(a), 1.2 * max(abs(b), 0.3 if scale_free else 0.0)])

    return window


def symmetric_window(curve: Callable[[Array, Array], Array]) -> WindowFunction:
    """For ``v * f(w, x)``, odd in both: a box around zero with both mirrored minima."""

    def window(x: Array, y: Array) -> tuple[Array, Array]:
        v, w = _fit_by_variable_projection(curve, x, y, np.geomspace(1e-2, 1e2, 801) / float(np.abs(x).max()))
        return np.zeros(2), np.array([2.2 * abs(w), 2.2 * abs(v)])

    return window
