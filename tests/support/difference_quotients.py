"""Central difference quotients, the independent witness of every derivative."""

from collections.abc import Callable

import numpy as np


def derivative(f: Callable, z: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Elementwise derivative of f at z, fourth order."""
    return (8 * (f(z + h) - f(z - h)) - (f(z + 2 * h) - f(z - 2 * h))) / (12 * h)


def jacobian(f: Callable, theta: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Derivatives of f along each coordinate of theta ``(d,)``; the new axis is the last."""
    columns = []
    for i in range(len(theta)):
        e = np.zeros(len(theta))
        e[i] = 1e-4 * unit[i]
        columns.append(
            (8 * (f(theta + e) - f(theta - e)) - (f(theta + 2 * e) - f(theta - 2 * e))) / (12 * e[i])
        )
    return np.stack(columns, axis=-1)
