"""Lessons: a moment, a question to answer before the answer is shown, and what there is to see in it.

Every number in a lesson's texts is computed, from the moment that its own link opens: what is turned afterwards
makes none of them untrue.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import parse_qsl

import losses
from losses.core.arrays import Array
from losses.core.messages import num


class Stage(Protocol):
    """What a lesson may look at: the problem, the run on it, and what runs beside it."""

    def __hash__(self) -> int: ...
    @property
    def here(self) -> Any: ...
    @property
    def run(self) -> losses.Descent: ...
    @property
    def beside(self) -> Any: ...
    @property
    def rivals(self) -> Any: ...


Numbers = Callable[[Stage], Mapping[str, float]]


@dataclass(frozen=True)
class Lesson:
    """One lesson. ``link`` is its moment; braces in the texts name its ``numbers``.

    ``choices`` are the answers to the ``question``, of which ``right`` is the
    place of the right one; without choices it is answered by a click on the
    map, and ``target`` is where the click should have been. Where points are
    ``dragged`` the numbers follow them.
    """

    key: str
    title: str
    block: int
    link: str
    text: str
    question: str
    drag: str
    reveal: str
    aha: str
    note: str
    choices: tuple[str, ...] = ()
    right: int = 0
    target: Callable[[Stage], Array] | None = None
    numbers: Numbers = lambda stage: {}
    dragged: bool = False

    @property
    def given(self) -> dict[str, str]:
        return dict(parse_qsl(self.link))

    def teller(self, stage: Stage) -> Callable[[str], str]:
        """Puts the lesson's numbers, computed once, into its texts."""
        told = _told(self, stage)
        return lambda text: text.format(**told)

    def is_of(self, here: Stage, stage: Stage) -> bool:
        """Whether the numbers of ``stage`` are those of what stands ``here``, too."""
        return here is stage or _told(self, here) == _told(self, stage)


@lru_cache(maxsize=24)
def _told(lesson: Lesson, stage: Stage) -> Mapping[str, str]:
    return {name: num(float(value)) for name, value in lesson.numbers(stage).items()}
