"""Simulate a live class over HTTP: a teacher's screen and its phones, for load and fault tests."""

import asyncio
import gzip
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any, Final

from app.classroom.codes import code_of, digest
from tools.support.http_client import Answer, Caller

KEY: Final = "0123456789abcdef" * 2
CODE: Final = code_of(digest(KEY))
ATTEMPTS: Final = 30
"""How often a request is sent whose connection broke."""
BROWSER_HEADERS: Final = (
    "User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Mobile Safari/537.36\r\nAccept: */*\r\nAccept-Language: en-US,en;q=0.9\r\n"
    "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
    f"Referer: http://lab.example/class/{CODE}\r\n"
)
"""Headers of about the size of those of a phone's browser."""


async def send(
    caller: Caller, method: str, path: str, value: object = None, headers: str = ""
) -> tuple[Answer, int]:
    """Send a request with JSON; return its answer and the bytes of the request.

    A request whose connection broke is sent again, as a browser or a proxy does.
    """
    body = json.dumps(value).encode() if value is not None else b""
    typed = "Content-Type: application/json\r\n" if body else ""
    lines = f"{BROWSER_HEADERS}{headers}{typed}Content-Length: {len(body)}\r\n\r\n"
    request = caller.head(method, path) + lines.encode() + body
    answer = await caller.send(request)
    for _ in range(ATTEMPTS):
        if answer.status:
            break
        await asyncio.sleep(0.1)
        answer = await caller.send(request)
    return answer, len(request)


def read(answer: Answer) -> Any:
    """Return the JSON of an answer, which may be compressed."""
    is_compressed = answer.headers.get("content-encoding") == "gzip"
    return json.loads(gzip.decompress(answer.body) if is_compressed else answer.body)


@dataclass
class Measured:
    """What is measured of a class, in seconds unless said otherwise."""

    joined: list[float] = field(default_factory=list)
    """From the opened page to the first look, for each phone."""
    noticed: list[float] = field(default_factory=list)
    """From a press to each phone that has seen it."""
    shown: list[float] = field(default_factory=list)
    """From each answer to the board that counts it."""
    told: list[float] = field(default_factory=list)
    """From asking for the own run to its sentence, for each phone."""
    cloud: float = 0.0
    """From the press to the runs of all, on the projector."""
    bytes: int = 0
    """Of all requests and responses of phones while they only look."""
    wrong: dict[int, int] = field(default_factory=dict)
    """Answers with an unexpected status, by status."""

    def check(self, answer: Answer, *expected: int) -> None:
        """Count an answer whose status is not expected."""
        if answer.status not in expected:
            self.wrong[answer.status] = self.wrong.get(answer.status, 0) + 1


class Phone:
    """A simulated phone, which looks at its class and answers once it is asked."""

    def __init__(self, room: "Room", number: int) -> None:
        self.room, self.number = room, number
        self.caller, self.random = Caller("127.0.0.1", room.port), random.Random(number)
        self.etag, self.face = "", dict[str, Any]()
        self.tried, self.link = dict[str, Any](), ""

    @property
    def token(self) -> str:
        return f"{self.number:032x}"

    async def join(self, files: list[str]) -> None:
        """Open the page with its files, join, and look for the first time."""
        begin = time.perf_counter()
        for path in (f"/class/{CODE}", *files):
            self.room.measured.check((await self.ask("GET", path))[0], 200)
        self.room.measured.check((await self.ask("PUT", f"/class/{CODE}/me", {"token": self.token}))[0], 200)
        await self.look()
        self.room.measured.joined.append(time.perf_counter() - begin)

    async def ask(
        self, method: str, path: str, value: object = None, headers: str = ""
    ) -> tuple[Answer, int]:
        """Send a request over the phone's connection."""
        return await send(self.caller, method, path, value, headers)

    async def look(self) -> None:
        """Read the face; answer a question that is new."""
        headers = f"If-None-Match: {self.etag}\r\n" if self.etag else ""
        answer, sent = await self.ask("GET", f"/class/{CODE}/face", headers=headers)
        self.room.measured.check(answer, 200, 304)
        received = len(answer.body) + sum(len(name) + len(text) + 4 for name, text in answer.headers.items())
        self.room.measured.bytes += sent + received + 17  # the status line
        if answer.status == 200:
            self.etag, self.face = answer.headers["etag"], json.loads(answer.body)
            if self.face["version"] > 1:
                self.room.measured.noticed.append(time.perf_counter() - self.room.pressed_at)

    async def answer(self, value: int) -> None:
        """Answer the question, whose text the phone reads before."""
        turn = self.face["turn"]
        question, _ = await self.ask("GET", f"/class/{CODE}/question?turn={turn}&lang=en")
        self.room.measured.check(question, 200)
        body = {"token": self.token, "turn": turn, "round": self.face["round"], "value": value}
        answer, _ = await self.ask("PUT", f"/class/{CODE}/answer", body)
        self.room.measured.check(answer, 204)
        self.room.answered_at.append(time.perf_counter())

    async def attempt(self) -> None:
        """Try a start and a rate at random; the class must be in the beat *try*."""
        turn, turn_round = self.face["turn"], self.face["round"]
        question, _ = await self.ask("GET", f"/class/{CODE}/question?turn={turn}&lang=en")
        self.room.measured.check(question, 200)
        field = read(question)["reveal"]["attempt"]
        low, high = field["rates"]
        start = [float(f"{self.random.uniform(*field['map'][axis]):.6g}") for axis in "uv"]
        self.tried = {"start": start, "rate": float(f"{low * (high / low) ** self.random.random():.6g}")}
        self.link = field["link"]
        body = {"token": self.token, "turn": turn, "round": turn_round, "value": self.tried}
        answer, _ = await self.ask("PUT", f"/class/{CODE}/answer", body)
        self.room.measured.check(answer, 204)

    async def own_run(self) -> None:
        """Ask how the own run ends; a server that is busy is asked again, as a phone does."""
        begin = time.perf_counter()
        order = {"link": self.link, "starts": [self.tried["start"]], "rates": [self.tried["rate"]]}
        answer, _ = await self.ask("POST", "/cloud", order)
        while answer.status == 503:
            await asyncio.sleep(self.random.uniform(2, 4))
            answer, _ = await self.ask("POST", "/cloud", order)
        self.room.measured.check(answer, 200)
        self.room.measured.told.append(time.perf_counter() - begin)

    async def live(self, think_seconds: float) -> None:
        """Look within every two seconds until the class is over, and answer each question once."""
        voted = 0
        await asyncio.sleep(self.random.uniform(0, 2))
        while not self.room.over:
            await self.look()
            if self.face.get("beat") == "ask" and voted != self.face["turn"]:
                voted = self.face["turn"]
                await asyncio.sleep(self.random.uniform(0, think_seconds))
                await self.answer(self.number % 4)
            await asyncio.sleep(self.face.get("every", 2) * self.random.uniform(0.8, 1.0))


class Room:
    """A class of simulated phones on one server."""

    def __init__(self, port: int, students: int) -> None:
        self.port, self.teacher, self.projector = port, Caller("127.0.0.1", port), Caller("127.0.0.1", port)
        self.measured, self.over = Measured(), False
        self.pressed_at, self.answered_at = 0.0, list[float]()
        self.phones = [Phone(self, number) for number in range(students)]

    async def open(self, link: str = "") -> None:
        """Start the class."""
        answer, _ = await send(self.teacher, "POST", "/class/", {"key": KEY, "link": link})
        self.measured.check(answer, 200)

    async def press(self, turn: int, beat: str, link: str = "") -> None:
        """Move the class, as the teacher's page does: again if another server has told an older face."""
        body = {"turn": turn, "beat": beat, "link": link}
        for _ in range(10 * ATTEMPTS):
            face, _ = await send(self.teacher, "GET", f"/class/{CODE}/face")
            if face.status == 503:  # one of several servers has not noticed yet that the store is back
                await asyncio.sleep(0.05)
                continue
            headers = f"Authorization: Bearer {KEY}\r\nIf-Match: {face.headers['etag']}\r\n"
            self.pressed_at = time.perf_counter()
            answer, _ = await send(self.teacher, "PUT", f"/class/{CODE}/turn", body, headers)
            if answer.status != 412:
                break
            await asyncio.sleep(0.05)
        self.measured.check(answer, 204)

    async def board(self) -> dict[str, Any]:
        """Read the board."""
        answer, _ = await send(
            self.projector, "GET", f"/class/{CODE}/board", headers=f"Authorization: Bearer {KEY}\r\n"
        )
        self.measured.check(answer, 200)
        board: dict[str, Any] = read(answer)
        return board

    async def run_all(self) -> int:
        """Fetch the runs of all attempts on the board, part by part; return how many there are."""
        begin, attempts, done = time.perf_counter(), (await self.board())["attempts"], 0
        link = self.phones[0].link
        while done < len(attempts):
            part = attempts[done:]
            order = {"link": link, "starts": [each[1] for each in part], "rates": [each[2] for each in part]}
            answer, _ = await send(self.projector, "POST", "/cloud", order)
            self.measured.check(answer, 200, 503)
            if answer.status != 200:
                await asyncio.sleep(2)
                continue
            done += read(answer)["count"]
        self.measured.cloud = time.perf_counter() - begin
        return done

    async def watch(self) -> None:
        """Read the board every second, as a projector does, and note when answers are on it."""
        counted = 0
        while not self.over:
            answered, now = (await self.board())["answered"], time.perf_counter()
            for at in self.answered_at[counted:answered]:
                self.measured.shown.append(now - at)
            counted = max(counted, answered)
            await asyncio.sleep(1)

    async def close(self) -> None:
        """Close all connections."""
        for caller in (self.teacher, self.projector, *(phone.caller for phone in self.phones)):
            caller.close()
        await asyncio.sleep(0)  # let the transports close
