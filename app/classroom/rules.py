"""Rules of a class that all stores share: who may join, which answers count, and what is kept of them."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from ..common import limits
from ..protocol.classroom import Attempt, ClassTally
from .class_state import ClassRecord, admit
from .store import (
    Ballot,
    ClassNotFound,
    CodeTaken,
    DoorClosed,
    InvalidAnswer,
    StaleRequest,
    StoreFull,
    TooManyAnswers,
    TurnContent,
    Value,
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


def ended_digest(code: str) -> str:
    """Return the digest by which the code of an ended class is remembered."""
    return hashlib.sha256(f"ended {code}".encode()).hexdigest()[:16]


def check_owner(present: ClassRecord, opened: ClassRecord) -> ClassRecord:
    """Return the class that has the code already. Raises CodeTaken if it has another key than ``opened``."""
    if present.key_digest != opened.key_digest:
        raise CodeTaken
    return present


def class_to_evict(running: Iterable[ClassRecord]) -> ClassRecord | None:
    """Return the class to delete for a new one, the oldest without students; None if there is room.

    ``running`` has the oldest first. Raises StoreFull if all have students.
    """
    classes = list(running)
    if len(classes) < limits.MAX_CLASSES:
        return None
    empty = next((record for record in classes if not record.joined), None)
    if empty is None:
        raise StoreFull
    return empty


def apply_step(
    record: ClassRecord, version: int | None, step: Callable[[ClassRecord], ClassRecord]
) -> ClassRecord:
    """Return the class after a step of a screen. Raises StaleRequest if the screen saw another version."""
    if version is not None and version != record.version:
        raise StaleRequest(record)
    return step(record)


def admit_student(record: ClassRecord, now: float) -> ClassRecord:
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

    Raises ClassNotFound for an unknown student, TooManyAnswers, StaleRequest if it is not asked for now, or
    InvalidAnswer.
    """
    if student is None:
        raise ClassNotFound
    sent = student.sent + 1 if student.second == int(now) else 1
    if sent > limits.ANSWERS_PER_SECOND:
        raise TooManyAnswers
    kept = round_kept(record, ballot)
    if not accepts.content().accepts(ballot.value):
        raise InvalidAnswer
    return Student(student.number, now, int(now), sent), kept
