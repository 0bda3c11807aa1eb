"""Start and stop servers on free ports, for tests and tools."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which waiting for a server fails."""


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until a condition is true. Raises RuntimeError that names ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)


def answers(address: str) -> bool:
    """Return whether a GET request is answered with status 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


class Server:
    """A server process and its port."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.home = f"http://127.0.0.1:{port}/"

    def workers(self) -> list[int]:
        """Return the ids of the child processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end of the process and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@contextmanager
def running(
    command: list[str],
    port: int,
    check: str = "healthz",
    log: Path | None = None,
    at: Path = ROOT,
    **environment: str,
) -> Iterator[Server]:
    """Start a server process, wait until it answers ``check``, and stop it when the context ends.

    ``log`` is the file for its output, ``at`` its working directory, ``environment`` is added to the
    environment. Raises RuntimeError if the process ends or does not answer.
    """
    with open(log or os.devnull, "wb") as output:
        process = subprocess.Popen(
            command,
            cwd=at,
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        server = Server(process, port)
        try:
            wait_for(
                lambda: answers(server.home + check) or process.poll() is not None, f"an answer of {command}"
            )
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode}")
            yield server
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(40)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def gunicorn(  # type: ignore[no-untyped-def]
    workers: int = 2,
    port: int = 0,
    check: str = "healthz",
    log: Path | None = None,
    warm: bool = True,
    **environment,
):
    """Serve the application with gunicorn and ``deploy/gunicorn.conf.py``.

    A server that is not ``warm`` starts in half the time, and computes each page when it is asked for first.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    if not warm:
        command.append("tools.support.cold_server:wsgi()")
    return running(command, port, check, log, **environment)


def losslab(check: str = "healthz", log: Path | None = None, **environment):  # type: ignore[no-untyped-def]
    """Serve the application with the command ``losslab``."""
    port = free_port()
    command = [sys.executable, "-m", "app", "--no-browser", "--port", str(port)]
    return running(command, port, check, log, **environment)
