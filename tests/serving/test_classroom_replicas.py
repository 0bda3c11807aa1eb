"""A live class on two replicas with one Redis: a replica killed in a vote, Redis killed and back."""

import asyncio
import os
import signal

import pytest

from tools.support.class_simulation import CODE, Room, send
from tools.support.http_client import BROKEN, Caller
from tools.support.replicas import replicas

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", name="replicas")
def running_replicas():
    """Two replicas with one Redis behind nginx; yields nginx, both, and Redis."""
    with replicas(warm=False) as servers:
        yield servers


async def ask_everyone(room):
    await room.open()
    await asyncio.gather(*(phone.join([]) for phone in room.phones))
    await room.press(1, "ask")
    await asyncio.gather(*(phone.look() for phone in room.phones))


async def answer_until_taken(phone, value):
    """Answer as the page of a phone does: again, until the class has the answer."""
    body = {"token": phone.token, "turn": 1, "round": 1, "value": value}
    for _ in range(200):
        answer, _ = await phone.ask("PUT", f"/class/{CODE}/answer", body)
        if answer.status == 204:
            return
        assert answer.status in (BROKEN, 404, 502, 503), answer.status
        if answer.status == 404:  # forgotten: the phone joins again
            await phone.ask("PUT", f"/class/{CODE}/me", {"token": phone.token})
        await asyncio.sleep(0.02)
    raise AssertionError("never taken")


async def board_at(room, beat):
    """Return the board once it shows a beat: another replica tells for a moment what it has found before."""
    for _ in range(500):
        board = await room.board()
        if board["face"]["beat"] == beat:
            return board
        await asyncio.sleep(0.01)
    raise AssertionError(f"never at {beat}")


def test_nginx_passes_on_the_tag_of_a_class_that_has_not_changed(replicas):
    proxy, _, redis = replicas

    async def look_twice():
        room, path = Room(proxy.port, 0), f"/class/{CODE}/face"
        await room.open()
        first, _ = await send(room.teacher, "GET", path)
        tag = f"If-None-Match: {first.headers['etag']}\r\n"
        second, _ = await send(room.teacher, "GET", path, headers=tag)
        await room.close()
        return first.status, second.status

    assert asyncio.run(look_twice()) == (200, 304)
    redis.empty()


def test_when_redis_is_killed_the_lab_works_on_and_the_class_comes_back_with_every_answer(replicas):
    proxy, _, redis = replicas

    async def vote():
        room = Room(proxy.port, 20)
        await ask_everyone(room)
        await asyncio.gather(*(answer_until_taken(phone, phone.number % 4) for phone in room.phones))
        redis.kill()
        caller = Caller("127.0.0.1", proxy.port)
        answer, _ = await send(caller, "GET", "/healthz")
        assert answer.status == 200
        while answer.status == 200:  # a look is told for a moment what another one has found
            answer, _ = await send(caller, "GET", f"/class/{CODE}/face")
        statuses = [answer.status]
        assert float(answer.headers["retry-after"]) > 0
        for path in ("/readyz", "/?data=norris"):
            statuses.append((await send(caller, "GET", path))[0].status)
        redis.start()
        while answer.status == 503:
            answer, _ = await send(caller, "GET", f"/class/{CODE}/face")
            await asyncio.sleep(0.05)
        statuses.append(answer.status)
        caller.close()
        await room.open()  # as the teacher's page does
        await room.press(1, "ask")
        await asyncio.gather(*(answer_until_taken(phone, phone.number % 4) for phone in room.phones))
        await room.press(1, "show")
        board = await board_at(room, "show")
        await room.close()
        return statuses, board

    statuses, board = asyncio.run(vote())
    assert statuses == [503, 200, 200, 404]
    assert (board["answered"], board["joined"], board["counts"]) == (20, 20, [[5, 5, 5, 5]])


def test_no_answer_is_lost_or_doubled_when_a_replica_is_killed_in_a_vote(replicas):
    """The last test of these servers."""
    proxy, (first, _), redis = replicas
    redis.empty()

    async def vote():
        room = Room(proxy.port, 60)
        await ask_everyone(room)
        assert room.measured.wrong == {}
        votes = [asyncio.create_task(answer_until_taken(phone, phone.number % 4)) for phone in room.phones]
        await asyncio.sleep(0)
        for pid in [*first.workers(), first.process.pid]:
            os.kill(pid, signal.SIGKILL)
        await asyncio.gather(*votes)
        await room.press(1, "show")
        board = await board_at(room, "show")
        await room.close()
        return board

    board = asyncio.run(vote())
    assert (board["answered"], board["joined"]) == (60, 60)
    assert board["counts"] == [[15, 15, 15, 15]]
