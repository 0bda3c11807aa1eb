"""Optimal rates on quadratic functions, and the factor by which an optimizer shrinks the error per step."""

import math

import numpy as np

from losses.optimizer.base import StepContext
from losses.optimizer.catalogue import GRADIENT_DESCENT, HEAVY_BALL
from losses.problem.benchmark_functions import test_function


def optimal_rate(low: float, high: float) -> float:
    """Return the optimal rate of gradient descent for curvatures from ``low`` to ``high``."""
    return 2.0 / (low + high)


def optimal_momentum(low: float, high: float) -> tuple[float, float]:
    """Return the optimal rate and momentum of the heavy ball for curvatures from ``low`` to ``high``.

    Source: B. T. Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
    """
    sqrt_low, sqrt_high = math.sqrt(low), math.sqrt(high)
    rate = (2.0 / (sqrt_low + sqrt_high)) ** 2
    return rate, ((sqrt_high - sqrt_low) / (sqrt_high + sqrt_low)) ** 2


def spectral_radius(curvature: float, rate: float, momentum: float | None = None) -> float:
    """Return the asymptotic factor per step of the error of gradient descent, or of the heavy ball.

    A step is a linear map of θ, or of θ and the velocity v, and the factor is
    the magnitude of its largest eigenvalue (G. Goh, Why momentum really works,
    2017). The columns of the map are found by stepping from unit vectors.
    """
    context = StepContext(np.zeros((2, 1)), test_function("bowl"))
    theta, velocity = np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])
    if momentum is None:
        delta, _ = GRADIENT_DESCENT.update(curvature * theta, velocity, rate, context)
        return float(np.abs(theta + delta)[0, 0])
    delta, velocity = HEAVY_BALL.update(curvature * theta, velocity, rate, context, momentum=momentum)
    return float(np.abs(np.linalg.eigvals(np.column_stack([theta + delta, velocity]))).max())
