"""The house keeps its shape: who imports whom, how large a room is, what the event graph looks like."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LEVELS = {
    "losses": (
        ("arrays", "registry", "setting", "words"),
        ("window", "loss"),
        ("link", "formula"),
        ("model", "dataset", "optimizer", "schedule", "composition"),
        ("datasets",),
        ("plane", "pairing", "scaling"),
        ("problem",),
        ("kernels", "frame"),
        ("surface", "newton", "test_functions", "curvature", "separation", "kinks"),
        ("certificate",),
        ("rules",),
        ("outcome", "bowl"),
        ("descent",),
        ("descents", "basins", "replay", "rates"),
        ("slice", "sweep", "checked"),
        ("__init__",),
    ),
    "app": (
        ("__init__", "ids", "language", "limits", "meter", "theme", "shelf", "bundle"),
        (
            "own_data",
            "modules",
        ),
        ("problems", "paste"),
        ("tables", "paces", "formulas"),
        ("figures",),
        ("telling",),
        ("readers",),
        ("own", "racers"),
        ("comparable", "lessons"),
        ("fields",),
        ("reading",),
        ("state",),
        ("ground", "sliders", "menus"),
        ("controls", "painting"),
        ("rivals",),
        ("words", "cast"),
        ("described", "views"),
        ("scene",),
        ("exchange", "glimpse", "folds", "script", "upload"),
        ("fan",),
        ("layout",),
        ("callbacks", "export", "published", "teacher"),
        ("web",),
        ("server",),
        ("__main__",),
    ),
}
"""A file imports only from rooms on its left, or from its own package when it is one."""

FOREIGN = {
    "losses": {"numpy"},
    "app": {
        "numpy",
        "dash",
        "flask",
        "werkzeug",
        "waitress",
        "latex2mathml",
        "prometheus_client",
        "losses",
        "segno",
        "isal",
        "orjson",
    },
}
LARGEST = 400
TOP_LEVEL = {
    ".ci",
    ".git",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "app",
    "assets",
    "deploy",
    "docs",
    "losses",
    "pyproject.toml",
    "requirements-test.lock",
    "requirements.lock",
    "setup.py",
    "tests",
    "tools",
}
SOURCES = [p for package in LEVELS for p in sorted((ROOT / package).rglob("*.py"))]
TEST_SOURCES = sorted((ROOT / "tests").rglob("*.py"))
TOOL_SOURCES = sorted((ROOT / "tools").rglob("*.py"))


def room(path: Path) -> tuple[str, str]:
    """The package of a file and its room: the first part of its path below the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0], parts[1]


def imported(source: str) -> list[str]:
    """Full names of the modules that a source imports, ``from x import y`` as ``x.y``."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def trespasses(package: str, here: str, source: str) -> list[str]:
    """Imports of a file in room ``here`` that lead to the right, or out of what the package may use."""
    levels = {name: i for i, level in enumerate(LEVELS[package]) for name in level}
    wrong = []
    for name in imported(source):
        top, *rest = name.split(".")
        if top == package:
            there = rest[0] if rest and rest[0] in levels else "__init__"
            if there != here and levels[there] >= levels[here]:
                wrong.append(name)
        elif top not in FOREIGN[package] and not __import__("sys").stdlib_module_names >= {top}:
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_lead_to_the_left(path):
    package, here = room(path)
    assert trespasses(package, here, path.read_text()) == []


@pytest.mark.parametrize(
    ("package", "here", "source"),
    [
        ("losses", "loss", "import plotly"),
        ("losses", "loss", "from app.state import State"),
        ("losses", "loss", "from losses.problem import Problem"),
        ("losses", "plane", "from losses import problem"),
        ("app", "state", "from app.scene import scene"),
        ("app", "figures", "import plotly.graph_objects"),
    ],
)
def test_a_trespass_is_seen(package, here, source):
    assert trespasses(package, here, source)


@pytest.mark.parametrize(
    "path",
    [*SOURCES, *(ROOT / "assets").rglob("*.css")],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_rooms_are_small(path):
    assert len(path.read_text().splitlines()) <= LARGEST


def imported_test_modules(source: str) -> list[str]:
    """Names of test modules that a source imports."""
    return [name for name in imported(source) if re.search(r"^tests\..*\btest_", name)]


@pytest.mark.parametrize("path", TEST_SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_test_module_is_imported(path):
    """What two test modules share belongs in ``tests/support`` or, if a tool needs it too, in ``tools/support``."""
    assert imported_test_modules(path.read_text()) == []


@pytest.mark.parametrize("path", TOOL_SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_tools_import_nothing_from_tests(path):
    assert [name for name in imported(path.read_text()) if name.split(".")[0] == "tests"] == []


@pytest.mark.parametrize(
    "source",
    ["from tests.app.test_server import x", "import tests.test_readme", "from tests.app import test_server"],
)
def test_an_imported_test_module_is_seen(source):
    assert imported_test_modules(source)


def bad_habits(source: str) -> list[str]:
    """Words of a source that belong elsewhere: styles and scripts live in assets/, every component in the layout."""
    asked = {
        k.arg for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) for k in node.keywords
    }
    scripts = re.findall(r"(?<!\w)function\s*\(|=>", source)
    return sorted(asked & {"style", "suppress_callback_exceptions"}) + scripts


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_habits(path):
    assert bad_habits(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "html.Div(style={'color': 'red'})",
        "html.Div(style=RED)",
        "Dash('app', suppress_callback_exceptions=True)",
        "SCRIPT = 'function (x) { return x; }'",
        "SCRIPT = '(x) => x'",
    ],
)
def test_a_bad_habit_is_seen(source):
    assert bad_habits(source)


def test_top_level_holds_what_habit_asks():
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().split()}
    found = {p.name for p in ROOT.iterdir() if not any(p.match(pattern) for pattern in ignored)}
    assert found <= TOP_LEVEL


def ids_in(component):
    found = {component.id} if getattr(component, "id", None) else set()
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if hasattr(child, "to_plotly_json"):
            found |= ids_in(child)
    return found


def cycle(edges: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is left of a graph when sources are taken away until there are none: nothing, without a cycle."""
    while sources := {a for a, _ in edges} - {b for _, b in edges}:
        edges = [(a, b) for a, b in edges if a not in sources]
    return edges


def test_event_graph_is_acyclic_and_its_components_exist():
    from app.layout import layout
    from app.server import create_app

    edges = [
        (i["id"], call["output"].split(".")[0])
        for call in create_app()._callback_list
        for i in call["inputs"]
    ]
    assert edges
    assert {name for edge in edges for name in edge} <= ids_in(layout())
    assert not cycle(edges)


@pytest.mark.parametrize(
    "edges", [[("a", "a")], [("a", "b"), ("b", "a")], [("x", "a"), ("a", "b"), ("b", "a")]]
)
def test_a_cycle_is_seen(edges):
    assert cycle(edges)


def test_ids_of_the_shell_are_all_named_in_one_place():
    from app import ids
    from app.layout import layout

    named = {value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}
    made = {name for name in ids_in(layout()) if not name.endswith("-caption")}
    assert made <= named
    assert named - made == {ids.FIRST_SCENE, ids.CATALOGUE}


def test_scripts_ask_only_for_ids_that_exist():
    from app.layout import layout

    made = ids_in(layout()) | {"first-scene", "catalogue"}
    text = "".join(p.read_text() for p in (ROOT / "assets").rglob("*.mjs"))
    asked = set(re.findall(r'\bbyId\("([\w-]+)"\)', text))
    assert asked
    assert asked <= made


def test_no_two_lists_of_slices():
    """The browser's rule for what a step shows has the same entries as Python's."""
    from app.figures.moment import SLICES

    text = (ROOT / "assets" / "js" / "plot" / "step_slices.mjs").read_text()
    body = text.split("const SLICES = {")[1].split("\n};")[0]
    assert set(re.findall(r"^  (\w+)[:,]", body, re.MULTILINE)) == set(SLICES)
