"""Replicas of the application behind nginx, with one Redis for their classes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tools.support import nginx, redis_server
from tools.support.redis_server import RedisServer
from tools.support.server_processes import Server, gunicorn


@contextmanager
def replicas(
    *, shared: bool = True, warm: bool = True
) -> Iterator[tuple[Server, list[Server], RedisServer | None]]:
    """Start the two replicas of ``deploy/nginx.conf``; yields nginx, both, and Redis if they share one."""
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server.running()) if shared else None
        environment: dict[str, Any] = {"LOSSLAB_CLASSES": redis.address} if redis else {}
        both = [stack.enter_context(gunicorn(1, warm=warm, **environment)) for _ in range(2)]
        proxy = stack.enter_context(nginx.before([server.port for server in both]))
        yield proxy, both, redis
