"""Texts of the page that nobody says: ``python -m tests.unsaid`` lists them by file."""

import ast
import re
from collections.abc import Iterator

from tests.words import ROOT, SAID_BY_SCRIPT, sayer

PROSE = re.compile(r"[a-z][,.:;]? [a-z]{2}", re.IGNORECASE)
"""Two words in a row."""
NO_WORDS = {
    *("className", "href", "id", "role", "formula", "lines", "key", "source", "gradient_formula"),
    "textposition",
}
"""Names of arguments and entries that are no texts for a reader."""
IN_SCRIPT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
NO_PROSE = re.compile(
    r"=>|=\"|[?]\$|message\(|prefers-|^.(?:[.a-z]+ )?(?:input|menu card|tbody tr|section\.)"
)
"""Code, attributes, addresses, selectors."""
COMMENT = re.compile(r"^\s*(?://|/\*|\*).*$|^import .*$", re.MULTILINE)


def unsaid(source: str) -> Iterator[str]:
    """The texts of a Python source that look like words for a reader and are not said."""
    yield from _of_node(ast.parse(source))


def _of_node(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield from _prose(
            "".join(
                getattr(part, "value", "") if isinstance(part, ast.Constant) else "x" for part in node.values
            )
        )
        for part in node.values:
            yield from _of_node(part.value) if isinstance(part, ast.FormattedValue) else ()
    elif isinstance(node, ast.Constant):
        yield from _prose(node.value) if isinstance(node.value, str) else ()
    elif isinstance(node, ast.Call) and sayer(node):
        for value in node.keywords:
            yield from _of_node(value.value)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Registry":
        yield from _of_node(node.args[-1])
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and key.value in NO_WORDS):
                yield from _of_node(value)
    elif not (
        (isinstance(node, ast.Expr | ast.Raise) and isinstance(getattr(node, "value", None), ast.Constant))
        or (isinstance(node, ast.keyword) and node.arg in NO_WORDS)
    ):
        for child in ast.iter_child_nodes(node):
            yield from _of_node(child)


def _prose(text: str) -> list[str]:
    return [text] if PROSE.search(text) and not re.search(r"[<\\]", text) else []


def unsaid_by_script(source: str) -> Iterator[str]:
    """The same of a script."""
    rest = SAID_BY_SCRIPT.sub("message(", COMMENT.sub("", source))
    texts = (re.sub(r"\$\{[^{}]*\}", "x", text) for text in IN_SCRIPT.findall(rest))
    yield from (text for text in texts if PROSE.search(text) and not NO_PROSE.search(text))


def by_file() -> dict[str, list[str]]:
    """Every file with unsaid texts."""
    found = {}
    for path in (*ROOT.glob("losses/**/*.py"), *ROOT.glob("app/**/*.py"), *ROOT.glob("assets/**/*.mjs")):
        scan = unsaid if path.suffix == ".py" else unsaid_by_script
        if texts := list(scan(path.read_text(encoding="utf-8"))):
            found[str(path.relative_to(ROOT))] = texts
    return dict(sorted(found.items()))


if __name__ == "__main__":
    for name, texts in by_file().items():
        print(f"{len(texts):4} {name}", *texts, sep="\n       ")
