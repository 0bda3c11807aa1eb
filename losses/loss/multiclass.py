"""Losses for several classes, as functions of the scores of all classes."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.messages import message
from losses.core.special import log_sum_exp_of_differences, softmax_jacobian, softmax_residual
from losses.loss.base import LOG_SUM_EXP, MULTICLASS, SCORE, Loss, LossFunction


def class_index(y: Array) -> NDArray[np.intp]:
    """Return class numbers, which are stored as floats, as indices."""
    return np.asarray(y, dtype=np.intp)


def one_hot(y: Array, n_classes: int) -> Array:
    """Encode class numbers ``y (n,)`` as rows of an identity matrix, ``(n, K)``."""
    return np.eye(n_classes)[class_index(y)]


def of_scores(f: Callable[[Array, NDArray[np.intp]], Array]) -> LossFunction:
    """Turn a function of scores ``(..., n, K)`` and class numbers ``(n,)`` into one of scores and targets.

    It raises ValueError if the scores have another shape or a target is not the number of a class.
    """

    def function(z: Array, y: Array) -> Array:
        if z.ndim < 2 or y.shape not in ((), z.shape[-2:-1]):
            raise ValueError(
                f"scores have shape (..., n, K) and targets (n,), for n examples and K classes; "
                f"not {z.shape} and {y.shape}"
            )
        index = np.broadcast_to(class_index(y), z.shape[-2:-1])
        if not ((index == y) & (index >= 0) & (index < z.shape[-1])).all():
            raise ValueError(f"a target is a whole number from 0 to {z.shape[-1] - 1}, that of its class")
        return f(z, index)

    return function


CATEGORICAL_CROSS_ENTROPY: Final = Loss(
    key="cce",
    operations=(1.0, 1.0, 1.0),
    name=message("categorical cross-entropy"),
    formula=r"-\log p_y",
    when=message("For one of several classes: only the probability of the true class counts."),
    tasks=(MULTICLASS,),
    space=SCORE,
    value=of_scores(log_sum_exp_of_differences),
    slope=of_scores(softmax_residual),
    curvature=of_scores(lambda z, index: softmax_jacobian(z)),
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
