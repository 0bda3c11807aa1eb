"""The page's modules in one script, and its styles in one sheet: a class asks for two files each, not for fifty.

What the sources say stays readable: each module becomes a block with names of its
own, after those that it imports, and leaves behind what it exports. The few forms
of ``import`` and ``export`` that the sources use are understood, others refused.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from app.theme import assets_folder

SCRIPT: Final = "losslab.mjs"
SHEET: Final = "losslab.css"
FORM: Final = re.compile(r"(?:import|export)\b")
IMPORT: Final = re.compile(r'import (?:\{ ([\w, ]+) \} from )?"\./(\w+)\.mjs";')
EXPORT: Final = re.compile(r"export ((?:async )?(?:function|class|const) (\w+).*)")


@lru_cache(maxsize=1)
def whole() -> Mapping[str, str]:
    """The page's own, joined once: text by the name of its file."""
    return {SHEET: "\n".join(_sources("css").values()), SCRIPT: script("main")}


@lru_cache(maxsize=2)
def script(entry: str) -> str:
    """The module ``entry`` of the page and all that it needs, in one."""
    return joined(_sources("mjs"), entry)


def _sources(suffix: str) -> dict[str, str]:
    return {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(assets_folder().glob(f"*.{suffix}"))
    }


def joined(sources: Mapping[str, str], entry: str) -> str:
    """One module that does what ``entry`` of several does; ValueError for a form or a name not understood."""
    *needed, _ = _in_order(sources, entry, {})
    return "\n".join([*(_scope(name, sources[name]) for name in needed), _body(entry, sources[entry])])


def _in_order(sources: Mapping[str, str], name: str, seen: dict[str, bool]) -> Iterator[str]:
    """Modules, each after those that it imports."""
    if name not in sources:
        raise ValueError(f"there is no module {name}")
    if seen.get(name):
        return
    if name in seen:
        raise ValueError(f"{name} imports itself")
    seen[name] = False
    for line in _forms(sources[name]):
        if found := IMPORT.fullmatch(line):
            yield from _in_order(sources, found[2], seen)
    seen[name] = True
    yield name


def _scope(name: str, source: str) -> str:
    """A module as a block that leaves behind what it exports."""
    given = ", ".join(found[2] for line in _forms(source) if (found := EXPORT.fullmatch(line)))
    return f"let ${name};\n{{\n{_body(name, source)}\n${name} = {{ {given} }};\n}}"


def _body(name: str, source: str) -> str:
    """A module that takes what it imports from the blocks before it."""
    return "\n".join(_plain(name, line) if FORM.match(line) else line for line in source.split("\n"))


def _forms(source: str) -> list[str]:
    return [line for line in source.split("\n") if FORM.match(line)]


def _plain(name: str, line: str) -> str:
    """A line that imports or exports as it stands in a block."""
    if given := EXPORT.fullmatch(line):
        return given[1]
    taken = IMPORT.fullmatch(line)
    if not taken:
        raise ValueError(f"{name}.mjs: {line!r} is not understood")
    names, module = taken.groups()
    return f"const {{ {names.replace(' as ', ': ')} }} = ${module};" if names else ""
