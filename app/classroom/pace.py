"""How often phones look at a class: less often while it is paused or while a process has much to answer."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from ..common import limits

EVERY_SECONDS: Final = 2
"""Seconds between two looks of a phone."""
PAUSED_SECONDS: Final = 4
MAX_SECONDS: Final = 8
WINDOW_SECONDS: Final = 5.0


class Pace:
    """Counts looks in windows of some seconds, and tells phones how long to wait until the next one."""

    def __init__(
        self, per_second: float = limits.POLLS_PER_SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._clock, self._lock = per_second * WINDOW_SECONDS, clock, Lock()
        self._began, self._looks, self._load = clock(), 0, 0.0

    def count(self) -> None:
        """Count a look."""
        with self._lock:
            now = self._clock()
            if now - self._began >= WINDOW_SECONDS:
                is_recent = now - self._began < 2 * WINDOW_SECONDS
                self._load = self._looks / self._most if is_recent else 0.0
                self._began, self._looks = now, 0
            self._looks += 1

    def every(self, paused: bool) -> int:
        """Return the seconds until the next look."""
        seconds = PAUSED_SECONDS if paused else EVERY_SECONDS
        return min(MAX_SECONDS, max(seconds, round(EVERY_SECONDS * self._load)))
