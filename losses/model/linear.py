"""Linear models: linear and logistic regression, and the softmax classifier."""

from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import message, with_subscripts
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.model.base import Model, zero_parameters
from losses.model.default_window import WindowFunction, line_window, logistic_window, softmax_window
from losses.model.output_activation import IDENTITY, SIGMOID, SOFTMAX, OutputActivation


def linear_score(theta: Array, x: Array) -> Array:
    """Return the weighted sums of the inputs plus the intercept, ``(..., n)``."""
    if x.shape[1] == 1:  # a matrix product with an inner axis of length 1 is three times slower
        return theta[..., :1] * x[:, 0] + theta[..., 1:]
    return theta[..., :-1] @ x.T + theta[..., -1:]


def linear_pullback(theta: Array, x: Array, g: Array) -> Array:
    """Return the vector-Jacobian product of ``linear_score`` with ``g (..., n)``, ``(..., k + 1)``."""
    return np.concatenate([g @ x, g.sum(axis=-1, keepdims=True)], axis=-1)


def linear_hessian(theta: Array, x: Array, g: Array, h: Array) -> Array:
    """Return the Hessian for curvatures ``h (..., n)`` of the loss, ``(..., k + 1, k + 1)``."""
    weighted_inputs = h[..., None, :] * x.T
    hessian = np.empty((*h.shape[:-1], x.shape[1] + 1, x.shape[1] + 1))
    hessian[..., :-1, :-1] = weighted_inputs @ x
    hessian[..., :-1, -1] = hessian[..., -1, :-1] = weighted_inputs.sum(axis=-1)
    hessian[..., -1, -1] = h.sum(axis=-1)
    return hessian


def _parameter_names(k: int, classes: int) -> tuple[str, ...]:
    return ("w", "b") if k == 1 else (*(f"w{i}" for i in range(1, k + 1)), "b")


def _parameter_labels(k: int, classes: int) -> tuple[str, ...]:
    names = ("w",) if k == 1 else tuple(f"w{i}" for i in range(1, k + 1))
    return (*(message("slope {w}", w=with_subscripts(name)) for name in names), message("intercept b"))


def _class_matrix(theta: Array, x: Array) -> Array:
    """Reshape theta to a row of weights and intercept for each class, ``(..., K, k + 1)``."""
    size = x.shape[1] + 1
    return theta.reshape(*theta.shape[:-1], theta.shape[-1] // size, size)


def softmax_score(theta: Array, x: Array) -> Array:
    """Return a linear score for each class, ``(..., n, K)``."""
    matrix = _class_matrix(theta, x)
    return x @ np.swapaxes(matrix[..., :-1], -1, -2) + matrix[..., None, :, -1]


def softmax_pullback(theta: Array, x: Array, g: Array) -> Array:
    """Return the vector-Jacobian product of ``softmax_score`` with ``g (..., n, K)``, ``(..., d)``."""
    weights = np.swapaxes(g, -1, -2) @ x
    return np.concatenate([weights, g.sum(axis=-2)[..., None]], axis=-1).reshape(*theta.shape)


def softmax_hessian(theta: Array, x: Array, g: Array, h: Array) -> Array:
    """Return the Hessian for curvatures ``h (..., n, K, K)`` of the loss, ``(..., d, d)``."""
    classes, size = h.shape[-1], x.shape[1] + 1
    blocks = np.empty((*theta.shape[:-1], classes, size, classes, size))
    for i, j in combinations_with_replacement(range(classes), 2):
        block = linear_hessian(theta, x, g, h[..., i, j])
        blocks[..., i, :, j, :] = blocks[..., j, :, i, :] = block
    return blocks.reshape(*theta.shape, theta.shape[-1])


def _softmax_parameter_names(k: int, classes: int) -> tuple[str, ...]:
    return tuple(name for c in range(classes) for name in (*(f"w{c}.{i}" for i in range(1, k + 1)), f"b{c}"))


def _linear_model(
    key: str,
    name: str,
    activation: OutputActivation,
    task: str,
    loss: str,
    window: WindowFunction,
    **fields: Any,
) -> Model:
    return Model(
        key=key,
        name=name,
        output_activations={task: activation},
        reference_loss={task: loss},
        parameters=_parameter_names,
        labels=_parameter_labels,
        score=linear_score,
        pullback=linear_pullback,
        hessian=linear_hessian,
        default_window=window,
        linear=True,
        **fields,
    )


LINE: Final = _linear_model(
    "line",
    message("a line"),
    IDENTITY,
    REGRESSION,
    "mse",
    line_window,
    when=message("A slope for each input, and an intercept."),
    named_for_one_input=True,
)
LINEAR: Final = _linear_model(
    "linear",
    message("a plane"),
    IDENTITY,
    REGRESSION,
    "mse",
    line_window,
    when=message("A line for several inputs. The picture is a slice."),
)
LOGISTIC: Final = _linear_model(
    "logistic",
    message("a logistic curve"),
    SIGMOID,
    BINARY,
    "bce",
    logistic_window,
    when=message("A line bent into a probability by a sigmoid."),
)
SOFTMAX_CLASSIFIER: Final = Model(
    key="softmax",
    name=message("a softmax classifier"),
    when=message("A line for each class; the softmax makes their scores probabilities."),
    output_activations={MULTICLASS: SOFTMAX},
    reference_loss={MULTICLASS: "cce"},
    parameters=_softmax_parameter_names,
    labels=lambda k, classes: tuple(map(with_subscripts, _softmax_parameter_names(k, classes))),
    score=softmax_score,
    pullback=softmax_pullback,
    hessian=softmax_hessian,
    default_window=softmax_window,
    linear=True,
    initial_parameters=zero_parameters,
)
