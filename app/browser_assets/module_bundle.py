"""Bundle the page's JavaScript modules into one script and its style sheets into one sheet.

A first visit requests two files instead of sixty. Each module becomes a block with a scope of its own, placed
after the modules that it imports, and assigns its exports to one variable. The bundle stays readable.

The accepted subset of the module syntax, each statement at the beginning of a line:

- ``import { a, b as c } from "./relative/path.mjs";``, which may span lines;
- ``import "./relative/path.mjs";`` for its side effects;
- ``export function a``, ``export async function a``, ``export class A`` and ``export const a = ...``, one
  name a statement, without patterns.

Not accepted are default exports and imports, namespaces (``* as``), lists of exports, re-exports, ``let`` and
``var``, generators, ``import()``, ``import.meta`` and paths without ``.mjs``. Only the entry may wait at its
top level (``await``). What the regular expressions see raises ``ValueError``; ``eslint.config.mjs`` reports
all of it before.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from .palette import assets_folder

SCRIPT_NAME: Final = "losslab.mjs"
STYLESHEET_NAME: Final = "losslab.css"
PHONE_SCRIPT_NAME: Final = "phone.mjs"
"""The script of a phone of a live class."""
WALL_SCRIPT_NAME: Final = "wall.mjs"
"""The script of the teacher's panel, which the page loads when a class is started."""
LESSON_FORM_SCRIPT_NAME: Final = "lesson_form.mjs"
"""The script of the form of a lesson, which the page loads when it is opened."""
LESSON_FORM_STYLESHEET_NAME: Final = "lesson_form.css"
PHONE_STYLESHEET_NAME: Final = "phone.css"
WALL_STYLESHEET_NAME: Final = "wall.css"
STYLE_SHEETS: Final = (
    "page",
    "controls",
    "dialogs",
    "views",
    "player",
    "compare",
    "lessons",
    "layouts",
    "projector",
    "embed",
    "print",
    "gallery",
    "legend",
    "handles",
    "tokens",
)
"""Files of ``assets/css`` in cascade order: a later rule overrides an earlier one of equal specificity."""
CLASS_STYLE_SHEETS: Final = ("tokens", "classroom", "class_runs")
"""The phone's page has the first two; the teacher's panel, on a page that has the first, the others."""
FORM_STYLE_SHEETS: Final = ("lesson_form",)
"""Those of the form of a lesson, which is on a page that has the others."""
STATEMENT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
IMPORT_STATEMENT: Final = re.compile(
    r'^import (?:\{\s*(\w[\w\s,]*?),?\s*\} from )?"(\.{1,2}/[\w./-]+)\.mjs";$', re.MULTILINE
)
EXPORT_STATEMENT: Final = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@lru_cache(maxsize=1)
def page_bundles() -> Mapping[str, str]:
    """Return the bundled scripts and the bundled style sheets of the page and of a class by file name."""
    folder = assets_folder() / "css"

    def sheets(names: tuple[str, ...]) -> str:
        return "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names)

    return {
        STYLESHEET_NAME: sheets(STYLE_SHEETS),
        SCRIPT_NAME: script_bundle("main"),
        PHONE_STYLESHEET_NAME: sheets(CLASS_STYLE_SHEETS[:2]),
        WALL_STYLESHEET_NAME: sheets(CLASS_STYLE_SHEETS[1:]),
        LESSON_FORM_STYLESHEET_NAME: sheets(FORM_STYLE_SHEETS),
        LESSON_FORM_SCRIPT_NAME: script_bundle("lesson_form/lesson_form"),
        PHONE_SCRIPT_NAME: script_bundle("classroom/phone"),
        WALL_SCRIPT_NAME: script_bundle("classroom/wall"),
    }


@lru_cache(maxsize=4)
def script_bundle(entry: str) -> str:
    """Return the bundle of the module ``entry`` below ``assets/js``, such as ``main`` or ``offline``."""
    return bundle_modules(_sources(), entry)


@lru_cache(maxsize=4)
def bundled_modules(entry: str) -> tuple[str, ...]:
    """Return the modules of the bundle of ``entry``, itself included, by their paths below ``assets/js``."""
    return tuple(_dependency_order(_sources(), entry, {}))


@lru_cache(maxsize=1)
def _sources() -> Mapping[str, str]:
    """Return the sources of all modules by their paths below ``assets/js``, such as ``core/dom``."""
    root = assets_folder() / "js"
    return {
        path.relative_to(root).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.mjs"))
    }


def bundle_modules(sources: Mapping[str, str], entry: str) -> str:
    """Return one script with the module ``entry`` and all that it imports, directly or not.

    ``sources`` maps paths without suffix to sources. Raises ValueError for syntax outside of the accepted
    subset, for a missing module and for a cycle of imports.
    """
    *dependencies, _ = _dependency_order(sources, entry, {})
    blocks = [_module_block(name, sources[name]) for name in dependencies]
    return "\n".join([*blocks, _module_body(entry, sources[entry])])


def imported_modules(name: str, source: str) -> list[str]:
    """List the modules that the module ``name`` imports, by their paths below ``assets/js``."""
    return [_resolve(name, match[2]) for match in IMPORT_STATEMENT.finditer(source)]


def _resolve(name: str, path: str) -> str:
    """Turn the relative path of an import in the module ``name`` into a path below ``assets/js``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _dependency_order(sources: Mapping[str, str], name: str, done: dict[str, bool]) -> Iterator[str]:
    """Yield the module ``name`` and those that it imports, directly or not, each after its imports.

    ``done`` holds the modules visited before: False while their imports are being visited, then True.
    """
    if name not in sources:
        raise ValueError(f"there is no module {name}")
    if done.get(name):
        return
    if name in done:
        raise ValueError(f"{name} imports itself")
    done[name] = False
    for dependency in imported_modules(name, sources[name]):
        yield from _dependency_order(sources, dependency, done)
    done[name] = True
    yield name


def _variable(name: str) -> str:
    """Return the name of the variable that holds the exports of a module."""
    return "$" + re.sub(r"\W", "$", name)


def _module_block(name: str, source: str) -> str:
    """Return a module as a block that assigns its exports to the module's variable."""
    exports = ", ".join(match[2] for match in EXPORT_STATEMENT.finditer(source))
    variable = _variable(name)
    return f"let {variable};\n{{\n{_module_body(name, source)}\n{variable} = {{ {exports} }};\n}}"


def _module_body(name: str, source: str) -> str:
    """Return a module that reads its imports from the variables of earlier blocks, without ``export``."""

    def to_destructuring(match: re.Match[str]) -> str:
        names = (match[1] or "").replace(" as ", ": ")
        return f"const {{ {names} }} = {_variable(_resolve(name, match[2]))};" if names else ""

    body = EXPORT_STATEMENT.sub(r"\1", IMPORT_STATEMENT.sub(to_destructuring, source))
    if remaining := STATEMENT.search(body):
        raise ValueError(f"{name}.mjs: {remaining[0]!r} is not understood")
    return body
