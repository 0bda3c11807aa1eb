"""Find texts in the source that look like prose for readers of the page but are not marked for translation.

``python -m tools.untranslated`` lists them by file. A text is marked as the argument of a function in
``tools.catalogues.KEYWORDS``.
"""

import ast
import re
from collections.abc import Container, Iterable, Iterator

from tools.catalogues import KEYWORDS, ROOT

PROSE = re.compile(r"[a-z][,.:;]? [a-z]{2}", re.IGNORECASE)
"""Prose is what has two words in a row."""
NOT_PROSE_ARGUMENTS = {
    *("className", "href", "id", "role", "formula", "lines", "key", "source", "gradient_formula"),
    "textposition",
}
"""Names of arguments and dict entries whose texts no reader sees."""
SCRIPT_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
MARKED_IN_SCRIPT = re.compile(r'(?<![\w.])(?:message|plural)\(\s*"(?:[^"\\]|\\.)*"(?:,\s*"(?:[^"\\]|\\.)*")?')
NOT_PROSE = re.compile(
    r"=>|=\"|[?]\$|message\(|prefers-|sans-serif|^.not attempted.$"
    r"|^.(?:[.a-z]+ )?(?:input|menu card|tbody tr|section\.)"
)
"""Texts of scripts that are code, attributes, addresses, selectors, fonts or values of a protocol."""
CODE_IN_SCRIPT = re.compile(r'(?:className: |\.transform = )(?:"[^"]*"|`[^`]*`)')
"""Texts of scripts that are names of classes or movements."""
COMMENT = re.compile(r"^\s*(?://|/\*|\*).*$|^import .*$", re.MULTILINE)


def is_message(node: ast.AST) -> bool:
    """Return whether a node is a call of a message function."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS


def not_collected(source: str, collected: Container[object]) -> Iterator[int]:
    """Yield the lines of a Python source with a message whose template pybabel has not collected.

    It collects literal texts alone, and no message inside a second pair of brackets in a message:
    ``message("{a}", a=f(message("b")))``.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and is_message(node):
            arguments = node.args[: len(KEYWORDS[ast.unparse(node.func)] or (1,))]
            templates = [part.value for part in arguments if isinstance(part, ast.Constant)]
            if (templates[0] if len(templates) == 1 else tuple(templates)) not in collected:
                yield node.lineno


def unmarked_texts(source: str) -> Iterator[str]:
    """Yield the unmarked texts of a Python source."""
    yield from _of_node(ast.parse(source))


def _of_node(node: ast.AST) -> Iterator[str]:
    """Yield the prose in a node and its children, in their order."""
    if isinstance(node, ast.JoinedStr):
        yield from _prose("".join(_literal_part(part) for part in node.values))
    elif isinstance(node, ast.Constant):
        yield from _prose(node.value) if isinstance(node.value, str) else ()
    for child in _children_with_prose(node):
        yield from _of_node(child)


def _literal_part(part: ast.expr) -> str:
    """Return a part of an f-string as it is in the source, and ``x`` for a value."""
    return getattr(part, "value", "") if isinstance(part, ast.Constant) else "x"


def _children_with_prose(node: ast.AST) -> Iterable[ast.AST]:
    """Return the children of a node in which texts for readers of the page may be."""
    match node:
        case ast.JoinedStr():
            return [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        case ast.Constant() | ast.Expr(value=ast.Constant()):  # an expression of a constant is a docstring
            return []
        case ast.Call() if is_message(node):
            return [argument.value for argument in node.keywords]
        case ast.Call(func=ast.Name(id="Registry")):
            return [node.args[-1]]
        case ast.Dict():
            items = zip(node.keys, node.values, strict=True)
            return [value for key, value in items if not _is_not_prose(key)]
        case ast.keyword() if node.arg in NOT_PROSE_ARGUMENTS:
            return []
    return ast.iter_child_nodes(node)


def _is_not_prose(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value in NOT_PROSE_ARGUMENTS


def _prose(text: str) -> list[str]:
    return [text] if PROSE.search(text) and not re.search(r"[<\\]", text) else []


def unmarked_texts_in_script(source: str) -> Iterator[str]:
    """Yield the unmarked texts of a JavaScript source."""
    rest = MARKED_IN_SCRIPT.sub("message(", CODE_IN_SCRIPT.sub("", COMMENT.sub("", source)))
    texts = (re.sub(r"\$\{[^{}]*\}", "x", text) for text in SCRIPT_TEXT.findall(rest))
    yield from (text for text in texts if PROSE.search(text) and not NOT_PROSE.search(text))


def by_file() -> dict[str, list[str]]:
    """Return the unmarked texts of each file that has some."""
    texts_by_file = {}
    for path in (*ROOT.glob("losses/**/*.py"), *ROOT.glob("app/**/*.py"), *ROOT.glob("assets/**/*.mjs")):
        scan = unmarked_texts if path.suffix == ".py" else unmarked_texts_in_script
        if texts := list(scan(path.read_text(encoding="utf-8"))):
            texts_by_file[str(path.relative_to(ROOT))] = texts
    return dict(sorted(texts_by_file.items()))


if __name__ == "__main__":
    for name, texts in by_file().items():
        print(f"{len(texts):4} {name}", *texts, sep="\n       ")
