"""A worker killed, a stop signal, a disk that takes nothing, a rush: done for real, to real servers."""

import asyncio
import base64
import gzip
import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tools.support.http_client import BROKEN, Caller, finish, once
from tools.support.server_processes import answers, free_port, gunicorn, losslab, running, wait_for

BRIEF = {"link": "?steps=600", "set": {}, "known": []}
SLOW = BRIEF | {"link": "?opt=line_search&steps=1000"}


async def restless(port, statuses, again, until):
    """Asks without a pause; what broke is asked once more."""
    caller = Caller("127.0.0.1", port)
    while not until.is_set():
        value = {"link": f"?rate={0.01 + 0.001 * len(statuses)}", "set": {}, "known": []}
        answer = await caller.ask(value)
        statuses.append(answer.status)
        if answer.status == BROKEN:
            again.append((await caller.ask(value)).status)
    caller.close()


def test_a_killed_worker_costs_what_it_was_answering_and_no_more():
    visitors = 8

    async def strike(server):
        statuses, again, until = [], [], asyncio.Event()
        crowd = [asyncio.create_task(restless(server.port, statuses, again, until)) for _ in range(visitors)]
        while len(statuses) < 40:
            await asyncio.sleep(0.01)
        victim = server.workers()[0]
        os.kill(victim, signal.SIGKILL)
        while victim in server.workers() or len(server.workers()) < 2:
            await asyncio.sleep(0.01)
        done = len(statuses)
        while len(statuses) < done + 40:
            await asyncio.sleep(0.01)
        until.set()
        await asyncio.gather(*crowd)
        return statuses, again

    with gunicorn(workers=2) as server:
        statuses, again = finish(strike(server))
    assert set(statuses) <= {200, BROKEN}
    assert 1 <= statuses.count(BROKEN) <= visitors
    assert set(again) == {200}


@pytest.mark.parametrize("serving", [gunicorn, losslab])
def test_a_stop_signal_loses_nothing(serving):
    async def stopped(server):
        crowd = [asyncio.create_task(once(server.port, value=SLOW)) for _ in range(6)]
        await asyncio.sleep(0)
        await asyncio.to_thread(wait_for, lambda: asked(server) >= 6, "six connections")
        server.process.send_signal(signal.SIGTERM)
        return [answer.status for answer in await asyncio.gather(*crowd)]

    with serving() as server:
        assert finish(stopped(server)) == [200] * 6
        assert server.process.wait(60) == 0
        assert not answers(server.home + "healthz")


def asked(server):
    """How many connections to the server have been accepted with all that was sent on them read."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{server.port:04X}"
    return sum(
        line[1].endswith(port) and line[3] == "01" and line[4].endswith(":00000000") and line[9] != "0"
        for line in table
    )


@pytest.mark.parametrize("serving", ["gunicorn", "losslab"])
def test_a_read_only_disk_is_enough(serving):
    port = free_port()
    commands = {
        "gunicorn": f"-m gunicorn -c deploy/gunicorn.conf.py app.server:wsgi() --bind 127.0.0.1:{port}",
        "losslab": f"-m app --no-browser --port {port}",
    }
    memory = "rw" if serving == "gunicorn" else "ro"  # gunicorn's workers report to it through a file
    locked = (
        "mount -o remount,bind,ro / && { ! mountpoint -q /tmp || mount -o remount,bind,ro /tmp; } && "
        f'mount -t tmpfs -o {memory} none /dev/shm && ! touch /tmp/written 2>/dev/null && exec "$@"'
    )
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", locked, "sh", sys.executable]
    with running(command + commands[serving].split(), port, PYTHONDONTWRITEBYTECODE="1") as server:
        assert answers(server.home)
        assert answers(server.home + "readyz")
        assert answers(server.home + "metrics")


def test_a_full_server_says_when_to_come_again_and_stays_alive():
    async def flood(port):
        crowd = [once(port, value=SLOW) for _ in range(60)]
        late, *told = await asyncio.gather(once(port, "/healthz"), *crowd)
        return late, told

    with gunicorn(workers=1, LOSSLAB_WAITING="4") as server:
        health, told = finish(flood(server.port))
        assert health.status == 200
        refused = [answer for answer in told if answer.status == 503]
        assert refused
        assert {answer.status for answer in told} == {200, 503}
        assert {answer.headers["retry-after"] for answer in refused} == {"2"}
        assert refused[0].body.decode().strip().endswith(".")
        assert answers(server.home + "readyz")


def test_counts_of_all_workers_come_together_and_outlive_them():
    with gunicorn(workers=2) as server:

        async def visit(times):
            for _ in range(times):  # a new connection each time, so that both workers have some
                assert (await once(server.port, "/?k=3")).status == 200

        def counted():
            text = finish(once(server.port, "/metrics")).body
            lines = gzip.decompress(text).decode().splitlines()
            return float(
                next(
                    line.split()[-1]
                    for line in lines
                    if line.startswith('losslab_requests_total{route="page",status="200"}')
                )
            )

        before = counted()
        finish(visit(20))
        assert counted() == before + 20
        victim = server.workers()[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: victim not in server.workers() and len(server.workers()) == 2, "a new worker")
        wait_for(lambda: answers(server.home + "healthz"), "its answer")
        finish(visit(20))
        assert counted() == before + 40


def test_the_log_is_json_and_knows_nobody(tmp_path):
    written = tmp_path / "log"
    with gunicorn(workers=1, log=written) as server:

        async def visit():
            caller = Caller("127.0.0.1", server.port)
            head = (
                caller.head("GET", "/?rate=0.123&secret=me@example.org") + b"X-Request-ID: class-7b-0001\r\n"
            )
            return await once(
                server.port, raw=head + b"User-Agent: Anna\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
            )

        answer = finish(visit())
        bad = finish(once(server.port, raw=b"GET / HTTP/9.9\r\n\r\n"))
    assert answer.headers["x-request-id"] == "class-7b-0001"
    assert bad.status in (400, 505)
    text = written.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    [line] = [line for line in lines if line.get("id") == "class-7b-0001"]
    assert (line["route"], line["method"], line["status"]) == ("page", "GET", 200)
    assert line["ms"] >= 0
    for trace in ("127.0.0.1", "203.0.113.9", "0.123", "example.org", "Anna"):
        assert trace not in text


FLYING = ["?rate=5&steps=60", "?rate=1e30", "?rate=10&start=1e9,1e9&steps=1000", "?data=rosenbrock&rate=0.5"]
"""Runs that grow without end, and runs that leave what a number can hold."""


def test_a_run_that_diverges_or_overflows_says_so():
    async def asked(port):
        whole = [await once(port, value=BRIEF | {"link": link}) for link in FLYING]
        return [*whole, await once(port, "/" + FLYING[1])]

    with losslab() as server:
        *whole, page = finish(asked(server.port))
    assert {answer.status for answer in (*whole, page)} == {200}
    for answer in whole:
        text = gzip.decompress(answer.body).decode()
        assert not re.search(r"\b(NaN|Infinity|inf|nan)\b", text)
        told = json.loads(text)["response"]["answer"]["value"]["run"]["told"]["kinds"]
        last = {kind: told[kind]["templates"][0] for kind in ("tone", "verdict")}
        assert last["tone"] == "diverged"
        assert base64.b64decode(told["tone"]["which"]["bdata"])[-1] == 0
        assert re.fullmatch(
            r"Diverging: the rate is \S+ times the largest stable one, \S+\. Lower it below that\.",
            last["verdict"],
        )
    assert b"Diverging: the rate is 1e30 times the largest stable one" in gzip.decompress(page.body)
