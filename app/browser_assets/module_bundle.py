"""Bundle the page's JavaScript modules into one script and its style sheets into one sheet.

A first visit asks for two files instead of sixty. The sources stay readable: each
module becomes a block with a scope of its own, placed after the modules that it
imports, and assigns what it exports to one variable. The accepted subset of the
module syntax: named imports from a relative path, imports for their side effects,
and exported declarations of functions, classes and constants. Everything else
raises ``ValueError``.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from .palette import assets_folder

SCRIPT_NAME: Final = "losslab.mjs"
STYLESHEET_NAME: Final = "losslab.css"
STYLE_SHEETS: Final = (
    "compare",
    "controls",
    "dialogs",
    "lessons",
    "embed",
    "print",
    "page",
    "screens",
    "tokens",
)
"""The files of ``assets/css`` in the order of the cascade: of rules with equal specificity the later wins."""
STATEMENT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
IMPORT_STATEMENT: Final = re.compile(
    r'^import (?:\{\s*(\w[\w\s,]*?),?\s*\} from )?"(\.{1,2}/[\w./-]+)\.mjs";$', re.MULTILINE
)
EXPORT_STATEMENT: Final = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@lru_cache(maxsize=1)
def page_bundles() -> Mapping[str, str]:
    """The bundled script and the bundled sheet by file name."""
    folder = assets_folder() / "css"
    sheets = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLE_SHEETS]
    return {STYLESHEET_NAME: "\n".join(sheets), SCRIPT_NAME: script_bundle("main")}


@lru_cache(maxsize=2)
def script_bundle(entry: str) -> str:
    """The module ``entry`` of the page with every module that it needs."""
    return bundle_modules(_sources(), entry)


def _sources() -> dict[str, str]:
    """Every module by its path below ``assets/js`` without the suffix, such as ``core/dom``."""
    root = assets_folder() / "js"
    return {
        path.relative_to(root).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.mjs"))
    }


def bundle_modules(sources: Mapping[str, str], entry: str) -> str:
    """One module that does what ``entry`` does; ValueError for unknown syntax or an unknown module."""
    *needed, _ = _dependency_order(sources, entry, {})
    return "\n".join(
        [*(_module_block(name, sources[name]) for name in needed), _module_body(entry, sources[entry])]
    )


def imported(name: str, source: str) -> list[str]:
    """The modules that the module ``name`` imports, by their normalized paths."""
    return [_resolved(name, found[2]) for found in IMPORT_STATEMENT.finditer(source)]


def _resolved(name: str, path: str) -> str:
    """A relative path of an import in the module ``name``, as a path below ``assets/js``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _dependency_order(sources: Mapping[str, str], name: str, visited: dict[str, bool]) -> Iterator[str]:
    """Modules, each after those that it imports."""
    if name not in sources:
        raise ValueError(f"there is no module {name}")
    if visited.get(name):
        return
    if name in visited:
        raise ValueError(f"{name} imports itself")
    visited[name] = False
    for other in imported(name, sources[name]):
        yield from _dependency_order(sources, other, visited)
    visited[name] = True
    yield name


def _variable(name: str) -> str:
    """The variable that holds the exports of a module."""
    return "$" + re.sub(r"\W", "$", name)


def _module_block(name: str, source: str) -> str:
    """A module as a block that assigns its exports to the module's variable."""
    exports = ", ".join(found[2] for found in EXPORT_STATEMENT.finditer(source))
    variable = _variable(name)
    return f"let {variable};\n{{\n{_module_body(name, source)}\n{variable} = {{ {exports} }};\n}}"


def _module_body(name: str, source: str) -> str:
    """A module that takes its imports from the variables of the blocks before it."""

    def taken(found: re.Match[str]) -> str:
        names = (found[1] or "").replace(" as ", ": ")
        return f"const {{ {names} }} = {_variable(_resolved(name, found[2]))};" if names else ""

    body = EXPORT_STATEMENT.sub(r"\1", IMPORT_STATEMENT.sub(taken, source))
    if unknown := STATEMENT.search(body):
        raise ValueError(f"{name}.mjs: {unknown[0]!r} is not understood")
    return body
