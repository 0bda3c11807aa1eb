"""Look up a class for many phones at once: one request to the store for all that ask at the same time."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from .class_state import ClassRecord
from .store import ClassNotFound, StoreUnavailable

KEPT_SECONDS: Final = 0.1
"""Seconds for which a class that was found, or a store that is away, is told to others."""
MAX_CODES: Final = 500
"""Codes that are remembered; those who guess fill it with codes of no class."""


class _Look:
    """What was last found under a code, and until when that is told."""

    def __init__(self) -> None:
        self.lock, self.until = Lock(), 0.0
        self.found: ClassRecord | ClassNotFound | StoreUnavailable = ClassNotFound()


class FaceCache:
    """Remembers for a moment what a store has found.

    Of many threads that look for a class at the same time one asks the store, and the others wait for it.
    """

    def __init__(
        self, find: Callable[[str, float], ClassRecord], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._find, self._clock, self._lock = find, clock, Lock()
        self._looks: dict[str, _Look] = {}

    def find(self, code: str, now: float) -> ClassRecord:
        """Return a class as it is or was a moment ago. Raises what the store raises."""
        with self._lock:
            if len(self._looks) >= MAX_CODES:
                self._looks.clear()
            look = self._looks.setdefault(code, _Look())
        with look.lock:
            if self._clock() >= look.until:
                try:
                    look.found = self._find(code, now)
                except (ClassNotFound, StoreUnavailable) as error:
                    look.found = error
                # Another server may open a class that is not found any moment.
                is_kept = not isinstance(look.found, ClassNotFound)
                look.until = self._clock() + KEPT_SECONDS if is_kept else 0.0
            found = look.found
        if isinstance(found, ClassRecord):
            return found
        raise found.with_traceback(None)

    def invalidate(self, code: str) -> None:
        """Look a class up anew next time: this process has changed it."""
        with self._lock:
            self._looks.pop(code, None)
