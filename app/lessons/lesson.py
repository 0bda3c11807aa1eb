"""What a lesson is: a link with other defaults, a question, and texts whose numbers are computed.

The numbers come from the experiment that the lesson's own link opens. They stay true whatever a student
changes afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from losses.core.messages import format_number

from .context import LessonContext
from .quantities import QUANTITIES


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
    """The answers to choose from, a common misconception first where that is possible."""
    correct_choice: int = 0
    """The index of the correct one of ``choices``."""
    target: tuple[str, ...] = ()
    """The names of the two quantities that are the correct point on the map."""
    quantities: tuple[str, ...] = ()
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

    @property
    def url_values(self) -> dict[str, str]:
        """The values of ``link`` by their URL keys."""
        return dict(parse_qsl(self.link))

    def quantity_values(self, context: LessonContext) -> dict[str, float]:
        """Return the numbers of this lesson in a context, by the names that stand in braces."""
        return {
            name: float(value)
            for key in self.quantities
            for name, value in QUANTITIES[key].compute(context).items()
        }

    def target_point(self, context: LessonContext) -> tuple[float, ...]:
        """Return the correct point on the map, ``()`` if a choice is the answer."""
        numbers = self.quantity_values(context) if self.target else {}
        return tuple(numbers[name] for name in self.target)

    def text_formatter(self, context: LessonContext) -> Callable[[str], str]:
        """Return a function that fills the numbers of ``context`` into a text of this lesson."""
        formatted = _formatted_quantities(self, context)
        return lambda text: text.format(**formatted)

    def has_same_quantities(self, other: LessonContext, context: LessonContext) -> bool:
        """Return whether two contexts give the same numbers as printed."""
        return other is context or _formatted_quantities(self, other) == _formatted_quantities(self, context)


@lru_cache(maxsize=24)
def _formatted_quantities(lesson: Lesson, context: LessonContext) -> Mapping[str, str]:
    return {name: format_number(value) for name, value in lesson.quantity_values(context).items()}
