"""A live class on gunicorn's workers: a worker killed in a vote, recycling, and what is left at the stop."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from app.classroom.codes import code_of
from tools.support.http_client import Caller
from tools.support.server_processes import gunicorn, wait_for

KEY = "0123456789abcdef" * 2
CODE = code_of(KEY)

pytestmark = pytest.mark.slow


async def send(caller, method, path, value=None, **headers):
    """Send a request with JSON and return its answer; a broken connection is tried once more."""
    body = json.dumps(value).encode() if value is not None else b""
    lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items())
    typed = "Content-Type: application/json\r\n" if body else ""
    head = caller.head(method, path) + f"{lines}{typed}Content-Length: {len(body)}\r\n\r\n".encode()
    for _ in range(30):
        answer = await caller.send(head + body)
        if answer.status:
            return answer
        await asyncio.sleep(0.1)
    return answer


class Room:
    """A class of simulated phones on one server."""

    def __init__(self, port, students):
        self.port, self.students = port, students
        self.teacher = Caller("127.0.0.1", port)
        self.phones = [Caller("127.0.0.1", port) for _ in range(students)]

    async def start(self):
        opened = await send(self.teacher, "POST", "/class/", {"key": KEY, "link": ""})
        assert opened.status == 200, opened
        joined = await asyncio.gather(*(self.join(i) for i in range(self.students)))
        assert {answer.status for answer in joined} == {200}
        await self.press(1, "ask")

    async def press(self, turn, beat):
        face = await send(self.teacher, "GET", f"/class/{CODE}/face")
        body = {"turn": turn, "beat": beat, "link": ""}
        headers = {"Authorization": f"Bearer {KEY}", "If_Match": face.headers["etag"]}
        answer = await send(self.teacher, "PUT", f"/class/{CODE}/turn", body, **headers)
        assert answer.status == 204, answer

    def join(self, i):
        return send(self.phones[i], "PUT", f"/class/{CODE}/me", {"token": f"{i:032x}"})

    def answer(self, i):
        body = {"token": f"{i:032x}", "turn": 1, "round": 1, "value": i % 4}
        return send(self.phones[i], "PUT", f"/class/{CODE}/answer", body)

    async def board(self):
        answer = await send(self.teacher, "GET", f"/class/{CODE}/board", Authorization=f"Bearer {KEY}")
        return json.loads(answer.body)

    async def close(self):
        for caller in (self.teacher, *self.phones):
            caller.close()
        await asyncio.sleep(0)  # let the transports close


def test_no_answer_is_lost_or_doubled_when_a_worker_is_killed_in_a_vote():
    async def vote(server):
        room = Room(server.port, 80)
        await room.start()
        votes = [asyncio.create_task(room.answer(i)) for i in range(40)]
        await asyncio.sleep(0)
        os.kill(server.workers()[0], signal.SIGKILL)
        votes += [asyncio.create_task(room.answer(i)) for i in range(40, 80)]
        statuses = {answer.status for answer in await asyncio.gather(*votes)}
        await room.press(1, "show")
        board = await room.board()
        await room.close()
        return statuses, board

    with gunicorn(2) as server:
        statuses, board = asyncio.run(vote(server))
    assert statuses == {204}
    assert (board["answered"], board["joined"]) == (80, 80)
    assert board["counts"] == [[20, 20, 20, 20]]


def test_looks_at_a_class_do_not_age_a_worker_and_work_does():
    async def look(server):
        room = Room(server.port, 4)
        await room.start()
        for _ in range(20):
            answers = await asyncio.gather(
                *(send(phone, "GET", f"/class/{CODE}/face") for phone in room.phones)
            )
            assert {answer.status for answer in answers} == {200}
        await room.close()

    with gunicorn(1, LOSSLAB_RECYCLE="30") as server:
        before = server.workers()
        asyncio.run(look(server))
        assert server.workers() == before

        async def work():
            caller = Caller("127.0.0.1", server.port)
            for i in range(60):
                await send(caller, "GET", f"/glimpse?rate=0.0{i + 1}")
            caller.close()
            await asyncio.sleep(0)

        asyncio.run(work())
        wait_for(lambda: server.workers() != before, "another worker")


def test_nothing_of_a_class_is_left_when_the_server_stops(tmp_path):
    def folders():
        return set(Path("/dev/shm").glob("losslab-*"))

    before = folders()
    with gunicorn(2, log=tmp_path / "log") as server:

        async def begin():
            room = Room(server.port, 3)
            await room.start()
            await room.close()

        asyncio.run(begin())
        mine = folders() - before
        assert any(CODE.encode() in file.read_bytes() for folder in mine for file in folder.glob("classes*"))
        server.stop()
    assert not any(folder.exists() for folder in mine)
    assert CODE not in (tmp_path / "log").read_text()
    assert KEY not in (tmp_path / "log").read_text()
