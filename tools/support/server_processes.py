"""Real servers on free ports, started and stopped for tests and measurements."""

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Until a condition holds; RuntimeError with what was waited for where it never does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


class Server:
    """A process that serves on ``port``."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.home = f"http://127.0.0.1:{port}/"

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
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
    """A server process that has answered ``check``; at the end it is gone, whatever happened."""
    with open(log or os.devnull, "wb") as written:
        process = subprocess.Popen(
            command,
            cwd=at,
            env=os.environ | environment,
            stdout=written,
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


def gunicorn(workers: int = 2, port: int = 0, check: str = "healthz", log: Path | None = None, **environment):  # type: ignore[no-untyped-def]
    """The application as ``deploy/gunicorn.conf.py`` serves it."""
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "app.server:wsgi()"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    return running(command, port, check, log, **environment)


def losslab(check: str = "healthz", log: Path | None = None, **environment):  # type: ignore[no-untyped-def]
    """The application as the command serves it."""
    port = free_port()
    command = [sys.executable, "-m", "app", "--no-browser", "--port", str(port)]
    return running(command, port, check, log, **environment)
