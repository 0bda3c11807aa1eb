"""What a lesson is: a link with other defaults, a question, and texts whose numbers are computed.

The numbers come from the experiment that the lesson's own link opens. They stay true whatever a student
changes afterwards.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from .context import LessonContext
from .page_numbers import Value, value_text
from .quantities import PAGE, QUANTITIES

NEVER_SET: Final = ("s", "a", "lang")
"""Keys that the link of a lesson does not set: its own, its answer and the reader's language."""


@dataclass(frozen=True)
class Lesson:
    """A lesson: what its link opens, its question and answer, and the texts of its card.

    It is plain data, so that a file can hold it. A lesson with ``choices`` is answered by one of them;
    without, by a click on the map, and then it has a ``target``. Names in braces in the texts stand for
    numbers of the ``quantities``. Nothing that a student sees before the answer gives it away: not the key,
    which stands in the link, and not the title.
    """

    key: str
    title: str
    """The title until the lesson is answered; then ``aha`` is."""
    block: int
    """The number of its block in the teacher's notes, from 1."""
    link: str
    """The query of the link that it opens, without its own key."""
    question: str
    text: str = ""
    """The introduction, shown before the answer."""
    drag: str = ""
    """What to try after the answer."""
    reveal: str = ""
    """The explanation, shown after the answer."""
    aha: str = ""
    """The conclusion in one sentence; the title stays without one."""
    note: str = ""
    """Advice for the teacher."""
    choices: tuple[str, ...] = ()
    """The answers to choose from, a common misconception first where that is possible."""
    correct_choice: int = 0
    """The index of the correct one of ``choices``."""
    target: tuple[str, ...] = ()
    """The names of the two quantities that are the correct point on the map, or two numbers."""
    quantities: tuple[str, ...] = (PAGE,)
    """The keys of ``QUANTITIES`` whose numbers the texts name."""
    minutes: int = 4
    """How long a class takes, in minutes."""
    follows_edits: bool = False
    """Whether the numbers follow examples that the student has moved."""
    asking_view: str = ""
    """The view of the detail card before the answer, if it gives nothing away; else losses by step."""
    plays: bool = True
    """Whether the run plays once the lesson is answered."""
    hero: str = "landscape"
    """The view that the question is about, the largest: ``landscape``, ``map``, ``data`` or ``detail``."""
    views: tuple[str, ...] = ("landscape", "map", "data")
    """The views that are shown, ``hero`` among them; the others are folded into the tray."""
    old_keys: tuple[str, ...] = ()
    """Keys by which older links name it."""
    block_title: str = ""
    """The title of its block; without one it is among more lessons."""
    is_custom: bool = False
    """Whether somebody else wrote it: it came in a file or in a link."""
    picture: str = ""
    """The name of its picture among those that the server has read from the folder of its file."""

    @property
    def url_values(self) -> Mapping[str, str]:
        """The values of ``link`` by their URL keys, without those that no lesson sets."""
        return _url_values(self.link)

    def quantity_values(self, context: LessonContext) -> dict[str, Value]:
        """Return the numbers of this lesson in a context, by the names that stand in braces."""
        return {
            name: value if value is None or isinstance(value, str) else float(value)
            for key in self.quantities
            for name, value in QUANTITIES[key].compute(context).items()
        }

    def target_point(self, context: LessonContext) -> tuple[float, ...]:
        """Return the correct point on the map, ``()`` if a choice is the answer or the point is unknown."""
        numbers = self.quantity_values(context) if self.target else {}
        point = tuple(_coordinate(name, numbers) for name in self.target)
        return () if any(math.isnan(part) for part in point) else point

    def text_formatter(self, context: LessonContext) -> Callable[[str], str]:
        """Return a function that fills the numbers of ``context`` into a text of this lesson.

        They are computed when the first text names one.
        """

        def fill_numbers(text: str) -> str:
            sources = (text, *getattr(text, "translations", {}).values())
            has_numbers = any("{" in source for source in sources)
            return text.format(**(_formatted_quantities(self, context) if has_numbers else {}))

        return fill_numbers


@lru_cache(maxsize=128)
def _url_values(link: str) -> Mapping[str, str]:
    return {key: text for key, text in parse_qsl(link.lstrip("?")) if key not in NEVER_SET}


_known_quantities: Final = WeakKeyDictionary[LessonContext, dict[Lesson, Mapping[str, str]]]()


def _formatted_quantities(lesson: Lesson, context: LessonContext) -> Mapping[str, str]:
    """Return the numbers of a lesson as texts, which are known as long as the context is."""
    known = _known_quantities.setdefault(context, {})
    if lesson not in known:
        known[lesson] = {name: value_text(value) for name, value in lesson.quantity_values(context).items()}
    return known[lesson]


def _coordinate(name: str, numbers: Mapping[str, Value]) -> float:
    """Return the coordinate that a name or a number stands for; NaN if it is not known."""
    try:
        value = numbers.get(name, name)
        return math.nan if value is None else float(value)
    except ValueError:
        return math.nan
