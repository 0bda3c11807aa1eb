"""Central difference quotients, an independent check of derivatives."""

from collections.abc import Callable

import numpy as np


def derivative(f: Callable, z: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the elementwise derivative of ``f`` at ``z``, with an error of fourth order in ``h``."""
    return (8 * (f(z + h) - f(z - h)) - (f(z + 2 * h) - f(z - 2 * h))) / (12 * h)


def jacobian(f: Callable, theta: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Return the derivatives of ``f`` along each coordinate of ``theta (d,)``, as a new last axis.

    ``unit (d,)`` scales the step of each coordinate.
    """
    columns = []
    for i in range(len(theta)):
        e = np.zeros(len(theta))
        e[i] = 1e-4 * unit[i]
        columns.append(
            (8 * (f(theta + e) - f(theta - e)) - (f(theta + 2 * e) - f(theta - 2 * e))) / (12 * e[i])
        )
    return np.stack(columns, axis=-1)
