"""The page under a path of its own, as a proxy or JupyterHub gives it one."""

import re

import pytest

from app.server import create_app
from tests.serving.client import question

ASK = "_dash-update-component"


def visit(client, home, seen):
    """Opens the page at ``home``, which the browser sees at ``seen``; every file it names, by status."""
    page = client.get(home)
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="(/[^"#]+)"', page.get_data(as_text=True))
    assert len(named) > 8
    assert all(url.startswith(seen) for url in named)
    return {client.get(home + url.removeprefix(seen)).status_code for url in named}


@pytest.mark.parametrize(
    ("settings", "home", "seen"),
    [
        ({}, "/", "/"),
        ({"DASH_URL_BASE_PATHNAME": "/class/7b/"}, "/class/7b/", "/class/7b/"),
        ({"DASH_REQUESTS_PATHNAME_PREFIX": "/user/anna/proxy/8050/"}, "/", "/user/anna/proxy/8050/"),
        (
            {"DASH_ROUTES_PATHNAME_PREFIX": "/lab/", "DASH_REQUESTS_PATHNAME_PREFIX": "/hub/lab/"},
            "/lab/",
            "/hub/lab/",
        ),
    ],
)
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
