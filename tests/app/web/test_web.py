"""Security headers, request validation, response caches, the admission queue, metrics and the log."""

import json
import logging
import re
from contextlib import contextmanager

import pytest

from app.common import limits, prometheus_metrics
from app.common.routes import ROUTES
from app.server import create_app
from app.web import access_log, health, security_headers
from app.web.admission import AdmissionQueue, Overloaded
from app.web.request_validation import UNKNOWN, route_for
from app.web.response_cache import CachedResponse, ResponseCache
from tools.support.http_client import callback_body, run_in_thread

APP = create_app()
CALLBACK = "/_dash-update-component"


@pytest.fixture
def client():
    return APP.server.test_client()


@pytest.mark.parametrize("path", ["/", "/nowhere", "/healthz", "/_dash-layout", "/metrics"])
def test_every_response_has_security_headers(client, path):
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


def test_sites_that_may_embed_the_page_are_configurable(monkeypatch):
    monkeypatch.setenv(security_headers.FRAME_ANCESTORS_VARIABLE, "'self' https://school.example")
    assert "frame-ancestors 'self' https://school.example" in security_headers.content_security_policy([])


@pytest.mark.parametrize("text", ["*; script-src *", "", "a\r\nb", "a,b"])
def test_frame_ancestors_cannot_add_another_rule(text):
    with pytest.raises(ValueError, match="sources with a space"):
        security_headers.check_frame_ancestors(text)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/", 405), ("GET", CALLBACK, 405), ("PUT", "/healthz", 405), ("POST", "/nowhere", 404)],
)
def test_other_methods_are_rejected_with_the_allowed_ones(client, method, path, status):
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True).strip().endswith(".")
    assert status != 405 or answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "part"),
    [
        (b"x" * (limits.MAX_BODY_BYTES + 1), "application/json", 413, "at most"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "application/json"),
        (b"[" * 20_000, "application/json", 400, "JSON"),
        (b"[" * 20 + b"]" * 20, "application/json", 400, "page"),
        (b'{"a": NaN}', "application/json", 400, "JSON"),
        (b"1" * 5000, "application/json", 400, "."),
        (json.dumps(callback_body({"link": "\ud800"})).encode(), "application/json", 400, "JSON"),
        (
            json.dumps(callback_body({"changes": {str(i): "" for i in range(99)}})).encode(),
            "application/json",
            400,
            "changes",
        ),
        (json.dumps(callback_body({}) | {"background": {}}).encode(), "application/json", 400, "page"),
    ],
)
def test_invalid_bodies_are_rejected_with_a_sentence(client, body, content_type, status, part):
    answer = client.post(CALLBACK, data=body, content_type=content_type)
    assert answer.status_code == status
    assert part in answer.get_data(as_text=True)


def test_a_long_query_is_rejected_and_a_long_link_opens_the_first_screen(client):
    assert client.get("/?" + "a" * (limits.MAX_QUERY_BYTES + 1)).status_code == 414
    page = client.get("/?rate=" + "1" * (limits.MAX_LINK_CHARACTERS + 1))
    assert page.status_code == 200
    assert f"more than {limits.MAX_LINK_CHARACTERS} characters" in page.get_data(as_text=True)


def test_the_host_header_cannot_inject_markup(client):
    page = client.get("/", headers={"Host": 'a"><b>'})
    assert page.status_code in (200, 400)
    assert '"><b>' not in page.get_data(as_text=True)


def test_an_unexpected_error_is_a_sentence_and_its_traceback_is_in_the_log(caplog, monkeypatch):
    app = create_app()
    monkeypatch.setattr("app.web.index_page.scene", lambda *_: 1 / 0)
    monkeypatch.setattr(access_log.LOGGER, "propagate", True)
    with caplog.at_level(logging.ERROR, "losslab"):
        answer = app.server.test_client().get("/")
    assert answer.status_code == 500
    assert answer.get_data(as_text=True) == "Something went wrong here. It has been written down.\n"
    assert "ZeroDivisionError" in caplog.text


def test_readyz_is_503_if_nothing_can_be_computed(client, monkeypatch):
    monkeypatch.setattr(health.losses, "surface", lambda *_, **__: 1 / 0)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_data(as_text=True) == "This server cannot compute just now.\n"


def test_readyz_takes_its_turn_and_is_503_if_it_does_not_come(monkeypatch):
    app, taken = create_app(), []

    @contextmanager
    def slot(self, longest_wait=None):
        taken.append(longest_wait)
        raise Overloaded
        yield

    monkeypatch.setattr(AdmissionQueue, "slot", slot)
    answer = app.server.test_client().get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert app.server.test_client().get("/healthz").status_code == 200
    assert taken == [limits.READINESS_SECONDS]


def test_who_waited_gets_the_answer_that_was_computed_meanwhile(monkeypatch):
    """As when a class opens one link at once."""
    app, path = create_app(), "/teacher?lang=fr"
    first = []

    async def get():
        return app.server.test_client().get(path)

    @contextmanager
    def slot(self, longest_wait=None):
        monkeypatch.setattr(AdmissionQueue, "slot", real)
        first.append(run_in_thread(get()))
        monkeypatch.setattr("app.api.teacher_notes.notes_html", lambda *_: 1 / 0)
        yield

    real = AdmissionQueue.slot
    monkeypatch.setattr(AdmissionQueue, "slot", slot)
    again = app.server.test_client().get(path)
    assert (again.status_code, again.data) == (200, first[0].data)


def test_a_callback_that_fails_is_a_sentence_and_its_traceback_is_in_the_log(caplog, monkeypatch):
    app = create_app()
    monkeypatch.setattr("app.page.callbacks.scene", lambda *_: 1 / 0)
    monkeypatch.setattr(access_log.LOGGER, "propagate", True)
    with caplog.at_level(logging.ERROR, "losslab"):
        answer = app.server.test_client().post(CALLBACK, json=callback_body({"link": "?rate=0.3"}))
    assert answer.status_code == 500
    assert answer.get_data(as_text=True) == "Something went wrong here. It has been written down.\n"
    assert caplog.text.count("ZeroDivisionError: ") == 1


def test_every_rule_of_the_server_is_a_known_route_or_not_used(client):
    unused = {"<path:path>", "_reload-hash", "_favicon.ico", "assets/<path:filename>"}
    rules = {rule.rule.removeprefix("/") for rule in APP.server.url_map.iter_rules()} - unused
    assert {"", "healthz", "readyz", "fan", "glimpse", "paste", "export/<name>"} <= rules
    assert {rule for rule in rules if route_for(f"/{rule}", "/") is UNKNOWN} - {
        "static/<path:filename>"
    } == set()
    assert set(ROUTES) <= rules


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[]", b"\xff\xfe", b'{"token": 1}', b"?\xff"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
def test_whatever_is_refused_is_refused_with_a_sentence(client, body, kind):
    refused = 0
    for rule, found in ROUTES.items():
        path = "/" + re.sub("<[^<>]*>", "walk", rule)
        for method in {"POST", "PUT"} & set(found.methods):
            answer = client.open(path, method=method, data=body, content_type=kind)
            assert answer.status_code < 500, path
            if answer.status_code >= 400:
                refused += 1
                assert answer.mimetype == "text/plain", path
                assert answer.text.strip().endswith("."), path
    assert refused > 3


def test_two_applications_send_the_same_page_and_no_token(client):
    page = client.get("/?data=norris")
    assert create_app().server.test_client().get("/?data=norris").data == page.data
    assert b"end_id" not in page.data


@pytest.mark.parametrize("path", ["/glimpse", "/export/run.py", "/paste", "/healthz", "/readyz", "/metrics"])
def test_responses_that_nobody_may_keep_say_so(client, path):
    answer = client.post(path, data="x,y\n1,2\n2,3\n3,5") if path == "/paste" else client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_the_preview_varies_with_the_language(client):
    assert client.get("/glimpse").vary.as_set() >= {"accept-language"}


def test_the_teacher_page_is_computed_once_and_then_cached(client, monkeypatch):
    first = client.get("/teacher?lang=es")
    monkeypatch.setattr("app.api.teacher_notes.notes_html", lambda *_: 1 / 0)
    again = client.get("/teacher?lang=es")
    assert first.data == again.data
    assert "s-maxage" in again.headers["Cache-Control"]


def test_a_cached_page_is_the_same_and_revalidates_with_304(client):
    first, second = (client.get("/?data=spam&k=4", headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    again = client.get("/?data=spam&k=4", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    plain = client.get("/?data=spam&k=4")
    assert "Content-Encoding" not in plain.headers
    assert b"<!DOCTYPE html>" in plain.data


def test_assets_are_immutable_under_their_version_and_also_served_under_another(client):
    script = next(
        part.split('"')[0]
        for part in client.get("/").get_data(as_text=True).split('src="')
        if "losslab.mjs" in part.split('"')[0]
    ).split("?")[0]
    current, other = client.get(script), client.get("/assets/000000000000/losslab.mjs")
    assert "immutable" in current.headers["Cache-Control"]
    assert other.headers["Cache-Control"] == "no-cache"
    assert current.data == other.data
    assert current.mimetype == other.mimetype == "text/javascript"


def test_a_response_cache_is_bounded_in_bytes_and_drops_the_least_recently_used():
    cache = ResponseCache("page", 100)
    for name in "abc":
        cache.put(name, CachedResponse(b"x" * 40, (), name))
        cache.get("a")
    assert cache.size == 80
    assert [name for name in "abc" if cache.get(name)] == ["a", "c"]
    cache.put("a", CachedResponse(b"x" * 10, (), "a"))
    assert cache.size == 50


def test_metrics_count_routes_caches_and_kernels(client):
    client.get("/?data=norris&k=9")
    answer = client.get("/metrics")
    assert answer.content_type == prometheus_metrics.CONTENT_TYPE
    text = answer.get_data(as_text=True)
    for name in (
        'losslab_requests_total{route="page",status="200"}',
        'losslab_request_seconds_bucket{le="0.25",route="page"}',
        'losslab_cache_lookups_total{cache="ground"}',
        'losslab_cache_misses_total{cache="page"}',
        'losslab_kernel_seconds_count{kernel="surface"}',
    ):
        assert name in text


def test_an_invalid_request_id_is_replaced(client):
    for invalid in ("short", "a" * 65, "né-en-1987-12", "x\ty" * 5):
        answer = client.get("/healthz", headers={"X-Request-ID": invalid.encode()})
        assert answer.headers["X-Request-ID"] != invalid
    assert (
        client.get("/healthz", headers={"X-Request-ID": "good-id-1"}).headers["X-Request-ID"] == "good-id-1"
    )


def test_ip_addresses_are_removed_from_the_log():
    record = logging.LogRecord(
        "gunicorn.error", 30, "", 0, "Invalid request from ip=203.0.113.9: x", (), None
    )
    line = json.loads(access_log.JsonFormatter().format(record))
    assert line["event"] == "Invalid request from ip=(address): x"


def test_a_mangled_link_leads_to_the_right_one(client):
    response = client.get("/?loss=mae&amp;data=outlier&k=3)")
    assert response.status_code == 302
    assert response.headers["Location"] == "/?loss=mae&data=outlier&k=3"
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("link", ["/", "/?loss=mae", "/?k=7", "/?loss=own&formula=abs(r)", "/?losss=mae)"])
def test_links_that_are_right_or_have_real_mistakes_are_answered(client, link):
    assert client.get(link).status_code == 200


def test_pages_of_any_origin_may_read_answers(client):
    asked = {"Origin": "null", "Access-Control-Request-Method": "POST"}
    response = client.options("/_dash-update-component", headers=asked)
    assert response.status_code == 204
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    for path in ("/", "/fan?k=3", "/_dash-layout"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert client.options("/_dash-update-component").status_code == 405
