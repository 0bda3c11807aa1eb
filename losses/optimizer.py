"""Optimizers: pure update rules.

Settings are named as in PyTorch, whose trajectories they reproduce.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from losses.arrays import Array
from losses.registry import Registry
from losses.setting import Setting

Memory = Any


class Function(Protocol):
    """What an optimizer may ask of a problem beside the gradient that it is given."""

    def value(self, theta: Any) -> Array: ...
    def hessian(self, theta: Any) -> Array: ...


@dataclass(frozen=True)
class Here:
    """Where a step is taken: the point and the problem, for rules that look further than the gradient."""

    theta: Array
    problem: Function


@dataclass(frozen=True)
class Optimizer:
    """An update rule as a pair of pure functions, in the manner of optax.

    ``init(theta) -> memory`` and ``update(gradient, memory, rate, here,
    **settings) -> (delta, memory)``; the next iterate is ``theta + delta``.
    Both work along leading batch axes. A ``stochastic`` rule is given the
    gradient of a mini-batch.
    """

    key: str
    name: str
    formula: str
    when: str
    update: Callable[..., tuple[Array, Memory]] = field(repr=False)
    init: Callable[[Array], Memory] = field(default=np.zeros_like, repr=False)
    settings: tuple[Setting, ...] = ()
    stochastic: bool = False
    work: Callable[[int, int], float] = field(default=lambda rows, dim: rows * dim, repr=False)
    """Roughly how many multiplications a step takes for so many examples and parameters."""


Step = tuple[Array, Memory]


def _gd(gradient: Array, memory: Memory, rate: float, here: Here) -> Step:
    return -rate * gradient, memory


def _sgd(gradient: Array, memory: Memory, rate: float, here: Here, batch: float) -> Step:
    return -rate * gradient, memory


def _momentum(gradient: Array, velocity: Array, rate: float, here: Here, momentum: float) -> Step:
    velocity = momentum * velocity + gradient
    return -rate * velocity, velocity


def _nesterov(gradient: Array, velocity: Array, rate: float, here: Here, momentum: float) -> Step:
    velocity = momentum * velocity + gradient
    return -rate * (gradient + momentum * velocity), velocity


def _adagrad(gradient: Array, total: Array, rate: float, here: Here, eps: float) -> Step:
    total = total + np.square(gradient)
    return -rate * gradient / (np.sqrt(total) + eps), total


def _rmsprop(gradient: Array, mean: Array, rate: float, here: Here, alpha: float, eps: float) -> Step:
    mean = alpha * mean + (1.0 - alpha) * np.square(gradient)
    return -rate * gradient / (np.sqrt(mean) + eps), mean


def _two_moments(theta: Array) -> tuple[Array, Array, int]:
    return np.zeros_like(theta), np.zeros_like(theta), 0


def _adam(
    gradient: Array, memory: Memory, rate: float, here: Here, beta1: float, beta2: float, eps: float
) -> Step:
    first, second, k = memory
    k += 1
    first = beta1 * first + (1.0 - beta1) * gradient
    second = beta2 * second + (1.0 - beta2) * np.square(gradient)
    size = np.sqrt(second) / math.sqrt(1.0 - beta2**k) + eps
    return -rate / (1.0 - beta1**k) * first / size, (first, second, k)


def _adamw(
    gradient: Array, memory: Memory, rate: float, here: Here, weight_decay: float, **betas: float
) -> Step:
    delta, memory = _adam(gradient, memory, rate, here, **betas)
    return delta - rate * weight_decay * here.theta, memory


def _newton(gradient: Array, memory: Memory, rate: float, here: Here) -> Step:
    """The full step to the minimum of the local parabola; the shortest such step where it is flat."""
    inverse = np.linalg.pinv(here.problem.hessian(here.theta), hermitian=True)
    return -rate * np.einsum("...ij,...j->...i", inverse, gradient), memory


def _line_search(gradient: Array, memory: Memory, rate: float, here: Here) -> Step:
    """The largest of rate, rate/2, rate/4, ... whose step wins enough (L. Armijo, 1966)."""
    power = np.square(gradient).sum(axis=-1)
    level = here.problem.value(here.theta)
    length = np.full(np.shape(power), float(rate))
    for _ in range(60):
        trial = here.problem.value(here.theta - length[..., None] * gradient)
        too_far = ~(trial <= level - 1e-4 * length * power)
        if not too_far.any():
            break
        length = np.where(too_far, 0.5 * length, length)
    return -length[..., None] * gradient, memory


_MOMENTUM: Final = Setting("momentum", "momentum β", 0.9, 0.0, 0.999)
_EPS: Final = Setting("eps", "ε against division by zero", 1e-8, 0.0, 1.0)
_BETAS: Final = (
    Setting("beta1", "β₁, memory of the slope", 0.9, 0.0, 0.999),
    Setting("beta2", "β₂, memory of its size", 0.999, 0.0, 0.99999),
    _EPS,
)

OPTIMIZERS: Final[Registry[Optimizer]] = Registry(
    "optimizer",
    (
        Optimizer(
            key="gd",
            name="gradient descent",
            formula=r"\theta \leftarrow \theta - \alpha\,\nabla L(\theta)",
            when="A step downhill, as long as the slope is steep times the learning rate.",
            update=_gd,
        ),
        Optimizer(
            key="sgd",
            name="stochastic gradient descent",
            formula=r"\theta \leftarrow \theta - \alpha\,\nabla L_B(\theta)",
            when="The slope of a few examples at a time: cheap steps that stagger.",
            update=_sgd,
            settings=(Setting("batch", "examples a step", 8, 1, 500, whole=True),),
            stochastic=True,
        ),
        Optimizer(
            key="momentum",
            name="momentum",
            formula=r"v \leftarrow \beta v + \nabla L,\quad \theta \leftarrow \theta - \alpha v",
            when="A ball with inertia: it gathers speed along a valley (Polyak 1964).",
            update=_momentum,
            settings=(_MOMENTUM,),
        ),
        Optimizer(
            key="nesterov",
            name="Nesterov momentum",
            formula=r"v \leftarrow \beta v + \nabla L,\quad \theta \leftarrow \theta - \alpha(\nabla L + \beta v)",
            when="Momentum that looks a step ahead (Nesterov 1983).",
            update=_nesterov,
            settings=(_MOMENTUM,),
        ),
        Optimizer(
            key="adagrad",
            name="Adagrad",
            formula=r"s \leftarrow s + g^2,\quad \theta \leftarrow \theta - \alpha\, g/(\sqrt{s}+\varepsilon)",
            when="A rate for each parameter that shrinks with all its slopes so far (Duchi et al. 2011).",
            update=_adagrad,
            settings=(Setting("eps", "ε against division by zero", 1e-10, 0.0, 1.0),),
        ),
        Optimizer(
            key="rmsprop",
            name="RMSprop",
            formula=r"s \leftarrow \rho s + (1-\rho) g^2,\quad \theta \leftarrow \theta - \alpha\, g/(\sqrt{s}+\varepsilon)",
            when="Adagrad that forgets: a rate for each parameter by its recent slopes (Hinton 2012).",
            update=_rmsprop,
            settings=(Setting("alpha", "memory of the slope's size", 0.99, 0.0, 0.9999), _EPS),
        ),
        Optimizer(
            key="adam",
            name="Adam",
            formula=r"\theta \leftarrow \theta - \alpha\,\hat m/(\sqrt{\hat v}+\varepsilon)",
            when="Momentum and a rate for each parameter at once (Kingma and Ba 2015).",
            update=_adam,
            init=_two_moments,
            settings=_BETAS,
        ),
        Optimizer(
            key="adamw",
            name="AdamW",
            formula=r"\theta \leftarrow (1-\alpha\lambda)\theta - \alpha\,\hat m/(\sqrt{\hat v}+\varepsilon)",
            when="Adam with a weight decay of its own (Loshchilov and Hutter 2019).",
            update=_adamw,
            init=_two_moments,
            settings=(*_BETAS, Setting("weight_decay", "weight decay λ", 0.01, 0.0, 1.0)),
        ),
        Optimizer(
            key="newton",
            name="Newton's method",
            formula=r"\theta \leftarrow \theta - \alpha\, H^{-1}\nabla L",
            when="Jumps to the bottom of the local parabola: one step on a bowl, lost on a saddle.",
            update=_newton,
            work=lambda rows, dim: rows * dim**2 / 12 + dim**3 / 4,
        ),
        Optimizer(
            key="line_search",
            name="gradient descent with line search",
            formula=r"\theta \leftarrow \theta - \alpha_k\,\nabla L,\quad \alpha_k = \alpha/2^j",
            when="Halves the rate until the step wins enough: it cannot overshoot (Armijo 1966).",
            update=_line_search,
            work=lambda rows, dim: 6 * rows * dim,
        ),
    ),
)
