"""Write everything that is made from the registries; ``make generate``.

With ``--check`` nothing is written: what is out of date is listed, and the exit code is 1 if there is anything.
What is generated: the tables of the README and of ``docs/``, the catalogues of translations and the list of links.
Pictures need a browser and have a command of their own, ``make previews``.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from tools import catalogues, links, tables

ROOT: Final = Path(__file__).parents[1]
COMMAND: Final = "make generate"


class Generated(NamedTuple):
    """Files made by one generator."""

    stale: Callable[[], list[str]]
    """Return a line for each thing that is out of date."""
    write: Callable[[], None]


def stale_tables() -> list[str]:
    """Return the tables that differ from their registries or measurements."""
    found, made = [], tables.tables()
    for path in tables.documents():
        for whole, name, _ in _marked(path):
            if made[name] not in whole:
                found.append(f"{path.relative_to(ROOT)}: the table {name!r}")
    return found


def _marked(path: Path) -> Iterable[tuple[str, str, str]]:
    text = path.read_text(encoding="utf-8")
    return ((match[0], match[2], match[3]) for match in tables.MARKED.finditer(text))


def write_tables() -> None:
    """Write all tables of all documents."""
    for path in tables.documents():
        _write(path, tables.with_tables(path.read_text(encoding="utf-8")))


def stale_catalogues() -> list[str]:
    """Return what the catalogues lack, have too much, or have in another place or order."""
    found = []
    for path, made in catalogues.catalogues().items():
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        if stored != made:
            before, after = (
                {entry.template for entry in catalogues.parse_po(text)} for text in (stored, made)
            )
            changed = [f"new: {text}" for text in sorted(after - before)]
            changed += [f"unused: {text}" for text in sorted(before - after)]
            name = path.relative_to(ROOT)
            found += [f"{name}: {line}" for line in changed or ["places or order of texts"]]
    return found


def write_catalogues() -> None:
    """Write the catalogue of each language."""
    for path, text in catalogues.catalogues().items():
        _write(path, text)


def stale_links() -> list[str]:
    """Return the links whose meaning changed, with both meanings, and what has no link."""
    return [f"tests/links.tsv: {line}" for line in links.generate()[1]]


def write_links() -> None:
    """Write the list of links with their meaning of today."""
    links.write_rows(links.generate()[0])


GENERATED: Final = {
    "tables": Generated(stale_tables, write_tables),
    "catalogues": Generated(stale_catalogues, write_catalogues),
    "links": Generated(stale_links, write_links),
}


def _write(path: Path, text: str) -> None:
    """Write a file unless it has this text already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Write or check everything; return 1 if something is, or remains, out of date."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, list what is out of date")
    options = parser.parse_args()
    found = [line for part in GENERATED.values() for line in part.stale()]
    print(*found or ["Everything is up to date."], sep="\n")
    if options.check:
        if found:
            print(f"Run `{COMMAND}` and read the changes before you commit them.")
        return int(bool(found))
    for part in GENERATED.values():
        part.write()
    left = [line for part in GENERATED.values() for line in part.stale()]
    if left:
        print("These need a hand:", *left, sep="\n  ")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
