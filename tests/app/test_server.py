"""The routes of the application: the page, its callback, its files and what is loaded later."""

import gzip
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from dash.development.base_component import Component

from app.browser_assets import module_bundle
from app.common import limits
from app.i18n.translation import LANGUAGES
from app.page.layout import page_layout
from app.server import create_app, wsgi
from app.url_state.state import parse, to_query
from losses.reference_values import REFERENCE_VALUES
from tools.support.http_client import callback_body

APP = create_app()


@pytest.fixture
def client():
    return APP.server.test_client()


def post_callback(client, value):
    """Send the request of the page's callback with a value as its input."""
    return client.post("/_dash-update-component", json=callback_body(value))


def first_scene(page):
    """Return the scene that the HTML of a page contains."""
    text = page.get_data(as_text=True)
    start = text.index('type="application/json">') + len('type="application/json">')
    return json.loads(text[start : text.index("</script>", start)])


def test_the_page_contains_its_first_scene_and_title(client):
    page = client.get("/?data=spam&k=3")
    scene = first_scene(page)
    assert (scene["moment"]["step"], scene["shortLink"]) == (3, "?data=spam&k=3")
    assert "<title>Fit a logistic curve to spam messages" in page.get_data(as_text=True)


def test_links_cannot_inject_markup(client):
    page = client.get("/?rate=</script><script>alert(1)</script>").get_data(as_text=True)
    assert "<script>alert(1)" not in page


def test_a_change_is_answered_with_the_scene_of_the_new_state(client):
    answer = post_callback(client, {"link": "?rate=0.2", "changes": {"loss": "mae"}, "knownFigures": []})
    scene = answer.get_json()["response"]["answer"]["value"]
    assert scene["shortLink"] == to_query(parse("?loss=mae&rate=0.2")[0])


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {"wat": 1},
        {"link": 3},
        {"link": "x" * 5000},
        {"changes": {"rate": 1}},
        {"changes": []},
        {"knownFigures": ["a"] * 100},
        {"knownFigures": [1]},
        {"serial": 1},
        {"tile": -1},
        {"tile": 101},
        {"tile": "1"},
    ],
)
def test_malformed_requests_are_rejected_with_a_sentence(client, value):
    answer = post_callback(client, value)
    assert answer.status_code == 400
    assert answer.get_data(as_text=True).strip().endswith(".")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"output": "x"}', b"\xff\xfe", b"[" * 5000])
def test_bodies_that_would_raise_in_dash_are_rejected(client, body):
    answer = client.post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_invalid_values_of_controls_are_answered(client):
    for changes in (
        {"rate": "1e999"},
        {"start": "," * 50},
        {"data": "../../etc"},
        {"nokey": "1"},
        {"k": "nan"},
    ):
        assert post_callback(client, {"link": "", "changes": changes}).status_code == 200


def test_large_bodies_are_rejected(client):
    assert client.post("/_dash-update-component", data=b"x" * (limits.MAX_BODY_BYTES + 1)).status_code == 413


@pytest.mark.parametrize(
    "path", ["/nowhere", "/admin", "/.env", "/static/other.js", "/assets/../app/state.py"]
)
def test_unknown_paths_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_plotly_is_compressed_and_immutable(client):
    text = client.get("/").get_data(as_text=True)
    src = text.split('<script src="')[1].split('"')[0]
    script = client.get(src, headers={"Accept-Encoding": "gzip"})
    assert script.headers["Content-Encoding"] == "gzip"
    assert "immutable" in script.headers["Cache-Control"]
    assert len(script.get_data()) < 600_000
    assert gzip.decompress(script.get_data()).startswith(b"/* plotly.js v")


def test_pages_are_compressed(client):
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.get_data()).startswith(b"<!DOCTYPE html>")


@pytest.mark.slow
def test_wsgi_is_the_same_application():
    assert wsgi().test_client().get("/").status_code == 200


def test_reference_values_are_loaded_on_demand(client):
    assert "Longley" not in client.get("/_dash-layout").get_data(as_text=True)
    table = client.get("/published").get_data(as_text=True)
    for check in REFERENCE_VALUES:
        for text in check.table_row():
            assert html.escape(LANGUAGES["en"].translate(text)) in table
    assert client.get("/published?lang=es").get_data(as_text=True) != table


def test_formulas_are_loaded_on_demand(client):
    assert "<math" not in str(first_scene(client.get("/")))
    assert all(text.startswith("<math") for text in client.get("/formulas").get_json().values())


@pytest.mark.slow
def test_the_first_page_does_not_import_modules_that_it_does_not_need():
    code = (
        "import sys; from app.server import create_app; "
        'create_app().server.test_client().get("/"); print(*sys.modules)'
    )
    process = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "app.page.scene" in process.stdout.split()
    late = {"latex2mathml", "segno", "numpy.ma", "openpyxl", "charset_normalizer"}
    assert not late & set(process.stdout.split())


def test_the_page_loads_one_script_and_one_style_sheet_of_ours(client):
    page = client.get("/").get_data(as_text=True)
    urls = re.findall(r'(?:href|src)="(/assets/[^"]+\.(?:css|mjs))"', page)
    assert [url.rpartition("/")[2] for url in urls] == ["losslab.css", "losslab.mjs"]
    style_sheet, script = (client.get(url).get_data(as_text=True) for url in urls)
    for path in Path("assets").rglob("*.css"):
        others = {*module_bundle.CLASS_STYLE_SHEETS, *module_bundle.FORM_STYLE_SHEETS}
        comes_later = path.stem in others - set(module_bundle.STYLE_SHEETS)
        assert (path.read_text() in style_sheet) is not comes_later
    assert script == module_bundle.script_bundle("main")


def test_the_page_uses_and_loads_only_the_html_components_of_dash(client):
    assert {
        part._namespace for part in [page_layout(), *page_layout()._traverse()] if isinstance(part, Component)
    } == {"dash_html_components"}
    scripts = re.findall(r'src="([^"]+)"', client.get("/").get_data(as_text=True))
    assert any("/dash/html/" in url for url in scripts)
    assert not [url for url in scripts if "/dcc/" in url or "/dash_table/" in url]
