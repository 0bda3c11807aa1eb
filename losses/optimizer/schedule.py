"""Schedules: how the learning rate changes over a run."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final

from losses.core.arrays import Array, frozen
from losses.core.messages import message
from losses.core.registry import Registry


@dataclass(frozen=True)
class Schedule:
    """How the rate changes: ``factor(k, steps)`` multiplies it at step k of a run."""

    key: str
    name: str
    when: str
    factor: Callable[[int, int], float] = field(repr=False)
    code: str = field(repr=False)
    """The rate of step ``k`` of ``steps`` in NumPy."""
    is_constant: bool = False
    """``factor`` is 1 at every step."""

    factors: Callable[[int], Array] = field(init=False, repr=False, compare=False)
    """``factors(steps)`` is ``factor`` at every step of a run, ``(steps,)``; it is cached."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "factors", lru_cache(maxsize=64)(partial(_factors_by_step, self.factor)))


def _factors_by_step(factor: Callable[[int, int], float], steps: int) -> Array:
    return frozen([factor(k, steps) for k in range(steps)])


SCHEDULES: Final[Registry[Schedule]] = Registry(
    "schedule",
    (
        Schedule(
            "constant",
            message("the same rate throughout"),
            message("What theory speaks of."),
            lambda k, steps: 1.0,
            "{rate}",
            is_constant=True,
        ),
        Schedule(
            "step",
            message("a tenth after each third"),
            message("Large steps first, then small ones to settle."),
            lambda k, steps: 0.1 ** (3 * k // max(steps, 1)),
            "{rate} * 0.1 ** (3 * k // steps)",
        ),
        Schedule(
            "cosine",
            message("a cosine down to zero"),
            message("Slows down gently (Loshchilov and Hutter 2017)."),
            lambda k, steps: 0.5 * (1.0 + math.cos(math.pi * k / max(steps, 1))),
            "{rate} * (1 + np.cos(np.pi * k / steps)) / 2",
        ),
        Schedule(
            "inverse",
            message("one over the step"),
            message("Shrinks just slowly enough to arrive in spite of noise (Robbins and Monro 1951)."),
            lambda k, steps: 1.0 / (k + 1),
            "{rate} / (k + 1)",
        ),
    ),
)
