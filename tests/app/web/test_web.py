"""Headers, shelves, the room and the log, each by itself."""

import json
import logging
import threading
import time

import pytest

from app.common import limits, prometheus_metrics
from app.server import create_app
from app.web import access_log, health, security_headers
from app.web.admission import AdmissionQueue, Overloaded
from app.web.response_cache import CachedResponse, ResponseCache
from tools.support.http_client import question

APP = create_app()
ASK = "/_dash-update-component"


@pytest.fixture
def client():
    return APP.server.test_client()


@pytest.mark.parametrize("path", ["/", "/nowhere", "/healthz", "/_dash-layout", "/metrics"])
def test_every_answer_is_dressed(client, path):
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "frame-ancestors *" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert access_log.REQUEST_ID.fullmatch(answer.headers["X-Request-ID"])


def test_who_may_embed_is_a_setting(monkeypatch):
    monkeypatch.setenv(security_headers.FRAME_ANCESTORS_VARIABLE, "'self' https://school.example")
    assert "frame-ancestors 'self' https://school.example" in security_headers.content_security_policy([])


@pytest.mark.parametrize("text", ["*; script-src *", "", "a\r\nb", "a,b"])
def test_a_setting_cannot_write_another_rule(text):
    with pytest.raises(ValueError, match="sources with a space"):
        security_headers.check_frame_ancestors(text)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/", 405), ("GET", ASK, 405), ("PUT", "/healthz", 405), ("POST", "/nowhere", 404)],
)
def test_other_methods_are_refused_and_told_which_there_are(client, method, path, status):
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True).strip().endswith(".")
    assert status != 405 or answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        (b"x" * (limits.MAX_BODY_BYTES + 1), "application/json", 413, "at most"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "application/json"),
        (b"[" * 20_000, "application/json", 400, "JSON"),
        (b"[" * 20 + b"]" * 20, "application/json", 400, "nested"),
        (b'{"a": NaN}', "application/json", 400, "NaN"),
        (b"1" * 5000, "application/json", 400, "."),
        (json.dumps(question({"link": "\ud800"})).encode(), "application/json", 400, "link"),
        (
            json.dumps(question({"set": {str(i): "" for i in range(99)}})).encode(),
            "application/json",
            400,
            "set",
        ),
        (json.dumps(question({}) | {"background": {}}).encode(), "application/json", 400, "page"),
    ],
)
def test_a_body_within_the_limits_or_a_sentence(client, body, kind, status, said):
    answer = client.post(ASK, data=body, content_type=kind)
    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)


def test_a_long_address_is_refused_and_a_long_link_opens_the_first_screen(client):
    assert client.get("/?" + "a" * (limits.MAX_QUERY_BYTES + 1)).status_code == 414
    page = client.get("/?rate=" + "1" * (limits.MAX_LINK_CHARACTERS + 1))
    assert page.status_code == 200
    assert f"more than {limits.MAX_LINK_CHARACTERS} characters" in page.get_data(as_text=True)


def test_a_foreign_host_cannot_write_markup(client):
    page = client.get("/", headers={"Host": 'a"><b>'})
    assert page.status_code in (200, 400)
    assert '"><b>' not in page.get_data(as_text=True)


def test_an_error_is_a_sentence_with_an_id_and_its_trace_is_in_the_log(caplog, monkeypatch):
    app = create_app()
    monkeypatch.setattr("app.web.index_page.scene", lambda *_: 1 / 0)
    monkeypatch.setattr(access_log.LOGGER, "propagate", True)
    with caplog.at_level(logging.ERROR, "losslab"):
        answer = app.server.test_client().get("/")
    assert answer.status_code == 500
    assert answer.get_data(as_text=True) == "Something went wrong here. It has been written down.\n"
    assert "ZeroDivisionError" in caplog.text


def test_not_ready_where_nothing_can_be_computed(client, monkeypatch):
    monkeypatch.setattr(health.losses, "surface", lambda *_, **__: 1 / 0)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_data(as_text=True) == "This server cannot compute just now.\n"


def test_a_kept_page_is_the_same_page_and_304_for_who_has_it(client):
    first, second = (client.get("/?data=spam&k=4", headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    again = client.get("/?data=spam&k=4", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    plain = client.get("/?data=spam&k=4")
    assert "Content-Encoding" not in plain.headers
    assert b"<!DOCTYPE html>" in plain.data


def test_assets_are_kept_for_ever_under_their_version_and_served_under_another(client):
    script = next(
        part.split('"')[0]
        for part in client.get("/").get_data(as_text=True).split('src="')
        if "losslab.mjs" in part.split('"')[0]
    ).split("?")[0]
    own, other = client.get(script), client.get("/assets/000000000000/losslab.mjs")
    assert "immutable" in own.headers["Cache-Control"]
    assert other.headers["Cache-Control"] == "no-cache"
    assert own.data == other.data
    assert own.mimetype == other.mimetype == "text/javascript"


def test_a_shelf_holds_so_many_bytes_and_throws_out_the_least_used():
    shelf = ResponseCache("page", 100)
    for name in "abc":
        shelf.put(name, CachedResponse(b"x" * 40, (), name))
        shelf.get("a")
    assert shelf.size == 80
    assert [name for name in "abc" if shelf.get(name)] == ["a", "c"]
    shelf.put("a", CachedResponse(b"x" * 10, (), "a"))
    assert shelf.size == 50


class Crowd:
    """Guests of a room, each on a thread of its own, who sit until they are sent home."""

    def __init__(self, room):
        self.room, self.seated, self.home, self.threads = room, [], {}, []

    def send(self, name):
        """Let one more come, and wait until it sits or stands in the line."""
        before = len(self.room._queue) + len(self.room._running)
        self.home[name] = threading.Event()
        self.threads.append(threading.Thread(target=self._visit, args=(name,), daemon=True))
        self.threads[-1].start()
        self.until(lambda: len(self.room._queue) + len(self.room._running) > before)

    def _visit(self, name):
        with self.room.slot():
            self.seated.append(name)
            self.home[name].wait(20)

    def until(self, condition):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.001)

    def sit(self, *names):
        self.until(lambda: self.seated == list(names))
        return True


def test_a_room_serves_in_the_order_of_coming_and_turns_away_whom_it_cannot_hold():
    crowd = Crowd(AdmissionQueue(max_computing=2, max_waiting=2, clock=lambda: 0.0))
    for name in "abc":
        crowd.send(name)
    assert crowd.sit("a")
    with pytest.raises(Overloaded), crowd.room.slot():
        pass
    for name, then in (("a", "ab"), ("b", "abc")):
        crowd.home[name].set()
        assert crowd.sit(*then)
    crowd.home["c"].set()
    for thread in crowd.threads:
        thread.join(20)
    with crowd.room.slot():
        assert len(crowd.room._running) == 1


def test_a_long_computation_does_not_keep_the_others_waiting():
    now = [0.0]
    crowd = Crowd(AdmissionQueue(max_computing=2, max_waiting=9, clock=lambda: now[0]))
    crowd.send("long")
    crowd.send("a")
    assert crowd.sit("long")
    now[0] += 2 * limits.LONG_REQUEST_SECONDS
    assert crowd.sit("long", "a")  # nobody came or went: who waits alone looks for himself
    crowd.send("b")
    now[0] += 2 * limits.LONG_REQUEST_SECONDS
    crowd.send("c")
    assert len(crowd.room._queue) == 2  # there are two seats
    crowd.home["a"].set()
    assert crowd.sit("long", "a", "b")
    crowd.home["b"].set()
    assert crowd.sit("long", "a", "b", "c")


def test_metrics_count_routes_caches_and_kernels(client):
    client.get("/?data=norris&k=9")
    said = client.get("/metrics")
    assert said.content_type == prometheus_metrics.CONTENT_TYPE
    text = said.get_data(as_text=True)
    for name in (
        'losslab_requests_total{route="page",status="200"}',
        'losslab_request_seconds_bucket{le="0.25",route="page"}',
        'losslab_cache_lookups_total{cache="ground"}',
        'losslab_cache_misses_total{cache="page"}',
        'losslab_kernel_seconds_count{kernel="surface"}',
    ):
        assert name in text


def test_an_unsound_request_id_is_replaced(client):
    for given in ("short", "a" * 65, "né-en-1987-12", "x\ty" * 5):
        said = client.get("/healthz", headers={"X-Request-ID": given.encode()}).headers["X-Request-ID"]
        assert said != given
    assert (
        client.get("/healthz", headers={"X-Request-ID": "good-id-1"}).headers["X-Request-ID"] == "good-id-1"
    )


def test_a_line_of_the_log_leaves_addresses_out():
    record = logging.LogRecord(
        "gunicorn.error", 30, "", 0, "Invalid request from ip=203.0.113.9: x", (), None
    )
    line = json.loads(access_log.JsonFormatter().format(record))
    assert line["event"] == "Invalid request from ip=(address): x"
