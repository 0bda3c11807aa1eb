"""Write the catalogues of translations, ``app/i18n/catalogues/*.po``, from the texts in the source.

``make generate`` adds new texts without a translation, which the page shows in English, and removes unused
ones. ``make translations`` lists texts without a translation and fails if there are any. ``python -m
tools.catalogues es more.json`` adds the translations of a JSON file, ``{English: translation}``.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.i18n.translation import ENGLISH, LANGUAGES, CatalogueEntry, parse_po

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "app" / "i18n" / "catalogues"
MESSAGE_FUNCTIONS: Final = {"message", "Phrase"}
"""Functions whose first argument is a translatable text of the page."""
IN_SCRIPT: Final = re.compile(r'(?<![\w.])message\(\s*("(?:[^"\\]|\\.)*")')
HEAD: Final = 'msgid ""\nmsgstr ""\n"Language: {key}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def is_message(node: ast.AST) -> bool:
    """Return whether a node is a call of a message function."""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MESSAGE_FUNCTIONS
    )


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the values that an expression can have. Raises ValueError unless they are literal texts."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    else:
        raise ValueError(f"line {node.lineno}: the template of a message must be a literal text")


def messages_in(source: str) -> Iterator[str]:
    """Yield the templates of a Python source in their order."""
    nodes = ast.walk(ast.parse(source))
    calls = [node for node in nodes if isinstance(node, ast.Call) and is_message(node)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        yield from literals(call.args[0])


def messages_in_script(source: str) -> Iterator[str]:
    """Yield the templates of a JavaScript source in their order."""
    for match in IN_SCRIPT.finditer(source):
        yield json.loads(match[1])


def messages_by_file() -> Iterator[tuple[str, Iterator[str]]]:
    """Yield each source file with its templates."""
    for folder in ("losses", "app"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), messages_in(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "assets").rglob("*.mjs")):
        yield str(path.relative_to(ROOT)), messages_in_script(path.read_text(encoding="utf-8"))


def english_entries() -> list[CatalogueEntry]:
    """Return an entry for each text of the page, with the files it is in; its translation is itself."""
    files: dict[str, dict[str, None]] = {}
    for name, texts in messages_by_file():
        for text in texts:
            files.setdefault(text, {})[name] = None
    return [CatalogueEntry(text, text, tuple(names)) for text, names in files.items()]


def write_po(key: str, entries: list[CatalogueEntry]) -> str:
    """Return the catalogue of the language ``key`` in gettext's format."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    blocks = [
        f"#: {' '.join(e.references)}\nmsgid {quoted(e.template)}\nmsgstr {quoted(e.text)}\n" for e in entries
    ]
    return "\n".join([HEAD.format(key=key), *blocks])


def catalogues(more: dict[str, dict[str, str]] | None = None) -> dict[Path, str]:
    """Return the text of each catalogue by its path, with further translations by language."""
    texts, entries = {}, english_entries()
    for key in LANGUAGES:
        path = FOLDER / f"{key}.po"
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        known = {entry.template: entry.text for entry in parse_po(stored)} | (more or {}).get(key, {})
        translated = [e if key == ENGLISH else e._replace(text=known.get(e.template, "")) for e in entries]
        texts[path] = write_po(key, translated)
    return texts


def untranslated() -> dict[str, list[str]]:
    """Return the texts without a translation for each language that has some."""
    missing_by_language = {}
    for path, text in catalogues().items():
        if missing := [entry.template for entry in parse_po(text) if not entry.text]:
            missing_by_language[path.stem] = missing
    return missing_by_language


def main(arguments: list[str]) -> int:
    """Add the translations of a file if one is given; list missing ones and return 1 if there are any."""
    if arguments:
        language, file = arguments
        more = {language: json.loads(Path(file).read_text(encoding="utf-8"))}
        for path, text in catalogues(more).items():
            path.write_text(text, encoding="utf-8")
    missing = untranslated()
    for language, texts in missing.items():
        print(f"{language}: {len(texts)} texts are not translated", *texts, sep="\n  ")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
