"""``losslab`` alone holds a class: 300 browsers with six connections each, served or waiting."""

import resource
import select
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.web import waitress_server
from tools.support.server_processes import PATIENCE, ROOT, answers, free_port, losslab, wait_for

CONNECTIONS = 1_800
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
WITHOUT_POLL = "import select; del select.poll; from app.__main__ import main; main()"


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process open as many connections as the test needs."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] < CONNECTIONS + 200:
        pytest.skip(f"this system allows {before[1]} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], CONNECTIONS + 200), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def answered(connection: socket.socket) -> bool:
    """Whether a request on a connection is answered."""
    connection.sendall(REQUEST)
    return connection.recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.slow
def test_1800_connections_are_open_and_answered_at_once(many_files):
    with losslab() as server:
        connections = [
            socket.create_connection(("127.0.0.1", server.port), PATIENCE) for _ in range(CONNECTIONS)
        ]
        try:
            assert all(map(answered, connections))
            assert answers(server.home + "readyz")
        finally:
            for connection in connections:
                connection.close()


def test_the_limit_of_open_files_is_raised_as_far_as_it_may_be(monkeypatch):
    limits = [(256, 1_000)]
    monkeypatch.setattr(resource, "getrlimit", lambda kind: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda kind, new: limits.append(new))
    assert waitress_server.max_connections() == 1_000 - waitress_server.OTHER_FILES
    assert limits[-1] == (1_000, 1_000)
    assert "900 connections" in waitress_server.connection_note()
    limits.append((256, resource.RLIM_INFINITY))
    assert waitress_server.max_connections() == waitress_server.MAX_CONNECTIONS
    assert waitress_server.connection_note() == ""


def test_with_select_alone_there_are_500_and_the_start_says_so(monkeypatch):
    monkeypatch.delattr(select, "poll")
    assert waitress_server.max_connections() == 500
    assert "500 connections" in waitress_server.connection_note()


def test_the_page_is_served_without_poll():
    port = free_port()
    command = [sys.executable, "-c", WITHOUT_POLL, "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "an answer without poll")
    finally:
        process.terminate()
    output, _ = process.communicate(timeout=PATIENCE)
    assert "500 connections at once" in output
