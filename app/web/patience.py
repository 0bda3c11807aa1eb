"""Stop a computation whose deadline has passed or whose reader has gone."""

import socket
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final

from losses.core.messages import message

from ..common import limits
from .body_deadline import SOCKET

DISCONNECTED: Final = "waitress.client_disconnected"
"""Key of waitress' WSGI environment: a function that tells whether the client has closed the connection."""
TOO_LONG: Final = message(
    "This took too long and was stopped. Fewer steps, examples or rivals may be quick enough."
)
NOBODY_READS: Final = message("Nobody waits for this any more.")


class Stopped(Exception):
    """A computation was stopped; the argument is a sentence."""


class Patience:
    """The check of a computation: it raises Stopped after ``limits.MAX_ANSWER_SECONDS`` or without a reader.

    ``started_at`` is when the request arrived, in seconds of ``perf_counter``. Whether the reader is still
    there is looked up only every ``limits.READER_CHECK_SECONDS``.
    """

    def __init__(self, started_at: float, environment: Mapping[str, Any]) -> None:
        self._deadline = started_at + limits.MAX_ANSWER_SECONDS
        self._next_look = perf_counter() + limits.READER_CHECK_SECONDS
        self._is_gone = reader_check(environment)

    def __call__(self) -> None:
        now = perf_counter()
        if now < self._next_look:
            return
        self._next_look = now + limits.READER_CHECK_SECONDS
        if now > self._deadline:
            raise Stopped(TOO_LONG)
        if self._is_gone():
            raise Stopped(NOBODY_READS)


def reader_check(environment: Mapping[str, Any]) -> Callable[[], bool]:
    """Return a function that tells whether the client of a request has closed its connection."""
    connection = environment.get(SOCKET)
    if connection is not None:
        return lambda: is_closed(connection)
    disconnected: Callable[[], bool] = environment.get(DISCONNECTED, lambda: False)
    return disconnected


def is_closed(connection: socket.socket) -> bool:
    """Whether the other end of a connection has closed it; what it has sent meanwhile is left to be read."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
