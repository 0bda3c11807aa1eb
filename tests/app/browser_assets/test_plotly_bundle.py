"""Plotly's script: the pinned tools build it, it has the traces of the figures, it is served compressed."""

import gzip
import re
import tomllib
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import plotly.graph_objects as go
import pytest

from app.browser_assets.plotly_bundle import FILES, FOLDER, plotly_javascript
from app.server import create_app
from tools import plotly_bundle
from tools.audit import FREE
from tools.support import node

SOURCES = (Path(__file__).parents[3] / "app").rglob("*.py")


def is_trace(name):
    try:
        return bool(go.Figure(data=[{"type": name}]).data)
    except ValueError:
        return False


@pytest.fixture(scope="module")
def bundle():
    """The script as the pinned tools build it here."""
    if not node.MODULES.exists():
        node.install()
    return plotly_bundle.build()


@pytest.mark.slow
def test_the_committed_script_is_what_the_pinned_tools_build(bundle):
    stored = (FOLDER / FILES["br"]).read_bytes()
    assert plotly_javascript().source == bundle.script, "run: make bundle"
    assert plotly_bundle.brotli("decompress", stored) == bundle.script, "run: make bundle"
    assert (FOLDER / plotly_bundle.LICENCES).read_text() == bundle.licences, "run: make bundle"


def test_an_outdated_script_is_replaced_and_an_equal_one_kept(tmp_path):
    bundle = plotly_bundle.Bundle(b"const a = 1;\n" * 99, "licences")
    names = [*FILES.values(), plotly_bundle.LICENCES]
    (tmp_path / FILES["gzip"]).write_bytes(gzip.compress(b"old"))
    plotly_bundle.store(bundle, tmp_path)
    first = [(tmp_path / name).read_bytes() for name in names]
    assert gzip.decompress(first[1]) == bundle.script
    (tmp_path / FILES["gzip"]).write_bytes(other := gzip.compress(bundle.script, 1))
    plotly_bundle.store(bundle, tmp_path)
    assert [(tmp_path / name).read_bytes() for name in names] == [first[0], other, first[2]]


def test_the_compressed_script_does_not_tell_when_it_was_built():
    header = plotly_javascript().encodings["gzip"][:10]
    assert header[3] == 0, "no name of a file"
    assert header[4:8] == bytes(4), "no time"


def test_the_script_has_the_version_of_the_python_package_that_checks_the_figures():
    pinned = plotly_bundle.locked_version("plotly.js")
    assert plotly_javascript().source.startswith(f"/* plotly.js v{pinned} ".encode())
    whole = (files("plotly") / "package_data" / "plotly.min.js").read_text()
    assert re.search(r"plotly\.js v([\w.-]+)", whole[:400])[1] == pinned
    project = tomllib.loads((node.ROOT / "pyproject.toml").read_text())["project"]
    assert f"plotly=={version('plotly')}" in project["optional-dependencies"]["test"]


def test_a_surface_is_drawn_as_it_is():
    assert plotly_bundle.REFINES.decode() not in plotly_javascript().source.decode()
    with pytest.raises(RuntimeError, match="not in it once"):
        plotly_bundle.without_refinement(b"another Plotly")


def test_every_part_of_the_script_has_a_free_licence():
    parts = re.findall(r"^={80}\n(\S+) (\S+): (.+)$", (FOLDER / plotly_bundle.LICENCES).read_text(), re.M)
    assert {"plotly.js", "@plotly/d3", "culori"} <= {name for name, _, _ in parts}
    assert [part for part in parts if not FREE.search(part[2])] == []


def test_the_script_contains_every_trace_type_of_the_figures():
    names = {name for path in SOURCES for name in re.findall(r'"type": "(\w+)"', path.read_text())}
    used = {name for name in names if is_trace(name)}
    assert {"surface", "scatter3d", "contour"} <= used
    assert used <= {*plotly_bundle.TRACE_MODULES, "scatter"}
    assert all(
        f'require("plotly.js/lib/{name}")' in plotly_bundle.entry_source()
        for name in plotly_bundle.TRACE_MODULES
    )


def test_the_script_is_served_in_every_coding():
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
    assert gzip.decompress(bodies["gzip"]) == bodies[""]
    assert len(bodies["br"]) < len(bodies["gzip"]) < 600_000 < 1_700_000 < len(bodies[""])
    headers = {"Accept-Encoding": "gzip, deflate, br"}
    assert client.get(path, headers=headers).headers["Content-Encoding"] == "br"


def test_without_node_the_build_exits_with_a_message(monkeypatch):
    def no_node(*arguments):
        raise RuntimeError(node.NO_NODE)

    monkeypatch.setattr(node, "node_command", no_node)
    with pytest.raises(SystemExit, match="Plotly's script is as it was: The JavaScript tools need Node"):
        plotly_bundle.main()


def test_a_failing_build_names_the_command_that_failed(monkeypatch, tmp_path):
    monkeypatch.setattr(node, "MODULES", tmp_path)
    with pytest.raises(RuntimeError, match=r"(?s)esbuild failed:\n.*Cannot find module"):
        plotly_bundle.build()


def test_a_package_is_found_from_the_path_of_a_file():
    folder = plotly_bundle._package_folder
    assert folder("node_modules/@plotly/d3/d3.js") == "node_modules/@plotly/d3"
    assert folder("node_modules/a/node_modules/b/lib/c.js") == "node_modules/a/node_modules/b"
    assert folder("<stdin>") == ""
