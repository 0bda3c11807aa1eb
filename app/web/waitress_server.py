"""Serve with waitress, which runs on every system, and shut down without losing responses."""

import select
import signal
import sys
import time
from types import FrameType
from typing import Any, Final

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from ..common import limits

MAX_CONNECTIONS: Final = 3_000
"""Connections at once. A class of 300 browsers opens up to 1,800, six each; more wait until one is closed."""
MAX_SELECTED_CONNECTIONS: Final = 500
"""The same where only ``select`` is there, which on Windows watches at most 512 sockets."""
OTHER_FILES: Final = 100
"""Open files of the process besides its connections."""
BACKLOG: Final = 4_096
"""Connections that the system keeps until they are accepted."""
THREADS: Final = limits.MAX_WAITING_REQUESTS // 2
GRACE_SECONDS: Final = 30.0
"""Seconds that a stopping server may take to finish the requests that it has received."""
MAX_BUFFERED_RESPONSE_BYTES: Final = 32_000_000
"""Bytes, more than any response has, from which waitress writes a response to a file; the disk may be
read-only."""
POLL_SECONDS: Final = 0.2
IDLE_POLLS: Final = 2
"""Polls without a busy connection after which a stopping server ends."""


def serve(application: Any, host: str, port: int) -> None:
    """Serve a WSGI application until SIGINT or SIGTERM; then finish the requests that were received."""
    sys.setswitchinterval(limits.SWITCH_SECONDS)  # so that short requests wait less for long ones
    sockets: dict[int, Any] = {}
    create_server(
        application,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        connection_limit=max_connections(),
        asyncore_use_poll=has_poll(),
        backlog=BACKLOG,
        channel_request_lookahead=1,  # so that waitress notices a client that has gone
        max_request_body_size=limits.MAX_PASTE_BYTES + 1,
        inbuf_overflow=limits.MAX_PASTE_BYTES + 1,
        outbuf_overflow=MAX_BUFFERED_RESPONSE_BYTES,
    )
    signals: list[int] = []

    def record(number: int, frame: FrameType | None) -> None:
        signals.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, record)
    while not signals:
        wasyncore.loop(POLL_SECONDS, has_poll(), map=sockets, count=1)
    _shut_down(sockets)


def has_poll() -> bool:
    """Whether the system can watch any number of sockets at once."""
    return hasattr(select, "poll")


def max_connections() -> int:
    """Return how many connections are served at once; raise the limit of open files as far as it may be.

    More connections wait in the queue of the system until one is closed.
    """
    wanted = MAX_CONNECTIONS if has_poll() else MAX_SELECTED_CONNECTIONS
    return max(1, min(wanted, _raise_open_files(wanted + OTHER_FILES) - OTHER_FILES))


def _raise_open_files(wanted: int) -> int:
    """Raise the soft limit of open files to ``wanted`` or the hard limit; return what it is then."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    goal = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (goal, hard))
    except (ValueError, OSError):  # macOS has a lower limit than it tells
        return soft
    return goal


def connection_note() -> str:
    """Return a sentence on how many connections are served at once if they are too few for a large class."""
    count = max_connections()
    if count >= MAX_CONNECTIONS:
        return ""
    return f"This system serves {count} connections at once, enough for about {count // 6} browsers."


def _shut_down(sockets: dict[int, Any]) -> None:
    """Close the listening sockets and poll the connections until none is busy or the time is up."""
    for listener in [dispatcher for dispatcher in sockets.values() if dispatcher.accepting]:
        listener.del_channel(sockets)
        listener.socket.close()
    deadline, idle_polls = time.monotonic() + GRACE_SECONDS, 0
    while idle_polls < IDLE_POLLS and time.monotonic() < deadline:
        wasyncore.loop(POLL_SECONDS, has_poll(), map=sockets, count=1)
        is_busy = any(_is_busy(dispatcher) for dispatcher in sockets.values())
        idle_polls = 0 if is_busy else idle_polls + 1


def _is_busy(dispatcher: Any) -> bool:
    """Whether a connection has a request without a response, or a response that is not sent yet."""
    return isinstance(dispatcher, HTTPChannel) and bool(dispatcher.requests or dispatcher.total_outbufs_len)
