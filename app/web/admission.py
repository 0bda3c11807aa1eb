"""Admission of requests that compute: how many run at once, how many wait, and in which order."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, Event, Lock

from ..common import limits


class Overloaded(Exception):
    """Too many requests wait or are under way; the request should be sent again later."""


class Ticket:
    """The place of a request in a queue.

    ``number`` counts the requests in the order in which they came, and ``came_at`` is when. ``ran`` are the
    seconds that it has run before, and since ``started_at`` it runs, if it does. It ``is_next`` if it knows
    that it is the first of those that wait, and ``is_given_up`` if it shall end.
    """

    def __init__(self, number: int, came_at: float) -> None:
        self.number, self.came_at, self.changed = number, came_at, Event()
        self.ran, self.started_at = 0.0, math.inf
        self.is_next = self.is_given_up = False

    def seconds(self, now: float) -> float:
        """Return how long the request has run."""
        return self.ran + max(0.0, now - self.started_at)

    def level(self, now: float) -> int:
        """Return how far back the request stands: 0 until it has run for ``LONG_REQUEST_SECONDS``.

        Its level rises by one each time it has run four times as long. Of a request that has waited for k
        times ``FAIR_WAIT_SECONDS`` only the (k + 1)-th part of its run counts.
        """
        ran = self.seconds(now)
        counted = ran / (1.0 + (now - self.came_at - ran) / limits.FAIR_WAIT_SECONDS)
        if counted <= limits.LONG_REQUEST_SECONDS:
            return 0
        return 1 + int(math.log(counted / limits.LONG_REQUEST_SECONDS, 4))

    def order(self, now: float) -> tuple[int, int]:
        """Return the key by which requests are sorted: those that have run for less come first."""
        return self.level(now), self.number


class AdmissionQueue:
    """A multilevel feedback queue that lets one request compute at a time.

    Concurrent computations in one process only slow each other down, and a long one must not keep short ones
    waiting. So the request that has run for the least time comes first, and of equals the oldest. A running
    request that is no longer the first pauses at its next checkpoint (``give_way``). Until it reaches one,
    the first runs beside it; ``max_running`` run at once at most. Paused requests keep their memory:
    if there are ``max_paused``, the one that has run for the longest time is given up for a new one.

    The queue has no thread of its own. Requests that arrive, pause or end admit the next one, and the first
    of those that wait checks again every ``LONG_REQUEST_SECONDS``. The method is that of F. J. Corbató,
    M. Merwin-Daggett and R. C. Daley, An experimental time-sharing system, 1962.
    """

    def __init__(
        self,
        max_running: int = limits.MAX_RUNNING_REQUESTS,
        max_waiting: int = limits.MAX_WAITING_REQUESTS,
        max_paused: int = limits.MAX_PAUSED_REQUESTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_running, self._max_waiting, self._max_paused = max_running, max_waiting, max_paused
        self._clock, self._lock, self._came = clock, Lock(), 0
        self._waiting, self._running = list[Ticket](), list[Ticket]()

    @contextmanager
    def slot(self, longest_wait: float | None = None) -> Iterator[Ticket]:
        """Wait until the request may compute and yield its ticket; leaving the context ends it.

        Raises Overloaded at once if ``max_waiting`` requests wait already. With ``longest_wait``, in seconds,
        it is let into any queue, and Overloaded is raised when they have passed.
        """
        now = self._clock()
        deadline = now + (math.inf if longest_wait is None else longest_wait)
        with self._lock:
            self._came += 1
            ticket = Ticket(self._came, now)
            self._waiting.append(ticket)
            self._admit_next(now)
            is_full = len(self._waiting) - len(self._paused()) > self._max_waiting
            if is_full and longest_wait is None and ticket in self._waiting:
                self._waiting.remove(ticket)
                raise Overloaded
        try:
            while seconds := self._seconds_to_wait(ticket):
                if (left := deadline - self._clock()) <= 0.0:
                    raise Overloaded
                ticket.changed.wait(min(left, seconds))
            yield ticket
        finally:
            with self._lock:
                for tickets in (self._running, self._waiting):
                    if ticket in tickets:
                        tickets.remove(ticket)
                self._admit_next(self._clock())

    def give_way(self, ticket: Ticket, check: Callable[[], None]) -> None:
        """Pause a running request while others come first; called between the steps of its computation.

        ``check`` is called in the pauses, and ends the request by an exception. Raises Overloaded if the
        request is given up.
        """
        with self._lock:
            now = self._clock()
            order = ticket.order(now)
            if not any(other.order(now) < order for other in (*self._running, *self._waiting)):
                return
            ticket.ran, ticket.started_at = ticket.seconds(now), math.inf
            self._running.remove(ticket)
            self._waiting.append(ticket)
        while seconds := self._seconds_to_wait(ticket):
            ticket.changed.wait(min(seconds, limits.READER_CHECK_SECONDS))
            check()

    def _paused(self) -> list[Ticket]:
        return [ticket for ticket in self._waiting if ticket.ran]

    def _seconds_to_wait(self, ticket: Ticket) -> float:
        """Return after how many seconds a request is to check again at the latest; 0 if it runs.

        Raises Overloaded if it is given up.
        """
        with self._lock:
            if ticket.is_given_up:
                raise Overloaded
            ticket.changed.clear()
            first = self._admit_next(self._clock())
            if ticket in self._running:
                return 0.0
            ticket.is_next = ticket is first
            return limits.LONG_REQUEST_SECONDS if ticket.is_next else TIMEOUT_MAX

    def _admit_next(self, now: float) -> Ticket | None:
        """Let the first of those that wait run while all that run stand behind it; return the next, or None.

        The next is woken, so that it is the one that checks again.
        """
        while self._waiting:
            first = min(self._waiting, key=lambda ticket: ticket.order(now))
            is_full = len(self._running) == self._max_running
            if is_full or any(other.level(now) <= first.level(now) for other in self._running):
                if not first.is_next:
                    first.is_next = True
                    first.changed.set()
                return first
            self._waiting.remove(first)
            self._running.append(first)
            paused = self._paused()
            if not first.ran and len(paused) >= self._max_paused:
                self._give_up(max(paused, key=lambda ticket: ticket.ran))
            first.started_at, first.is_next = now, False
            first.changed.set()
        return None

    def _give_up(self, ticket: Ticket) -> None:
        """Let a paused request end."""
        ticket.is_given_up = True
        self._waiting.remove(ticket)
        ticket.changed.set()
