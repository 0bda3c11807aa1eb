"""A small HTTP client for load and fault tests: many kept-alive connections in one thread.

Errors are counted, not raised: a connection that breaks is an answer too.
"""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")

BROKEN = 0
"""The status of a request whose connection broke before its answer was whole."""
LONGEST = 30.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Caller:
    """One visitor's connection, opened when needed and again after it broke."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        return await self.send(self.head("GET", path) + b"\r\n")

    async def ask(self, value: object, path: str = "/_dash-update-component") -> Answer:
        """The page's question to the server."""
        body = json.dumps(question(value)).encode()
        head = self.head("POST", path)
        return await self.send(
            head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )

    def head(self, method: str, path: str) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept-Encoding: gzip\r\n".encode()
        )

    async def send(self, request: bytes) -> Answer:
        try:
            async with asyncio.timeout(LONGEST):
                return await self._send(request)
        except (OSError, EOFError, ValueError, TimeoutError):
            self.close()
            return Answer(BROKEN, {}, b"")

    async def _send(self, request: bytes) -> Answer:
        if not self.streams:
            self.streams = await asyncio.open_connection(self.host, self.port, limit=2**20)
        reader, writer = self.streams
        writer.write(request)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(first.split(" ")[1]), headers, body)

    def close(self) -> None:
        if self.streams:
            self.streams[1].transport.abort()
        self.streams = None


async def once(port: int, path: str = "/", value: object = None, raw: bytes = b"") -> Answer:
    """One request over a connection of its own: a question with a value, bytes as they are, or a path."""
    caller = Caller("127.0.0.1", port)
    answer = await (caller.send(raw) if raw else caller.ask(value) if value else caller.get(path))
    caller.close()
    await asyncio.sleep(0)  # the transport says goodbye in the loop
    return answer


def question(value: object) -> dict[str, object]:
    """The body that Dash's renderer sends for a request of the page."""
    return {
        "output": "answer.value",
        "outputs": {"id": "answer", "property": "value"},
        "inputs": [{"id": "request", "property": "value", "value": value}],
        "changedPropIds": ["request.value"],
        "parsedChangedPropsIds": ["request.value"],
    }


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """What becomes of a coroutine, run in a thread of its own: the main one may have Playwright's loop in it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
