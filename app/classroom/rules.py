"""What every engine of a store decides alike: who may join, which answers count, and what is kept of them."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from ..common import limits
from ..protocol.classroom import Attempt, ClassTally
from .class_state import ClassRecord, admit
from .store import (
    Ballot,
    CodeTaken,
    DoorClosed,
    MovedOn,
    NoClass,
    StoreFull,
    TooFast,
    TurnContent,
    Value,
    WrongValue,
    round_kept,
)

REMEMBER_SECONDS: Final = 600.0
"""Seconds for which phones are told that a class has ended, not that there is none."""


class Student(msgspec.Struct, frozen=True):
    """What is kept of a student."""

    number: int
    seen: float
    """When the phone was last heard of."""
    second: int = 0
    """The second of the last answer."""
    sent: int = 0
    """The answers in that second."""


class Accepts(msgspec.Struct, frozen=True):
    """What answers a question, and what is right."""

    choices: int = 0
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    attempt: tuple[float, float, float, float, float, float] | None = None
    correct: int | None = None

    def content(self) -> TurnContent:
        """Return the content of a turn without its texts."""
        return TurnContent(self.choices, self.box, {}, self.attempt, self.correct)


for _kind in (ClassRecord, Accepts, Attempt, Student, Value, ClassTally):
    msgspec.json.Decoder(_kind)  # resolved here, by one thread: msgspec crashes when two do it


def accepts_of(content: TurnContent) -> Accepts:
    """Return what is kept of a content besides its texts."""
    return Accepts(content.choices, content.box, content.attempt, content.correct)


def mark_of(code: str) -> str:
    """Return what is remembered of a code after its class has ended."""
    return hashlib.sha256(f"ended {code}".encode()).hexdigest()[:16]


def owned(present: ClassRecord, opened: ClassRecord) -> ClassRecord:
    """Return the class that is there already for one that is opened. Raises CodeTaken by another key."""
    if present.key_digest != opened.key_digest:
        raise CodeTaken
    return present


def who_leaves(running: Iterable[ClassRecord]) -> ClassRecord | None:
    """Return the class that makes way for another one: if there are enough, the oldest without students.

    ``running`` has the oldest first. Raises StoreFull if all have students.
    """
    classes = list(running)
    if len(classes) < limits.MAX_CLASSES:
        return None
    empty = next((record for record in classes if not record.joined), None)
    if empty is None:
        raise StoreFull
    return empty


def changed(
    record: ClassRecord, version: int | None, step: Callable[[ClassRecord], ClassRecord]
) -> ClassRecord:
    """Return a class after a step of a screen that has seen a version. Raises MovedOn if that has passed."""
    if version is not None and version != record.version:
        raise MovedOn(record)
    return step(record)


def let_in(record: ClassRecord, now: float) -> ClassRecord:
    """Return a class with one more student. Raises DoorClosed or StoreFull."""
    if not record.door:
        raise DoorClosed
    if record.joined >= limits.MAX_STUDENTS:
        raise StoreFull
    return admit(record, now)


def count_answer(
    record: ClassRecord, accepts: Accepts, student: Student | None, ballot: Ballot, now: float
) -> tuple[Student, int]:
    """Return what is kept of a student after an answer, and the round under which that is kept.

    Raises NoClass for an unknown student, TooFast, MovedOn if it is not asked for now, or WrongValue.
    """
    if student is None:
        raise NoClass
    sent = student.sent + 1 if student.second == int(now) else 1
    if sent > limits.ANSWERS_PER_SECOND:
        raise TooFast
    kept = round_kept(record, ballot)
    if not accepts.content().accepts(ballot.value):
        raise WrongValue
    return Student(student.number, now, int(now), sent), kept
