"""Best rates on bowls, and by how much an optimizer shrinks one at each step."""

import math

import numpy as np

from losses.optimizer.base import StepContext
from losses.optimizer.catalogue import GRADIENT_DESCENT, HEAVY_BALL
from losses.problem.benchmark_functions import test_function


def optimal_rate(low: float, high: float) -> float:
    """The best rate of gradient descent on a bowl with curvatures from ``low`` to ``high``."""
    return 2.0 / (low + high)


def optimal_momentum(low: float, high: float) -> tuple[float, float]:
    """The best rate and momentum of the heavy ball (B. Polyak, 1964)."""
    a, b = math.sqrt(low), math.sqrt(high)
    return (2.0 / (a + b)) ** 2, ((b - a) / (b + a)) ** 2


def spectral_radius(curvature: float, rate: float, momentum: float | None = None) -> float:
    """The factor by which gradient descent, or the heavy ball, shrinks its error each step in the long run.

    A step is linear in θ, or in θ and v, so it is seen from two steps; the
    factor is the size of its largest eigenvalue (G. Goh, Why momentum really
    works, 2017).
    """
    context = StepContext(np.zeros((2, 1)), test_function("bowl"))
    theta, memory = np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])
    if momentum is None:
        delta, _ = GRADIENT_DESCENT.update(curvature * theta, memory, rate, context)
        return float(np.abs(theta + delta)[0, 0])
    delta, memory = HEAVY_BALL.update(curvature * theta, memory, rate, context, momentum=momentum)
    return float(np.abs(np.linalg.eigvals(np.column_stack([theta + delta, memory]))).max())
