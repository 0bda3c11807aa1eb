"""What a lesson is: a link with other defaults, a question, and texts whose numbers are computed.

The numbers come from the experiment that the lesson's own link opens. They stay true whatever a student
changes afterwards.
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
    """What a lesson computes its numbers from: the part of an ``Experiment`` that lessons use.

    It must be hashable, because the numbers are cached for each context.
    """

    def __hash__(self) -> int: ...
    @property
    def prepared(self) -> Any:
        """The problem with its surface and certificate, a ``PreparedProblem``."""
        ...

    @property
    def run(self) -> losses.Descent: ...

    @property
    def comparison(self) -> Any:
        """The ``ComparedRun`` on a second problem, or None."""
        ...

    @property
    def competitors(self) -> Any:
        """A ``ComparedRun`` for each entry of the race and for the ghost."""
        ...


Quantities = Callable[[LessonContext], Mapping[str, float]]
"""Computes the numbers in a lesson's texts, by the names that stand in braces there."""


@dataclass(frozen=True)
class Lesson:
    """A lesson: what its link opens, its question and answer, and the texts of its card.

    A lesson with ``choices`` is answered by one of them; without, by a click on the map, and then it has a
    ``target``. Names in braces in the texts stand for ``quantities``.
    """

    key: str
    title: str
    block: int
    """The number of its block in the teacher's notes, from 1."""
    link: str
    """The query of the link that it opens, without its own key."""
    text: str
    """The introduction, shown before the answer."""
    question: str
    drag: str
    """What to try after the answer."""
    reveal: str
    """The explanation, shown after the answer."""
    aha: str
    """The conclusion in one sentence."""
    note: str
    """Advice for the teacher."""
    choices: tuple[str, ...] = ()
    correct_choice: int = 0
    """The index of the correct one of ``choices``."""
    target: Callable[[LessonContext], Array] | None = None
    """Computes the correct point on the map, an array of two parameters."""
    quantities: Quantities = lambda context: {}
    minutes: int = 4
    """How long a class takes, in minutes."""
    follows_edits: bool = False
    """Whether the numbers follow examples that the student has moved."""
    hero: str = "landscape"
    """The largest view, which the question is about: ``landscape``, ``map``, ``data`` or ``detail``."""
    views: tuple[str, ...] = ("landscape", "map", "data")
    """The views that are shown, ``hero`` among them; the others are folded into the tray."""

    @property
    def url_values(self) -> dict[str, str]:
        """The values of ``link`` by their URL keys."""
        return dict(parse_qsl(self.link))

    def text_formatter(self, context: LessonContext) -> Callable[[str], str]:
        """Return a function that fills the numbers of ``context`` into a text of this lesson."""
        formatted = _formatted_quantities(self, context)
        return lambda text: text.format(**formatted)

    def has_same_quantities(self, other: LessonContext, context: LessonContext) -> bool:
        """Return whether two contexts give the same numbers as printed."""
        return other is context or _formatted_quantities(self, other) == _formatted_quantities(self, context)


@lru_cache(maxsize=24)
def _formatted_quantities(lesson: Lesson, context: LessonContext) -> Mapping[str, str]:
    return {name: format_number(float(value)) for name, value in lesson.quantities(context).items()}
