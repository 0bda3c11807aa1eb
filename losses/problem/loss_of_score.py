"""Compose a loss with an output activation: value and derivatives as functions of the score."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array
from losses.core.special import sum_last_axis
from losses.loss.base import MULTICLASS, PREDICTION, Loss
from losses.loss.multiclass import one_hot
from losses.model.output_activation import IDENTITY_KEY, SOFTMAX_KEY, OutputActivation

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

    def curvature(z: Array) -> Array:
        prediction = activation.value(z)
        from_activation = loss.slope(prediction, y) * activation.curvature(z)
        return loss.curvature(prediction, y) * np.square(activation.slope(z)) + from_activation

    return LossOfScore(
        lambda z: loss.value(activation.value(z), y),
        lambda z: loss.slope(activation.value(z), y) * activation.slope(z),
        curvature,
    )


def _compose_with_softmax(loss: Loss, activation: OutputActivation, y: Array) -> LossOfScore:
    """Compose with softmax: the sum over classes of the loss of each probability p against its target.

    The target is 1 for the true class and 0 for the others. The derivatives use ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ).
    """

    def targets(z: Array) -> Array:
        return one_hot(y, z.shape[-1])

    def value(z: Array) -> Array:
        return sum_last_axis(loss.value(activation.value(z), targets(z)))

    def slope(z: Array) -> Array:
        p = activation.value(z)
        g = loss.slope(p, targets(z))
        return np.asarray(p * (g - sum_last_axis(g * p)[..., None]))

    def curvature(z: Array) -> Array:
        p, eye = activation.value(z), np.eye(z.shape[-1])
        g, h = loss.slope(p, targets(z)), loss.curvature(p, targets(z))
        jacobian = p[..., :, None] * (eye - p[..., None, :])
        deviation = eye - p[..., None, :]
        weight = g * p
        outer = np.swapaxes(deviation, -1, -2) @ (weight[..., :, None] * deviation)
        return np.asarray(
            np.swapaxes(jacobian, -1, -2) @ (h[..., :, None] * jacobian)
            + outer
            - weight.sum(axis=-1)[..., None, None] * jacobian
        )

    return LossOfScore(value, slope, curvature)
