"""Default windows: the part of the parameter space of a model that is shown, whatever the loss.

Each function takes ``x (n, k)`` and ``y (n,)`` and returns the center and the
half widths of a box, ``(d,)`` each.
"""

from collections.abc import Callable

import numpy as np

from losses.core.arrays import Array
from losses.core.least_squares import coefficient_spread, least_squares, standardized_columns

MAX_FACTOR = 1e300
"""The largest factor of a fitted curve, so that a window around it stays within float64."""
WindowFunction = Callable[[Array, Array], tuple[Array, Array]]


def line_window(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the bounding box of a sublevel ellipse of the mean squared error, for linear regression.

    On the ellipse the error exceeds its minimum by five times the error of the zero model.
    """
    half_widths = np.sqrt(5.0 * np.square(y).mean()) * coefficient_spread(x)
    return least_squares(x, y), half_widths


def logistic_window(x: Array, y: Array) -> tuple[Array, Array]:
    """Return a box around zero with weights up to 8 per standard deviation of the inputs.

    Within it a sigmoid of the score varies from flat to steep.
    """
    _, first, shift, scale = standardized_columns(x)
    half_widths = np.append(8.0 / scale, 8.0 * (1.0 + np.abs((first + shift) / scale).max()))
    return np.zeros(len(half_widths)), half_widths


def softmax_window(x: Array, y: Array) -> tuple[Array, Array]:
    """Return a box around zero with weights up to 4 per standard deviation, for all classes in ``y``."""
    scale = np.maximum(x.std(axis=0), 0.1 * x.std()) if np.ptp(x) > 0.0 else np.ones(x.shape[1])
    half_widths_of_class = np.append(4.0 / scale, 6.0)
    half_widths = np.tile(half_widths_of_class, len(np.unique(y)))
    return np.zeros(len(half_widths)), half_widths


def _fit_by_variable_projection(
    curve: Callable[[Array, Array], Array], x: Array, y: Array, candidates: Array
) -> tuple[float, float]:
    """Fit ``a * curve(b, x)`` with b among ``candidates``; return a and b.

    The factor a enters linearly, so least squares gives it for each b and only b
    is searched (G. Golub and V. Pereyra, variable projection, 1973). Each curve is
    scaled to a largest value of 1, so that its squares stay within float64.
    """
    with np.errstate(all="ignore"):
        curves = curve(candidates[:, None], x[:, 0])
        sizes = np.abs(curves).max(axis=1)
        curves = curves / sizes[:, None]
        factors = (curves @ y) / (curves * curves).sum(axis=1)
        errors = np.square(factors[:, None] * curves - y).sum(axis=1)
        factors = factors / sizes
    errors[~(np.isfinite(errors) & (np.abs(factors) <= MAX_FACTOR))] = np.inf
    i = int(np.argmin(errors))
    return float(factors[i]) if np.isfinite(errors[i]) else 0.0, float(candidates[i])


def positive_window(curve: Callable[[Array, Array], Array], scale_free: bool = False) -> WindowFunction:
    """Return a window function for the model ``a * curve(b, x)``.

    The box is centered at the best fit (a, b) and contains zero and (2a, 2b). If
    ``scale_free``, b does not depend on the unit of x, and is searched from −3 to 3.
    """

    def window(x: Array, y: Array) -> tuple[Array, Array]:
        shapes = np.geomspace(1e-2, 1e2, 801) / float(np.median(x))
        a, b = _fit_by_variable_projection(curve, x, y, np.linspace(-3.0, 3.0, 601) if scale_free else shapes)
        return np.array([a, b]), np.array([1.2 * abs(a), 1.2 * max(abs(b), 0.3 if scale_free else 0.0)])

    return window


def symmetric_window(curve: Callable[[Array, Array], Array]) -> WindowFunction:
    """Return a window function for the model ``v * curve(w, x)`` that is odd in w and in v.

    The box is centered at zero and contains the best fit (w, v) and its mirror image (−w, −v).
    """

    def window(x: Array, y: Array) -> tuple[Array, Array]:
        v, w = _fit_by_variable_projection(curve, x, y, np.geomspace(1e-2, 1e2, 801) / float(np.abs(x).max()))
        return np.zeros(2), np.array([2.2 * abs(w), 2.2 * abs(v)])

    return window
