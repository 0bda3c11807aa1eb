"""Write everything that is generated from the registries; ``make generate``.

These are the tables of the README and of ``docs/``, the catalogues of translations, the list of links and the
types of the protocol between server and browser.
With ``--check`` nothing is written: what is out of date is listed, and the exit code is 1 if anything is.
Pictures, for which a browser is needed, have their own command, ``make previews``.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from tools import catalogues, fixtures, links, protocol, tables

ROOT: Final = Path(__file__).parents[1]
COMMAND: Final = "make generate"


class Generated(NamedTuple):
    """Files made by one generator."""

    stale: Callable[[], list[str]]
    """Return a line for each thing that is out of date."""
    write: Callable[[], None]


def stale_tables() -> list[str]:
    """Return a line for each table that differs from its registry or measurement."""
    stale, current = [], tables.tables()
    for path in tables.documents():
        for match in tables.MARKED.finditer(path.read_text(encoding="utf-8")):
            name = match[2]
            if current[name] not in match[0]:
                stale.append(f"{path.relative_to(ROOT)}: the table {name!r}")
    return stale


def write_tables() -> None:
    """Write all tables of all documents."""
    for path in tables.documents():
        _write(path, tables.with_tables(path.read_text(encoding="utf-8")))


def stale_catalogues() -> list[str]:
    """Return a line for each text that a catalogue lacks or no longer needs, and for other differences."""
    stale = []
    for path, current in catalogues.catalogues().items():
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        if stored != current:
            before, after = (
                {catalogues.key_of(entry) for entry in catalogues.entries(catalogues.parse(text))}
                for text in (stored, current)
            )
            changed = [f"new: {text}" for text in sorted(after - before)]
            changed += [f"unused: {text}" for text in sorted(before - after)]
            name = path.relative_to(ROOT)
            stale += [f"{name}: {line}" for line in changed or ["places or order of texts"]]
    return stale


def write_catalogues() -> None:
    """Write the catalogue of each language."""
    for path, text in catalogues.catalogues().items():
        _write(path, text)


def stale_links() -> list[str]:
    """Return the links whose meaning changed, with both meanings, and what has no link."""
    return [f"tests/links.tsv: {line}" for line in links.generate()[1]]


def write_links() -> None:
    """Write the list of links with their current meaning."""
    links.write_rows(links.generate()[0])


def stale_protocol() -> list[str]:
    """Return the files of the protocol that differ from its structs."""
    return [
        f"{path.relative_to(ROOT)}: differs from app/protocol"
        for path, current in protocol.files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != current
    ]


def write_protocol() -> None:
    """Write the schema of the protocol, the types of the browser modules and their document."""
    for path, text in protocol.files().items():
        _write(path, text)


def stale_fixtures() -> list[str]:
    """Return the fixtures that Python would make differently, and files that are none."""
    current = fixtures.files()
    stored = set(fixtures.FOLDER.glob("*.json"))
    stale = [path for path, text in current.items() if path not in stored or path.read_text("utf-8") != text]
    return [f"{path.relative_to(ROOT)}: differs from tools/fixtures.py" for path in stale] + [
        f"{path.relative_to(ROOT)}: no fixture has this name" for path in sorted(stored - set(current))
    ]


def write_fixtures() -> None:
    """Write the examples of the rules that Python and the browser both know."""
    for path, text in fixtures.files().items():
        _write(path, text)


GENERATED: Final = {
    "tables": Generated(stale_tables, write_tables),
    "catalogues": Generated(stale_catalogues, write_catalogues),
    "links": Generated(stale_links, write_links),
    "protocol": Generated(stale_protocol, write_protocol),
    "fixtures": Generated(stale_fixtures, write_fixtures),
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
    stale = [line for generated in GENERATED.values() for line in generated.stale()]
    print(*stale or ["Everything is up to date."], sep="\n")
    if options.check:
        if stale:
            print(f"Run `{COMMAND}` and read the changes before you commit them.")
        return int(bool(stale))
    for generated in GENERATED.values():
        generated.write()
    remaining = [line for generated in GENERATED.values() for line in generated.stale()]
    if remaining:
        print("These must be changed by hand:", *remaining, sep="\n  ")
    return int(bool(remaining))


if __name__ == "__main__":
    sys.exit(main())
