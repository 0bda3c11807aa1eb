"""The interface of a store of classes; ``sqlite_store.py`` and ``redis_store.py`` implement it.

Each operation is atomic, over all threads, workers and replicas that share the store, and may be repeated: a
proxy or a phone may send a request twice. Times are seconds since the epoch. A class whose time is up is as
good as deleted, for every operation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from ..protocol.classroom import Attempt, ClassTally
from .class_state import ClassRecord

Value = int | tuple[float, float] | Attempt
"""An answer: the number of a choice, a place, or what a student tries."""
ATTEMPTS: Final = 0
"""The round under which what students try is kept, beside the answers of rounds 1 and 2."""
ROUNDING: Final = 1e-5
"""The share by which a place or a rate, rounded to six digits, may stand beyond its end."""
Texts = Mapping[str, tuple[bytes, bytes]]
"""For each language a question as JSON: as it is asked, and with the reveal."""


@dataclass(frozen=True)
class TurnContent:
    """What is kept of a turn, computed once at the teacher's press."""

    choices: int
    """The number of choices; 0 if the question asks for a place."""
    box: tuple[float, float, float, float]
    """The lowest and highest first coordinate of a place, and the same of the second."""
    texts: Texts
    attempt: tuple[float, float, float, float, float, float] | None = None
    """The lowest and highest first coordinate of a start, second one, and rate; None if nothing is tried."""
    correct: int | None = None
    """The number of the right choice; None if the question asks for no choice."""

    def accepts(self, value: Value) -> bool:
        """Return whether a value answers the question."""
        if isinstance(value, int):
            return 0 <= value < self.choices
        if isinstance(value, Attempt):
            return self.attempt is not None and all(
                low - ROUNDING * (high - low) <= part <= high + ROUNDING * (high - low)
                for part, low, high in zip(
                    (*value.start, value.rate), self.attempt[::2], self.attempt[1::2], strict=True
                )
            )
        low_u, high_u, low_v, high_v = self.box
        return not self.choices and low_u <= value[0] <= high_u and low_v <= value[1] <= high_v


@dataclass(frozen=True)
class Votes:
    """The students and answers of a class at one moment."""

    here: int
    """The number of students that were heard of since a given time."""
    rounds: Mapping[int, tuple[Value, ...]]
    """The answers of the present turn by round, in the order of the students."""
    attempts: Mapping[int, Attempt]
    """What students try in the present turn, by their numbers."""
    correct: int | None = None
    """The number of the right choice, if there is one."""
    changed: tuple[int, int] | None = None
    """How many changed from wrong to right, and from right to wrong; None without a second round."""


@dataclass(frozen=True)
class Ballot:
    """An answer of a student, who is known by the digest of a token."""

    student: str
    turn: int
    round: int
    value: Value


def round_kept(record: ClassRecord, ballot: Ballot) -> int:
    """Return the round under which an answer is kept.

    Raises StaleRequest if the class does not ask for it now: choices and places in *ask*, attempts in *try*.
    """
    is_attempt = isinstance(ballot.value, Attempt)
    asked = record.turn, record.round, record.beat
    if (ballot.turn, ballot.round, "try" if is_attempt else "ask") != asked:
        raise StaleRequest(record)
    return ATTEMPTS if is_attempt else ballot.round


class StoreUnavailable(Exception):
    """The store cannot be reached just now, or has no place to write to."""


class ClassNotFound(Exception):
    """There is no class with this code."""


class ClassEnded(ClassNotFound):
    """The class with this code has ended a short while ago."""


class CodeTaken(Exception):
    """Another teacher's class has this code."""


class StoreFull(Exception):
    """There are as many classes, or students of this class, as there may be."""


class DoorClosed(Exception):
    """Nobody may join this class any more."""


class StaleRequest(Exception):
    """The class has moved on since the sender last looked; ``record`` tells where it is."""

    def __init__(self, record: ClassRecord) -> None:
        super().__init__()
        self.record = record


class TooManyAnswers(Exception):
    """A student sends more answers a second than there may be."""


class InvalidAnswer(Exception):
    """The value does not answer the question."""


class ClassStore(Protocol):
    """Running classes. Each operation on a class raises ClassNotFound if there is none with its code."""

    def open(self, record: ClassRecord, now: float) -> ClassRecord:
        """Keep a new class and return it, or return the class that its key has already.

        Raises CodeTaken, or StoreFull if no class makes way: see ``limits.MAX_CLASSES``.
        """
        ...

    def find(self, code: str, now: float) -> ClassRecord:
        """Return a class."""
        ...

    def change(
        self,
        code: str,
        version: int | None,
        step: Callable[[ClassRecord], ClassRecord],
        now: float,
        content: TurnContent | None = None,
    ) -> ClassRecord:
        """Replace a class by ``step`` of it and return the new one; ``content`` begins a turn.

        When the turn changes, the answers of the last one are counted and deleted. Raises StaleRequest if
        ``version`` is not that of the class, and what ``step`` raises.
        """
        ...

    def question(self, code: str, turn: int, language: str, now: float) -> bytes:
        """Return the question of the present turn as JSON, with the reveal if that is due.

        Raises StaleRequest for another turn.
        """
        ...

    def join(self, code: str, student: str, now: float) -> int:
        """Return the number of a student, who has joined by now. Raises DoorClosed or StoreFull."""
        ...

    def answer(self, code: str, ballot: Ballot, now: float) -> None:
        """Keep an answer in place of an earlier one of the same round.

        Raises StaleRequest if it is not asked for now, InvalidAnswer, TooManyAnswers, or ClassNotFound for an
        unknown student.
        """
        ...

    def votes(self, code: str, since: float, now: float) -> Votes:
        """Return the students that are here and the answers of the present turn."""
        ...

    def tallies(self, code: str, now: float) -> tuple[ClassTally, ...]:
        """Return the counts of all turns in their order, the present one included."""
        ...

    def end(self, code: str, now: float) -> None:
        """Delete everything of a class."""
        ...

    def sweep(self, now: float) -> float:
        """Delete everything of classes whose time is up; return when the next one's is."""
        ...

    def close(self) -> None:
        """Let go of all resources; a store that no other process shares also deletes its classes."""
        ...
