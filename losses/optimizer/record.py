"""What an optimizer is: a pair of pure functions and what is said of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from losses.arrays import Array
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
    Both work along leading batch axes; rate and settings are numbers or
    ``(..., 1)``. A ``stochastic`` rule is given the gradient of a mini-batch.

    ``lines`` say one step in numbers: each is ``{name} = arithmetic`` over
    ``old``, ``new``, ``g`` (the slope that the rule was given), ``rate``,
    ``step``, ``length`` (of the step, in slopes), ``k`` from 1, the settings,
    and what ``memory`` names: ``{v}`` after the step, ``{v0}`` before it.
    """

    key: str
    name: str
    formula: str
    when: str
    update: Callable[..., tuple[Array, Memory]] = field(repr=False)
    init: Callable[[Array], Memory] = field(default=np.zeros_like, repr=False)
    settings: tuple[Setting, ...] = ()
    stochastic: bool = False
    memory: tuple[str, ...] = ()
    """Names of the arrays in the memory."""
    inertia: bool = False
    """Whether it rolls on where the slope has ended."""
    rate_is: Literal["slopes", "length", "share", "most"] = "slopes"
    """What a rate measures: so many slopes a step, a step's length, a share of a whole step, the most slopes tried."""
    lines: tuple[str, ...] = ("{new} = {old} − {rate} × {g}",)
    code: str = ""
    """NumPy for what ``lines`` take as given: ``step`` or ``length``, of theta, g, rate, loss and hessian."""
    work: Callable[[int, int], float] = field(default=lambda rows, dim: rows * dim, repr=False)
    """Roughly how many multiplications a step takes for so many examples and parameters."""
