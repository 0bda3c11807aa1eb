"""No retired name of the glossary is a path or a definition in the folder (its room) where it is retired."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "develop" / "glossary.md"
HEADING = "## Retired names"
IN_SCRIPT = re.compile(
    r"^(?:export )?(?:default )?(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE
)


class Retired(NamedTuple):
    """A name that must not be used in a folder, its room."""

    name: str
    room: str


class Use(NamedTuple):
    """A place that uses a name, as a path or as a definition."""

    name: str
    path: Path
    line: int
    """0 if the use is the path itself."""


def retired_names(text: str) -> list[Retired]:
    """Return the retired names of the glossary's table, each with its room; a row may list several names."""
    rows = re.findall(r"^\| (`.+?) \| `([\w/]+)` \| .+ \|$", text.partition(HEADING)[2], re.MULTILINE)
    return [Retired(name, room) for names, room in rows for name in re.findall(r"`([^`]+)`", names)]


def _names(targets: list[ast.expr]) -> Iterator[tuple[str, int]]:
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno


def _fields_of_self(method: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(method):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                yield node.attr, node.lineno


def python_definitions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each class, function, method, constant and field of a source, with its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        if isinstance(node, ast.Module | ast.ClassDef):
            for child in node.body:
                if isinstance(child, ast.Assign):
                    yield from _names(child.targets)
                elif isinstance(child, ast.AnnAssign):
                    yield from _names([child.target])
                elif isinstance(node, ast.ClassDef):
                    yield from _fields_of_self(child)


def script_definitions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function, class and constant at the top level of a browser module, with its line."""
    for match in IN_SCRIPT.finditer(source):
        yield match[1], source.count("\n", 0, match.start()) + 1


@cache
def definitions(path: Path) -> list[tuple[str, int]]:
    """Return the definitions in a Python or browser module with their lines; a file is in several rooms."""
    find = {".py": python_definitions, ".mjs": script_definitions}.get(path.suffix)
    return list(find(path.read_text(encoding="utf-8"))) if find else []


def path_names(path: Path) -> set[str]:
    """Return the names of a file or folder: its stem, without ``test_`` too, and with its suffix."""
    if path.is_dir():
        return {path.name, path.name + "/"}
    return {path.stem, path.stem.removeprefix("test_"), path.name}


def uses_below(room: Path) -> Iterator[Use]:
    """Yield each path below a folder and each definition in its Python and browser modules."""
    for path in sorted(room.rglob("*")):
        if "__pycache__" in path.parts or not (path.is_dir() or path.suffix in (".py", ".mjs", ".css")):
            continue
        for name in path_names(path):
            yield Use(name, path, 0)
        for name, line in definitions(path):
            yield Use(name, path, line)


def violations(retired: list[Retired], root: Path) -> list[str]:
    """Return a line for each use of a retired name in its room."""
    names_by_room: dict[str, set[str]] = {}
    for name, room in retired:
        names_by_room.setdefault(room, set()).add(name)
    return [
        f"{use.path.relative_to(root)}:{use.line}: {use.name} is retired in {room}"
        for room, names in sorted(names_by_room.items())
        for use in uses_below(root / room)
        if use.name in names
    ]


RETIRED = retired_names(GLOSSARY.read_text(encoding="utf-8"))


def test_the_table_of_the_glossary_is_complete():
    lines = GLOSSARY.read_text(encoding="utf-8").partition(HEADING)[2].splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(RETIRED) >= len(rows) > 100
    assert {"Cast", "Pantry", "footprints"} <= {row.name for row in RETIRED}


def test_no_name_is_listed_twice_for_a_room():
    assert sorted({*RETIRED}) == sorted(RETIRED)


def test_every_room_exists():
    assert [room for room in sorted({row.room for row in RETIRED}) if not (ROOT / room).is_dir()] == []


def test_no_retired_name_is_used():
    assert violations(RETIRED, ROOT) == []


TABLE = (
    f"{HEADING}\n\n| retired | room | now |\n| --- | --- | --- |\n| `cast`, `Cast` | `app` | `experiment` |\n"
)


def test_a_table_is_parsed():
    assert retired_names(TABLE) == [Retired("cast", "app"), Retired("Cast", "app")]


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("app/web/room.py", "", "room"),
        ("app/web/room.py", "", "room.py"),
        ("app/web/room/__init__.py", "", "room/"),
        ("app/test_room.py", "", "room"),
        ("app/a.py", "class Room: pass", "Room"),
        ("app/a.py", "def outer():\n    def seat(): pass", "seat"),
        ("app/a.py", "class A:\n    async def seat(self): pass", "seat"),
        ("app/a.py", "SHELF: Final = 1", "SHELF"),
        ("app/a.py", "BUSY, SHELF = 1, 2", "SHELF"),
        ("app/a.py", "class A:\n    held: int = 0", "held"),
        ("app/a.py", "class A:\n    def __init__(self):\n        self.held = 0", "held"),
        ("app/a.py", "class A:\n    def __init__(self):\n        self.b, self.held = 0, 1", "held"),
        ("app/a.mjs", "export const held = 0;", "held"),
        ("app/a.mjs", "export async function held() {}", "held"),
        ("app/a.mjs", "class Sheet {}", "Sheet"),
    ],
)
def test_a_use_is_found(tmp_path, path, source, name):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    found = violations([Retired(name, "app")], tmp_path)
    assert len(found) >= 1
    assert all(line.endswith(f"{name} is retired in app") for line in found)
    assert violations([Retired(name, "losses")], tmp_path) == []


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("app/a.py", "def seats(held):\n    room = held\n    return room.Shelf", "room"),
        ("app/a.py", "def seats(held):\n    room = held\n    return room.Shelf", "held"),
        ("app/a.py", "def room(): pass", "room.py"),
        ("app/a.py", "'class Room: pass'  # Room", "Room"),
        ("app/a.py", "from b import Room", "Room"),
        ("app/a.mjs", "function f() {\n  const held = 0;\n}", "held"),
        ("app/rooms.py", "", "room"),
    ],
)
def test_other_uses_of_a_word_are_allowed(tmp_path, path, source, name):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    assert violations([Retired(name, "app")], tmp_path) == []
