"""A network with one hidden layer."""

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
    """Hidden weights with bias ``(..., H, k + 1)`` and outer ones ``(..., K, H + 1)``."""
    hidden = int(width)
    cut = hidden * (n_inputs + 1)
    inner = theta[..., :cut].reshape(*theta.shape[:-1], hidden, n_inputs + 1)
    return inner, theta[..., cut:].reshape(
        *theta.shape[:-1], (theta.shape[-1] - cut) // (hidden + 1), hidden + 1
    )


ACTIVATIONS: Final[Mapping[str, Callable[..., Array]]] = {
    "tanh": np.tanh,
    "relu": lambda u, out=None: np.maximum(u, 0.0, out=out),
}


def _activation_key(relu: float) -> str:
    return "relu" if relu else "tanh"


def activation(u: Array, relu: float) -> Array:
    return np.asarray(ACTIVATIONS[_activation_key(relu)](u))


def _activation_slope(u: Array, relu: float) -> Array:
    return (u > 0.0).astype(np.float64) if relu else 1.0 - np.square(np.tanh(u))


def _activation_curvature(u: Array, relu: float) -> Array:
    t = np.tanh(u)
    return np.zeros_like(u) if relu else -2.0 * t * (1.0 - t * t)


def _pre_activations(inner: Array, x: Array) -> Array:
    return design_matrix(x) @ np.swapaxes(inner, -1, -2)


def hidden_layer(theta: Array, x: Array, width: float, relu: float) -> tuple[Array, Array, str]:
    inner, outer = unpack_layers(theta, x.shape[1], width)
    return _pre_activations(inner, x), outer, _activation_key(relu)


def score(theta: Array, x: Array, width: float, relu: float) -> Array:
    inner, outer = unpack_layers(theta, x.shape[1], width)
    h = activation(_pre_activations(inner, x), relu)
    z = h @ np.swapaxes(outer[..., :-1], -1, -2) + outer[..., None, :, -1]
    return np.asarray(z[..., 0] if z.shape[-1] == 1 else z)


def pullback(theta: Array, x: Array, g: Array, width: float, relu: float) -> Array:
    inner, outer = unpack_layers(theta, x.shape[1], width)
    u = _pre_activations(inner, x)
    g = g if g.ndim == theta.ndim + 1 else g[..., None]
    ones = np.ones((*u.shape[:-1], 1))
    to_outer = np.swapaxes(g, -1, -2) @ np.concatenate([activation(u, relu), ones], axis=-1)
    to_hidden = (g @ outer[..., :-1]) * _activation_slope(u, relu)
    to_inner = np.swapaxes(to_hidden, -1, -2) @ design_matrix(x)
    lead = theta.shape[:-1]
    cut = u.shape[-1] * (x.shape[1] + 1)
    parts = to_inner.reshape(*lead, cut), to_outer.reshape(*lead, theta.shape[-1] - cut)
    return np.concatenate(parts, axis=-1)


def hessian(theta: Array, x: Array, g: Array, h: Array, width: float, relu: float) -> Array:
    flat = theta.reshape(-1, theta.shape[-1])
    count, classes = len(flat), unpack_layers(theta, x.shape[1], width)[1].shape[-2]
    gs, hs = g.reshape(count, len(x), classes), h.reshape(count, len(x), *h.shape[theta.ndim :])
    parts = [_hessian_at_point(flat[i], x, gs[i], hs[i], width, relu) for i in range(count)]
    return np.array(parts).reshape(*theta.shape, theta.shape[-1])


def _hessian_at_point(theta: Array, x: Array, g: Array, h: Array, width: float, relu: float) -> Array:
    """One point: Jacobians of the score weighed by h, plus the score's own bend weighed by g."""
    k, n, dim = x.shape[1], len(x), len(theta)
    inner, outer = unpack_layers(theta, k, width)
    hidden, classes = len(inner), len(outer)
    a, u = design_matrix(x), _pre_activations(inner, x)
    act, steep, bend = activation(u, relu), _activation_slope(u, relu), _activation_curvature(u, relu)
    cut = hidden * (k + 1)
    jacobian = np.zeros((n, classes, dim))
    jacobian[:, :, :cut] = ((steep[:, None] * outer[:, :-1])[..., None] * a[:, None, None]).reshape(
        n, classes, cut
    )
    features = np.column_stack([act, np.ones(n)])
    for c in range(classes):
        jacobian[:, c, cut + c * (hidden + 1) : cut + (c + 1) * (hidden + 1)] = features
    weights = h.reshape(n, 1, 1) if classes == 1 else h
    out = jacobian.reshape(-1, dim).T @ (weights @ jacobian if classes > 1 else weights * jacobian).reshape(
        -1, dim
    )
    pulled = (g @ outer[:, :-1]) * bend
    for j in range(hidden):
        rows = slice(j * (k + 1), (j + 1) * (k + 1))
        out[rows, rows] += (a.T * pulled[:, j]) @ a
        for c in range(classes):
            cross = a.T @ (g[:, c] * steep[:, j])
            column = cut + c * (hidden + 1) + j
            out[rows, column] += cross
            out[column, rows] += cross
    return np.asarray(out)


def parameter_names(k: int, classes: int, width: float, relu: float) -> tuple[str, ...]:
    hidden = range(1, int(width) + 1)
    inner = (name for j in hidden for name in (*(f"w{j}.{i}" for i in range(1, k + 1)), f"b{j}"))
    outer = (name for c in range(classes) for name in (*(f"v{c}.{j}" for j in hidden), f"c{c}"))
    return (*inner, *outer)


def roles(k: int, classes: int, width: float, relu: float) -> tuple[Role, ...]:
    hidden = int(width)
    return (*layer_roles(hidden, k), *layer_roles(classes, hidden, layer=1, is_output=True))


def parameter_labels(k: int, classes: int, width: float, relu: float) -> tuple[str, ...]:
    return tuple(map(with_subscripts, parameter_names(k, classes, width, relu)))


def glorot_normal(x: Array, y: Array, dim: int, width: float, relu: float) -> Array:
    """Seeded weights with the variance of X. Glorot and Y. Bengio (2010); biases zero."""
    rng = np.random.Generator(np.random.PCG64(1))
    theta = np.zeros(dim)
    inner, outer = unpack_layers(theta, x.shape[1], width)
    for layer in (inner, outer):
        fan_out, fan_in = layer.shape[0], layer.shape[1] - 1
        layer[:, :-1] = rng.normal(0.0, np.sqrt(2.0 / (fan_in + fan_out)), (fan_out, fan_in))
    return theta


def default_window(x: Array, y: Array, width: float, relu: float) -> tuple[Array, Array]:
    classes = len(np.unique(y)) if np.array_equal(y, y.astype(int)) and len(np.unique(y)) > 2 else 1
    dim = len(parameter_names(x.shape[1], classes, width, relu))
    return np.zeros(dim), np.full(dim, 3.0)


def code(width: float, relu: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    hidden = int(width)
    layers = (
        f"inner = theta[: {hidden} * X.shape[1]].reshape({hidden}, -1)",
        f"outer = theta[{hidden} * X.shape[1] :].reshape(-1, {hidden + 1})",
        "u = X @ inner.T",
        "a = np.maximum(u, 0)" if relu else "a = np.tanh(u)",
    )
    scores = ("z = a @ outer[:, :-1].T + outer[:, -1]", "return z[:, 0] if z.shape[1] == 1 else z")
    pulls = (
        "g = g.reshape(len(X), -1)",
        f"below = (g @ outer[:, :-1]) * {'(u > 0)' if relu else '(1 - a**2)'}",
        "above = g.T @ np.column_stack([a, np.ones(len(X))])",
        "return np.concatenate([(below.T @ X).ravel(), above.ravel()])",
    )
    return (*layers, *scores), (*layers, *pulls)


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
    code=code,
    smooth=lambda width, relu: not relu,
    settings=(
        Setting("width", message("hidden neurons"), 4, 1, 32, whole=True),
        Setting("relu", message("rectifier instead of tanh"), 0, 0, 1, whole=True),
    ),
)
