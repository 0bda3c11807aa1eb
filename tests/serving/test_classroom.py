"""A live class on gunicorn: a worker killed in a vote, recycling, load, and nothing left at the end."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tools.class_load import PROMISES, broken_promises, simulate
from tools.support.class_simulation import CODE, KEY, Room, send
from tools.support.http_client import Caller
from tools.support.server_processes import gunicorn, wait_for

pytestmark = pytest.mark.slow


async def ask_everyone(room):
    """Start a class, let all phones join and ask them."""
    await room.open()
    await asyncio.gather(*(phone.join([]) for phone in room.phones))
    await room.press(1, "ask")
    await asyncio.gather(*(phone.look() for phone in room.phones))


def folders():
    """Return the folders of servers in memory."""
    return set(Path("/dev/shm").glob("losslab-*"))


def test_no_answer_is_lost_or_doubled_when_a_worker_is_killed_and_nothing_is_left_at_the_end(tmp_path):
    async def vote(server):
        room = Room(server.port, 80)
        await ask_everyone(room)
        votes = [asyncio.create_task(phone.answer(phone.number % 4)) for phone in room.phones[:40]]
        await asyncio.sleep(0)
        os.kill(server.workers()[0], signal.SIGKILL)
        votes += [asyncio.create_task(phone.answer(phone.number % 4)) for phone in room.phones[40:]]
        await asyncio.gather(*votes)
        await room.press(1, "show")
        board = await room.board()
        await room.close()
        return room.measured.wrong, board

    before = folders()
    with gunicorn(2, warm=False, log=tmp_path / "log") as server:
        wrong, board = asyncio.run(vote(server))
        mine = [
            folder
            for folder in folders() - before
            if any(CODE.encode() in file.read_bytes() for file in folder.glob("classes*"))
        ]
        assert mine
        server.stop()
    assert not any(folder.exists() for folder in mine)
    assert CODE not in (tmp_path / "log").read_text()
    assert KEY not in (tmp_path / "log").read_text()
    assert wrong == {}
    assert (board["answered"], board["joined"]) == (80, 80)
    assert board["counts"] == [[20, 20, 20, 20]]


def test_looks_at_a_class_do_not_age_a_worker_and_work_does():
    async def look(server):
        room = Room(server.port, 4)
        await ask_everyone(room)
        for _ in range(20):
            await asyncio.gather(*(phone.look() for phone in room.phones))
        await room.close()
        assert room.measured.wrong == {}

    with gunicorn(1, warm=False, LOSSLAB_RECYCLE="30") as server:
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


def test_a_small_class_keeps_the_promises_that_do_not_depend_on_the_machine():
    """``make load`` has 300 phones on an idle machine; times are only looked at there."""
    with gunicorn(2) as server:
        results = asyncio.run(simulate(server.port, [server], 30, 2, 2, pace=0.1))
    assert set(results) == set(PROMISES)
    steady = ("page of a phone", "a phone in a minute", "a class of 300", "lost, double or late answers")
    assert [text for text in broken_promises(results) if text.startswith(steady)] == []
    assert broken_promises(results | {"page of a phone": 61.0})
