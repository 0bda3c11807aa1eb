"""Texts in the source that look like prose for readers but are not marked for translation.

``python -m tools.untranslated`` lists them by file. A text is marked as the argument of ``message()`` or ``Phrase()``,
in scripts of ``message()``.
"""

import ast
import re
from collections.abc import Iterator

from tools.catalogues import IN_SCRIPT, ROOT, is_message

PROSE = re.compile(r"[a-z][,.:;]? [a-z]{2}", re.IGNORECASE)
"""Two words in a row."""
NOT_PROSE_ARGUMENTS = {
    *("className", "href", "id", "role", "formula", "lines", "key", "source", "gradient_formula"),
    "textposition",
}
"""Names of arguments and dict entries whose texts no reader sees."""
SCRIPT_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
NOT_PROSE = re.compile(
    r"=>|=\"|[?]\$|message\(|prefers-|^.(?:[.a-z]+ )?(?:input|menu card|tbody tr|section\.)"
)
"""Texts of scripts that are code, attributes, addresses or selectors."""
COMMENT = re.compile(r"^\s*(?://|/\*|\*).*$|^import .*$", re.MULTILINE)


def unmarked_texts(source: str) -> Iterator[str]:
    """Yield the unmarked texts of a Python source."""
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
    elif isinstance(node, ast.Call) and is_message(node):
        for value in node.keywords:
            yield from _of_node(value.value)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Registry":
        yield from _of_node(node.args[-1])
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and key.value in NOT_PROSE_ARGUMENTS):
                yield from _of_node(value)
    elif not (
        (isinstance(node, ast.Expr | ast.Raise) and isinstance(getattr(node, "value", None), ast.Constant))
        or (isinstance(node, ast.keyword) and node.arg in NOT_PROSE_ARGUMENTS)
    ):
        for child in ast.iter_child_nodes(node):
            yield from _of_node(child)


def _prose(text: str) -> list[str]:
    return [text] if PROSE.search(text) and not re.search(r"[<\\]", text) else []


def unmarked_texts_in_script(source: str) -> Iterator[str]:
    """Yield the unmarked texts of a JavaScript source."""
    rest = IN_SCRIPT.sub("message(", COMMENT.sub("", source))
    texts = (re.sub(r"\$\{[^{}]*\}", "x", text) for text in SCRIPT_TEXT.findall(rest))
    yield from (text for text in texts if PROSE.search(text) and not NOT_PROSE.search(text))


def by_file() -> dict[str, list[str]]:
    """Return the unmarked texts of each file that has some."""
    found = {}
    for path in (*ROOT.glob("losses/**/*.py"), *ROOT.glob("app/**/*.py"), *ROOT.glob("assets/**/*.mjs")):
        scan = unmarked_texts if path.suffix == ".py" else unmarked_texts_in_script
        if texts := list(scan(path.read_text(encoding="utf-8"))):
            found[str(path.relative_to(ROOT))] = texts
    return dict(sorted(found.items()))


if __name__ == "__main__":
    for name, texts in by_file().items():
        print(f"{len(texts):4} {name}", *texts, sep="\n       ")
