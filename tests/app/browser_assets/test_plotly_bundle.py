"""Plotly's script: the custom bundle if there is one, else the full script; errors of the build."""

import gzip
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from app.browser_assets import plotly_bundle
from app.server import create_app

SOURCES = (Path(__file__).parents[3] / "app").rglob("*.py")


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A custom bundle with its compressed versions, in place of a real one."""
    monkeypatch.setattr(plotly_bundle, "BUILD_FOLDER", tmp_path)
    plotly_bundle.plotly_javascript.cache_clear()
    script = plotly_bundle.built_script_path()
    script.write_bytes(b"window.Plotly = 1;")
    script.with_suffix(".js.gz").write_bytes(gzip.compress(script.read_bytes()))
    script.with_suffix(".js.br").write_bytes(b"in brotli")
    yield script
    plotly_bundle.plotly_javascript.cache_clear()


@pytest.fixture
def build_folder(tmp_path, monkeypatch):
    """An empty folder in place of that of the custom bundle."""
    monkeypatch.setattr(plotly_bundle, "BUILD_FOLDER", tmp_path)
    plotly_bundle.plotly_javascript.cache_clear()
    yield tmp_path
    plotly_bundle.plotly_javascript.cache_clear()


def is_trace(name):
    try:
        return bool(go.Figure(data=[{"type": name}]).data)
    except ValueError:
        return False


def test_the_bundle_contains_every_trace_type_of_the_figures():
    names = {name for path in SOURCES for name in re.findall(r'"type": "(\w+)"', path.read_text())}
    used = {name for name in names if is_trace(name)}
    assert {"surface", "scatter3d", "contour"} <= used
    assert used <= {*plotly_bundle.TRACE_MODULES, "scatter"}
    assert all(
        f'require("plotly.js/lib/{name}")' in plotly_bundle.entry_source()
        for name in plotly_bundle.TRACE_MODULES
    )


def test_a_built_bundle_is_served_in_every_coding(built):
    client = create_app().server.test_client()
    page = client.get("/").get_data(as_text=True)
    path = re.search(r'src="([^"]*plotly-\w+\.js)"', page)[1]
    bodies = {}
    for coding in ("br", "gzip", ""):
        response = client.get(path, headers={"Accept-Encoding": coding})
        assert response.headers.get("Content-Encoding", "") == coding
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Vary"] == "Accept-Encoding"
        bodies[coding] = response.get_data()
    assert bodies["br"] == b"in brotli"
    assert gzip.decompress(bodies["gzip"]) == bodies[""] == built.read_bytes()
    assert (
        client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"}).headers["Content-Encoding"] == "br"
    )


def test_without_a_bundle_the_full_script_is_served(build_folder):
    script = plotly_bundle.plotly_javascript()
    assert plotly_bundle.plotly_version().encode() in script.source[:400]
    assert len(script.source) > 3_000_000
    assert gzip.decompress(script.encodings["gzip"]) == script.source


def test_a_bundle_of_another_version_is_not_served(build_folder):
    (
        build_folder / plotly_bundle.built_script_path().name.replace(plotly_bundle.plotly_version(), "1.2.3")
    ).write_bytes(b"old")
    assert plotly_bundle.plotly_javascript().source != b"old"


def test_the_build_without_npm_exits_with_a_message(build_folder, monkeypatch):
    monkeypatch.setattr(plotly_bundle.shutil, "which", lambda name: None)
    with pytest.raises(
        SystemExit, match="No bundle: npm is not there; the page works with the whole of Plotly"
    ):
        plotly_bundle.main()


def test_a_failing_build_names_the_command_that_failed(build_folder, monkeypatch):
    monkeypatch.setattr(plotly_bundle.shutil, "which", lambda name: "/bin/false")
    with pytest.raises(RuntimeError, match="false failed"):
        plotly_bundle.build()
    assert list(build_folder.iterdir()) == []
