"""Losses for several classes, as functions of the scores of all classes."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import message
from losses.core.special import max_last_axis, softmax, sum_last_axis
from losses.loss.base import LOG_SUM_EXP, MULTICLASS, SCORE, Loss


def one_hot(y: Array, n_classes: int) -> Array:
    """Encode class numbers ``y (n,)`` as rows of an identity matrix, ``(n, K)``."""
    return np.eye(n_classes)[np.asarray(y, dtype=np.intp)]


def _cce(z: Array, y: Array) -> Array:
    """Return log Σ e^(z_k) − z_y, shifted by the largest score to avoid overflow."""
    largest = max_last_axis(z)
    log_sum_exp = np.log(sum_last_axis(np.exp(z - largest[..., None]))) + largest
    return np.asarray(log_sum_exp - z[..., np.arange(z.shape[-2]), np.asarray(y, dtype=np.intp)])


def _cce_curvature(z: Array, y: Array) -> Array:
    p = softmax(z)
    return p[..., :, None] * np.eye(z.shape[-1]) - p[..., :, None] * p[..., None, :]


CATEGORICAL_CROSS_ENTROPY: Final = Loss(
    key="cce",
    name=message("categorical cross-entropy"),
    formula=r"-\log p_y",
    when=message("For one of several classes: only the probability of the true class counts."),
    tasks=(MULTICLASS,),
    space=SCORE,
    value=_cce,
    slope=lambda z, y: softmax(z) - one_hot(y, z.shape[-1]),
    curvature=_cce_curvature,
    convex=True,
    smooth=True,
    bounded_gradient=True,
    lower_bound=0.0,
    example=((0.0,) * 10, 3.0, float(np.log(10.0))),
    greatest_curvature=0.5,
    closed_form=LOG_SUM_EXP,
    vanishes_for_large_margins=(MULTICLASS,),
    strictly_decreasing_in_margin=(MULTICLASS,),
    attains_minimum=True,
    of_true_probability=lambda p: -np.log(p),
)

MULTICLASS_LOSSES: Final = (CATEGORICAL_CROSS_ENTROPY,)
