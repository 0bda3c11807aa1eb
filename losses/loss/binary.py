"""Losses for two classes, as functions of the score z and a target of 0 or 1.

All are functions of the margin m = ±z, the score times the sign of the target.
As such they lose no digits at large scores: cross-entropy at m = 36 is
log(1 + e^(−36)) = 2.3e−16, while softplus(z) − z would be 0.
"""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting
from losses.core.messages import message
from losses.core.special import sigmoid, sigmoid_slope, softplus
from losses.loss.base import (
    BINARY,
    EXP,
    LOG_1P_EXP,
    SCORE,
    Loss,
    LossFunction,
    constant_breakpoints,
    constant_derivative,
)


def _target_sign(y: Array) -> Array:
    """Return −1 for the target 0 and 1 for the target 1. Raises ValueError for any other target."""
    sign = 2.0 * y - 1.0
    if not (np.abs(sign) == 1.0).all():
        raise ValueError(f"the target of a loss of two classes is 0 or 1; not {y[np.abs(sign) != 1.0][0]:g}")
    return sign


def value_of_margin(f: LossFunction) -> LossFunction:
    """Turn a value or curvature in the margin into one in the score, ``f(z, y)``."""
    return lambda z, y, **settings: f(_target_sign(y) * z, **settings)


def slope_of_margin(f: LossFunction) -> LossFunction:
    """Turn a slope in the margin into one in the score, whose sign changes with the target."""

    def slope(z: Array, y: Array, **settings: float) -> Array:
        sign = _target_sign(y)
        return np.asarray(sign * f(sign * z, **settings))

    return slope


def _focal(m: Array, gamma: float = 2.0) -> Array:
    """Focal loss (1 − p)^γ · (−log p) of the margin, with p = σ(m) (Lin et al. 2017)."""
    return sigmoid(-m) ** gamma * softplus(-m)


def _focal_slope(m: Array, gamma: float = 2.0) -> Array:
    q, p = sigmoid(-m), sigmoid(m)
    return -(q**gamma) * (gamma * p * softplus(-m) + q)


def _focal_curvature(m: Array, gamma: float = 2.0) -> Array:
    q, p, s = sigmoid(-m), sigmoid(m), softplus(-m)
    slope_factor = gamma * p * s + q  # the slope is −q^γ times this
    factor_slope = gamma * p * q * s - gamma * p * q - p * q
    return q**gamma * (gamma * p * slope_factor - factor_slope)


def _exponential(m: Array) -> Array:
    return np.exp(-m)


def _is_mistake(m: Array) -> Array:
    """Return 1 at margins up to 0, 0 above and NaN where the margin is not a number."""
    return np.where(np.isnan(m), m, m <= 0.0)


CROSS_ENTROPY: Final = Loss(
    key="bce",
    name=message("cross-entropy"),
    formula=r"-y\log p-(1-y)\log(1-p)",
    expression="softplus(-(2*y - 1)*z)",
    when=message("For yes or no: a confident mistake costs more than any other, without limit."),
    tasks=(BINARY,),
    space=SCORE,
    value=value_of_margin(lambda m: softplus(-m)),
    slope=slope_of_margin(lambda m: -sigmoid(-m)),  # σ(z) − y would lose its digits at large margins
    curvature=value_of_margin(sigmoid_slope),
    convex=True,
    smooth=True,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(0.0, 1.0, float(np.log(2.0))),
    greatest_curvature=0.25,
    closed_form=LOG_1P_EXP,
    vanishes_for_large_margins=(BINARY,),
    strictly_decreasing_in_margin=(BINARY,),
    attains_minimum=True,
)
HINGE: Final = Loss(
    key="hinge",
    name=message("hinge loss"),
    formula=r"\max(0,\,1 - m),\quad m = \pm z",
    expression="max(0, 1 - (2*y - 1)*z)",
    when=message("Being right by a margin of one is enough. Only examples near the border pull."),
    tasks=(BINARY,),
    space=SCORE,
    value=value_of_margin(lambda m: np.maximum(0.0, 1.0 - m)),
    slope=slope_of_margin(lambda m: np.where(m < 1.0, -1.0, 0.0)),
    curvature=constant_derivative(0.0),
    convex=True,
    smooth=False,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(0.25, 1.0, 0.75),
    breakpoints=constant_breakpoints(1.0),
    kinks=(1.0,),
    zero_beyond_margin=1.0,
    attains_minimum=True,
)
SQUARED_HINGE: Final = Loss(
    key="squared_hinge",
    name=message("squared hinge loss"),
    formula=r"\max(0,\,1 - m)^2",
    expression="max(0, 1 - (2*y - 1)*z)**2",
    when=message("A hinge without the kink: the further inside the margin, the harder the pull."),
    tasks=(BINARY,),
    space=SCORE,
    value=value_of_margin(lambda m: np.square(np.maximum(0.0, 1.0 - m))),
    slope=slope_of_margin(lambda m: -2.0 * np.maximum(0.0, 1.0 - m)),
    curvature=value_of_margin(lambda m: np.where(m < 1.0, 2.0, 0.0)),
    convex=True,
    smooth=True,
    bounded_gradient=False,
    lower_bound=0.0,
    example=(0.0, 0.0, 1.0),
    breakpoints=constant_breakpoints(1.0),
    greatest_curvature=2.0,
    zero_beyond_margin=1.0,
    attains_minimum=True,
)
FOCAL: Final = Loss(
    key="focal",
    operations=(10.0, 10.0, 10.0),
    name=message("focal loss"),
    formula=r"-(1-p)^\gamma\log p",
    expression="sigmoid(-(2*y - 1)*z)**gamma*softplus(-(2*y - 1)*z)",
    when=message("Cross-entropy that cares less about easy examples (Lin et al. 2017)."),
    tasks=(BINARY,),
    space=SCORE,
    value=value_of_margin(_focal),
    slope=slope_of_margin(_focal_slope),
    curvature=value_of_margin(_focal_curvature),
    convex=False,
    smooth=True,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(0.0, 1.0, float(0.25 * np.log(2.0))),
    settings=(Setting("gamma", message("γ, how much easy examples fade"), 2.0, 0.0, 5.0),),
    vanishes_for_large_margins=(BINARY,),
    strictly_decreasing_in_margin=(BINARY,),
)
EXPONENTIAL: Final = Loss(
    key="exponential",
    name=message("exponential loss"),
    formula=r"e^{-m}",
    expression="exp(-(2*y - 1)*z)",
    when=message("What boosting minimizes: one bad mistake can outweigh all the rest."),
    tasks=(BINARY,),
    space=SCORE,
    value=value_of_margin(_exponential),
    slope=slope_of_margin(lambda m: -_exponential(m)),
    curvature=value_of_margin(_exponential),
    convex=True,
    smooth=True,
    bounded_gradient=False,
    lower_bound=0.0,
    example=(0.0, 1.0, 1.0),
    closed_form=EXP,
    vanishes_for_large_margins=(BINARY,),
    strictly_decreasing_in_margin=(BINARY,),
    attains_minimum=True,
)
ZERO_ONE: Final = Loss(
    key="zero_one",
    name=message("zero-one loss"),
    formula=r"[\,m \le 0\,]",
    expression="(2*y - 1)*z <= 0",
    when=message(
        "Counts mistakes. Its slope is zero everywhere, so descent cannot move: hence the surrogates."
    ),
    tasks=(BINARY,),
    space=SCORE,
    value=value_of_margin(_is_mistake),
    slope=constant_derivative(0.0),
    curvature=constant_derivative(0.0),
    convex=False,
    smooth=False,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(-0.5, 1.0, 1.0),
    kinks=(0.0,),
    zero_beyond_margin=0.0,
    counts_mistakes=True,
)

BINARY_LOSSES: Final = (
    CROSS_ENTROPY,
    HINGE,
    SQUARED_HINGE,
    FOCAL,
    EXPONENTIAL,
    ZERO_ONE,
)
