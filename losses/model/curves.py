"""Curves with two parameters that bend: their losses are no bowls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import say
from losses.loss.base import REGRESSION
from losses.model.base import Model, Role
from losses.model.default_window import both_signs_window, positive_window
from losses.model.output_activation import AS_IT_IS


@dataclass(frozen=True)
class Curve:
    """f(θ, x) of two parameters with its derivatives; each takes p, q ``(..., 1)`` and x ``(n,)``.

    ``first`` answers (f_p, f_q) and ``second`` (f_pp, f_pq, f_qq).
    """

    value: Callable[[Array, Array, Array], Array]
    first: Callable[[Array, Array, Array], tuple[Array, Array]]
    second: Callable[[Array, Array, Array], tuple[Array, Array, Array]]

    def score(self, theta: Array, x: Array) -> Array:
        return self.value(theta[..., :1], theta[..., 1:], x[:, 0])

    def pullback(self, theta: Array, x: Array, g: Array) -> Array:
        parts = self.first(theta[..., :1], theta[..., 1:], x[:, 0])
        return np.stack([(g * part).sum(axis=-1) for part in parts], axis=-1)

    def hessian(self, theta: Array, x: Array, g: Array, h: Array) -> Array:
        at = theta[..., :1], theta[..., 1:], x[:, 0]
        (fp, fq), (pp, pq, qq) = self.first(*at), self.second(*at)
        entries = (h * fp * fp + g * pp, h * fp * fq + g * pq, h * fq * fq + g * qq)
        a, b, c = (np.asarray(entry).sum(axis=-1) for entry in entries)
        return np.stack([np.stack([a, b], axis=-1), np.stack([b, c], axis=-1)], axis=-2)


def _saturation_first(a: Array, b: Array, x: Array) -> tuple[Array, Array]:
    return -np.expm1(-b * x) + 0.0 * a, a * x * np.exp(-b * x)


def _saturation_second(a: Array, b: Array, x: Array) -> tuple[Array, Array, Array]:
    decay = np.exp(-b * x)
    return 0.0 * a * decay, x * decay + 0.0 * a, -a * x * x * decay


def _power_first(a: Array, b: Array, x: Array) -> tuple[Array, Array]:
    return x**b + 0.0 * a, a * np.log(x) * x**b


def _power_second(a: Array, b: Array, x: Array) -> tuple[Array, Array, Array]:
    return 0.0 * a * x**b, np.log(x) * x**b + 0.0 * a, a * np.log(x) ** 2 * x**b


def _neuron_first(w: Array, v: Array, x: Array) -> tuple[Array, Array]:
    t = np.tanh(w * x)
    return v * x * (1.0 - t * t), t + 0.0 * v


def _neuron_second(w: Array, v: Array, x: Array) -> tuple[Array, Array, Array]:
    t = np.tanh(w * x)
    return -2.0 * v * x * x * t * (1.0 - t * t), x * (1.0 - t * t) + 0.0 * v, 0.0 * v * t


def _curve(key: str, name: str, curve: Curve, parameters: tuple[str, str], factor: int, **more: Any) -> Model:
    """A model of a curve; the parameter at position ``factor`` multiplies the rest of it."""
    roles = tuple(Role(layer=int(i == factor), is_output=i == factor) for i in range(2))
    return Model(
        key=key,
        name=name,
        links={REGRESSION: AS_IT_IS},
        reference_loss={REGRESSION: "mse"},
        parameters=lambda k, classes: parameters,
        roles=lambda k, classes: roles,
        score=curve.score,
        pullback=curve.pullback,
        hessian=curve.hessian,
        linear=False,
        inputs=1,
        centered=False,
        **more,
    )


SATURATION: Final = _curve(
    "saturation",
    say("a saturating curve"),
    Curve(lambda a, b, x: -a * np.expm1(-b * x), _saturation_first, _saturation_second),
    ("a", "b"),
    factor=0,
    expression="a*(1 - exp(-b*x))",
    when=say("a (1 − e^(−b x)): it rises and levels off at a. Its valley is long and bent."),
    labels=lambda k, classes: (say("ceiling a"), say("pace b")),
    window=positive_window(lambda b, x: -np.expm1(-b * x)),
    positive=True,
)
POWER: Final = _curve(
    "power",
    say("a power law"),
    Curve(lambda a, b, x: a * x**b, _power_first, _power_second),
    ("a", "b"),
    factor=0,
    expression="a*exp(b*log(x))",
    when=say("a x^b: twice the input, always the same factor more output."),
    labels=lambda k, classes: (say("factor a"), say("exponent b")),
    window=positive_window(lambda b, x: x**b, scale_free=True),
    positive=True,
)
NEURON: Final = _curve(
    "neuron",
    say("a single neuron"),
    Curve(lambda w, v, x: v * np.tanh(w * x), _neuron_first, _neuron_second),
    ("w", "v"),
    factor=1,
    expression="v*tanh(w*x)",
    when=say("v tanh(w x): two mirrored minima with a saddle between them, in a problem with data."),
    labels=lambda k, classes: (say("inner weight w"), say("outer weight v")),
    window=both_signs_window(lambda w, x: np.tanh(w * x)),
)
