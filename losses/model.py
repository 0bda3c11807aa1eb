"""Models: how parameters and inputs make a score, and a link makes it a prediction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from losses.arrays import Array
from losses.loss import BINARY, REGRESSION, sigmoid
from losses.registry import Registry
from losses.window import Window, design, line_window, logistic_window

IDENTITY: Final = "identity"
SIGMOID: Final = "sigmoid"


@dataclass(frozen=True)
class Link:
    """From a score to a prediction, with the first two derivatives in the score."""

    key: str
    value: Callable[[Array], Array] = field(repr=False)
    slope: Callable[[Array], Array] = field(repr=False)
    curvature: Callable[[Array], Array] = field(repr=False)


def _sigmoid_slope(z: Array) -> Array:
    p = sigmoid(z)
    return p * (1.0 - p)


def _sigmoid_curvature(z: Array) -> Array:
    p = sigmoid(z)
    return p * (1.0 - p) * (1.0 - 2.0 * p)


LINKS: Final[Registry[Link]] = Registry(
    "link",
    (
        Link(IDENTITY, lambda z: z, np.ones_like, np.zeros_like),
        Link(SIGMOID, sigmoid, _sigmoid_slope, _sigmoid_curvature),
    ),
)


@dataclass(frozen=True)
class Model:
    """Scores of n examples, batched along the leading axes of theta.

    ``score(theta (..., d), x (n, k)) -> (..., n)``;
    ``pullback(theta, x, g (..., n)) -> (..., d)`` is the sum over examples of
    g times the score's gradient; ``hessian(theta, x, g, h) -> (..., d, d)``
    is the sum of h times its outer square plus g times its Hessian.
    ``parameters(k)`` names the d parameters for k inputs; ``labels`` says the
    same in words.
    """

    key: str
    name: str
    tasks: tuple[str, ...]
    link: Link
    reference_loss: str
    parameters: Callable[[int], tuple[str, ...]] = field(repr=False)
    labels: Callable[[int], tuple[str, ...]] = field(repr=False)
    score: Callable[[Array, Array], Array] = field(repr=False)
    pullback: Callable[[Array, Array, Array], Array] = field(repr=False)
    hessian: Callable[[Array, Array, Array, Array], Array] = field(repr=False)
    window: Callable[[Array, Array], tuple[Array, Array]] = field(repr=False)
    """Center and half widths, ``(d,)`` each, of the parameters worth looking at for ``x (n, k), y (n,)``."""
    linear: bool
    """The score is linear in theta: convexity and smoothness pass from loss to problem."""
    inputs: int | None = None
    """How many inputs the model takes; None for any number."""


def linear_score(theta: Array, x: Array) -> Array:
    return theta[..., :-1] @ x.T + theta[..., -1:]


def linear_pullback(theta: Array, x: Array, g: Array) -> Array:
    return np.concatenate([g @ x, g.sum(axis=-1, keepdims=True)], axis=-1)


def linear_hessian(theta: Array, x: Array, g: Array, h: Array) -> Array:
    a = design(x)
    return (a.T * h[..., None, :]) @ a


def _weights(k: int) -> tuple[str, ...]:
    return ("w", "b") if k == 1 else (*(f"w{i}" for i in range(1, k + 1)), "b")


def _slopes(k: int) -> tuple[str, ...]:
    names = ("slope w",) if k == 1 else tuple(f"slope w{i}" for i in range(1, k + 1))
    return (*names, "intercept b")


def _linear(
    key: str,
    name: str,
    tasks: tuple[str, ...],
    link: str,
    loss: str,
    window: Window,
    inputs: int | None = None,
) -> Model:
    return Model(
        key=key,
        name=name,
        tasks=tasks,
        link=LINKS[link],
        reference_loss=loss,
        parameters=_weights,
        labels=_slopes,
        score=linear_score,
        pullback=linear_pullback,
        hessian=linear_hessian,
        window=window,
        linear=True,
        inputs=inputs,
    )


MODELS: Final[Registry[Model]] = Registry(
    "model",
    (
        _linear("line", "a line", (REGRESSION,), IDENTITY, "mse", line_window),
        _linear("logistic", "a logistic curve", (BINARY,), SIGMOID, "bce", logistic_window),
    ),
)
