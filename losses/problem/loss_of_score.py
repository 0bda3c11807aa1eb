"""A loss carried through a model's link: value and derivatives in the score."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array
from losses.core.special import sum_last_axis
from losses.loss.base import MULTICLASS, PREDICTION, Loss
from losses.loss.multiclass import one_hot
from losses.model.output_activation import IDENTITY_KEY, SOFTMAX_KEY, OutputActivation

ScoreFunction = Callable[[Array], Array]


@dataclass(frozen=True)
class LossOfScore:
    """Per-example ``value``, ``slope`` and ``curvature`` as functions of the score alone.

    For several classes the score is ``(..., n, K)``, the slope too, and the
    curvature ``(..., n, K, K)``; otherwise all are ``(..., n)``.
    """

    value: ScoreFunction
    slope: ScoreFunction
    curvature: ScoreFunction


def compose(loss: Loss, activation: OutputActivation, y: Array, task: str) -> LossOfScore:
    """``loss`` of targets ``y`` as a function of the score that ``activation`` turns into a prediction."""
    if loss.space != PREDICTION or activation.key == IDENTITY_KEY:
        return LossOfScore(
            lambda z: loss.value(z, y), lambda z: loss.slope(z, y), lambda z: loss.curvature(z, y)
        )
    if task == MULTICLASS and activation.key == SOFTMAX_KEY:
        return _compose_with_softmax(loss, activation, y)

    def curvature(z: Array) -> Array:
        said = activation.value(z)
        bend = loss.slope(said, y) * activation.curvature(z)
        return loss.curvature(said, y) * np.square(activation.slope(z)) + bend

    return LossOfScore(
        lambda z: loss.value(activation.value(z), y),
        lambda z: loss.slope(activation.value(z), y) * activation.slope(z),
        curvature,
    )


def _compose_with_softmax(loss: Loss, activation: OutputActivation, y: Array) -> LossOfScore:
    """The sum over classes of a loss of each probability against 1 for the true class and 0 for the others."""

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
        away = eye - p[..., None, :]
        weight = g * p
        bend = np.swapaxes(away, -1, -2) @ (weight[..., :, None] * away)
        return np.asarray(
            np.swapaxes(jacobian, -1, -2) @ (h[..., :, None] * jacobian)
            + bend
            - weight.sum(axis=-1)[..., None, None] * jacobian
        )

    return LossOfScore(value, slope, curvature)
