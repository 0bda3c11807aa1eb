"""Models of one input that are nonlinear in their two parameters, so that their losses are not convex."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import message
from losses.core.special import sigmoid_slope, times_exp
from losses.loss.base import REGRESSION
from losses.model.base import Model, Role
from losses.model.default_window import positive_window, symmetric_window
from losses.model.output_activation import IDENTITY


@dataclass(frozen=True)
class Curve:
    """A function f(p, q, x) of two parameters with its derivatives.

    Each function takes p and q ``(..., 1)`` and x ``(n,)``; ``first_derivatives``
    returns (f_p, f_q) and ``second_derivatives`` (f_pp, f_pq, f_qq), ``(..., n)`` each.
    """

    value: Callable[[Array, Array, Array], Array]
    first_derivatives: Callable[[Array, Array, Array], tuple[Array, Array]]
    second_derivatives: Callable[[Array, Array, Array], tuple[Array, Array, Array]]

    def score(self, theta: Array, x: Array) -> Array:
        """Return the values of the curve at ``x (n, 1)``, ``(..., n)``."""
        return self.value(theta[..., :1], theta[..., 1:], x[:, 0])

    def pullback(self, theta: Array, x: Array, g: Array) -> Array:
        """Return the vector-Jacobian product of the score with ``g (..., n)``, ``(..., 2)``."""
        parts = self.first_derivatives(theta[..., :1], theta[..., 1:], x[:, 0])
        return np.stack([(g * part).sum(axis=-1) for part in parts], axis=-1)

    def hessian(self, theta: Array, x: Array, g: Array, h: Array) -> Array:
        """Return the Hessian for slopes g and curvatures h of the loss, ``(..., 2, 2)``."""
        arguments = theta[..., :1], theta[..., 1:], x[:, 0]
        f_p, f_q = self.first_derivatives(*arguments)
        f_pp, f_pq, f_qq = self.second_derivatives(*arguments)
        entries = (h * f_p * f_p + g * f_pp, h * f_p * f_q + g * f_pq, h * f_q * f_q + g * f_qq)
        h_pp, h_pq, h_qq = (np.asarray(entry).sum(axis=-1) for entry in entries)
        return np.stack([np.stack([h_pp, h_pq], axis=-1), np.stack([h_pq, h_qq], axis=-1)], axis=-2)


def _saturation(a: Array, b: Array, x: Array) -> Array:
    """Return a (1 − e^(−bx)), where −a e^(−bx) if the exponential is beyond float64."""
    value = np.asarray(-a * np.expm1(-b * x))
    return value if np.isfinite(value).all() else np.where(b * x < -700.0, times_exp(-a, -b * x), value)


def _saturation_first_derivatives(a: Array, b: Array, x: Array) -> tuple[Array, Array]:
    return -np.expm1(-b * x) + 0.0 * a, times_exp(a * x, -b * x)


def _saturation_second_derivatives(a: Array, b: Array, x: Array) -> tuple[Array, Array, Array]:
    return 0.0 * a + 0.0 * x, x * np.exp(-b * x) + 0.0 * a, times_exp(-a * x * x, -b * x)


def _power(a: Array, b: Array, x: Array) -> Array:
    """Return a xᵇ; as e^(b log x) where xᵇ alone is beyond float64."""
    value = np.asarray(a * x**b)
    return value if np.isfinite(value).all() else times_exp(a, b * np.log(x))


def _power_first_derivatives(a: Array, b: Array, x: Array) -> tuple[Array, Array]:
    return x**b + 0.0 * a, _power(a * np.log(x), b, x)


def _power_second_derivatives(a: Array, b: Array, x: Array) -> tuple[Array, Array, Array]:
    log_x = np.log(x)
    return 0.0 * a + 0.0 * x, log_x * x**b + 0.0 * a, _power(a * log_x**2, b, x)


def _sech_squared(u: Array) -> Array:
    """Return the derivative of tanh; as 1 − tanh² it would be 0 for |u| above 19."""
    return 4.0 * sigmoid_slope(2.0 * u)


def _power_in_data_units(theta: Array, x_mean: Array, x_scale: Array, y_mean: float, y_scale: float) -> Array:
    a, b = theta[..., :1], theta[..., 1:]
    return np.concatenate([y_scale * a * x_scale**-b, b], axis=-1)


def _neuron_first_derivatives(w: Array, v: Array, x: Array) -> tuple[Array, Array]:
    return v * (x * _sech_squared(w * x)), np.tanh(w * x) + 0.0 * v


def _neuron_second_derivatives(w: Array, v: Array, x: Array) -> tuple[Array, Array, Array]:
    t, slope = np.tanh(w * x), _sech_squared(w * x)
    return -2.0 * v * (x * x * t * slope), x * slope + 0.0 * v, 0.0 * v + 0.0 * x


def _curve_model(
    key: str, name: str, curve: Curve, parameters: tuple[str, str], factor: int, **fields: Any
) -> Model:
    """Return the model of a curve; the curve is proportional to the parameter at index ``factor``."""
    roles = tuple(Role(layer=int(i == factor), is_output=i == factor) for i in range(2))
    return Model(
        key=key,
        name=name,
        output_activations={REGRESSION: IDENTITY},
        reference_loss={REGRESSION: "mse"},
        parameters=lambda k, classes: parameters,
        roles=lambda k, classes: roles,
        score=curve.score,
        pullback=curve.pullback,
        hessian=curve.hessian,
        linear=False,
        inputs=1,
        centered=False,
        **fields,
    )


SATURATION: Final = _curve_model(
    "saturation",
    message("a saturating curve"),
    Curve(_saturation, _saturation_first_derivatives, _saturation_second_derivatives),
    ("a", "b"),
    factor=0,
    expression="a*(1 - exp(-b*x))",
    in_data_units=lambda theta, x_mean, x_scale, y_mean, y_scale: theta * [y_scale, 1.0 / x_scale[0]],
    when=message("a (1 − e^(−b x)): it rises and levels off at a. Its valley is long and bent."),
    labels=lambda k, classes: (message("ceiling a"), message("pace b")),
    default_window=positive_window(lambda b, x: -np.expm1(-b * x)),
    shares_scale=False,
    positive_inputs_only=True,
)
POWER: Final = _curve_model(
    "power",
    message("a power law"),
    Curve(_power, _power_first_derivatives, _power_second_derivatives),
    ("a", "b"),
    factor=0,
    expression="a*exp(b*log(x))",
    in_data_units=_power_in_data_units,
    when=message("a x^b: twice the input, always the same factor more output."),
    labels=lambda k, classes: (message("factor a"), message("exponent b")),
    default_window=positive_window(lambda b, x: x**b, scale_free=True),
    shares_scale=False,
    positive_inputs_only=True,
)
NEURON: Final = _curve_model(
    "neuron",
    message("a single neuron"),
    Curve(lambda w, v, x: v * np.tanh(w * x), _neuron_first_derivatives, _neuron_second_derivatives),
    ("w", "v"),
    factor=1,
    expression="v*tanh(w*x)",
    in_data_units=lambda theta, x_mean, x_scale, y_mean, y_scale: theta * [1.0 / x_scale[0], y_scale],
    when=message("v tanh(w x): two mirrored minima with a saddle between them, in a problem with data."),
    labels=lambda k, classes: (message("inner weight w"), message("outer weight v")),
    default_window=symmetric_window(lambda w, x: np.tanh(w * x)),
)
