"""The README is the truth."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import losses
from losses.registry import Registry
from tests import readme

TEXT = readme.README.read_text()
ROOT = Path(__file__).parents[1]


def test_tables_are_the_registries():
    assert readme.written(TEXT) == TEXT, "make readme"
    assert {name for _, name, _ in readme.MARKED.findall(TEXT)} == set(readme.tables())


def test_a_new_entry_shows_in_the_table(monkeypatch):
    new = replace(losses.LOSSES["mse"], key="new", name="a new loss")
    monkeypatch.setattr(losses, "LOSSES", Registry("loss", [*losses.LOSSES.values(), new]))
    assert "| `new` | a new loss |" in readme.written(TEXT)


def test_the_readme_shows_a_whole_run_of_the_bench():
    shown = readme.MEASURED.search(TEXT)[0]
    rows = re.findall(r"^\| (.+?) \| ([\d.e+]+)× \| at (?:most|least) ([\d.e+]+)× \|$", shown, re.MULTILINE)
    for part in ("surface, ", "slice of digits", "rates ×", "basins", "a worker after", "import to first"):
        assert any(part in row[0] for row in rows), part


def test_the_capacity_is_what_make_load_saw():
    assert readme.CAPACITY.search(TEXT)
    assert readme.with_capacity(TEXT) == TEXT, "make readme"


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"\bmake (run|test|look|bench|lint|readme|lock|\w+)(?=`|\s+#)", TEXT))
    assert {"run", "test"} <= named
    assert named <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


def test_pictures_and_links_to_files_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        if "://" not in target:
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
def test_examples_run(block, capsys):
    exec(compile(block, "README.md", "exec"), {})
    said = capsys.readouterr().out.split("\n")
    for expected in re.findall(r"print\(.*?\)\s*# (.+)", block):
        assert any(expected.strip() in line for line in said), expected


def test_every_room_of_the_house_is_on_the_map():
    files = [p for folder in ("app", "losses") for p in (ROOT / folder).glob("*.py") if p.stem != "__init__"]
    missing = [p.name for p in (*files, *(ROOT / "assets").rglob("*.mjs")) if f"`{p.name}`" not in TEXT]
    assert missing == []
