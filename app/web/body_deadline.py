"""Read the body of a request before anything scarce is taken for it, and within a deadline."""

import heapq
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from http import HTTPStatus
from itertools import count
from typing import Any, Final

import flask

from losses.core.messages import message

from .request_validation import RequestRejected

BODY_SECONDS: Final = float(os.environ.get("LOSSLAB_BODY_SECONDS") or 20)
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


def read_body(max_bytes: int) -> None:
    """Read the body of the current request, which then finds it in memory.

    Raises RequestRejected: with status 408 if it is not complete after ``BODY_SECONDS``, 400 if it is cut or
    its chunks are malformed, 413 if it has more than ``max_bytes``, which chunks do not say beforehand.
    """
    request = flask.request
    request.max_content_length = max_bytes + 1  # at which Werkzeug cuts a chunked body without an error
    connection, begin = request.environ.get(SOCKET), time.monotonic()
    try:
        with DEADLINES.limit(connection, BODY_SECONDS) if connection else nullcontext():
            size = len(request.get_data())
        is_complete = size >= (request.content_length or 0)
    except Exception:  # each server has its own errors of broken connections and malformed chunks
        size, is_complete = 0, False
    if size > max_bytes:
        raise RequestRejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if not is_complete and time.monotonic() - begin >= BODY_SECONDS:
        raise RequestRejected(HTTPStatus.REQUEST_TIMEOUT)
    if not is_complete:
        raise RequestRejected(HTTPStatus.BAD_REQUEST, message("The request is damaged."))
