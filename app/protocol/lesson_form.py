"""The form in which a teacher writes a lesson: what it sends, and what it is told while it is typed in."""

from typing import Annotated

from msgspec import Meta

from ..common import limits
from .base import ProtocolStruct
from .narration import LessonCard
from .request import LinkText

FieldText = Annotated[str, Meta(max_length=limits.MAX_FIELD_CHARACTERS)]


class LessonDraft(ProtocolStruct, frozen=True):
    """A lesson as its form has it, finished or not."""

    link: LinkText
    """What the page shows, which the lesson opens."""
    rows: Annotated[str, Meta(max_length=limits.MAX_POINTS_CHARACTERS)] = ""
    """The data of the page if they are in the browser."""
    title: FieldText = ""
    text: FieldText = ""
    question: FieldText = ""
    choices: Annotated[tuple[FieldText, ...], Meta(max_length=4)] = ()
    right: Annotated[int, Meta(ge=0, le=3)] = 0
    """The number of the right choice, from 0."""
    place: Annotated[str, Meta(max_length=60, pattern=r"^([\w.+-]+,[\w.+-]+)?$")] = ""
    """The two names of the right place, separated by a comma; empty if choices are asked."""
    aha: FieldText = ""
    reveal: FieldText = ""
    drag: FieldText = ""
    note: FieldText = ""
    hero: Annotated[str, Meta(max_length=20)] = ""
    """The largest view of the page; empty for the usual one."""


class FieldProblem(ProtocolStruct, frozen=True):
    """What is wrong with one field of the form."""

    field: str
    sentence: str


class NamedNumber(ProtocolStruct, frozen=True):
    """A number that a text can name."""

    name: str
    meaning: str
    value: str


class NamedPlace(ProtocolStruct, frozen=True):
    """A place that can be the right one."""

    key: str
    """Its two names, separated by a comma."""
    title: str


class LessonPreview(ProtocolStruct, frozen=True):
    """What a draft makes: its cards, its link, and what is still wrong."""

    query: str
    """The link of the lesson; empty as long as there is none."""
    complete: bool
    """Whether a file can hold it."""
    sentence: str
    """How long the link is, or why there is none."""
    faults: tuple[FieldProblem, ...]
    asking: LessonCard
    answered: LessonCard
    numbers: tuple[NamedNumber, ...]
    places: tuple[NamedPlace, ...]


class ImportedLesson(ProtocolStruct, frozen=True):
    """A lesson for the form, from a file or from the link of a lesson."""

    draft: LessonDraft
    check: str
    """The check of its data, under which the browser keeps those that are too many for a link."""


class LessonImport(ProtocolStruct, frozen=True):
    """The lessons of a file."""

    problem: str
    """A sentence on what is wrong with the file; empty if nothing is."""
    lessons: tuple[ImportedLesson, ...]
