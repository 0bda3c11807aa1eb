"""Real servers under faults: a killed worker, a stop signal, a read-only disk, overload, overflow."""

import asyncio
import base64
import gzip
import json
import os
import re
import signal
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tools.support.http_client import BROKEN, Caller, run_in_thread, send_once
from tools.support.server_processes import answers, free_port, gunicorn, losslab, running, wait_for

SHORT = {"link": "?steps=600", "changes": {}, "knownFigures": []}
LONG = SHORT | {"link": "?opt=line_search&steps=1000"}
LONGER = [SHORT | {"link": f"?data=digits&model=mlp&width=8&steps={40 + i}"} for i in range(6)]
"""A third of a second of one core each, so that all are under way at once."""


async def ask_until(stop, port, statuses, repeated):
    """Send requests without a pause until ``stop`` is set; each whose connection breaks is sent once more."""
    caller = Caller("127.0.0.1", port)
    while not stop.is_set():
        value = {"link": f"?rate={0.01 + 0.001 * len(statuses)}", "changes": {}, "knownFigures": []}
        answer = await caller.ask(value)
        statuses.append(answer.status)
        if answer.status == BROKEN:
            repeated.append((await caller.ask(value)).status)
    caller.close()


def test_a_killed_worker_breaks_only_the_responses_in_progress():
    visitors = 8

    async def kill_a_worker(server):
        statuses, repeated, stop = [], [], asyncio.Event()
        tasks = [
            asyncio.create_task(ask_until(stop, server.port, statuses, repeated)) for _ in range(visitors)
        ]
        while len(statuses) < 40:
            await asyncio.sleep(0.01)
        killed = server.workers()[0]
        os.kill(killed, signal.SIGKILL)
        while killed in server.workers() or len(server.workers()) < 2:
            await asyncio.sleep(0.01)
        count = len(statuses)
        while len(statuses) < count + 40:
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.gather(*tasks)
        return statuses, repeated

    with gunicorn(workers=2, warm=False) as server:
        statuses, repeated = run_in_thread(kill_a_worker(server))
    assert set(statuses) <= {200, BROKEN}
    assert 1 <= statuses.count(BROKEN) <= visitors
    assert set(repeated) == {200}


@pytest.mark.parametrize("serve", [partial(gunicorn, warm=False), losslab], ids=["gunicorn", "losslab"])
def test_received_requests_are_answered_after_a_stop_signal(serve):
    async def statuses_of_stopped(server):
        tasks = [asyncio.create_task(send_once(server.port, value=value)) for value in LONGER]
        await asyncio.sleep(0)
        await asyncio.to_thread(wait_for, lambda: received_requests(server) >= 6, "six connections")
        server.process.send_signal(signal.SIGTERM)
        return [answer.status for answer in await asyncio.gather(*tasks)]

    with serve() as server:
        assert run_in_thread(statuses_of_stopped(server)) == [200] * 6
        assert server.process.wait(60) == 0
        assert not answers(server.home + "healthz")


def received_requests(server):
    """Return how many connections the server has accepted and read completely."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{server.port:04X}"
    return sum(
        line[1].endswith(port) and line[3] == "01" and line[4].endswith(":00000000") and line[9] != "0"
        for line in table
    )


@pytest.mark.parametrize("name", ["gunicorn", "losslab"])
def test_servers_work_on_a_read_only_disk(name):
    port = free_port()
    commands = {
        "gunicorn": f"-m gunicorn -c deploy/gunicorn.conf.py app.server:wsgi() --bind 127.0.0.1:{port}",
        "losslab": f"-m app --no-browser --port {port}",
    }
    memory = "rw" if name == "gunicorn" else "ro"  # gunicorn's workers send heartbeats through a file
    script = (
        "mount -o remount,bind,ro / && { ! mountpoint -q /tmp || mount -o remount,bind,ro /tmp; } && "
        f'mount -t tmpfs -o {memory} none /dev/shm && ! touch /tmp/written 2>/dev/null && exec "$@"'
    )
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", sys.executable]
    with running(command + commands[name].split(), port, PYTHONDONTWRITEBYTECODE="1") as server:
        assert answers(server.home)
        assert answers(server.home + "readyz")
        assert answers(server.home + "metrics")


def test_a_full_memory_disk_ends_no_worker():
    """Any program may fill it after the start; what is counted meanwhile has its place already."""
    port = free_port()
    script = 'mount -t tmpfs -o size=8m none /dev/shm && exec "$@"'
    command = [
        *(
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
            sys.executable,
            "-m",
            "gunicorn",
        ),
        *("-c", "deploy/gunicorn.conf.py", "app.server:wsgi()", "--bind", f"127.0.0.1:{port}"),
    ]
    with running(command, port, WEB_CONCURRENCY="1") as server:
        with suppress(OSError), Path(f"/proc/{server.process.pid}/root/dev/shm/full").open("wb") as file:
            while file.write(bytes(100_000)):
                file.flush()
        pids = server.workers()
        for path in ("", "healthz", "nowhere", "export/run.py", "teacher", "static/x", "metrics"):
            server_answer(server.home + path)
        assert server.workers() == pids
        assert b'losslab_requests_total{route="export"' in server_answer(server.home + "metrics")


def server_answer(address):
    """Return the body of an answer, whatever its status is."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


def test_an_overloaded_server_answers_503_with_retry_after_and_stays_healthy():
    async def overload(port):
        requests = [send_once(port, value=LONG) for _ in range(60)]
        health, *rest = await asyncio.gather(send_once(port, "/healthz"), *requests)
        return health, rest

    with gunicorn(workers=1, warm=False, LOSSLAB_WAITING="4") as server:
        health, rest = run_in_thread(overload(server.port))
        assert health.status == 200
        rejected = [answer for answer in rest if answer.status == 503]
        assert rejected
        assert {answer.status for answer in rest} == {200, 503}
        assert {answer.headers["retry-after"] for answer in rejected} == {"2"}
        assert rejected[0].body.decode().strip().endswith(".")
        assert answers(server.home + "readyz")


def test_metrics_sum_all_workers_and_continue_after_a_restart():
    with gunicorn(workers=2) as server:

        async def visit(times):
            for _ in range(times):  # over a new connection each time, so that both workers get some
                assert (await send_once(server.port, "/?k=3")).status == 200

        def count_of_pages():
            text = run_in_thread(send_once(server.port, "/metrics")).body
            lines = gzip.decompress(text).decode().splitlines()
            return float(
                next(
                    line.split()[-1]
                    for line in lines
                    if line.startswith('losslab_requests_total{route="page",status="200"}')
                )
            )

        before = count_of_pages()
        run_in_thread(visit(20))
        assert count_of_pages() == before + 20
        killed = server.workers()[0]
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: killed not in server.workers() and len(server.workers()) == 2, "a new worker")
        wait_for(lambda: answers(server.home + "healthz"), "its answer")
        run_in_thread(visit(20))
        assert count_of_pages() == before + 40


def test_the_log_is_json_without_personal_data(tmp_path):
    log = tmp_path / "log"
    with gunicorn(workers=1, warm=False, log=log) as server:

        async def visit():
            caller = Caller("127.0.0.1", server.port)
            head = (
                caller.head("GET", "/?rate=0.123&secret=me@example.org") + b"X-Request-ID: class-7b-0001\r\n"
            )
            return await send_once(
                server.port, raw=head + b"User-Agent: Anna\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
            )

        answer = run_in_thread(visit())
        invalid = run_in_thread(send_once(server.port, raw=b"GET / HTTP/9.9\r\n\r\n"))
    assert answer.headers["x-request-id"] == "class-7b-0001"
    assert invalid.status in (400, 505)
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    [line] = [line for line in lines if line.get("id") == "class-7b-0001"]
    assert (line["route"], line["method"], line["status"]) == ("page", "GET", 200)
    assert line["ms"] >= 0
    for personal in ("127.0.0.1", "203.0.113.9", "0.123", "example.org", "Anna"):
        assert personal not in text


ABOVE_THE_LIMIT = r"Flying apart: the rate \S+ is above the limit, \S+\. Choose a smaller one\."
DIVERGING = {
    "?rate=5&steps=60": ABOVE_THE_LIMIT,
    "?rate=1e30": ABOVE_THE_LIMIT,
    "?rate=10&start=1e9,1e9&steps=1000": ABOVE_THE_LIMIT,
    "?data=rosenbrock&rate=0.5": (
        r"Flying apart: after \S+ steps the loss is too large to compute\. Choose a smaller rate\."
    ),
}
"""Links of runs that diverge, some of which overflow, and their verdicts."""


def test_runs_that_diverge_or_overflow_are_described_as_diverging():
    async def visit(port):
        scenes = [await send_once(port, value=SHORT | {"link": link}) for link in DIVERGING]
        return [*scenes, await send_once(port, "/?rate=1e30")]

    with losslab() as server:
        *scenes, page = run_in_thread(visit(server.port))
    assert {answer.status for answer in (*scenes, page)} == {200}
    for answer, verdict in zip(scenes, DIVERGING.values(), strict=True):
        text = gzip.decompress(answer.body).decode()
        assert not re.search(r"\b(NaN|Infinity|inf|nan)\b", text)
        texts = json.loads(text)["response"]["answer"]["value"]["run"]["runText"]["texts"]
        last = {kind: texts[kind]["templates"][0] for kind in ("tone", "verdict")}
        assert last["tone"] == "diverged"
        assert base64.b64decode(texts["tone"]["index"]["bdata"])[-1] == 0
        assert re.fullmatch(verdict, last["verdict"])
    assert "Flying apart: the rate 10³⁰ is above the limit" in gzip.decompress(page.body).decode()
