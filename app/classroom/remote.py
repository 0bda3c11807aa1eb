"""A phone as the teacher's remote: paired by four digits, one at a time, and able to hand the class over.

Pure functions of a record and the time, as those of ``class_state.py``. No version rises: phones have nothing
new to read.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from .class_state import ClassRecord, Waiting

DIGITS: Final = 4
WAIT_SECONDS: Final = 180.0
"""Seconds for which a screen shows its digits."""
MAX_WAITING: Final = 20
"""Screens of a class that wait to be paired."""


class NoSuchDigits(Exception):
    """No screen that waits to be paired shows these digits."""


class TooManyWait(Exception):
    """As many screens wait to be paired as there may be."""


def _random_digits() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def ask_to_pair(
    record: ClassRecord, token_digest: str, now: float, draw: Callable[[], str] = _random_digits
) -> ClassRecord:
    """Return the class with a screen that waits to be paired, with digits of its own.

    Who asks again keeps its digits. Raises TooManyWait.
    """
    waiting = tuple(each for each in record.waiting if each.until > now)
    if any(each.token_digest == token_digest for each in waiting):
        return replace(record, waiting=waiting)
    if len(waiting) >= MAX_WAITING:
        raise TooManyWait
    taken = {each.digits for each in waiting}
    digits = draw()
    while digits in taken:
        digits = draw()
    return replace(record, waiting=(*waiting, Waiting(digits, token_digest, now + WAIT_SECONDS)))


def digits_of(record: ClassRecord, token_digest: str) -> str:
    """Return the digits that a screen shows."""
    return next(each.digits for each in record.waiting if each.token_digest == token_digest)


def pair(record: ClassRecord, digits: str, now: float, *, hands_over: bool) -> ClassRecord:
    """Return the class after its teacher has typed the digits of a screen.

    That screen becomes the remote, in place of an earlier one; if the remote itself ``hands_over``, the token
    of the screen becomes the key of the class. Its code stays. Raises NoSuchDigits.
    """
    found = next((each for each in record.waiting if each.digits == digits and each.until > now), None)
    if found is None:
        raise NoSuchDigits
    waiting = tuple(each for each in record.waiting if each is not found)
    if hands_over:
        first = record.first_digest or record.key_digest
        return replace(record, waiting=waiting, key_digest=found.token_digest, first_digest=first)
    return replace(record, waiting=waiting, remote_digest=found.token_digest)
