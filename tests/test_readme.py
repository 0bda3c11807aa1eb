"""The README is the truth."""

import re
from pathlib import Path

import pytest

from tools.tables import bench

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()


def test_the_stored_benchmark_is_a_whole_run():
    rows = re.findall(r"^\| (.+?) \| ([\d.e+]+)× \| at (?:most|least) ([\d.e+]+)× \|$", bench(), re.MULTILINE)
    for part in ("surface, ", "slice of digits", "rates ×", "basins", "a worker after", "import to first"):
        assert any(part in row[0] for row in rows), part


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"\bmake (run|test|look|bench|lint|generate|previews|lock|\w+)(?=`|\s+#)", TEXT))
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
