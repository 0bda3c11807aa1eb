"""Update rules. Settings are named as in PyTorch, whose trajectories they reproduce."""

import numpy as np

from losses.arrays import Array
from losses.optimizer.record import Here, Memory

Step = tuple[Array, Memory]
HALVED = [0.5 ** np.arange(count) for count in (1, 3, 8, 16, 32)]
"""Lengths of a line search that are tried together: mostly the first will do."""
EPSILON = float(np.finfo(np.float64).eps)


def gd(gradient: Array, memory: Memory, rate: float, here: Here) -> Step:
    return -rate * gradient, memory


def sgd(gradient: Array, memory: Memory, rate: float, here: Here, batch: float) -> Step:
    return -rate * gradient, memory


def momentum(gradient: Array, velocity: Array, rate: float, here: Here, momentum: float) -> Step:
    velocity = momentum * velocity + gradient
    return -rate * velocity, velocity


def nesterov(gradient: Array, velocity: Array, rate: float, here: Here, momentum: float) -> Step:
    velocity = momentum * velocity + gradient
    return -rate * (gradient + momentum * velocity), velocity


def adagrad(gradient: Array, total: Array, rate: float, here: Here, eps: float) -> Step:
    total = total + np.square(gradient)
    return -rate * gradient / (np.sqrt(total) + eps), total


def rmsprop(gradient: Array, mean: Array, rate: float, here: Here, alpha: float, eps: float) -> Step:
    mean = alpha * mean + (1.0 - alpha) * np.square(gradient)
    return -rate * gradient / (np.sqrt(mean) + eps), mean


def two_moments(theta: Array) -> tuple[Array, Array, int]:
    return np.zeros_like(theta), np.zeros_like(theta), 0


def adam(
    gradient: Array, memory: Memory, rate: float, here: Here, beta1: float, beta2: float, eps: float
) -> Step:
    first, second, k = memory
    k += 1
    first = beta1 * first + (1.0 - beta1) * gradient
    second = beta2 * second + (1.0 - beta2) * np.square(gradient)
    size = np.sqrt(second) / np.sqrt(1.0 - beta2**k) + eps
    return -rate / (1.0 - beta1**k) * first / size, (first, second, k)


def adamw(
    gradient: Array, memory: Memory, rate: float, here: Here, weight_decay: float, **betas: float
) -> Step:
    delta, memory = adam(gradient, memory, rate, here, **betas)
    return delta - rate * weight_decay * here.theta, memory


def newton(gradient: Array, memory: Memory, rate: float, here: Here) -> Step:
    """The full step to the minimum of the local parabola; the shortest such step where it is flat."""
    hessian = here.problem.hessian(here.theta)
    whole = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))[..., None]
    values, vectors = np.linalg.eigh(np.where(whole[..., None], hessian, 0.0))
    sizes = np.abs(values)
    curved = sizes > sizes.shape[-1] * EPSILON * sizes.max(axis=-1, keepdims=True)
    along = (gradient[..., None, :] @ vectors)[..., 0, :]
    along = np.where(curved, along / np.where(curved, values, 1.0), 0.0)
    step = -rate * (vectors @ along[..., None])[..., 0]
    return np.where(whole, step, np.nan), memory


def line_search(gradient: Array, memory: Memory, rate: float, here: Here) -> Step:
    """The largest of rate, rate/2, rate/4, ... whose step wins enough (L. Armijo, 1966), or that moves nothing."""
    power = np.square(gradient).sum(axis=-1)
    level = here.problem.value(here.theta)
    length = np.broadcast_to(rate, gradient.shape)[..., 0]
    for shares in HALVED:
        lengths = np.multiply.outer(shares, length)
        trials = here.theta - lengths[..., None] * gradient
        enough = here.problem.value(trials) <= level - 1e-4 * lengths * power
        enough |= ~(np.isfinite(level) & (trials != here.theta).any(axis=-1))
        first = np.where(enough.any(axis=0), enough.argmax(axis=0), len(shares))
        length = length * 0.5**first
        if (first < len(shares)).all():
            break
    return -length[..., None] * gradient, memory
