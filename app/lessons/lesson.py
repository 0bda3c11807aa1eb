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
from losses.core.messages import format_number


class LessonContext(Protocol):
    """What a lesson may look at: the problem, the run on it, and what runs beside it."""

    def __hash__(self) -> int: ...
    @property
    def prepared(self) -> Any: ...
    @property
    def run(self) -> losses.Descent: ...
    @property
    def comparison(self) -> Any: ...
    @property
    def competitors(self) -> Any: ...


Quantities = Callable[[LessonContext], Mapping[str, float]]


@dataclass(frozen=True)
class Lesson:
    """One lesson. ``link`` is its moment; braces in the texts name its ``quantities``.

    ``choices`` are the answers to the ``question``, of which ``correct_choice`` is the
    place of the right one; without choices it is answered by a click on the
    map, and ``target`` is where the click should have been. Where points are
    ``follows_edits`` the numbers follow them.
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
    correct_choice: int = 0
    target: Callable[[LessonContext], Array] | None = None
    quantities: Quantities = lambda stage: {}
    follows_edits: bool = False

    @property
    def url_values(self) -> dict[str, str]:
        return dict(parse_qsl(self.link))

    def text_formatter(self, context: LessonContext) -> Callable[[str], str]:
        """Puts the lesson's numbers, computed once, into its texts."""
        told = _formatted_quantities(self, context)
        return lambda text: text.format(**told)

    def has_same_quantities(self, other: LessonContext, context: LessonContext) -> bool:
        """Whether the numbers of ``context`` are those of what stands ``here``, too."""
        return other is context or _formatted_quantities(self, other) == _formatted_quantities(self, context)


@lru_cache(maxsize=24)
def _formatted_quantities(lesson: Lesson, context: LessonContext) -> Mapping[str, str]:
    return {name: format_number(float(value)) for name, value in lesson.quantities(context).items()}
