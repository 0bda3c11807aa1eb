"""Codes, keys and tokens of a live class, and the budget for those who guess."""

import hashlib
import re
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from ..common import limits

ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""The letters of a code: no vowels, which would make words, and none that is taken for a digit."""
CODE_LENGTH: Final = 6


def digest(secret: str) -> str:
    """Return what is stored of a key or a token; 128 random bits cannot be found from it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def code_of(key_digest: str) -> str:
    """Return the code of the class of a key by its digest.

    Whoever has the key, or the class from whom had it, brings a class back under the same code.
    """
    number, letters = int.from_bytes(hashlib.sha256(f"code {key_digest}".encode()).digest()), []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def clean_code(text: str) -> str:
    """Return a typed code as it is stored: in capitals, without blanks; empty if it cannot be a code."""
    code = re.sub(r"[\s\-.·]", "", text).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


class GuessBudget:
    """Counts requests for codes that do not exist: so many at once, and then so many a second.

    Only misses are counted. Who has a code that exists is never turned away for others who guess.
    """

    def __init__(
        self,
        most: float = limits.MAX_MISSES,
        per_second: float = limits.MISSES_PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._per_second, self._clock = most, per_second, clock
        self._left, self._at, self._lock = most, clock(), Lock()

    def take(self) -> bool:
        """Count a miss; return whether it was within the budget."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._at) * self._per_second)
            self._at = now
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
