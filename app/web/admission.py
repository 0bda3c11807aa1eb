"""Admission of requests that compute: how many run at once, how many wait, and in which order."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

from ..common import limits


class Overloaded(Exception):
    """The queue is full; the request should be sent again later."""


class _Ticket:
    """A request in the queue, or one that runs since ``started_at``, in seconds of the queue's clock."""

    def __init__(self) -> None:
        self.admitted, self.started_at = Event(), 0.0


class AdmissionQueue:
    """A first-in, first-out queue that lets one request compute at a time.

    Concurrent computations in one process only slow each other down. The exception are computations that have
    taken more than ``limits.LONG_REQUEST_SECONDS``: the next request no longer waits for them but shares the
    processor with them, up to ``max_computing`` requests at once.

    The queue has no thread of its own. Requests that arrive or end admit the next one, and a request that has
    nobody before it when it arrives checks again every ``LONG_REQUEST_SECONDS`` while it waits.
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
        """Wait until the request may compute; leaving the context ends it.

        Raises Overloaded at once if ``max_waiting`` requests wait already.
        """
        ticket = _Ticket()
        with self._lock:
            self._queue.append(ticket)
            self._admit_next()
            if len(self._queue) > self._max_waiting:
                self._queue.remove(ticket)
                raise Overloaded
            is_first = bool(self._queue) and self._queue[0] is ticket
            check_interval = limits.LONG_REQUEST_SECONDS if is_first else None
        while not ticket.admitted.wait(check_interval):
            with self._lock:
                self._admit_next()
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(ticket)
                self._admit_next()

    def _admit_next(self) -> None:
        """Admit the next request if every running request has exceeded ``LONG_REQUEST_SECONDS``."""
        now = self._clock()
        while (
            self._queue
            and len(self._running) < self._max_computing
            and all(now - ticket.started_at > limits.LONG_REQUEST_SECONDS for ticket in self._running)
        ):
            ticket = self._queue.popleft()
            ticket.started_at = now
            self._running.append(ticket)
            ticket.admitted.set()
