"""Texts and tables of the steps of a run, and the card of a lesson."""

from .arrays import TypedArray
from .base import ProtocolStruct


class StepTemplates(ProtocolStruct, frozen=True):
    """The texts of one kind: the templates, and which of them each step has."""

    templates: list[str]
    index: TypedArray | None
    """The index of the template at each step; null if all steps have the first."""


class RunText(ProtocolStruct, frozen=True):
    """The texts of every step of a run; ``app/narration/step_text.py`` explains the placeholders."""

    last_step: int
    constants: dict[str, str]
    """Values that are the same at each step, by placeholder."""
    columns: dict[str, TypedArray]
    """A number for each step, by placeholder."""
    texts: dict[str, StepTemplates]
    """The texts by kind."""


class ComparedRunText(ProtocolStruct, frozen=True):
    """The text of each step about a run that is compared with the main run."""

    style_index: int
    """The place in the order of colors and marker symbols; −1 is the ghost's."""
    run_text: RunText
    """It has the texts of a ``ComparedText``."""


class ComparedText(ProtocolStruct, frozen=True):
    """The sentence about a compared run at one step."""

    style_index: int
    text: str
    numbers: str = ""
    """Its loss and slope, where it has a picture of its own."""


class FactsTable(ProtocolStruct, frozen=True, tag_field="kind", tag="facts"):
    """Pairs of name and value."""

    rows: list[tuple[str, str]]


class TextPiece(ProtocolStruct, frozen=True):
    """A part of a line."""

    text: str
    role: str = ""
    """The CSS class of its color."""


class UpdateBlock(ProtocolStruct, frozen=True):
    """The update rule with the numbers of one parameter, line by line."""

    name: str
    lines: list[list[TextPiece]]


class UpdateTable(ProtocolStruct, frozen=True, tag_field="kind", tag="update"):
    """The update rule with the numbers of one step."""

    blocks: list[UpdateBlock]
    """A block for each shown parameter; none at the end of the run."""


class RunRow(ProtocolStruct, frozen=True):
    """A run in a table of runs."""

    name: str
    style_index: int | None
    """Null for the main run."""
    cells: list[str]


class RunsTable(ProtocolStruct, frozen=True, tag_field="kind", tag="runs"):
    """A row for each run."""

    heads: list[str]
    rows: list[RunRow]
    note: str


Table = FactsTable | UpdateTable | RunsTable


class LessonAnswer(ProtocolStruct, frozen=True):
    """What the card of a lesson shows once it is answered; the texts are HTML."""

    feedback: str
    """The answer compared with the correct one."""
    right: bool | None
    """Whether the choice is the correct one; null for a place on the map, which is near or far."""
    explanation: str
    suggestion: str
    """What to try next."""


class LessonCard(ProtocolStruct, frozen=True):
    """The card of a lesson. Introduction, question and choices are HTML; the title is a text."""

    key: str
    title: str
    """Once answered the conclusion, in one sentence; empty if the lesson has none."""
    number: str
    """The place of the lesson among all, as a text."""
    introduction: str
    question: str
    choices: tuple[str, ...]
    """Empty if the lesson is answered by a click on the map."""
    instruction: str
    """How to answer without choices."""
    asking: bool
    """Whether the question is not answered yet."""
    plays: bool
    """Whether the run plays once the question is answered."""
    answer: LessonAnswer | None
    """Null while the lesson asks."""
    previous: str
    """The key of the previous lesson; empty for the first."""
    next: str
    hero: str
    """The view that is shown largest, by the id of its element."""
    views: tuple[str, ...]
    """The views that are shown, the hero among them; the others are folded into the tray."""
