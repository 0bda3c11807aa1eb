"""A multilayer perceptron with one hidden layer of H neurons.

The parameters are, neuron by neuron, k weights and a bias, and then, class by
class, H output weights and a bias. ``relu`` is 1 for the rectifier and 0 for tanh.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting
from losses.core.least_squares import design_matrix
from losses.core.messages import message, with_subscripts
from losses.loss.base import BINARY, MULTICLASS, REGRESSION
from losses.model.base import Model, Role, layer_roles
from losses.model.output_activation import IDENTITY, SIGMOID, SOFTMAX

Layers = tuple[Array, Array]


def unpack_layers(theta: Array, n_inputs: int, width: float) -> Layers:
    """Split theta into hidden weights ``(..., H, k + 1)`` and output weights ``(..., K, H + 1)``.

    The last column of each is the bias.
    """
    hidden = int(width)
    n_inner = hidden * (n_inputs + 1)
    inner = theta[..., :n_inner].reshape(*theta.shape[:-1], hidden, n_inputs + 1)
    classes = (theta.shape[-1] - n_inner) // (hidden + 1)
    return inner, theta[..., n_inner:].reshape(*theta.shape[:-1], classes, hidden + 1)


ACTIVATIONS: Final[Mapping[str, Callable[..., Array]]] = {
    "tanh": np.tanh,
    "relu": lambda u, out=None: np.maximum(u, 0.0, out=out),
}
"""Activation functions by key; each takes ``out``, an array to write the result to."""


def _activation_key(relu: float) -> str:
    return "relu" if relu else "tanh"


def activation(u: Array, relu: float) -> Array:
    """Return the activations of the hidden neurons for pre-activations ``u``."""
    return np.asarray(ACTIVATIONS[_activation_key(relu)](u))


def _activation_slope(u: Array, relu: float) -> Array:
    return (u > 0.0).astype(np.float64) if relu else 1.0 - np.square(np.tanh(u))


def _activation_curvature(u: Array, relu: float) -> Array:
    t = np.tanh(u)
    return np.zeros_like(u) if relu else -2.0 * t * (1.0 - t * t)


def _pre_activations(inner: Array, x: Array) -> Array:
    return design_matrix(x) @ np.swapaxes(inner, -1, -2)


def hidden_layer(theta: Array, x: Array, width: float, relu: float) -> tuple[Array, Array, str]:
    """Return pre-activations ``(..., n, H)``, output weights ``(..., K, H + 1)`` and the activation's key."""
    inner, outer = unpack_layers(theta, x.shape[1], width)
    return _pre_activations(inner, x), outer, _activation_key(relu)


def score(theta: Array, x: Array, width: float, relu: float) -> Array:
    """Return the scores ``(..., n)``, or ``(..., n, K)`` with several classes."""
    inner, outer = unpack_layers(theta, x.shape[1], width)
    h = activation(_pre_activations(inner, x), relu)
    z = h @ np.swapaxes(outer[..., :-1], -1, -2) + outer[..., None, :, -1]
    return np.asarray(z[..., 0] if z.shape[-1] == 1 else z)


def in_data_units(
    theta: Array,
    x_mean: Array,
    x_scale: Array,
    y_mean: float,
    y_scale: float,
    width: float,
    relu: float,
) -> Array:
    """Return the parameters of the same network for inputs and targets in the units of the data."""
    inner, outer = unpack_layers(theta, len(x_mean), width)
    weights = inner[..., :-1] / x_scale
    biases = inner[..., -1] - weights @ x_mean
    outer = y_scale * outer
    outer[..., -1] += y_mean
    parts = np.concatenate([weights, biases[..., None]], axis=-1), outer
    return np.concatenate([part.reshape(*theta.shape[:-1], -1) for part in parts], axis=-1)


def pullback(theta: Array, x: Array, g: Array, width: float, relu: float) -> Array:
    """Return the vector-Jacobian product of ``score`` with ``g``, by backpropagation, ``(..., d)``."""
    inner, outer = unpack_layers(theta, x.shape[1], width)
    u = _pre_activations(inner, x)
    g = g if g.ndim == theta.ndim + 1 else g[..., None]
    ones = np.ones((*u.shape[:-1], 1))
    to_outer = np.swapaxes(g, -1, -2) @ np.concatenate([activation(u, relu), ones], axis=-1)
    to_hidden = (g @ outer[..., :-1]) * _activation_slope(u, relu)
    to_inner = np.swapaxes(to_hidden, -1, -2) @ design_matrix(x)
    batch_shape = theta.shape[:-1]
    n_inner = u.shape[-1] * (x.shape[1] + 1)
    n_outer = theta.shape[-1] - n_inner
    parts = to_inner.reshape(*batch_shape, n_inner), to_outer.reshape(*batch_shape, n_outer)
    return np.concatenate(parts, axis=-1)


def hessian(theta: Array, x: Array, g: Array, h: Array, width: float, relu: float) -> Array:
    """Return the Hessian of the summed loss for its slopes ``g`` and curvatures ``h``, ``(..., d, d)``."""
    points = theta.reshape(-1, theta.shape[-1])
    count, classes = len(points), unpack_layers(theta, x.shape[1], width)[1].shape[-2]
    gs, hs = g.reshape(count, len(x), classes), h.reshape(count, len(x), *h.shape[theta.ndim :])
    hessians = [_hessian_at_point(points[i], x, gs[i], hs[i], width, relu) for i in range(count)]
    return np.array(hessians).reshape(*theta.shape, theta.shape[-1])


def _hessian_at_point(theta: Array, x: Array, g: Array, h: Array, width: float, relu: float) -> Array:
    """Return the Hessian ``(d, d)`` at one ``theta (d,)`` for ``g (n, K)`` and ``h (n,)`` or ``(n, K, K)``.

    It is the sum of two terms: Jacobians of the score weighted by h, and second
    derivatives of the score weighted by g.
    """
    inner, outer = unpack_layers(theta, x.shape[1], width)
    u = _pre_activations(inner, x)
    activation_slope = _activation_slope(u, relu)
    jacobian = _score_jacobian(outer, x, activation(u, relu), activation_slope)
    n, classes, dim = jacobian.shape
    weighted = h @ jacobian if classes > 1 else h.reshape(n, 1, 1) * jacobian
    total = jacobian.reshape(-1, dim).T @ weighted.reshape(-1, dim)
    _add_score_curvature(total, outer, x, g, activation_slope, _activation_curvature(u, relu))
    return np.asarray(total)


def _score_jacobian(outer: Array, x: Array, activations: Array, activation_slope: Array) -> Array:
    """Return the derivatives of the scores by the parameters, ``(n, K, d)``."""
    a = design_matrix(x)
    (n, hidden), classes = activations.shape, len(outer)
    n_inner = hidden * a.shape[1]
    jacobian = np.zeros((n, classes, n_inner + classes * (hidden + 1)))
    to_pre_activations = activation_slope[:, None] * outer[:, :-1]
    jacobian[:, :, :n_inner] = (to_pre_activations[..., None] * a[:, None, None]).reshape(n, classes, n_inner)
    features = np.column_stack([activations, np.ones(n)])
    for c in range(classes):
        jacobian[:, c, n_inner + c * (hidden + 1) : n_inner + (c + 1) * (hidden + 1)] = features
    return jacobian


def _add_score_curvature(
    total: Array, outer: Array, x: Array, g: Array, activation_slope: Array, activation_curvature: Array
) -> None:
    """Add to ``total (d, d)`` the second derivatives of the scores, weighted by ``g (n, K)``.

    They vanish except within the weights of one neuron and between these and the
    neuron's output weights.
    """
    a = design_matrix(x)
    hidden, n_columns = activation_slope.shape[1], a.shape[1]
    n_inner = hidden * n_columns
    weights = (g @ outer[:, :-1]) * activation_curvature
    for j in range(hidden):
        neuron = slice(j * n_columns, (j + 1) * n_columns)
        total[neuron, neuron] += (a.T * weights[:, j]) @ a
        for c in range(len(outer)):
            mixed = a.T @ (g[:, c] * activation_slope[:, j])
            output_weight = n_inner + c * (hidden + 1) + j
            total[neuron, output_weight] += mixed
            total[output_weight, neuron] += mixed


def parameter_names(k: int, classes: int, width: float, relu: float) -> tuple[str, ...]:
    """Return the names for k inputs: ``w1.1``, ``b1``, …, then ``v0.1``, …, ``c0``, …."""
    hidden = range(1, int(width) + 1)
    inner = (name for j in hidden for name in (*(f"w{j}.{i}" for i in range(1, k + 1)), f"b{j}"))
    outer = (name for c in range(classes) for name in (*(f"v{c}.{j}" for j in hidden), f"c{c}"))
    return (*inner, *outer)


def roles(k: int, classes: int, width: float, relu: float) -> tuple[Role, ...]:
    """Return the roles of the parameters of both layers."""
    hidden = int(width)
    return (*layer_roles(hidden, k), *layer_roles(classes, hidden, layer=1, is_output=True))


def parameter_labels(k: int, classes: int, width: float, relu: float) -> tuple[str, ...]:
    """Return the names with their numbers as subscripts."""
    return tuple(map(with_subscripts, parameter_names(k, classes, width, relu)))


def glorot_normal(x: Array, y: Array, dim: int, width: float, relu: float) -> Array:
    """Draw weights from normal distributions of variance 2 / (fan_in + fan_out); biases are 0.

    X. Glorot and Y. Bengio, Understanding the difficulty of training deep
    feedforward neural networks, 2010. The seed is fixed.
    """
    rng = np.random.Generator(np.random.PCG64(1))
    theta = np.zeros(dim)
    inner, outer = unpack_layers(theta, x.shape[1], width)
    for layer in (inner, outer):
        fan_out, fan_in = layer.shape[0], layer.shape[1] - 1
        layer[:, :-1] = rng.normal(0.0, np.sqrt(2.0 / (fan_in + fan_out)), (fan_out, fan_in))
    return theta


def default_window(x: Array, y: Array, width: float, relu: float) -> tuple[Array, Array]:
    """Return center and half widths of a box from −3 to 3 in every parameter.

    Targets that are integers with more than two values count as class numbers.
    """
    classes = len(np.unique(y)) if np.array_equal(y, np.rint(y)) and len(np.unique(y)) > 2 else 1
    dim = len(parameter_names(x.shape[1], classes, width, relu))
    return np.zeros(dim), np.full(dim, 3.0)


def code(width: float, relu: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the bodies of ``score`` and ``pullback`` in NumPy, for exported scripts."""
    hidden = int(width)
    layers = (
        f"inner = theta[: {hidden} * X.shape[1]].reshape({hidden}, -1)",
        f"outer = theta[{hidden} * X.shape[1] :].reshape(-1, {hidden + 1})",
        "u = X @ inner.T",
        "a = np.maximum(u, 0)" if relu else "a = np.tanh(u)",
    )
    score_lines = ("z = a @ outer[:, :-1].T + outer[:, -1]", "return z[:, 0] if z.shape[1] == 1 else z")
    pullback_lines = (
        "g = g.reshape(len(X), -1)",
        f"below = (g @ outer[:, :-1]) * {'(u > 0)' if relu else '(1 - a**2)'}",
        "above = g.T @ np.column_stack([a, np.ones(len(X))])",
        "return np.concatenate([(below.T @ X).ravel(), above.ravel()])",
    )
    return (*layers, *score_lines), (*layers, *pullback_lines)


MLP: Final = Model(
    key="mlp",
    name=message("a small neural network"),
    when=message("One hidden layer; what you see is a slice of many dimensions."),
    output_activations={REGRESSION: IDENTITY, BINARY: SIGMOID, MULTICLASS: SOFTMAX},
    reference_loss={REGRESSION: "mse", BINARY: "bce", MULTICLASS: "cce"},
    parameters=parameter_names,
    roles=roles,
    labels=parameter_labels,
    score=score,
    pullback=pullback,
    hessian=hessian,
    default_window=default_window,
    linear=False,
    initial_parameters=glorot_normal,
    hidden=hidden_layer,
    in_data_units=in_data_units,
    code=code,
    smooth=lambda width, relu: not relu,
    settings=(
        Setting("width", message("hidden neurons"), 4, 1, 32, whole=True),
        Setting("relu", message("rectifier instead of tanh"), 0, 0, 1, whole=True),
    ),
)
