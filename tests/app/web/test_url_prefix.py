"""The page under a path prefix, as behind a proxy or JupyterHub, and the tags of shared links."""

import re
from html import unescape

import pytest

from app.lessons import LESSONS
from app.server import create_app
from tools.support.http_client import callback_body

CALLBACK = "_dash-update-component"


def visit(client, home, browser_home):
    """Open the page at ``home``, for the browser ``browser_home``; return the statuses of its files."""
    page = client.get(home)
    assert page.status_code == 200
    urls = re.findall(r'(?:src|href)="(/[^"#]+)"', page.get_data(as_text=True))
    assert len(urls) > 8
    assert all(url.startswith(browser_home) for url in urls)
    return {client.get(home + url.removeprefix(browser_home)).status_code for url in urls}


PREFIXES = [
    ({}, "/", "/"),
    ({"DASH_URL_BASE_PATHNAME": "/class/7b/"}, "/class/7b/", "/class/7b/"),
    ({"DASH_REQUESTS_PATHNAME_PREFIX": "/user/anna/proxy/8050/"}, "/", "/user/anna/proxy/8050/"),
    (
        {"DASH_ROUTES_PATHNAME_PREFIX": "/lab/", "DASH_REQUESTS_PATHNAME_PREFIX": "/hub/lab/"},
        "/lab/",
        "/hub/lab/",
    ),
]


@pytest.mark.parametrize(("settings", "home", "browser_home"), PREFIXES)
def test_the_page_works_under_a_prefix(settings, home, browser_home, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = create_app().server.test_client()
    assert visit(client, home, browser_home) == {200}
    for path in ("healthz", "readyz", "metrics", "_dash-layout", "_dash-dependencies"):
        assert client.get(home + path).status_code == 200
    assert client.post(home + CALLBACK, json=callback_body({"link": "?rate=0.2"})).status_code == 200
    if home != "/":
        assert client.get("/").status_code == 404
        assert client.get("/healthz").status_code == 404
        redirect = client.get(home.rstrip("/"))
        assert (redirect.status_code, redirect.headers["Location"]) == (308, browser_home)
    for path in (f"{home}/", f"{home}///"):
        redirect = client.get(f"http://localhost{path}?rate=0.2")
        assert (redirect.status_code, redirect.headers["Location"]) == (308, f"{browser_home}?rate=0.2")


def social_tags(client, address):
    """Return the meta tags of a page by name, which chats and social networks read."""
    page = client.get(address, base_url="https://school.example").get_data(as_text=True)
    return {
        name: unescape(text)
        for name, text in re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)"', page)
    }


@pytest.mark.parametrize(("settings", "home", "browser_home"), PREFIXES)
def test_each_lesson_is_shared_with_its_own_picture(settings, home, browser_home, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = create_app().server.test_client()
    pictures = {}
    for key, lesson in LESSONS.items():
        tags = social_tags(client, f"{home}?s={key}")
        assert tags["og:title"] == f"{lesson.title} · Losslab"
        assert "?" in tags["og:description"]
        assert re.fullmatch(
            rf"https://school\.example{browser_home}assets/\w+/images/lesson-{key}\.jpg", tags["og:image"]
        )
        pictures[key] = client.get(
            home + tags["og:image"].removeprefix(f"https://school.example{browser_home}")
        )
    assert {answer.status_code for answer in pictures.values()} == {200}
    assert {answer.mimetype for answer in pictures.values()} == {"image/jpeg"}
    assert len({answer.get_data() for answer in pictures.values()}) == len(LESSONS)
    assert max(len(answer.get_data()) for answer in pictures.values()) <= 60_000
    assert all(answer.get_data().startswith(b"\xff\xd8") for answer in pictures.values())
    tags = social_tags(client, f"{home}?loss=mae")
    assert re.fullmatch(
        rf"https://school\.example{browser_home}assets/\w+/images/picture\.png", tags["og:image"]
    )
    assert "mean absolute error" in tags["og:title"]
