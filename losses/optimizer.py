"""Optimizers: pure update rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from losses.arrays import Array
from losses.registry import Registry
from losses.setting import Setting

Memory = Any


@dataclass(frozen=True)
class Optimizer:
    """An update rule as a pair of pure functions, in the manner of optax.

    ``init(theta) -> memory`` and ``update(gradient, memory, rate, **settings)
    -> (delta, memory)``; the next iterate is ``theta + delta``. Both work
    along leading batch axes.
    """

    key: str
    name: str
    formula: str
    when: str
    init: Callable[[Array], Memory] = field(repr=False)
    update: Callable[..., tuple[Array, Memory]] = field(repr=False)
    settings: tuple[Setting, ...] = ()


OPTIMIZERS: Final[Registry[Optimizer]] = Registry(
    "optimizer",
    (
        Optimizer(
            key="gd",
            name="gradient descent",
            formula=r"\theta \leftarrow \theta - \alpha\,\nabla L(\theta)",
            when="A step downhill, as long as the slope is steep times the learning rate.",
            init=lambda theta: None,
            update=lambda gradient, memory, rate: (-rate * gradient, memory),
        ),
    ),
)
