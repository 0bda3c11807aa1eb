"""Learning-rate schedules and their catalogue."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import ClassVar, Final

from losses.core.arrays import Array, frozen
from losses.core.messages import message
from losses.core.records import CatalogueEntry
from losses.core.registry import Registry


@dataclass(frozen=True, repr=False)
class Schedule(CatalogueEntry):
    """A learning-rate schedule: the rate of step k is the learning rate times ``factor(k, steps)``.

    :func:`losses.descend` accepts a schedule or its key in ``SCHEDULES``.

    >>> import losses
    >>> losses.SCHEDULES["inverse"].factors(4)
    array([1.        , 0.5       , 0.33333333, 0.25      ])
    """

    concept: ClassVar[str] = "schedule"

    key: str
    """Its key in ``SCHEDULES``."""
    name: str
    """Its name, for people."""
    when: str
    """A sentence on its use."""
    factor: Callable[[int, int], float] = field(repr=False)
    """The factor at step k, from 0, of a run of ``steps`` steps."""
    code: str = field(repr=False)
    """The rate at step ``k`` of ``steps`` as a NumPy expression with the placeholder ``{rate}``."""
    is_constant: bool = False
    """Whether ``factor`` is 1 at every step."""

    factors: Callable[[int], Array] = field(init=False, repr=False, compare=False)
    """``factors(steps)`` is ``factor`` at every step of a run, ``(steps,)``, read-only and cached."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "factors", lru_cache(maxsize=64)(partial(_factors_by_step, self.factor)))

    def of_run(self, steps: int) -> "Schedule":
        """Return the same schedule for the first steps of a run of ``steps`` steps, however few are taken.

        >>> import losses
        >>> losses.SCHEDULES["step"].factors(2), losses.SCHEDULES["step"].of_run(6).factors(2)
        (array([1. , 0.1]), array([1., 1.]))
        """
        return replace(self, factor=lambda k, _: self.factor(k, steps))


def _factors_by_step(factor: Callable[[int, int], float], steps: int) -> Array:
    return frozen([factor(k, steps) for k in range(steps)])


DEFAULT_SCHEDULE: Final = "constant"

SCHEDULES: Final[Registry[Schedule]] = Registry(
    "schedule",
    (
        Schedule(
            DEFAULT_SCHEDULE,
            message("the same rate throughout"),
            message("The rate that textbooks analyze."),
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
