"""A loss carried through a model's link: value and derivatives in the score."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.core.arrays import Array
from losses.core.special import total
from losses.loss.base import MULTICLASS, PREDICTION, Loss
from losses.loss.multiclass import one_hot
from losses.model.output_activation import IDENTITY, SOFTMAX, Link

Of = Callable[[Array], Array]


@dataclass(frozen=True)
class Composition:
    """Per-example ``value``, ``slope`` and ``curvature`` as functions of the score alone.

    For several classes the score is ``(..., n, K)``, the slope too, and the
    curvature ``(..., n, K, K)``; otherwise all are ``(..., n)``.
    """

    value: Of
    slope: Of
    curvature: Of


def compose(loss: Loss, link: Link, y: Array, task: str) -> Composition:
    """``loss`` of targets ``y`` as a function of the score that ``link`` turns into a prediction."""
    if loss.space != PREDICTION or link.key == IDENTITY:
        return Composition(
            lambda z: loss.value(z, y), lambda z: loss.slope(z, y), lambda z: loss.curvature(z, y)
        )
    if task == MULTICLASS and link.key == SOFTMAX:
        return _through_softmax(loss, link, y)

    def curvature(z: Array) -> Array:
        said = link.value(z)
        bend = loss.slope(said, y) * link.curvature(z)
        return loss.curvature(said, y) * np.square(link.slope(z)) + bend

    return Composition(
        lambda z: loss.value(link.value(z), y),
        lambda z: loss.slope(link.value(z), y) * link.slope(z),
        curvature,
    )


def _through_softmax(loss: Loss, link: Link, y: Array) -> Composition:
    """The sum over classes of a loss of each probability against 1 for the true class and 0 for the others."""

    def targets(z: Array) -> Array:
        return one_hot(y, z.shape[-1])

    def value(z: Array) -> Array:
        return total(loss.value(link.value(z), targets(z)))

    def slope(z: Array) -> Array:
        p = link.value(z)
        g = loss.slope(p, targets(z))
        return np.asarray(p * (g - total(g * p)[..., None]))

    def curvature(z: Array) -> Array:
        p, eye = link.value(z), np.eye(z.shape[-1])
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

    return Composition(value, slope, curvature)
