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


def stop_if_useless(started_at: float, environment: Mapping[str, Any]) -> None:
    """Raise Stopped if a request has taken ``limits.MAX_ANSWER_SECONDS``, or if nobody waits for its answer.

    ``started_at`` is when it arrived, in seconds of ``perf_counter``.
    """
    if perf_counter() > started_at + limits.MAX_ANSWER_SECONDS:
        raise Stopped(TOO_LONG)
    if has_gone(environment):
        raise Stopped(NOBODY_READS)


def has_gone(environment: Mapping[str, Any]) -> bool:
    """Whether the client of a request has closed its connection, as far as the server can tell."""
    connection = environment.get(SOCKET)
    if connection is not None:
        return is_closed(connection)
    disconnected: Callable[[], bool] = environment.get(DISCONNECTED, lambda: False)
    return disconnected()


def is_closed(connection: socket.socket) -> bool:
    """Whether the other end of a connection has closed it; what it has sent meanwhile is left to be read."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
