"""Serving by itself, on any system: waitress, stopped so that nobody's answer is lost."""

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
"""Seconds in which a stopping server ends what it has begun."""
POLL_SECONDS: Final = 0.2


def serve(application: Any, host: str, port: int) -> None:
    """Serves until SIGINT or SIGTERM, then takes no more and answers what it was asked."""
    sockets: dict[int, Any] = {}
    create_server(application, map=sockets, host=host, port=port, threads=THREADS, ident=None)
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.append(number)

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    while not stopping:
        wasyncore.loop(POLL_SECONDS, map=sockets, count=1)
    for listener in [one for one in sockets.values() if one.accepting]:
        listener.del_channel(sockets)
        listener.socket.close()
    end, idle = time.monotonic() + GRACE_SECONDS, 0
    while idle < 2 and time.monotonic() < end:
        wasyncore.loop(POLL_SECONDS, map=sockets, count=1)
        busy = any(_is_busy(one) for one in sockets.values())
        idle = 0 if busy else idle + 1


def _is_busy(channel: Any) -> bool:
    """Whether a connection has a question that is not answered, or an answer that is not sent."""
    return isinstance(channel, HTTPChannel) and bool(channel.requests or channel.total_outbufs_len)
