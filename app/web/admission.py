"""How many requests compute at a time, how many wait, in which order, and what the next one is told."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

from ..common import limits


class Overloaded(Exception):
    """There is no room for another request just now."""


class _Ticket:
    """A request that waits, or sits and computes since some moment."""

    def __init__(self) -> None:
        self.admitted, self.since = Event(), 0.0


class AdmissionQueue:
    """One computes at a time, first come, first served, so that nobody is slowed by turns.

    A computation of more than ``limits.LONG_REQUEST_SECONDS`` seconds is the exception: the
    others no longer wait for it but take turns with it, up to ``max_computing``
    at a time. Whoever comes or goes calls the next; so does who waits alone.
    """

    def __init__(
        self,
        max_computing: int = limits.MAX_COMPUTING_REQUESTS,
        max_waiting: int = limits.MAX_WAITING_REQUESTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_computing, self._max_waiting, self._clock = max_computing, max_waiting, clock
        self._lock = Lock()
        self._queue, self._running = deque[_Ticket](), list[_Ticket]()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Raises Full, at once, where even the waiting places are taken."""
        guest = _Ticket()
        with self._lock:
            self._queue.append(guest)
            self._admit_next()
            if len(self._queue) > self._max_waiting:
                self._queue.remove(guest)
                raise Overloaded
            patience = limits.LONG_REQUEST_SECONDS if self._queue and self._queue[0] is guest else None
        while not guest.admitted.wait(patience):
            with self._lock:
                self._admit_next()
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(guest)
                self._admit_next()

    def _admit_next(self) -> None:
        """Seats the first in the line where all who sit have sat long."""
        now = self._clock()
        while (
            self._queue
            and len(self._running) < self._max_computing
            and all(now - guest.since > limits.LONG_REQUEST_SECONDS for guest in self._running)
        ):
            guest = self._queue.popleft()
            guest.since = now
            self._running.append(guest)
            guest.admitted.set()
