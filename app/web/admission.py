"""How many requests compute at a time, how many wait, in which order, and what the next one is told."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

from ..common import limits


class Full(Exception):
    """There is no room for another request just now."""


class _Guest:
    """A request that waits, or sits and computes since some moment."""

    def __init__(self) -> None:
        self.called, self.since = Event(), 0.0


class Room:
    """One computes at a time, first come, first served, so that nobody is slowed by turns.

    A computation of more than ``limits.LONG`` seconds is the exception: the
    others no longer wait for it but take turns with it, up to ``computing``
    at a time. Whoever comes or goes calls the next; so does who waits alone.
    """

    def __init__(
        self,
        computing: int = limits.COMPUTING,
        waiting: int = limits.WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._computing, self._waiting, self._clock = computing, waiting, clock
        self._lock = Lock()
        self._line, self._seated = deque[_Guest](), list[_Guest]()

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Raises Full, at once, where even the waiting places are taken."""
        guest = _Guest()
        with self._lock:
            self._line.append(guest)
            self._call()
            if len(self._line) > self._waiting:
                self._line.remove(guest)
                raise Full
            patience = limits.LONG if self._line and self._line[0] is guest else None
        while not guest.called.wait(patience):
            with self._lock:
                self._call()
        try:
            yield
        finally:
            with self._lock:
                self._seated.remove(guest)
                self._call()

    def _call(self) -> None:
        """Seats the first in the line where all who sit have sat long."""
        now = self._clock()
        while (
            self._line
            and len(self._seated) < self._computing
            and all(now - guest.since > limits.LONG for guest in self._seated)
        ):
            guest = self._line.popleft()
            guest.since = now
            self._seated.append(guest)
            guest.called.set()
