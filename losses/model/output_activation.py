"""Output activations: the functions from a score to a prediction (the inverses of link functions)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.special import sigmoid, sigmoid_slope, softmax

IDENTITY_KEY: Final = "identity"
SIGMOID_KEY: Final = "sigmoid"
SOFTMAX_KEY: Final = "softmax"


@dataclass(frozen=True)
class OutputActivation:
    """The function from score to prediction.

    ``slope`` and ``curvature`` are its derivatives; they apply to activations of a
    single score, not to the softmax.
    """

    key: str
    value: Callable[[Array], Array] = field(repr=False)
    slope: Callable[[Array], Array] = field(default=np.ones_like, repr=False)
    """Its derivative by the score."""
    curvature: Callable[[Array], Array] = field(default=np.zeros_like, repr=False)
    """Its second derivative."""


def _sigmoid_curvature(z: Array) -> Array:
    """Return σ′(z) (1 − 2σ(z)), where 1 − 2σ(z) = −tanh(z/2)."""
    return np.asarray(-sigmoid_slope(z) * np.tanh(0.5 * z))


IDENTITY: Final = OutputActivation(IDENTITY_KEY, np.asarray)
SIGMOID: Final = OutputActivation(SIGMOID_KEY, sigmoid, sigmoid_slope, _sigmoid_curvature)
SOFTMAX: Final = OutputActivation(SOFTMAX_KEY, softmax)
