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
    worked case ``(z, y, value)``. For several classes ``z`` is ``(..., n, K)``,
    ``y`` holds class numbers, ``slope`` is ``(..., n, K)`` and ``curvature``
    ``(..., n, K, K)``.
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
    example: tuple[float | tuple[float, ...], float, float]
    settings: tuple[Setting, ...] = ()
    greatest_curvature: float | None = None
    """An upper bound of ``curvature`` over all z and settings; None where there is none."""
    expression: str = ""
    """The value as a formula of r, p, y or the score z, in the language of ``losses.formula``."""
    kinks: tuple[float, ...] = ()
    """Margins or errors at which the slope jumps."""
    breaks: Callable[..., tuple[float, ...]] | None = field(default=None, repr=False)
    """Margins or errors between which the loss is at most quadratic; None where it is not."""

    def with_settings(self, **values: float) -> "Loss":
        """This loss with some of its settings given, for example ``delta=2.0``."""
        checked = filled(self.name, self.settings, values)
        bound = tuple(replace(setting, default=checked[setting.name]) for setting in self.settings)
        return replace(
            self,
            value=partial(self.value, **checked),
            slope=partial(self.slope, **checked),
            curvature=partial(self.curvature, **checked),
            breaks=partial(self.breaks, **checked) if self.breaks else None,
            settings=bound,
        )


def sigmoid(z: Array) -> Array:
    """The logistic function, without overflow at any z."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def softplus(z: Array) -> Array:
    """``log(1 + exp(z))`` without overflow; its exponential runs on vectors, which logaddexp's does not."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softmax(z: Array) -> Array:
    """Probabilities of the classes along the last axis, without overflow."""
    small = np.exp(z - largest(z)[..., None])
    small /= total(small)[..., None]
    return np.asarray(small)


def largest(z: Array) -> Array:
    """The largest along a short last axis, several times as fast as NumPy's own for a handful of classes."""
    top = np.array(z[..., 0])
    for k in range(1, z.shape[-1]):
        np.maximum(top, z[..., k], out=top)
    return top


def total(z: Array) -> Array:
    """The sum along a short last axis, as a product with ones for the same reason."""
    return np.asarray(z @ np.ones(z.shape[-1]))


def breaks(*places: float) -> Callable[..., tuple[float, ...]]:
    """Breaks at the same places whatever the settings."""
    return lambda **settings: places


def constant(c: float) -> Function:
    """A derivative that is the same everywhere."""
    return lambda z, y, **settings: np.full(np.broadcast_shapes(np.shape(z), np.shape(y)), c)
