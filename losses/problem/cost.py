"""Estimate what evaluations of a problem cost, from the sizes of data, model and loss alone."""

from typing import Final

import numpy as np

from losses.core.cost import EvaluationCost
from losses.loss.base import MULTICLASS, PREDICTION
from losses.problem.problem import DataProblem, Problem

PRODUCT: Final = 0.25
"""Multiplications of a product that is summed up with others, as in a product of matrices."""
NODE: Final = 8.0
"""Multiplications of an operation of a loss at one score; a logarithm costs more and a sum less."""
SCALED_NODE: Final = 25.0
"""The same where some numbers may leave float64, see :mod:`losses.expression.scaled`."""
FAR_SCORE: Final = 150.0
"""A prediction or score whose exponential, or a power of it, may leave float64."""
UNIT: Final = 16.0
"""Multiplications of a hidden neuron, or of a parameter of a curve, at one example, with its derivative."""
SECOND_PRODUCT: Final = 1.0 / 12.0
"""Multiplications of an example for an entry of the Hessian, in a product of matrices of all examples."""
SECOND_PRODUCT_OF_CLASSES: Final = 0.7
"""The same with a score for each class, whose products are of many small matrices."""
SOFTMAX: Final = 12.0
"""Multiplications of softmax for one score, and as many for its derivative."""
SOFTMAX_CURVATURE: Final = (750.0, 30.0)
"""Multiplications of the second derivative of a loss of softmax for an example and for a pair of classes."""
MARGIN: Final = 2.0
"""Factor by which the estimates exceed typical costs."""
FUNCTION: Final = 7.5
"""Multiplications of a function without data, such as a test function, for each parameter."""
CALL: Final = 60_000.0
CALL_OF_NODE: Final = 18_000.0
"""Multiplications that a call of a function takes besides, and of each operation in it."""


def evaluation_cost(problem: Problem) -> EvaluationCost:
    """Return upper estimates of the cost of evaluating a problem at one point of a batch.

    A model with n examples, d parameters, H hidden neurons and K scores for each example takes about n·d
    multiplications for its scores, as many for their derivatives, n·H activations and n·K losses.

    >>> import losses
    >>> small, large = (
    ...     evaluation_cost(losses.problem("moons", losses.MODELS["mlp"].with_settings(width=w), "bce"))
    ...     for w in (2, 32)
    ... )
    >>> large.gradient > 4 * small.gradient
    True
    """
    dim = problem.dim
    if not isinstance(problem, DataProblem):
        value = FUNCTION * dim
        return EvaluationCost(dim, value, 2.0 * value, 4.0 * value, 8.0 * 8.0 * dim)
    rows, scores, units = len(problem.y), score_count(problem), hidden_count(problem)
    of_value, of_slope, of_curvature = (rows * scores * each for each in loss_operations(problem))
    products, activations = PRODUCT * rows * dim, UNIT * rows * units
    value = MARGIN * (products + activations / 2.0 + of_value)
    gradient = MARGIN * (2.0 * products + activations + of_value + of_slope)
    each = SECOND_PRODUCT if scores == 1 else SECOND_PRODUCT_OF_CLASSES
    hessian = gradient + MARGIN * (
        rows * (each * dim**2 + softmax_curvature(problem)) + of_curvature * scores
    )
    numbers = rows * (scores * (4.0 + max(problem.loss.operations)) + 4.0 * units + 2.0)
    call = CALL + CALL_OF_NODE * max(problem.loss.operations)
    return EvaluationCost(dim, value, gradient, hessian, 8.0 * numbers, call)


def loss_operations(problem: DataProblem) -> tuple[float, float, float]:
    """Return the multiplications of the loss, of its slope and of its curvature at one score."""
    node = SCALED_NODE if leaves_range(problem) else NODE
    value, slope, curvature = (node * count for count in problem.loss.operations)
    softmax = SOFTMAX if score_count(problem) > 1 else 0.0
    return value + softmax, slope + softmax, curvature


def softmax_curvature(problem: DataProblem) -> float:
    """Return the multiplications for an example of what softmax adds to the curvature of a loss."""
    count = score_count(problem)
    if count == 1 or problem.loss.space != PREDICTION:
        return 0.0
    each, pair = SOFTMAX_CURVATURE
    return each + pair * count**2


def leaves_range(problem: DataProblem) -> bool:
    """Whether a loss that may leave float64 probably does so in the window of a problem: at its corners."""
    if not problem.loss.may_leave_range:
        return False
    plane = problem.plane
    (left, right), (low, high) = plane.box
    with np.errstate(all="ignore"):
        corners = plane.points(np.array([left, right, left, right]), np.array([low, low, high, high]))
        z = problem.score(corners)
        z = problem.link.value(z) if problem.loss.space == PREDICTION else z
        largest = np.abs(z).max() + np.abs(problem.y).max()
    return not largest < FAR_SCORE


def score_count(problem: DataProblem) -> int:
    """Return the number of scores of one example: that of the classes if there are more than two."""
    return max(1, len(problem.data.classes)) if problem.data.task == MULTICLASS else 1


def hidden_count(problem: DataProblem) -> int:
    """Return the number of neurons, or of parameters of a curve, before the output layer."""
    return len({(role.layer, role.unit) for role in problem.roles if not role.is_output})
