"""Models whose score is linear in the parameters."""

from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import say, subscripted
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.model.base import Model, at_zero
from losses.model.default_window import Window, line_window, logistic_window, softmax_window
from losses.model.output_activation import AS_IT_IS, PROBABILITIES, PROBABILITY, Link


def linear_score(theta: Array, x: Array) -> Array:
    if x.shape[1] == 1:  # a product of matrices with an inner axis of one is three times slower
        return theta[..., :1] * x[:, 0] + theta[..., 1:]
    return theta[..., :-1] @ x.T + theta[..., -1:]


def linear_pullback(theta: Array, x: Array, g: Array) -> Array:
    return np.concatenate([g @ x, g.sum(axis=-1, keepdims=True)], axis=-1)


def linear_hessian(theta: Array, x: Array, g: Array, h: Array) -> Array:
    weighted = h[..., None, :] * x.T
    side = weighted.sum(axis=-1)
    whole = np.empty((*h.shape[:-1], x.shape[1] + 1, x.shape[1] + 1))
    whole[..., :-1, :-1] = weighted @ x
    whole[..., :-1, -1] = whole[..., -1, :-1] = side
    whole[..., -1, -1] = h.sum(axis=-1)
    return whole


def _weights(k: int, classes: int) -> tuple[str, ...]:
    return ("w", "b") if k == 1 else (*(f"w{i}" for i in range(1, k + 1)), "b")


def _slopes(k: int, classes: int) -> tuple[str, ...]:
    names = ("w",) if k == 1 else tuple(f"w{i}" for i in range(1, k + 1))
    return (*(say("slope {w}", w=subscripted(name)) for name in names), say("intercept b"))


def _matrix(theta: Array, x: Array) -> Array:
    """Rows of weights and intercept, ``(..., K, k + 1)``."""
    size = x.shape[1] + 1
    return theta.reshape(*theta.shape[:-1], theta.shape[-1] // size, size)


def softmax_score(theta: Array, x: Array) -> Array:
    matrix = _matrix(theta, x)
    return x @ np.swapaxes(matrix[..., :-1], -1, -2) + matrix[..., None, :, -1]


def softmax_pullback(theta: Array, x: Array, g: Array) -> Array:
    weights = np.swapaxes(g, -1, -2) @ x
    return np.concatenate([weights, g.sum(axis=-2)[..., None]], axis=-1).reshape(*theta.shape)


def softmax_hessian(theta: Array, x: Array, g: Array, h: Array) -> Array:
    classes, size = h.shape[-1], x.shape[1] + 1
    blocks = np.empty((*theta.shape[:-1], classes, size, classes, size))
    for i, j in combinations_with_replacement(range(classes), 2):
        block = linear_hessian(theta, x, g, h[..., i, j])
        blocks[..., i, :, j, :] = blocks[..., j, :, i, :] = block
    return blocks.reshape(*theta.shape, theta.shape[-1])


def _class_weights(k: int, classes: int) -> tuple[str, ...]:
    return tuple(name for c in range(classes) for name in (*(f"w{c}.{i}" for i in range(1, k + 1)), f"b{c}"))


def _linear(key: str, name: str, link: Link, task: str, loss: str, window: Window, **more: Any) -> Model:
    return Model(
        key=key,
        name=name,
        links={task: link},
        reference_loss={task: loss},
        parameters=_weights,
        labels=_slopes,
        score=linear_score,
        pullback=linear_pullback,
        hessian=linear_hessian,
        window=window,
        linear=True,
        **more,
    )


LINE: Final = _linear(
    "line",
    say("a line"),
    AS_IT_IS,
    REGRESSION,
    "mse",
    line_window,
    when=say("A slope for each input, and an intercept."),
)
LINEAR: Final = _linear(
    "linear",
    say("a plane"),
    AS_IT_IS,
    REGRESSION,
    "mse",
    line_window,
    when=say("The line's sister for several inputs: the picture is a slice."),
)
LOGISTIC: Final = _linear(
    "logistic",
    say("a logistic curve"),
    PROBABILITY,
    BINARY,
    "bce",
    logistic_window,
    when=say("A line bent into a probability by a sigmoid."),
)
SOFTMAX: Final = Model(
    key="softmax",
    name=say("a softmax classifier"),
    when=say("A line for each class; the softmax makes their scores probabilities."),
    links={MULTICLASS: PROBABILITIES},
    reference_loss={MULTICLASS: "cce"},
    parameters=_class_weights,
    labels=lambda k, classes: tuple(map(subscripted, _class_weights(k, classes))),
    score=softmax_score,
    pullback=softmax_pullback,
    hessian=softmax_hessian,
    window=softmax_window,
    linear=True,
    begin=at_zero,
)
