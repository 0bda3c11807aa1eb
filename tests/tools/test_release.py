"""A release is complete, the same bytes on any day, and not built while something is missing."""

import json
import os
import tarfile
from pathlib import Path

import pytest

from tools import release

ROOT = Path(__file__).parents[2]


@pytest.mark.thorough
def test_the_same_files_give_the_same_bytes(distributions, tmp_path):
    source = tmp_path / "elsewhere"
    release.copy_tree(source)
    for path in source.rglob("*"):
        os.utime(path, (1_500_000_000, 1_500_000_000))
    (tmp_path / "dist").mkdir()
    for first, second in zip(distributions, release.build(source, tmp_path / "dist"), strict=True):
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.slow
def test_the_source_archive_holds_every_file(distributions):
    with tarfile.open(distributions[0]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    tracked = release.tracked_files()
    assert len(tracked) > 800
    assert [name for name in tracked if name not in held] == []


@pytest.mark.slow
def test_the_list_of_components_is_the_lock_file(tmp_path):
    components = json.loads(release.write_components(tmp_path).read_text())
    assert components["metadata"]["component"]["name"] == "losslab"
    assert {c["name"].lower() for c in components["components"]} >= {"numpy", "dash", "plotly", "waitress"}
    sources = [source for each in components["components"] for source in each["externalReferences"]]
    assert len(sources) >= len(components["components"])
    assert all(source["hashes"] for source in sources)


def test_what_keeps_a_commit_from_being_released_is_said(monkeypatch):
    answers = {"status": " M README.md\n?? new.py", "tag": "v9.9.9"}
    monkeypatch.setattr(release, "git", lambda command, *_: answers[command])
    monkeypatch.setattr(release, "version", lambda: "9.9.9")
    monkeypatch.setattr(release.links, "freeze", lambda: None)
    assert release.obstacles() == [
        "CHANGELOG.md has no dated section ## [9.9.9] - YYYY-MM-DD.",
        "CITATION.cff does not say version: 9.9.9.",
        "there are changes that are not committed: M README.md",
        "the tag v9.9.9 exists already.",
    ]
