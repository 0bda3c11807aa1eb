"""Admission of requests that compute: how many run at once, how many wait, and in which order."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, Event, Lock

from ..common import limits


class Overloaded(Exception):
    """The queue is full; the request should be sent again later."""


class _Ticket:
    """A request in the queue, or one that runs since ``started_at``, in seconds of the queue's clock."""

    def __init__(self) -> None:
        self.changed, self.is_admitted, self.started_at = Event(), False, 0.0


class AdmissionQueue:
    """A first-in, first-out queue that lets one request compute at a time.

    Concurrent computations in one process only slow each other down. The exception are computations that have
    taken more than ``limits.LONG_REQUEST_SECONDS``: the next request no longer waits for them but shares the
    processor with them, up to ``max_computing`` requests at once.

    The queue has no thread of its own. Requests that arrive or end admit the next one, and the first of those
    that wait checks again every ``LONG_REQUEST_SECONDS``.
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
    def slot(self, longest_wait: float | None = None) -> Iterator[None]:
        """Wait until the request may compute; leaving the context ends it.

        Raises Overloaded at once if ``max_waiting`` requests wait already. With ``longest_wait``, in seconds,
        it is let into any queue, and Overloaded is raised when they have passed.
        """
        ticket, deadline = _Ticket(), self._clock() + (math.inf if longest_wait is None else longest_wait)
        with self._lock:
            self._queue.append(ticket)
            self._admit_next()
            if longest_wait is None and len(self._queue) > self._max_waiting:
                self._queue.remove(ticket)
                raise Overloaded
        while seconds := self._seconds_to_wait(ticket, deadline):
            ticket.changed.wait(seconds)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(ticket)
                self._admit_next()

    def _seconds_to_wait(self, ticket: _Ticket, deadline: float) -> float:
        """Return after how many seconds a request is to check again at the latest; 0 if it is admitted.

        Raises Overloaded, and takes it out of the queue, after ``deadline``.
        """
        with self._lock:
            ticket.changed.clear()
            self._admit_next()
            if ticket.is_admitted:
                return 0.0
            if (left := deadline - self._clock()) <= 0.0:
                self._queue.remove(ticket)
                self._wake_first()
                raise Overloaded
            is_first = self._queue[0] is ticket
            return min(left, limits.LONG_REQUEST_SECONDS if is_first else TIMEOUT_MAX)

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
            ticket.is_admitted = True
            ticket.changed.set()
            self._wake_first()

    def _wake_first(self) -> None:
        """Let the first of those that wait know that it is."""
        if self._queue:
            self._queue[0].changed.set()
