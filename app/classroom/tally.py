"""Count the answers of a turn: for the board while it lasts, and for good before they are deleted."""

from collections.abc import Iterable

from ..protocol.classroom import Attempt, ClassTally
from .store import ATTEMPTS, TurnContent, Value, Votes

Answer = tuple[int, int, Value]
"""An answer: the round, the number of the student and what was answered."""


def by_round(answers: Iterable[Answer]) -> dict[int, tuple[Value, ...]]:
    """Return the values of each round, in the order of the students, without what they try."""
    values: dict[int, list[Value]] = {}
    for number, _, value in sorted(answers, key=lambda answer: answer[:2]):
        if number != ATTEMPTS:
            values.setdefault(number, []).append(value)
    return {number: tuple(each) for number, each in values.items()}


def count_changes(answers: Iterable[Answer], correct: int | None) -> tuple[int, int] | None:
    """Return how many students changed from wrong to right, and how many from right to wrong.

    Only who answered in both rounds has changed. None if there is no second round or no right choice.
    """
    first: dict[int, Value] = {}
    second: dict[int, Value] = {}
    for number, student, value in answers:
        if number != ATTEMPTS:
            (first if number == 1 else second)[student] = value
    if correct is None or not second:
        return None
    was_right = [(first[who] == correct, second[who] == correct) for who in first.keys() & second.keys()]
    return was_right.count((False, True)), was_right.count((True, False))


def count_votes(answers: list[Answer], here: int, correct: int | None) -> Votes:
    """Return the votes of the present turn; ``here`` is the number of students that are here."""
    tried = sorted((student, value) for number, student, value in answers if number == ATTEMPTS)
    attempts = {student: value for student, value in tried if isinstance(value, Attempt)}
    return Votes(here, by_round(answers), attempts, correct, count_changes(answers, correct))


def count_turn(turn: int, link: str, answers: list[Answer], content: TurnContent) -> ClassTally:
    """Return what is kept of a turn: how many, and nothing of whom."""
    rounds = by_round(answers)
    numbers = range(1, max(rounds, default=0) + 1)
    return ClassTally(
        turn=turn,
        link=link,
        counts=tuple(
            tuple(rounds.get(number, ()).count(choice) for choice in range(content.choices))
            for number in numbers
        ),
        answered=tuple(len(rounds.get(number, ())) for number in numbers),
        correct=content.correct,
        changed=count_changes(answers, content.correct),
    )
