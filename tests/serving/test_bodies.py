"""Bodies that arrive slowly, malformed or without a length, sent to gunicorn without a proxy."""

import asyncio

import pytest

from app.common import limits
from tools.support.http_client import BROKEN, run_in_thread, send_once
from tools.support.server_processes import gunicorn, losslab

SLOW_BODIES = 8
"""More than twice the requests that one worker computes at once."""
TOO_MANY = limits.MAX_BODY_BYTES + 1
EXPORT = (
    b"POST /export/run.py HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
CALL = b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


async def open_slow_body(port, head=EXPORT):
    """Send the head of a request and five bytes of a body of 1,000."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head + b"Content-Length: 1000\r\n\r\nrows=")
    await writer.drain()
    return reader, writer


@pytest.fixture(scope="module")
def port():
    with gunicorn(workers=1, warm=False) as server:
        yield server.port


@pytest.fixture(scope="module")
def hasty_port():
    """The port of a server that waits a second for a body."""
    with gunicorn(workers=1, warm=False, LOSSLAB_BODY_SECONDS="1") as server:
        yield server.port


def test_slow_bodies_take_no_place_among_the_computing_requests(port):
    async def visit():
        slow = [await open_slow_body(port) for _ in range(SLOW_BODIES)]
        answers = await asyncio.gather(*(send_once(port, f"/?rate=0.{i}&k=3") for i in range(11, 17)))
        for _, writer in slow:
            writer.transport.abort()
        await asyncio.sleep(0)
        return [answer.status for answer in answers]

    assert run_in_thread(visit()) == [200] * 6


@pytest.mark.parametrize("head", [EXPORT, CALL], ids=["export", "call"])
def test_a_body_that_does_not_arrive_in_time_is_refused_even_if_it_trickles(hasty_port, head):
    async def trickle():
        reader, writer = await open_slow_body(hasty_port, head)
        status = asyncio.create_task(reader.readline())
        while not status.done():
            writer.write(b"x")
            await asyncio.wait([status], timeout=0.1)
        writer.transport.abort()
        await asyncio.sleep(0)
        return status.result()

    assert b" 408 " in run_in_thread(trickle())


def chunked(head, *chunks):
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunks)


CHUNKS = {
    "a size that is no number": (b"zz\r\nabc\r\n0\r\n\r\n", 400),
    "a negative size": (b"-5\r\nabcde\r\n0\r\n\r\n", 400),
    "a chunk longer than its size": (b"2\r\nabcdef\r\n0\r\n\r\n", 400),
    "more bytes than a request holds": (b"%x\r\n%s\r\n0\r\n\r\n" % (TOO_MANY, b"x" * TOO_MANY), 413),
}


@pytest.mark.parametrize("head", [EXPORT, CALL], ids=["export", "call"])
@pytest.mark.parametrize("name", CHUNKS)
def test_invalid_chunks_are_refused(port, name, head):
    body, status = CHUNKS[name]
    answer = run_in_thread(send_once(port, raw=chunked(head, body)))
    assert answer.status in (status, BROKEN)
    assert answer.status != BROKEN or status == 413  # the server need not read the rest of a large body


def test_a_body_that_is_cut_is_not_taken_for_a_shorter_one(port):
    async def cut():
        reader, writer = await open_slow_body(port)
        writer.write_eof()
        line = await asyncio.wait_for(reader.readline(), 20)
        writer.transport.abort()
        await asyncio.sleep(0)
        return line

    assert b" 400 " in run_in_thread(cut())


def test_a_chunked_form_is_read(port):
    form = b"rows=regression_x,y_1,2_2,3_3,5"
    answer = run_in_thread(
        send_once(
            port,
            raw=chunked(
                EXPORT.replace(b"run.py", b"path.csv?data=own&points=browser"),
                b"%x\r\n%s\r\n0\r\n\r\n" % (len(form), form),
            ),
        )
    )
    assert answer.status == 200


def test_losslab_refuses_a_body_that_no_route_accepts_before_it_is_read():
    async def visit(port):
        return await send_once(
            port,
            raw=CALL.replace(b"/_dash-update-component", b"/nowhere") + b"Content-Length: 150000000\r\n\r\n",
        )

    with losslab() as server:
        assert run_in_thread(visit(server.port)).status == 413
