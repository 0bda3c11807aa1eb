"""Losses for regression; squared and absolute error also apply to predicted probabilities."""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting
from losses.core.messages import message
from losses.core.special import sigmoid_slope
from losses.loss.base import (
    BINARY,
    LOG_COSH,
    MULTICLASS,
    PREDICTION,
    REGRESSION,
    Loss,
    constant_breakpoints,
    constant_derivative,
)


def _huber(z: Array, y: Array, delta: float = 1.0) -> Array:
    r = np.abs(z - y)
    return np.where(r <= delta, 0.5 * np.square(np.minimum(r, delta)), delta * (r - 0.5 * delta))


def _logcosh(z: Array, y: Array) -> Array:
    """Return log cosh r, accurate for small and for large residuals.

    Below |r| = 1 as log(1 + 2 sinh²(r/2)), which loses no digits to cancellation;
    above as |r| + log(1 + e^(−2|r|)) − log 2, which does not overflow.
    """
    r = np.abs(z - y)
    for_small_r = np.log1p(2.0 * np.square(np.sinh(0.5 * np.minimum(r, 1.0))))
    return np.where(r < 1.0, for_small_r, r + np.log1p(np.exp(-2.0 * r)) - np.log(2.0))


def _logcosh_curvature(z: Array, y: Array) -> Array:
    """Return 1 / cosh² r = 4 σ(2r) σ(−2r); as 1 − tanh² r it would be 0 for |r| above 19."""
    return 4.0 * sigmoid_slope(2.0 * (z - y))


def _quantile(z: Array, y: Array, tau: float = 0.9) -> Array:
    r = y - z
    return np.maximum(tau * r, (tau - 1.0) * r)


def _quantile_slope(z: Array, y: Array, tau: float = 0.9) -> Array:
    r = y - z
    return np.where(r > 0, -tau, np.where(r < 0, 1.0 - tau, 0.0))


SQUARED_ERROR: Final = Loss(
    key="mse",
    operations=(1.0, 1.0, 1.0),
    name=message("mean squared error"),
    formula=r"(\hat y - y)^2",
    expression="r**2",
    when=message("Big errors shout: twice the error costs four times as much."),
    tasks=(REGRESSION, BINARY, MULTICLASS),
    space=PREDICTION,
    value=lambda z, y: np.square(z - y),
    slope=lambda z, y: 2.0 * (z - y),
    curvature=constant_derivative(2.0),
    convex=True,
    smooth=True,
    bounded_gradient=False,
    lower_bound=0.0,
    example=(3.0, 1.0, 4.0),
    breakpoints=constant_breakpoints(),
    greatest_curvature=2.0,
    error_power=2,
    vanishes_for_large_margins=(BINARY, MULTICLASS),
    strictly_decreasing_in_margin=(BINARY,),
    attains_minimum=True,
)
ABSOLUTE_ERROR: Final = Loss(
    key="mae",
    name=message("mean absolute error"),
    formula=r"|\hat y - y|",
    expression="abs(r)",
    when=message("Every unit of error costs the same, so a few bad points cannot take over."),
    tasks=(REGRESSION, BINARY),
    space=PREDICTION,
    value=lambda z, y: np.abs(z - y),
    slope=lambda z, y: np.sign(z - y),
    curvature=constant_derivative(0.0),
    convex=True,
    smooth=False,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(3.0, 1.0, 2.0),
    breakpoints=constant_breakpoints(0.0),
    kinks=(0.0,),
    smooth_of_probability=True,
    error_power=1,
    vanishes_for_large_margins=(BINARY,),
    strictly_decreasing_in_margin=(BINARY,),
    attains_minimum=True,
)
HUBER: Final = Loss(
    key="huber",
    name=message("Huber loss"),
    formula=r"\tfrac12 r^2 \;(|r|\le\delta),\quad \delta(|r|-\tfrac12\delta) \;(|r|>\delta)",
    expression="where(abs(r) <= delta, r**2/2, delta*(abs(r) - delta/2))",
    when=message("Squared for small errors, absolute for large ones: smooth, and calm about outliers."),
    tasks=(REGRESSION,),
    space=PREDICTION,
    value=_huber,
    slope=lambda z, y, delta=1.0: np.clip(z - y, -delta, delta),
    curvature=lambda z, y, delta=1.0: (np.abs(z - y) <= delta).astype(np.float64),
    convex=True,
    smooth=True,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(3.0, 1.0, 1.5),
    breakpoints=lambda delta=1.0: (-delta, delta),
    settings=(Setting("delta", message("δ, where squared becomes absolute"), 1.0, 0.01, 100.0),),
    greatest_curvature=1.0,
    attains_minimum=True,
)
LOG_COSH_LOSS: Final = Loss(
    key="logcosh",
    operations=(6.0, 6.0, 6.0),
    name=message("log-cosh loss"),
    formula=r"\log\cosh(\hat y - y)",
    expression="softplus(2*r) - r - log(2)",
    when=message("A Huber loss without a seam: it bends smoothly from squared to absolute."),
    tasks=(REGRESSION,),
    space=PREDICTION,
    value=_logcosh,
    slope=lambda z, y: np.tanh(z - y),
    curvature=_logcosh_curvature,
    convex=True,
    smooth=True,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(1.0, 0.0, float(np.log(np.cosh(1.0)))),
    greatest_curvature=1.0,
    closed_form=LOG_COSH,
    attains_minimum=True,
)
QUANTILE: Final = Loss(
    key="quantile",
    name=message("quantile loss"),
    formula=r"\max(\tau r,\,(\tau-1) r),\quad r = y - \hat y",
    expression="max(-tau*r, (1 - tau)*r)",
    when=message(
        "Too low and too high cost differently. The best line leaves a share τ of the points below it."
    ),
    tasks=(REGRESSION,),
    space=PREDICTION,
    value=_quantile,
    slope=_quantile_slope,
    curvature=constant_derivative(0.0),
    convex=True,
    smooth=False,
    bounded_gradient=True,
    lower_bound=0.0,
    example=(1.0, 3.0, 1.8),
    breakpoints=constant_breakpoints(0.0),
    settings=(Setting("tau", message("τ, the share of points below"), 0.9, 0.01, 0.99),),
    kinks=(0.0,),
    attains_minimum=True,
)

REGRESSION_LOSSES: Final = (
    SQUARED_ERROR,
    ABSOLUTE_ERROR,
    HUBER,
    LOG_COSH_LOSS,
    QUANTILE,
)
