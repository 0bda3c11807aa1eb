"""The page under a path of its own, as a proxy or JupyterHub gives it one."""

import re
from html import unescape

import pytest

from app.lessons import LESSONS
from app.server import create_app
from tools.support.http_client import question

ASK = "_dash-update-component"


def visit(client, home, seen):
    """Opens the page at ``home``, which the browser sees at ``seen``; every file it names, by status."""
    page = client.get(home)
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="(/[^"#]+)"', page.get_data(as_text=True))
    assert len(named) > 8
    assert all(url.startswith(seen) for url in named)
    return {client.get(home + url.removeprefix(seen)).status_code for url in named}


PLACES = [
    ({}, "/", "/"),
    ({"DASH_URL_BASE_PATHNAME": "/class/7b/"}, "/class/7b/", "/class/7b/"),
    ({"DASH_REQUESTS_PATHNAME_PREFIX": "/user/anna/proxy/8050/"}, "/", "/user/anna/proxy/8050/"),
    (
        {"DASH_ROUTES_PATHNAME_PREFIX": "/lab/", "DASH_REQUESTS_PATHNAME_PREFIX": "/hub/lab/"},
        "/lab/",
        "/hub/lab/",
    ),
]


@pytest.mark.parametrize(("settings", "home", "seen"), PLACES)
def test_the_page_works_under_a_path(settings, home, seen, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = create_app().server.test_client()
    assert visit(client, home, seen) == {200}
    for path in ("healthz", "readyz", "metrics", "_dash-layout", "_dash-dependencies"):
        assert client.get(home + path).status_code == 200
    assert client.post(home + ASK, json=question({"link": "?rate=0.2"})).status_code == 200
    if home != "/":
        assert client.get("/").status_code == 404
        assert client.get("/healthz").status_code == 404
        moved = client.get(home.rstrip("/"))
        assert (moved.status_code, moved.headers["Location"]) == (308, home)


def shared(client, address):
    """What a chat reads of a link: the tags of the page by name."""
    page = client.get(address, base_url="https://school.example").get_data(as_text=True)
    return {
        name: unescape(text)
        for name, text in re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)"', page)
    }


@pytest.mark.parametrize(("settings", "home", "seen"), PLACES)
def test_each_lesson_has_a_picture_of_its_own(settings, home, seen, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = create_app().server.test_client()
    pictures = {}
    for key, lesson in LESSONS.items():
        tags = shared(client, f"{home}?s={key}")
        assert tags["og:title"] == f"{lesson.title} · Losslab"
        assert "?" in tags["og:description"]
        assert re.fullmatch(
            rf"https://school\.example{seen}assets/\w+/images/lesson-{key}\.jpg", tags["og:image"]
        )
        pictures[key] = client.get(home + tags["og:image"].removeprefix(f"https://school.example{seen}"))
    assert {answer.status_code for answer in pictures.values()} == {200}
    assert {answer.mimetype for answer in pictures.values()} == {"image/jpeg"}
    assert len({answer.get_data() for answer in pictures.values()}) == len(LESSONS)
    assert max(len(answer.get_data()) for answer in pictures.values()) <= 60_000
    assert all(answer.get_data().startswith(b"\xff\xd8") for answer in pictures.values())
    usual = shared(client, f"{home}?loss=mae")
    assert re.fullmatch(rf"https://school\.example{seen}assets/\w+/images/picture\.png", usual["og:image"])
    assert "mean absolute error" in usual["og:title"]
