"""nginx with ``deploy/nginx.conf`` before two replicas: one of them killed under load, and caching."""

import asyncio
import os
import re
import signal

import pytest

from tools.support import nginx
from tools.support.class_simulation import CODE, KEY, send
from tools.support.http_client import BROKEN, Caller, run_in_thread, send_once
from tools.support.server_processes import gunicorn


@pytest.fixture(scope="module")
def cluster():
    """Start nginx and two replicas; yields nginx and the pair of replicas."""
    with (
        gunicorn(workers=1, warm=False) as first,
        gunicorn(workers=1, warm=False) as second,
        nginx.before([first.port, second.port]) as proxy,
    ):
        yield proxy, (first, second)


def test_files_and_pages_are_cached_and_callbacks_are_not(cluster):
    proxy, _ = cluster

    async def twice(**request):
        """Ask twice, and then until nginx has stored the first answer, which it does after sending it."""
        answers = [await send_once(proxy.port, **request) for _ in range(2)]
        while "path" in request and answers[-1].headers["x-cache"] == "MISS" and len(answers) < 50:
            answers.append(await send_once(proxy.port, **request))
        assert {answer.status for answer in answers} == {200}
        first, last = answers[0], answers[-1]
        return first.headers.get("x-cache", ""), last.headers.get("x-cache", ""), first.body == last.body

    async def visit():
        page = await send_once(proxy.port)
        assert "x-request-id" in page.headers
        assert "/" not in page.headers["server"]
        return (
            await twice(path="/?data=spam"),
            await twice(path="/_dash-layout"),
            await twice(value={"link": "", "changes": {}, "knownFigures": []}),
            await send_once(proxy.port, "/metrics"),
        )

    page, layout, callback, metrics = run_in_thread(visit())
    assert page == ("MISS", "HIT", True)
    assert layout[1:] == ("HIT", True)
    assert "HIT" not in callback[:2]
    assert metrics.status == 404


def test_pages_are_cached_for_each_language(cluster):
    proxy, _ = cluster

    async def visit(language):
        request = f"GET /?data=spam HTTP/1.1\r\nHost: localhost\r\nAccept-Language: {language}\r\n\r\n"
        page = await send_once(proxy.port, raw=request.encode())
        return page.headers.get("x-cache", ""), re.search(rb'<html lang="(\w+)"', page.body)[1]

    async def visits():
        return [await visit(language) for language in ("es", "en", "es", "en")]

    pages = run_in_thread(visits())
    assert [language for _, language in pages] == [b"es", b"en", b"es", b"en"]
    assert [cache_status for cache_status, _ in pages[2:]] == ["HIT", "HIT"]


def test_servers_without_a_shared_store_are_noticed_within_a_few_looks(cluster):
    """The teacher's page looks so often before it shows a code of a class."""
    proxy, _ = cluster

    async def look():
        caller = Caller("127.0.0.1", proxy.port)
        await send(caller, "POST", "/class/", {"key": KEY, "link": ""})
        statuses = [(await send(caller, "GET", f"/class/{CODE}/face"))[0].status for _ in range(12)]
        caller.close()
        return statuses

    assert set(run_in_thread(look())) == {200, 404}


def test_a_killed_replica_breaks_at_most_one_response_of_each_visitor(cluster):
    """The last test of these servers."""
    proxy, (first, second) = cluster

    broken = []

    async def visit(statuses, stop, visitor):
        caller, number = Caller("127.0.0.1", proxy.port), 0
        while not stop.is_set():
            number += 1
            value = {
                "link": f"?rate={0.01 * visitor + 0.0001 * number:.6g}",
                "changes": {},
                "knownFigures": [],
            }
            answer = await caller.ask(value)
            if answer.status == BROKEN:  # interrupted in the middle: the page repeats such a request, too
                broken.append(visitor)
                answer = await caller.ask(value)
            statuses.append(answer.status)
        caller.close()

    async def kill_a_replica():
        statuses, stop = [], asyncio.Event()
        tasks = [asyncio.create_task(visit(statuses, stop, visitor)) for visitor in range(1, 7)]
        while len(statuses) < 40:
            await asyncio.sleep(0.01)
        for pid in [*first.workers(), first.process.pid]:
            os.kill(pid, signal.SIGKILL)
        count = len(statuses)
        while len(statuses) < count + 80:
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.gather(*tasks)
        return statuses

    statuses = run_in_thread(kill_a_replica())
    assert set(statuses) == {200}
    assert len(broken) == len(set(broken)), "at most one for each visitor: the response in progress"
    assert first.process.wait(10) == -signal.SIGKILL
    assert second.process.poll() is None
