"""Deadlines on the bodies of requests: stop reading from a client that sends too slowly."""

import heapq
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, Final

from ..common import environment

BODY_SECONDS: Final = float(environment.BODY_SECONDS.read())
"""Seconds from the head of a request until its body must be complete."""
SOCKET: Final = "gunicorn.socket"
"""Key of gunicorn's WSGI environment. waitress calls the application when the body is complete."""


class Deadlines:
    """Stops reading from sockets whose time is up, by one thread for all of them.

    The thread that reads then finds the end of the stream. A time-out of the socket itself would begin anew
    with each byte that a slow client sends.
    """

    def __init__(self) -> None:
        self._heap = list[tuple[float, int, Any]]()
        self._number = count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._open = set[int]()

    @contextmanager
    def limit(self, connection: Any, seconds: float) -> Iterator[None]:
        """Stop reading from ``connection`` if the context has not ended after ``seconds``."""
        number = next(self._number)
        with self._changed:
            if self._thread is None:  # not before: threads do not survive a fork
                self._thread = threading.Thread(target=self._run, name="body deadlines", daemon=True)
                self._thread.start()
            self._open.add(number)
            heapq.heappush(self._heap, (time.monotonic() + seconds, number, connection))
            if self._heap[0][1] == number:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._open.discard(number)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._heap or self._heap[0][0] > time.monotonic():
                    self._changed.wait(self._heap[0][0] - time.monotonic() if self._heap else None)
                _, number, connection = heapq.heappop(self._heap)
                if number in self._open:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RD)


DEADLINES: Final = Deadlines()
