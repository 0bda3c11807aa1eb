"""The packages of ``assets/js``: which may import which, and how large a folder may be."""

import re
from pathlib import Path

import pytest

from app.browser_assets.module_bundle import (
    CLASS_STYLE_SHEETS,
    FORM_STYLE_SHEETS,
    STYLE_SHEETS,
    imported_modules,
)

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "assets"
SCRIPTS = ASSETS / "js"
MODULES = sorted(path.relative_to(SCRIPTS).with_suffix("").as_posix() for path in SCRIPTS.rglob("*.mjs"))
LEVELS = (
    ("core",),
    ("plot",),
    ("net",),
    ("narration", "controls"),
    ("page",),
    ("main", "offline", "classroom", "lesson_form", "scorm"),
)
"""Packages from the lowest to the highest; a module imports from its own package and from lower levels."""
MAX_FILES = 24
MAX_LINE_LENGTH = 110
TEXT_ONLY = re.compile(r'\s*"(?:[^"\\]|\\.)*",?')
"""A line with nothing but a text for readers of the page; it must be one literal, so it may be long."""


def package(module: str) -> str:
    """Return the package of a module: the first part of its path below ``assets/js``."""
    return module.split("/")[0]


def level(module: str) -> int:
    """Return the level of a module's package."""
    return next(i for i, names in enumerate(LEVELS) if package(module) in names)


def wrong_imports(module: str, source: str) -> list[str]:
    """Return the imports from a higher level or from another package of the same level."""
    return [
        other
        for other in imported_modules(module, source)
        if package(other) != package(module) and level(other) >= level(module)
    ]


def test_every_package_has_a_level():
    assert {package(module) for module in MODULES} == {name for names in LEVELS for name in names}


def source_of(module: str) -> str:
    return (SCRIPTS / f"{module}.mjs").read_text(encoding="utf-8")


def test_modules_import_from_lower_levels():
    found = {module: wrong_imports(module, source_of(module)) for module in MODULES}
    assert {module: imports for module, imports in found.items() if imports} == {}


@pytest.mark.parametrize(
    ("module", "path", "wrong"),
    [
        ("core/dom", "../plot/fog", "plot/fog"),
        ("plot/fog", "../main", "main"),
        ("controls/menu", "../narration/status", "narration/status"),
        ("net/client", "./../controls/menu", "controls/menu"),
        ("controls/share_dialog", "../classroom/wall", "classroom/wall"),
    ],
)
def test_a_wrong_import_is_found(module, path, wrong):
    assert wrong_imports(module, f'import {{ a }} from "{path}.mjs";\n') == [wrong]


EXPORTED = re.compile(r"^export (?:async )?(?:function|const|class) ([\w$]+)", re.MULTILINE)


def unused_exports(sources: dict[str, str], tests: str) -> list[tuple[str, str]]:
    """Return the exports, with their module, that no other module and no test mentions."""
    words = {module: set(re.findall(r"[\w$]+", source)) for module, source in sources.items()}
    in_tests = set(re.findall(r"[\w$]+", tests))
    return [
        (module, name)
        for module, source in sources.items()
        for name in EXPORTED.findall(source)
        if name not in in_tests and not any(name in words[other] for other in sources if other != module)
    ]


def test_every_export_is_used():
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "js").glob("*.mjs"))
    assert unused_exports({module: source_of(module) for module in MODULES}, tests) == []


def test_an_unused_export_is_found():
    sources = {"a": "export function used() {}\nexport const idle = 1;\n", "b": "used();\n"}
    assert unused_exports(sources, "") == [("a", "idle")]
    assert unused_exports(sources, "idle") == []


FUNCTION = re.compile(
    r"^(?:export )?(?:async )?(?:const [\w$]+ = (\([^=]*?\) =>.*?;)$|function\*? [\w$]+(\(.*?\) \{\n.*?^\}))",
    re.MULTILINE | re.DOTALL,
)
"""A function at the top of a module; a group has all of it but its name."""


def repeated_functions(sources: dict[str, str]) -> list[tuple[str, set[str]]]:
    """Return the functions that several modules define, with these modules."""
    modules: dict[str, set[str]] = {}
    for module, source in sources.items():
        for match in FUNCTION.finditer(source):
            modules.setdefault(re.sub(r"\s+", " ", match[1] or match[2]), set()).add(module)
    return [(function, named) for function, named in modules.items() if len(named) > 1]


def test_no_function_is_defined_twice():
    assert repeated_functions({module: source_of(module) for module in MODULES}) == []


def test_a_function_that_is_defined_twice_is_found():
    arrow, long = "const a = (x) =>\n  2 * x;\n", "export function f(x) {\n  return x;\n}\n"
    assert repeated_functions({"a": arrow, "b": "export const b = (x) => 2 * x;\n"}) == [
        ("(x) => 2 * x;", {"a", "b"})
    ]
    assert repeated_functions({"a": long, "b": "function g(x) {\n  return x;\n}\n", "c": arrow}) == [
        ("(x) { return x; }", {"a", "b"})
    ]


def test_folders_hold_few_files():
    folders = [ASSETS, *(path for path in ASSETS.rglob("*") if path.is_dir())]
    assert {f.name: n for f in folders if (n := sum(p.is_file() for p in f.iterdir())) > MAX_FILES} == {}


def test_every_style_sheet_is_in_the_bundle():
    assert sorted({*STYLE_SHEETS, *CLASS_STYLE_SHEETS, *FORM_STYLE_SHEETS}) == sorted(
        path.stem for path in (ASSETS / "css").iterdir()
    )


def test_lines_are_short():
    assert [
        (module, line)
        for module in MODULES
        for line in source_of(module).splitlines()
        if len(line) > MAX_LINE_LENGTH and not TEXT_ONLY.fullmatch(line)
    ] == []
