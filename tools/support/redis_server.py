"""A real Redis or Valkey server for the tests.

Run as a script with ``--install`` it installs Debian's redis-server if there is none, or fails with one
sentence.
"""

import atexit
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import Self

from tools.support.chromium import install
from tools.support.server_processes import free_port, wait_for

NAMES = ("redis-server", "valkey-server")
MISSING = (
    "The tests of classes need Redis or Valkey and none could be found or installed. "
    "Install it (on Debian: sudo apt-get install redis-server) and run again."
)


def find() -> str | None:
    """Return the path of the server, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class RedisServer:
    """A server on a port of its own that keeps everything in memory; it can be killed and started again."""

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.address = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it and wait until it answers. Raises RuntimeError if there is none on this machine."""
        program = find()
        if not program:
            raise RuntimeError(MISSING)
        command = [
            program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.answers, "an answer of Redis")
        return self

    def answers(self) -> bool:
        """Whether it answers now."""
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), 1)) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def empty(self) -> None:
        """Delete everything in it."""
        with closing(socket.create_connection(("127.0.0.1", self.port), 1)) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(16).startswith(b"+OK")

    def kill(self) -> None:
        """End it at once, with everything in it."""
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@contextmanager
def running() -> Iterator[RedisServer]:
    """Start a server and kill it when the context ends."""
    server = RedisServer().start()
    try:
        yield server
    finally:
        server.kill()


@cache
def shared() -> RedisServer:
    """Return the one server of this test run, for tests that empty it and do not kill it."""
    server = RedisServer().start()
    atexit.register(server.kill)
    return server


if __name__ == "__main__":
    if not find() and "--install" in sys.argv:
        print("No Redis here; installing Debian's ...", flush=True)
        install("redis-server")
    sys.exit(None if find() else MISSING)
