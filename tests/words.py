"""The catalogues of words, made from what the source says: ``app/languages/*.po``.

``python -m tests.words`` writes them anew: new texts come in, untranslated, and what nobody says goes.
With a file of JSON, ``python -m tests.words es more.json``, it takes translations from there: ``{English: other}``.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from app.language import ENGLISH, LANGUAGES, Entry, read_po

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "app" / "languages"
SAYERS = {"say", "Phrase"}
SAID_BY_SCRIPT = re.compile(r'(?<![\w.])message\(\s*("(?:[^"\\]|\\.)*")')
HEAD = 'msgid ""\nmsgstr ""\n"Language: {key}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def sayer(node: ast.AST) -> bool:
    """Whether a call says its first argument."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYERS


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be; ValueError where they cannot be read off the source."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    else:
        raise ValueError(f"line {node.lineno}: what is said stands there literally")


def said_in(source: str) -> Iterator[str]:
    """Every template of a Python source, in its order."""
    calls = [node for node in ast.walk(ast.parse(source)) if sayer(node)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        yield from literals(call.args[0])


def said_by_script(source: str) -> Iterator[str]:
    for match in SAID_BY_SCRIPT.finditer(source):
        yield json.loads(match[1])


def sources() -> Iterator[tuple[str, Iterator[str]]]:
    """Files that say something, with what they say."""
    for folder in ("losses", "app"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), said_in(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "assets").rglob("*.mjs")):
        yield str(path.relative_to(ROOT)), said_by_script(path.read_text(encoding="utf-8"))


def english() -> list[Entry]:
    """Every text of the page, with the files that say it."""
    places: dict[str, dict[str, None]] = {}
    for name, texts in sources():
        for text in texts:
            places.setdefault(text, {})[name] = None
    return [Entry(text, text, tuple(names)) for text, names in places.items()]


def write_po(key: str, entries: list[Entry]) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    blocks = [
        f"#: {' '.join(e.places)}\nmsgid {quoted(e.template)}\nmsgstr {quoted(e.text)}\n" for e in entries
    ]
    return "\n".join([HEAD.format(key=key), *blocks])


def catalogues(more: dict[str, dict[str, str]] | None = None) -> dict[Path, str]:
    """Each catalogue's file and what belongs into it."""
    made, entries = {}, english()
    for key in LANGUAGES:
        path = FOLDER / f"{key}.po"
        known = (
            {e.template: e.text for e in read_po(path.read_text(encoding="utf-8"))} if path.exists() else {}
        )
        known |= (more or {}).get(key, {})
        told = [e if key == ENGLISH else e._replace(text=known.get(e.template, "")) for e in entries]
        made[path] = write_po(key, told)
    return made


if __name__ == "__main__":
    given = {sys.argv[1]: json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))} if sys.argv[2:] else None
    for path, text in catalogues(given).items():
        path.write_text(text, encoding="utf-8")
        missing = [entry.template for entry in read_po(text) if not entry.text]
        print(
            f"{path.name}: {text.count('msgid') - 1} texts, {len(missing)} not translated",
            *missing,
            sep="\n  ",
        )
