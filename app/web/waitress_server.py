"""Serve with waitress, which runs on every system, and shut down without losing responses."""

import signal
import time
from types import FrameType
from typing import Any, Final

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from ..common import limits

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
    sockets: dict[int, Any] = {}
    create_server(
        application,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
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
        wasyncore.loop(POLL_SECONDS, map=sockets, count=1)
    _shut_down(sockets)


def _shut_down(sockets: dict[int, Any]) -> None:
    """Close the listening sockets and poll the connections until none is busy or the time is up."""
    for listener in [dispatcher for dispatcher in sockets.values() if dispatcher.accepting]:
        listener.del_channel(sockets)
        listener.socket.close()
    deadline, idle_polls = time.monotonic() + GRACE_SECONDS, 0
    while idle_polls < IDLE_POLLS and time.monotonic() < deadline:
        wasyncore.loop(POLL_SECONDS, map=sockets, count=1)
        is_busy = any(_is_busy(dispatcher) for dispatcher in sockets.values())
        idle_polls = 0 if is_busy else idle_polls + 1


def _is_busy(dispatcher: Any) -> bool:
    """Whether a connection has a request without a response, or a response that is not sent yet."""
    return isinstance(dispatcher, HTTPChannel) and bool(dispatcher.requests or dispatcher.total_outbufs_len)
