"""What a class is and how the teacher's presses change it, as pure functions of a record and the time.

A class goes through turns. A turn is a link with a question, and goes through beats: lobby, ask, show,
reveal, try, run, explore; it skips try and run if its link has no descent with a rate. The question may be
asked twice: that is its second round.
"""

from dataclasses import dataclass, replace
from typing import Final, get_args

from ..common import limits
from ..protocol.classroom import Beat, ClassSettings, Face, Press

BEATS: Final[tuple[Beat, ...]] = get_args(Beat)
TRYING: Final = ("try", "run")
"""The beats of the class's own runs."""
REVEALING: Final = ("reveal", *TRYING, "explore")
"""The beats in which phones are told what is so."""
RUNNING: Final = ("run", "explore")
"""The beats in which the projector shows the class's own runs."""
SHOWING: Final = ("show", *REVEALING)
"""The beats in which the projector shows what the class thought."""


@dataclass(frozen=True)
class Waiting:
    """A screen that waits to be paired."""

    digits: str
    token_digest: str
    until: float


@dataclass(frozen=True)
class ClassRecord:
    """A class; its students and answers are kept beside it."""

    code: str
    key_digest: str
    born: str
    opened: float
    """When it began, in seconds since the epoch."""
    until: float
    """When it ends by itself."""
    link: str
    version: int = 1
    turn: int = 0
    beat: Beat = "lobby"
    round: int = 1
    lit: tuple[int, ...] = ()
    door: bool = True
    can_try: bool = False
    """Whether the link of this turn has a descent with a rate."""
    revealed: bool = False
    """Whether phones have been told what is so in this turn."""
    paused: bool = False
    live: bool = False
    joined: int = 0
    """The number of students that have joined."""
    remote_digest: str = ""
    """The digest of the token of the teacher's remote; empty if there is none."""
    waiting: tuple[Waiting, ...] = ()
    """The screens that wait to be paired."""
    first_digest: str = ""
    """The digest of the key that the code is made of, if the class was handed over since."""

    def face(self, every: int) -> Face:
        """Return what phones read; ``every`` is the number of seconds until they look again."""
        return Face(
            born=self.born,
            version=self.version,
            turn=self.turn,
            beat=self.beat,
            round=self.round,
            every=every,
            paused=self.paused,
            door=self.door,
            lit=self.lit,
        )


class InvalidPress(Exception):
    """A press that no screen of a teacher sends: the class cannot go there from where it is."""


def open_class(
    code: str, key_digest: str, born: str, link: str, now: float, first_digest: str = ""
) -> ClassRecord:
    """Return a new class in its lobby."""
    until = now + limits.EMPTY_CLASS_SECONDS
    return ClassRecord(code, key_digest, born, now, until, link, first_digest=first_digest)


def _end_after(record: ClassRecord, now: float) -> float:
    """Return when a class ends by itself if nothing more happens after ``now``."""
    rest = limits.CLASS_SECONDS if record.joined else limits.EMPTY_CLASS_SECONDS
    return min(now + rest, record.opened + limits.LONGEST_CLASS_SECONDS)


def press(record: ClassRecord, pressed: Press, now: float, *, can_try: bool = False) -> ClassRecord:
    """Return the class after a press of the teacher.

    ``can_try`` is whether the link of a turn that begins has a descent with a rate.

    Within a turn the class goes on to any later beat, or back by one; it is asked again after an answer was
    shown, in a second round. A question whose answer was revealed is not opened again in the same round.
    The next turn has the next number; a class that was just opened may begin with any, as it may be one that
    the store has forgotten. The same press twice changes nothing. Raises InvalidPress for anything else.
    """
    if pressed.turn != record.turn:
        if record.turn and pressed.turn != record.turn + 1:
            raise InvalidPress
        if not pressed.turn or pressed.beat == "lobby" or (record.turn and pressed.round != 1):
            raise InvalidPress
    elif not _stays_in_turn(record, pressed):
        raise InvalidPress
    can_try = record.can_try if pressed.turn == record.turn else can_try
    if pressed.beat in TRYING and not can_try:  # a turn may begin there if the class was forgotten
        raise InvalidPress
    changed = replace(
        record,
        can_try=can_try,
        turn=pressed.turn,
        link=pressed.link,
        beat=pressed.beat,
        round=pressed.round,
        lit=pressed.lit,
        revealed=pressed.beat in REVEALING or (record.revealed and pressed.turn == record.turn),
        paused=False,
    )
    if changed == record:
        return record
    return replace(changed, version=record.version + 1, until=_end_after(record, now))


def _stays_in_turn(record: ClassRecord, pressed: Press) -> bool:
    """Whether the class may go to a beat and a round of its present turn."""
    if record.turn and pressed.link != record.link:
        return False
    if not record.turn:
        return pressed.beat == "lobby" and pressed.round == 1
    if pressed.round != record.round:
        return pressed.round == record.round + 1 and pressed.beat == "ask" and record.beat in SHOWING
    beats = [beat for beat in BEATS if record.can_try or beat not in TRYING]
    if pressed.beat not in beats:
        return False
    step = beats.index(pressed.beat) - beats.index(record.beat)
    if pressed.beat == "lobby" or step < -1:
        return False
    return step > -1 or pressed.beat != "ask" or not record.revealed


def change_settings(record: ClassRecord, settings: ClassSettings, now: float) -> ClassRecord:
    """Return the class with other switches."""
    changed = replace(record, door=settings.door, paused=settings.paused, live=settings.live)
    if changed == record:
        return record
    return replace(changed, version=record.version + 1, until=_end_after(record, now))


def admit(record: ClassRecord, now: float) -> ClassRecord:
    """Return the class with one more student. Its version stays: phones have nothing new to read."""
    more = replace(record, joined=record.joined + 1)
    return more if record.joined else replace(more, until=_end_after(more, now))
