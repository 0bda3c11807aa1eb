"""The package structure: allowed imports, size of folders, and a callback graph without cycles."""

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ORDER = {
    "losses": (
        ("core",),
        ("loss", "optimizer"),
        ("expression", "model", "data"),
        ("problem",),
        ("certificate",),
        ("descent",),
        ("surface",),
        ("plot", "reference_values"),
        ("__init__",),
    ),
    "app": (
        ("__init__",),
        ("common", "i18n", "browser_assets"),
        ("protocol",),
        ("problem_setup",),
        ("figures",),
        ("lessons",),
        ("url_state",),
        ("experiment",),
        ("controls", "narration"),
        ("page", "numpy_script"),
        ("api",),
        ("web",),
        ("classroom",),
        ("server",),
        ("__main__",),
    ),
}
"""Groups of packages in order: a package imports only from packages of earlier groups, and from itself."""

THIRD_PARTY = {
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
        "package-lock.json",
        "package.json",
        "segno",
        "isal",
        "orjson",
        "msgspec",
        "babel",
        "cachetools",
        "charset_normalizer",
        "openpyxl",
        "yaml",
        "markdown_it",
        "mdit_py_plugins",
        "markupsafe",
    },
}
IMPORTED_INSIDE_A_FUNCTION = {"losses/plot.py": "plotly"}
"""The modules that may import one more package inside a function, for those who have it."""
MODULES_OF_AN_EXTRA = {"app/classroom/redis_store.py": "redis"}
"""The modules that need one more package, and are imported inside functions alone."""
MAX_FILES = 24
"""Files directly in one folder."""
TOP_LEVEL = {
    ".ci",
    ".git",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "MANIFEST.in",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "app",
    "assets",
    "deploy",
    "docs",
    "eslint.config.mjs",
    "losses",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-test.lock",
    "requirements.lock",
    "setup.py",
    "tests",
    "tools",
    "tsconfig.json",
}
SOURCES = [p for top in ORDER for p in sorted((ROOT / top).rglob("*.py"))]
TEST_SOURCES = sorted((ROOT / "tests").rglob("*.py"))
TOOL_SOURCES = sorted((ROOT / "tools").rglob("*.py"))


def faults(paths: list[Path], find: Callable[[Path], object]) -> dict[str, object]:
    """Return what ``find`` finds in each file, by the file's name; nothing of files without a fault."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := find(path))}


def imported(source: str, package: tuple[str, ...] = ()) -> list[str]:
    """Return the full names of what a source imports, ``from x import y`` as ``x.y``.

    ``package`` is the package of the source, from which relative imports start.
    """
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*base, *([node.module] if node.module else [])))
            names += [f"{start}.{alias.name}" for alias in node.names]
    return names


def imported_at_the_top(source: str) -> set[str]:
    """Return the packages that a source imports outside of functions."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Pass()]
    return {name.partition(".")[0] for name in imported(ast.unparse(tree))}


def wrong_imports(top: str, package: tuple[str, ...], source: str) -> list[str]:
    """Return the imports that break ``ORDER`` or are not among the third-party packages of ``top``.

    ``package`` is the package of the source; a module directly in ``top`` counts as a package.
    """
    group = {name: i for i, names in enumerate(ORDER[top]) for name in names}
    importer, wrong = package[1], []
    for name in imported(source, package[:1] if len(package) == 2 and importer in FILES[top] else package):
        first, *rest = name.split(".")
        if first == top:
            other = rest[0] if rest and rest[0] in group else "__init__"
            if other != importer and group[other] >= group[importer]:
                wrong.append(name)
        elif first not in THIRD_PARTY[top] and first not in sys.stdlib_module_names:
            wrong.append(name)
    return wrong


FILES = {top: {p.stem for p in (ROOT / top).glob("*.py")} for top in ORDER}


def package_of(path: Path) -> tuple[str, ...]:
    """Return the package of a source file; for a module directly in a top folder also the module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts if len(parts) == 2 else parts[:-1]


def disallowed_imports(path: Path) -> set[str]:
    """Return the packages that a file may not import, or not outside of functions."""
    package, source = package_of(path), path.read_text()
    name = str(path.relative_to(ROOT))
    optional = IMPORTED_INSIDE_A_FUNCTION.get(name)
    at_the_top = {optional} & imported_at_the_top(source) if optional else set()
    wrong = {name.partition(".")[0] for name in wrong_imports(package[0], package, source)}
    return at_the_top | (wrong - {optional, MODULES_OF_AN_EXTRA.get(name)})


def test_imports_follow_the_order_of_packages():
    assert faults(SOURCES, disallowed_imports) == {}


@pytest.mark.parametrize("module", MODULES_OF_AN_EXTRA)
def test_a_module_of_an_extra_is_imported_inside_functions_alone(module):
    name = Path(module).stem
    at_the_top = re.compile(rf"^(?:from|import) .*\b{name}\b", re.MULTILINE)
    assert [str(path) for path in SOURCES if at_the_top.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("package", "source"),
    [
        (("losses", "loss"), "import plotly"),
        (("losses", "loss"), "from app.url_state.state import State"),
        (("losses", "loss"), "from losses.problem.problem import Problem"),
        (("losses", "core"), "from losses import problem"),
        (("losses", "certificate", "nonsmooth"), "from losses.surface import kernels"),
        (("app", "url_state"), "from ..page.scene import scene"),
        (("app", "url_state"), "from .. import server"),
        (("app", "server"), "from .__main__ import main"),
        (("app", "web"), "from ..classroom import store"),
        (("app", "figures"), "import plotly.graph_objects"),
    ],
)
def test_a_wrong_import_is_found(package, source):
    assert wrong_imports(package[0], package, source)


def test_an_import_outside_of_a_function_is_found():
    assert imported_at_the_top("if True:\n    import plotly.io\ndef f():\n    import json") == {"plotly"}


def test_the_document_shows_the_same_order():
    text = (ROOT / "docs" / "develop" / "architecture.md").read_text()
    for top, groups in ORDER.items():
        shown = re.search(rf"^{top}: +(.+?)$(?=\n\w+:)", text, re.MULTILINE | re.DOTALL)[1]
        packages = [group for group in groups if group not in (("__init__",), ("__main__",))]
        assert " ".join(shown.split()) == " <- ".join(map(", ".join, packages))


def test_every_package_is_in_the_order():
    for top, groups in ORDER.items():
        folders = {p.parent.name for p in (ROOT / top).glob("*/__init__.py")}
        assert {name for names in groups for name in names} == folders | FILES[top]


def imports_of(top: str) -> Callable[[Path], list[str]]:
    """Return a function that lists the absolute imports from a top folder in a file."""
    return lambda path: [name for name in imported(path.read_text()) if name.split(".")[0] == top]


def test_imports_inside_app_are_relative():
    assert faults([p for p in SOURCES if p.is_relative_to(ROOT / "app")], imports_of("app")) == {}


@pytest.mark.parametrize("top", ["app", "assets", "losses", "tests", "tools"])
def test_folders_hold_few_files(top):
    for folder in (ROOT / top, *(p for p in (ROOT / top).rglob("*") if p.is_dir())):
        files = [p for p in folder.glob("*") if p.is_file() and p.suffix != ".pyc"]
        assert len(files) <= MAX_FILES, f"{folder}: give some of its files a folder of their own"


def imported_test_modules(source: str) -> list[str]:
    """Return the test modules that a source imports."""
    return [name for name in imported(source) if re.search(r"^tests\..*\btest_", name)]


def test_no_test_module_is_imported():
    """Test modules share code in ``tests/support``, or in ``tools/support`` if tools need it, too."""
    assert faults(TEST_SOURCES, lambda path: imported_test_modules(path.read_text())) == {}


def test_tools_import_nothing_from_tests():
    assert faults(TOOL_SOURCES, imports_of("tests")) == {}


@pytest.mark.parametrize(
    "source",
    ["from tests.app.test_server import x", "import tests.test_readme", "from tests.app import test_server"],
)
def test_an_imported_test_module_is_found(source):
    assert imported_test_modules(source)


def misplaced_code(source: str) -> list[str]:
    """Return inline styles and scripts, which belong in ``assets/``.

    Also returns ``suppress_callback_exceptions``: every component must be in the layout.
    """
    arguments = {
        k.arg for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) for k in node.keywords
    }
    scripts = re.findall(r"(?<!\w)function\s*\([^)]*\)\s*\{|=>", source)
    return sorted(arguments & {"style", "suppress_callback_exceptions"}) + scripts


def test_styles_and_scripts_are_in_assets():
    assert faults(SOURCES, lambda path: misplaced_code(path.read_text())) == {}


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
def test_misplaced_code_is_found(source):
    assert misplaced_code(source)


def test_the_top_level_has_only_known_files():
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().split()}
    names = {p.name for p in ROOT.iterdir() if not any(p.match(pattern) for pattern in ignored)}
    assert names <= TOP_LEVEL


def ids_in(component):
    """Return the ids of a component and its descendants."""
    ids = {component.id} if getattr(component, "id", None) else set()
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if hasattr(child, "to_plotly_json"):
            ids |= ids_in(child)
    return ids


def cycle(edges: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Remove nodes without incoming edges repeatedly; return the remaining edges: none without a cycle."""
    while sources := {a for a, _ in edges} - {b for _, b in edges}:
        edges = [(a, b) for a, b in edges if a not in sources]
    return edges


def test_the_callback_graph_has_no_cycle_and_its_components_exist():
    from app.page.layout import page_layout
    from app.server import create_app

    calls = create_app().server.test_client().get("/_dash-dependencies").get_json()
    edges = [
        (i["id"], "(the page)" if call["no_output"] else call["output"].split(".")[0])
        for call in calls
        for i in call["inputs"]
    ]
    assert edges == [("request", "answer"), ("answer", "(the page)")]
    assert {name for edge in edges for name in edge} - {"(the page)"} <= ids_in(page_layout())
    assert not cycle(edges)


@pytest.mark.parametrize(
    "edges", [[("a", "a")], [("a", "b"), ("b", "a")], [("x", "a"), ("a", "b"), ("b", "a")]]
)
def test_a_cycle_is_found(edges):
    assert cycle(edges)


def test_the_page_overrides_nothing_private_of_dash():
    """What Dash's documentation names may be overridden; what begins with ``_`` changes without notice."""
    from dash import Dash

    from app.web.index_page import Losslab

    overrides = {name for name in vars(Losslab) if hasattr(Dash, name) and not name.startswith("__")}
    assert overrides == {"interpolate_index"}


def test_all_ids_of_the_layout_are_constants():
    from app.common import ids
    from app.page.layout import page_layout

    constants = {value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}
    used = {name for name in ids_in(page_layout()) if not name.endswith("-caption")}
    assert used <= constants
    assert constants - used == {ids.FIRST_SCENE, ids.CATALOGUE}


def test_browser_modules_use_only_ids_that_exist():
    from app.page.layout import page_layout

    templates = "".join(path.read_text() for path in (ROOT / "app" / "templates").glob("*.html"))
    existing = (
        ids_in(page_layout()) | {"first-scene", "catalogue"} | set(re.findall(r'\bid="([\w-]+)"', templates))
    )
    text = "".join(p.read_text() for p in (ROOT / "assets").rglob("*.mjs"))
    used = set(re.findall(r'\bbyId\("([\w-]+)"\)', text))
    assert used
    assert used <= existing


def test_python_and_the_browser_have_the_same_step_slices():
    from app.figures.step_slices import STEP_SLICES

    text = (ROOT / "assets" / "js" / "plot" / "step_slices.mjs").read_text()
    body = text.split("const SLICES = {")[1].split("\n};")[0]
    assert set(re.findall(r"^  (\w+)[:,]", body, re.MULTILINE)) == set(STEP_SLICES)
