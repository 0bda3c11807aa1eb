"""The documents: their examples run, their links are valid, and the paths and targets they name exist."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tools.tables import bench

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts),
]
WITH_OLD_PATHS = {"glossary.md", "0024-package-layout.md", "0065-few-files-for-an-answer.md"}
"""Documents that name paths which no longer exist."""
OF_USERS = {"course.yaml", "links_released.tsv"}
"""Names of files that a user, or a release, makes."""
FOLDERS = ("app", "assets", "deploy", "docs", "losses", "tests", "tools")
MAX_README_BYTES = 7_000


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_spans(text: str) -> list[str]:
    """Return the texts between single backticks, except in fenced blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


@cache
def file_names() -> set[str]:
    """Return the names of all files of the repository."""
    folders = (ROOT / name for name in FOLDERS)
    return {path.name for path in (*ROOT.iterdir(), *(p for f in folders for p in f.rglob("*")))}


def missing_paths(text: str) -> list[str]:
    """Return the paths named in a document that do not exist in the repository."""
    spans = code_spans(text)
    paths = [span for span in spans if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*", span)]
    files = [span for span in spans if re.fullmatch(r"[\w-]+\.(?:py|mjs|css|json|tsv|yaml|conf)", span)]
    return [
        *(path for path in paths if not (ROOT / path).exists()),
        *(file for file in files if file not in file_names() | OF_USERS),
    ]


def missing_targets(text: str) -> set[str]:
    """Return the make targets named in a document that the Makefile does not have."""
    named = {
        target
        for targets in re.findall(r"\bmake ([a-z]+(?: [a-z]+)*)(?=`|\s+#)", text)
        for target in targets.split()
    }
    return named - set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def broken_links(path: Path, text: str) -> Iterator[str]:
    """Yield the links of a document whose file or heading does not exist."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        linked = path.parent / file if file else path
        if not linked.exists() or (anchor and anchor not in anchors(linked.read_text())):
            yield target


def mistakes(find: Callable[[Path, str], Iterable[str]], without: Collection[str] = ()) -> dict[str, list]:
    """Return what ``find`` finds in each document's text, by its name; nothing of those without a mistake."""
    paths = [path for path in DOCUMENTS if path.name not in without]
    return {name_of(path): found for path in paths if (found := list(find(path, path.read_text())))}


def test_links_lead_to_existing_files_and_headings():
    assert mistakes(broken_links) == {}


def test_named_paths_exist():
    assert mistakes(lambda path, text: missing_paths(text), without=WITH_OLD_PATHS) == {}


def test_make_targets_exist():
    assert mistakes(lambda path, text: missing_targets(text)) == {}


def test_mistakes_are_found():
    assert missing_paths("`losses/no_such_package/` and `losses/__init__.py`") == ["losses/no_such_package/"]
    assert missing_paths("`no_such.css`, `tokens.css` and `pyproject.toml`") == ["no_such.css"]
    assert missing_targets("`make test nonsense` or `make run`") == {"nonsense"}
    assert list(broken_links(README, "[a](no_such.md) [b](LICENSE) [c](#run-it) [d](#no-such)")) == [
        "no_such.md",
        "#no-such",
    ]


EXAMPLES = [
    pytest.param(block, id=f"{name_of(path)}-{i}")
    for path in DOCUMENTS
    for i, block in enumerate(re.findall(r"```python\n(.*?)```", path.read_text(), re.DOTALL))
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_examples_run(block, capsys):
    exec(compile(block, "example", "exec"), {})
    lines = capsys.readouterr().out.split("\n")
    for expected in re.findall(r"print\(.*?\)\s*# (.+)", block):
        assert any(expected.strip() in line for line in lines), expected


def test_the_readme_is_short():
    assert len(README.read_bytes()) <= MAX_README_BYTES


def packages() -> list[str]:
    """Return the folders of Python packages, browser modules and styles, as documents write them."""
    folders = [ROOT / "losses", ROOT / "app", ROOT / "assets", ROOT / "assets" / "js"]
    subfolders = {p for folder in folders if folder.exists() for p in folder.iterdir() if p.is_dir()}
    unlisted = {"__pycache__", "built", "js"}
    return sorted(f"{name_of(path)}/" for path in subfolders if path.name not in unlisted)


@pytest.mark.parametrize("package", packages())
def test_every_package_is_described(package):
    assert f"`{package}`" in (ROOT / "docs" / "develop" / "architecture.md").read_text()
    if not package.startswith("assets/js/"):
        assert f"`{package}`" in README.read_text()


def test_every_decision_is_listed_in_the_order_of_numbers():
    decisions = (ROOT / "docs" / "adr" / "README.md").read_text()
    listed = re.findall(r"^\| (\d+) \| \[.+?\]\((.+?)\) \|$", decisions, re.MULTILINE)
    files = sorted(path.name for path in (ROOT / "docs" / "adr").glob("0*.md"))
    assert [name for _, name in listed] == files
    assert [int(number) for number, _ in listed] == [int(name[:4]) for name in files]


def test_the_stored_benchmark_is_complete():
    rows = re.findall(r"^\| (.+?) \| ([\d.e+]+)× \| at (?:most|least) ([\d.e+]+)× \|$", bench(), re.MULTILINE)
    for name in ("surface, ", "slice of digits", "rates ×", "basins", "a worker after", "import to first"):
        assert any(name in row[0] for row in rows), name


ASVS_LEVEL_1 = {
    1: 8,
    2: 4,
    3: 8,
    4: 2,
    5: 4,
    6: 13,
    7: 6,
    8: 4,
    9: 4,
    10: 5,
    11: 3,
    12: 3,
    13: 1,
    14: 2,
    15: 3,
}
"""The number of requirements of level 1 in each chapter of OWASP ASVS 5.0, 70 in all."""
OTHERS_IN_RANGES = {6: 6, 9: 2, 10: 3}
"""Requirements between the two that a row names with "to"."""


def test_every_requirement_of_level_1_has_a_row():
    text = (ROOT / "docs" / "run" / "security.md").read_text()
    rows = re.findall(r"^\| (\d+\.\d+\.\d+.+?) \| .{4,} \|$", text, re.MULTILINE)
    named = [number for row in rows for number in re.findall(r"\d+\.\d+\.\d+", row)]
    assert len(named) == len(set(named))
    found = Counter(int(number.partition(".")[0]) for number in named)
    assert found + Counter(OTHERS_IN_RANGES) == ASVS_LEVEL_1
