"""Read the values of a course file: YAML nodes with their lines become texts, numbers and lists.

The file is only composed, never constructed: a node is a text, a list or a mapping, whatever YAML would make
of it, so that ``No`` is a word and nothing in a file can create an object.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from losses.core.messages import Message, message

from ..i18n.translation import LANGUAGES

MAX_FOUND_CHARACTERS: Final = 40
MAX_DEPTH: Final = 12
MAX_NODES: Final = 30_000
"""Texts, lists and mappings of a file; the longest course in all languages has some 10,000."""
WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
REVERSING: Final = "\u202d\u202e"
"""Marks that make letters stand in the wrong order."""
Node = yaml.nodes.Node
Reader = Callable[[Node], Any]
"""Returns the value of a node. Raises CourseError."""


class CourseError(ValueError):
    """A fault of a course file, as a sentence for its author: the line, what was found, what is allowed."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence

    def __str__(self) -> str:
        return f"Line {self.line}: {self.sentence}"

    @property
    def message(self) -> Message:
        """The whole sentence for the page."""
        return message("Line {line}: {sentence}", line=self.line, sentence=self.sentence)


def fault(node: Node, found: str, allowed: str) -> CourseError:
    """Return what is wrong at a node: what was found there and what is allowed."""
    return CourseError(line_of(node), found_sentence(found, allowed))


def found_sentence(found: str, allowed: str) -> Message:
    """Return a sentence on what was found and what is allowed."""
    return message("{found} was found. {allowed}", found=quoted(found), allowed=allowed)


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


def quoted(found: str) -> str:
    found = " ".join(found.split())
    return f"“{found if len(found) <= MAX_FOUND_CHARACTERS else found[: MAX_FOUND_CHARACTERS - 1] + '…'}”"


def found_at(node: Node) -> str:
    """Return what stands at a node, for a sentence."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    return message("a list") if isinstance(node, yaml.SequenceNode) else message("a mapping")


def scalar(node: Node, allowed: str) -> str:
    """Return the text of a node that is one."""
    if not isinstance(node, yaml.ScalarNode):
        raise fault(node, found_at(node), allowed)
    return str(node.value)


def is_plain_text(value: str) -> bool:
    """Return whether a text has no control characters besides line breaks, and none that reverses it."""
    return not any(
        (unicodedata.category(ch) in ("Cc", "Cs", "Co") and ch != "\n") or ch in REVERSING for ch in value
    )


def text(most: int) -> Reader:
    """Return a reader of texts of one to ``most`` characters."""

    def read(node: Node) -> str:
        value = scalar(node, message("It is a text.")).strip()
        if len(value) > most:
            allowed = message(
                "It has {count} characters; at most {most} are allowed.", count=len(value), most=most
            )
            raise fault(node, value, allowed)
        if not value or not is_plain_text(value):
            raise fault(node, value, message("It is a text of letters that can be seen."))
        return value

    return read


def word(node: Node) -> str:
    """Return a key: it stands in links."""
    value = scalar(node, message("It is a word."))
    if not WORD.fullmatch(value):
        raise fault(
            node,
            value,
            message("A key has at most 32 small letters, digits and _, and begins with a letter."),
        )
    return value


def whole_number(low: int, high: int) -> Reader:
    """Return a reader of whole numbers of an interval."""

    def read(node: Node) -> int:
        allowed = message("It is a whole number from {low} to {high}.", low=low, high=high)
        value = scalar(node, allowed)
        if not re.fullmatch(r"-?\d{1,9}", value) or not low <= int(value) <= high:
            raise fault(node, value, allowed)
        return int(value)

    return read


def switch(node: Node) -> bool:
    """Return whether a node says ``true``, else it says ``false``."""
    value = scalar(node, message("It is true or false."))
    if value not in ("true", "false"):
        raise fault(node, value, message("It is true or false."))
    return value == "true"


def one_of(*names: str) -> Reader:
    """Return a reader of one of some words."""

    def read(node: Node) -> str:
        allowed = message("It is one of {keys}.", keys=", ".join(names))
        value = scalar(node, allowed)
        if value not in names:
            raise fault(node, value, allowed)
        return value

    return read


def several(item: Reader, fewest: int, most: int) -> Reader:
    """Return a reader of lists."""

    def read(node: Node) -> tuple[Any, ...]:
        allowed = message("It is a list of {fewest} to {most}.", fewest=fewest, most=most)
        if not isinstance(node, yaml.SequenceNode):
            raise fault(node, found_at(node), allowed)
        if not fewest <= len(node.value) <= most:
            raise fault(node, message("a list of {n}", n=len(node.value)), allowed)
        return tuple(item(each) for each in node.value)

    return read


def by_language(item: Reader) -> Reader:
    """Return a reader of mappings from the keys of languages."""

    def read(node: Node) -> dict[str, Any]:
        language = one_of(*LANGUAGES)
        return {language(key): item(value) for key, value in pairs(node)}

    return read


def pairs(node: Node) -> list[tuple[Node, Node]]:
    """Return the keys and values of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        raise fault(node, found_at(node), message("It is a mapping: lines of “key: value”."))
    return list(node.value)


@dataclass(frozen=True)
class FileKey:
    """A key of a mapping in a course file."""

    name: str
    read: Reader
    meaning: str
    """What it is, in the reference."""
    allowed: str
    """What it may be, in the reference."""
    required: bool = False


def mapping(keys: Sequence[FileKey]) -> Callable[[Node], tuple[dict[str, Any], Mapping[str, int]]]:
    """Return a reader of mappings with these keys: their values, and the lines at which these stand."""
    by_name = {key.name: key for key in keys}

    def read(node: Node) -> tuple[dict[str, Any], Mapping[str, int]]:
        values, lines = dict[str, Any](), {"": line_of(node)}
        for name_node, value_node in pairs(node):
            name = scalar(name_node, message("It is a word."))
            if name not in by_name:
                raise fault(name_node, name, message("It is one of {keys}.", keys=", ".join(by_name)))
            if name in values:
                raise fault(name_node, name, message("A key stands once."))
            values[name], lines[name] = by_name[name].read(value_node), line_of(value_node)
        for key in keys:
            if key.required and key.name not in values:
                raise CourseError(line_of(node), message("The key {key} is missing.", key=key.name))
        return values, lines

    return read


def compose(content: bytes, most: int) -> Node:
    """Return the root node of a YAML file of at most ``most`` bytes. Raises CourseError."""
    if len(content) > most:
        sentence = message("The file has {n} bytes; at most {most} are allowed.", n=len(content), most=most)
        raise CourseError(1, sentence)
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CourseError(line, message("The file is not in UTF-8.")) from None
    loader = _loader()
    try:
        _check_events(yaml.parse(source, Loader=loader))
        root = yaml.compose(source, Loader=loader)
    except yaml.YAMLError as error:
        raise _syntax_error(error) from None
    if root is None:
        raise CourseError(1, message("The file is empty."))
    return root


def _check_events(events: Iterable[Any]) -> None:
    """Raise CourseError for aliases, which can make much of little, and for more than any course has."""
    depth = 0
    for count, event in enumerate(events):
        line = event.start_mark.line + 1
        if count > MAX_NODES:
            raise CourseError(line, message("The file has too many parts: no course has as many."))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CourseError(line, message("Anchors and aliases (& and *) are not allowed."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise CourseError(line, message("The file is nested too deeply."))


def _loader() -> Any:
    """Return the safe loader, the one written in C where there is one."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _syntax_error(error: yaml.YAMLError) -> CourseError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", "") or getattr(error, "reason", "") or "")
    line = mark.line + 1 if mark else 1
    sentence = message(
        "This is not YAML: {problem}. A text with a colon or another sign of YAML stands in quotes.",
        problem=problem.rstrip("."),
    )
    return CourseError(line, sentence)
