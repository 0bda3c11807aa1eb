"""nginx as ``deploy/nginx.conf`` sets it up, before two replicas of which one is killed under load."""

import asyncio
import os
import re
import signal
from pathlib import Path

import pytest

from tests.support import nginx
from tools.support.http_client import BROKEN, Caller, finish, once
from tools.support.server_processes import ROOT, free_port, gunicorn, running


def settled_for(here: Path, port: int, replicas: list[int]) -> Path:
    """The configuration with this test's folders and ports in it, all else as it is."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for number, replica in enumerate(replicas, 1):
        text, found = re.subn(rf"replica{number}:8000", f"127.0.0.1:{replica}", text)
        assert found == 1
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{here}/")
    (here / "nginx.conf").write_text(text)
    return here / "nginx.conf"


@pytest.fixture
def house(tmp_path):
    """nginx and its two replicas."""
    port = free_port()
    here = tmp_path / "nginx"
    here.mkdir(mode=0o755)
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # nginx's workers are not root
    with gunicorn(workers=1) as one, gunicorn(workers=1) as other:
        conf = settled_for(here, port, [one.port, other.port])
        command = [nginx.path(), "-p", str(here), "-c", str(conf), "-g", "daemon off;"]
        with running(command, port) as front:
            yield front, (one, other)


def test_a_killed_replica_is_noticed_by_nobody(house):
    front, (one, other) = house

    broken = []

    async def play(statuses, until, visitor):
        caller, turn = Caller("127.0.0.1", front.port), 0
        while not until.is_set():
            turn += 1
            value = {
                "link": f"?rate={0.01 * visitor + 0.0001 * turn:.6g}",
                "set": {},
                "known": [],
            }
            answer = await caller.ask(value)
            if answer.status == BROKEN:  # an answer cut in the middle: the page asks once more, too
                broken.append(visitor)
                answer = await caller.ask(value)
            statuses.append(answer.status)
        caller.close()

    async def night():
        statuses, until = [], asyncio.Event()
        crowd = [asyncio.create_task(play(statuses, until, visitor)) for visitor in range(1, 7)]
        while len(statuses) < 40:
            await asyncio.sleep(0.01)
        for pid in [*one.workers(), one.process.pid]:
            os.kill(pid, signal.SIGKILL)
        done = len(statuses)
        while len(statuses) < done + 80:
            await asyncio.sleep(0.01)
        until.set()
        await asyncio.gather(*crowd)
        return statuses

    statuses = finish(night())
    assert set(statuses) == {200}
    assert len(broken) == len(set(broken)), "once a visitor at most: the answer that was on its way"
    assert one.process.wait(10) == -signal.SIGKILL
    assert other.process.poll() is None


def test_files_and_first_pages_are_kept_and_questions_are_not(house):
    front, _ = house

    async def twice(**request):
        first, second = await once(front.port, **request), await once(front.port, **request)
        assert (first.status, second.status) == (200, 200)
        return first.headers.get("x-cache", ""), second.headers.get("x-cache", ""), first.body == second.body

    async def visit():
        page = await once(front.port)
        assert "x-request-id" in page.headers
        assert "/" not in page.headers["server"]
        return (
            await twice(path="/?data=spam"),
            await twice(path="/_dash-layout"),
            await twice(value={"link": "", "set": {}, "known": []}),
            await once(front.port, "/metrics"),
        )

    page, shell, question, metrics = finish(visit())
    assert page == ("MISS", "HIT", True)
    assert shell[1:] == ("HIT", True)
    assert "HIT" not in question[:2]
    assert metrics.status == 404


def test_kept_pages_of_two_languages_stay_apart(house):
    front, _ = house

    async def visit(language):
        line = f"GET /?data=spam HTTP/1.1\r\nHost: localhost\r\nAccept-Language: {language}\r\n\r\n"
        page = await once(front.port, raw=line.encode())
        return page.headers.get("x-cache", ""), re.search(rb'<html lang="(\w+)"', page.body)[1]

    async def visits():
        return [await visit(language) for language in ("es", "en", "es", "en")]

    kept = finish(visits())
    assert [language for _, language in kept] == [b"es", b"en", b"es", b"en"]
    assert [how for how, _ in kept[2:]] == ["HIT", "HIT"]
