"""An asynchronous HTTP client for load and fault tests: many persistent connections in one thread.

A broken connection is not an exception but an answer with the status ``BROKEN``.
"""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")

BROKEN = 0
"""The status of a request whose connection broke before the answer was complete."""
TIMEOUT_SECONDS = 30.0
BODILESS = ("204", "304")
"""Statuses whose responses have no body and need not say so."""


@dataclass(frozen=True)
class Answer:
    """A complete HTTP response; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Caller:
    """The connection of one visitor, opened when needed and again after it broke."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Send a GET request."""
        return await self.send(self.head("GET", path) + b"\r\n")

    async def ask(self, value: object, path: str = "/_dash-update-component") -> Answer:
        """Send the POST request that the page sends for a changed control."""
        body = json.dumps(callback_body(value)).encode()
        head = self.head("POST", path)
        return await self.send(
            head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )

    def head(self, method: str, path: str) -> bytes:
        """Return the request line and the first headers of a request, without the empty line after them."""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept-Encoding: gzip\r\n".encode()
        )

    async def send(self, request: bytes) -> Answer:
        """Send the bytes of a request and wait for the answer, for ``TIMEOUT_SECONDS`` at most."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._send(request)
        except (OSError, EOFError, ValueError, TimeoutError):
            self.close()
            return Answer(BROKEN, {}, b"")

    async def _send(self, request: bytes) -> Answer:
        if not self.streams:
            self.streams = await asyncio.open_connection(self.host, self.port, limit=2**20)
        reader, writer = self.streams
        writer.write(request)
        status_line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines if line)}
        has_body = status_line.split(" ")[1] not in BODILESS
        body = await reader.readexactly(int(headers["content-length"])) if has_body else b""
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(status_line.split(" ")[1]), headers, body)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self.streams:
            self.streams[1].transport.abort()
        self.streams = None


async def send_once(port: int, path: str = "/", value: object = None, raw: bytes = b"") -> Answer:
    """Send one request over a new connection: ``raw`` bytes, the page's request with ``value``, or a path."""
    caller = Caller("127.0.0.1", port)
    answer = await (caller.send(raw) if raw else caller.ask(value) if value else caller.get(path))
    caller.close()
    await asyncio.sleep(0)  # let the transport close
    return answer


def callback_body(value: object) -> dict[str, object]:
    """Return the body that Dash's renderer sends for a request of the page."""
    return {
        "output": "answer.value",
        "outputs": {"id": "answer", "property": "value"},
        "inputs": [{"id": "request", "property": "value", "value": value}],
        "changedPropIds": ["request.value"],
        "parsedChangedPropsIds": ["request.value"],
    }


def run_in_thread(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a new thread, because the main thread may run Playwright's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
