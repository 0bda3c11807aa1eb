"""A computation ends when its deadline has passed or its reader has gone, with a sentence and status 503."""

import socket
from time import perf_counter

import pytest

from app.common import limits
from app.server import create_app
from app.web.patience import DISCONNECTED, Stopped, has_gone, is_closed, stop_if_useless
from tools.support.http_client import callback_body

LONG = "?data=moons&model=mlp&n=500&steps=200&seed=77"


@pytest.fixture
def client():
    return create_app().server.test_client()


@pytest.mark.parametrize("path", [f"/{LONG}", f"/fan{LONG}1", f"/glimpse{LONG}2", f"/export/path.csv{LONG}3"])
def test_what_takes_too_long_is_stopped_with_a_sentence(client, monkeypatch, path):
    monkeypatch.setattr(limits, "MAX_ANSWER_SECONDS", 0.0)
    monkeypatch.setattr(limits, "CHECKPOINT_SECONDS", 0.0)
    response = client.get(path)
    assert response.status_code == 503
    assert "took too long" in response.text
    assert response.headers["Retry-After"]
    monkeypatch.undo()
    assert client.get(path).status_code == 200  # nothing half done was kept


def test_a_change_on_the_page_is_stopped_without_an_error_in_the_log(client, monkeypatch, caplog):
    monkeypatch.setattr(limits, "MAX_ANSWER_SECONDS", 0.0)
    monkeypatch.setattr(limits, "CHECKPOINT_SECONDS", 0.0)
    body = callback_body({"link": LONG, "changes": {"seed": "78"}, "knownFigures": []})
    response = client.post("/_dash-update-component", json=body)
    assert (response.status_code, "took too long" in response.text) == (503, True)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_computation_ends_when_its_reader_has_gone(client, monkeypatch):
    monkeypatch.setattr(limits, "CHECKPOINT_SECONDS", 0.0)
    response = client.get(f"/{LONG}4", environ_overrides={DISCONNECTED: lambda: True})
    assert (response.status_code, "Nobody waits" in response.text) == (503, True)


def test_a_connection_is_closed_only_when_its_other_end_is():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            assert not is_closed(ours)
            theirs.sendall(b"GET /next")
            assert not is_closed(ours)
            assert ours.recv(100) == b"GET /next"  # it was only looked at
        assert is_closed(ours)
        assert has_gone({"gunicorn.socket": ours})
    assert is_closed(ours)


def test_a_check_says_why_it_stops():
    with pytest.raises(Stopped, match="took too long"):
        stop_if_useless(perf_counter() - 100.0, {})
    stop_if_useless(perf_counter(), {})
