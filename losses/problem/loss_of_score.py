"""Compose a loss with an output activation: value and derivatives as functions of the score."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array
from losses.core.special import sigmoid, softmax_jacobian, softmax_residual, sum_last_axis
from losses.loss.base import BINARY, MULTICLASS, PREDICTION, Loss
from losses.loss.multiclass import class_index, one_hot
from losses.model.output_activation import IDENTITY_KEY, SIGMOID_KEY, SOFTMAX_KEY, OutputActivation

ScoreFunction = Callable[[Array], Array]
"""A function of the scores of all examples."""


@dataclass(frozen=True)
class LossOfScore:
    """The loss of each example, its slope and its curvature as functions of the score.

    With one score per example all are ``(..., n)``. For several classes score and slope are ``(..., n, K)``,
    the value is ``(..., n)`` and the curvature ``(..., n, K, K)``.
    """

    value: ScoreFunction
    slope: ScoreFunction
    curvature: ScoreFunction


def compose(loss: Loss, activation: OutputActivation, y: Array, task: str) -> LossOfScore:
    """Return ``loss`` for targets ``y (n,)`` as a function of the score.

    ``activation`` maps the score to a prediction; losses that are defined on the score ignore it. ``task`` is
    that of the dataset.
    """
    if loss.space != PREDICTION or activation.key == IDENTITY_KEY:
        return LossOfScore(
            lambda z: loss.value(z, y), lambda z: loss.slope(z, y), lambda z: loss.curvature(z, y)
        )
    if task == MULTICLASS and activation.key == SOFTMAX_KEY:
        return _compose_with_softmax(loss, activation, y)

    prediction, target = activation.value, y
    if loss.error_power and task == BINARY and activation.key == SIGMOID_KEY:
        # A loss of the residual; p − 1 = −σ(−z) loses its digits if it is computed as a difference.
        sign, target = 2.0 * y - 1.0, np.zeros_like(y)
        prediction = lambda z: -sign * sigmoid(-sign * z)  # noqa: E731

    def curvature(z: Array) -> Array:
        p = prediction(z)
        from_activation = loss.slope(p, target) * activation.curvature(z)
        return loss.curvature(p, target) * np.square(activation.slope(z)) + from_activation

    return LossOfScore(
        lambda z: loss.value(prediction(z), target),
        lambda z: loss.slope(prediction(z), target) * activation.slope(z),
        curvature,
    )


def _compose_with_softmax(loss: Loss, activation: OutputActivation, y: Array) -> LossOfScore:
    """Compose with softmax: the sum over classes of the loss of each probability p against its target.

    The target is 1 for the true class and 0 for the others. The derivatives use ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ).
    """

    index = class_index(y)

    def arguments(z: Array) -> tuple[Array, Array]:
        """Return predictions and targets, or residuals and 0 for a loss of the residual."""
        if loss.error_power:
            return softmax_residual(z, index), np.zeros(1)
        return activation.value(z), one_hot(y, z.shape[-1])

    def value(z: Array) -> Array:
        return sum_last_axis(loss.value(*arguments(z)))

    def slope(z: Array) -> Array:
        p, g = activation.value(z), loss.slope(*arguments(z))
        return np.asarray(p * (g - sum_last_axis(g * p)[..., None]))

    def curvature(z: Array) -> Array:
        p, eye = activation.value(z), np.eye(z.shape[-1])
        g, h = loss.slope(*arguments(z)), loss.curvature(*arguments(z))
        jacobian = softmax_jacobian(z)
        deviation = eye - p[..., None, :]
        weight = g * p
        outer = np.swapaxes(deviation, -1, -2) @ (weight[..., :, None] * deviation)
        return np.asarray(
            np.swapaxes(jacobian, -1, -2) @ (h[..., :, None] * jacobian)
            + outer
            - weight.sum(axis=-1)[..., None, None] * jacobian
        )

    return LossOfScore(value, slope, curvature)
