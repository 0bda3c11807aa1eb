"""Losses: what a prediction costs against a target, with derivatives.

A loss lives either in the space of predictions (squared error of a price or
of a probability) or in the space of scores (cross-entropy, written in the
logit, where it is stable). ``Problem`` carries it through the model's link.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np

from losses.arrays import Array
from losses.registry import Registry
from losses.setting import Setting, filled

Function = Callable[..., Array]

REGRESSION: Final = "regression"
BINARY: Final = "binary"
MULTICLASS: Final = "multiclass"

PREDICTION: Final = "prediction"
SCORE: Final = "score"


@dataclass(frozen=True)
class Loss:
    """A per-example penalty ``value(z, y)`` with ``slope`` and ``curvature`` in ``z``.

    All three broadcast ``z (..., n)`` against ``y (n,)``; ``space`` says
    whether ``z`` is a prediction or a score. ``convex``, ``smooth`` (the slope
    is continuous) and ``bounded_gradient`` are claims about ``value`` as a
    function of ``z``; the tests confirm or refute each. ``example`` is one
    worked case ``(z, y, value)``.
    """

    key: str
    name: str
    formula: str
    when: str
    tasks: tuple[str, ...]
    space: str
    value: Function = field(repr=False)
    slope: Function = field(repr=False)
    curvature: Function = field(repr=False)
    convex: bool
    smooth: bool
    bounded_gradient: bool
    example: tuple[float, float, float]
    settings: tuple[Setting, ...] = ()
    greatest_curvature: float | None = None
    """An upper bound of ``curvature`` over all z; None where there is none."""

    def with_settings(self, **values: float) -> "Loss":
        """This loss with some of its settings given, for example ``delta=2.0``."""
        checked = filled(self.name, self.settings, values)
        bound = tuple(replace(setting, default=checked[setting.name]) for setting in self.settings)
        return replace(
            self,
            value=partial(self.value, **checked),
            slope=partial(self.slope, **checked),
            curvature=partial(self.curvature, **checked),
            settings=bound,
        )


def sigmoid(z: Array) -> Array:
    """The logistic function, without overflow at any z."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def softplus(z: Array) -> Array:
    """``log(1 + exp(z))`` without overflow."""
    return np.logaddexp(0.0, z)


def _squared(z: Array, y: Array) -> Array:
    return np.square(z - y)


def _huber(z: Array, y: Array, delta: float = 1.0) -> Array:
    r = np.abs(z - y)
    return np.where(r <= delta, 0.5 * np.square(np.minimum(r, delta)), delta * (r - 0.5 * delta))


def _constant(c: float) -> Function:
    return lambda z, y: np.full(np.broadcast_shapes(np.shape(z), np.shape(y)), c)


def _bce_curvature(z: Array, y: Array) -> Array:
    p = sigmoid(z)
    return p * (1.0 - p) + 0.0 * y


LOSSES: Final[Registry[Loss]] = Registry(
    "loss",
    (
        Loss(
            key="mse",
            name="mean squared error",
            formula=r"(\hat y - y)^2",
            when="Big errors shout: twice the error costs four times as much.",
            tasks=(REGRESSION, BINARY),
            space=PREDICTION,
            value=_squared,
            slope=lambda z, y: 2.0 * (z - y),
            curvature=_constant(2.0),
            convex=True,
            smooth=True,
            bounded_gradient=False,
            example=(3.0, 1.0, 4.0),
            greatest_curvature=2.0,
        ),
        Loss(
            key="mae",
            name="mean absolute error",
            formula=r"|\hat y - y|",
            when="Every unit of error costs the same, so a few bad points cannot take over.",
            tasks=(REGRESSION, BINARY),
            space=PREDICTION,
            value=lambda z, y: np.abs(z - y),
            slope=lambda z, y: np.sign(z - y),
            curvature=_constant(0.0),
            convex=True,
            smooth=False,
            bounded_gradient=True,
            example=(3.0, 1.0, 2.0),
        ),
        Loss(
            key="huber",
            name="Huber loss",
            formula=r"\begin{cases}\tfrac12 r^2 & |r|\le\delta\\ \delta(|r|-\tfrac12\delta) & |r|>\delta\end{cases}",
            when="Squared for small errors, absolute for large ones: smooth and calm about outliers.",
            tasks=(REGRESSION,),
            space=PREDICTION,
            value=_huber,
            slope=lambda z, y, delta=1.0: np.clip(z - y, -delta, delta),
            curvature=lambda z, y, delta=1.0: (np.abs(z - y) <= delta).astype(np.float64),
            convex=True,
            smooth=True,
            bounded_gradient=True,
            example=(3.0, 1.0, 1.5),
            settings=(Setting("delta", "δ, where squared becomes absolute", 1.0, 0.01, 100.0),),
            greatest_curvature=1.0,
        ),
        Loss(
            key="bce",
            name="cross-entropy",
            formula=r"-y\log p-(1-y)\log(1-p)",
            when="For yes or no: a confident mistake costs more than any other, without limit.",
            tasks=(BINARY,),
            space=SCORE,
            value=lambda z, y: softplus(z) - y * z,
            slope=lambda z, y: sigmoid(z) - y,
            curvature=_bce_curvature,
            convex=True,
            smooth=True,
            bounded_gradient=True,
            example=(0.0, 1.0, float(np.log(2.0))),
            greatest_curvature=0.25,
        ),
    ),
)
