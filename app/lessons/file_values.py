"""Read the values of a course file: YAML nodes with their lines become texts, numbers and lists.

The file is only composed, never constructed: a node is a text, a list or a mapping, whatever YAML would make
of it, so that ``No`` is a word and nothing in a file can create an object.
"""

import difflib
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
    return CourseError(line_of(node), found_sentence(quoted(found), allowed))


def misplaced(node: Node, allowed: str) -> CourseError:
    """Return what is wrong at a node that is a text, a list or a mapping, and should be another of these."""
    return CourseError(line_of(node), found_sentence(found_at(node), allowed))


def found_sentence(found: str, allowed: str) -> Message:
    """Return a sentence on what was found and what is allowed."""
    return message("Found: {found}. {allowed}", found=found, allowed=allowed)


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


def quoted(found: str) -> str:
    """Return the beginning of a text in quotation marks, or that there is none."""
    found = " ".join(found.split())
    if not found:
        return message("nothing")
    return f"“{found if len(found) <= MAX_FOUND_CHARACTERS else found[: MAX_FOUND_CHARACTERS - 1] + '…'}”"


def found_at(node: Node) -> str:
    """Return what stands at a node, for a sentence."""
    if isinstance(node, yaml.ScalarNode):
        return quoted(str(node.value))
    return message("a list") if isinstance(node, yaml.SequenceNode) else message("a mapping")


def scalar(node: Node, allowed: str) -> str:
    """Return the text of a node that is one."""
    if not isinstance(node, yaml.ScalarNode):
        raise misplaced(node, allowed)
    return str(node.value)


def is_plain_text(value: str) -> bool:
    """Return whether a text has no control characters besides line breaks, and none that reverses it."""
    return not any(
        (unicodedata.category(ch) in ("Cc", "Cs", "Co") and ch != "\n") or ch in REVERSING for ch in value
    )


def text(most: int) -> Reader:
    """Return a reader of texts of one to ``most`` characters."""

    def read(node: Node) -> str:
        value = scalar(node, message("A text is needed here.")).strip()
        if len(value) > most:
            allowed = message(
                "It has {count} characters; at most {most} are allowed.", count=len(value), most=most
            )
            raise fault(node, value, allowed)
        if not value:
            raise fault(node, value, message("A text is needed here."))
        if not is_plain_text(value):
            raise fault(node, value, message("It has a character that cannot be seen."))
        return value

    return read


def word(node: Node) -> str:
    """Return a key: it stands in links."""
    value = scalar(node, message("A word is needed here."))
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
        allowed = message("A whole number from {low} to {high} is needed here.", low=low, high=high)
        value = scalar(node, allowed)
        if not re.fullmatch(r"-?\d{1,9}", value) or not low <= int(value) <= high:
            raise fault(node, value, allowed)
        return int(value)

    return read


def switch(node: Node) -> bool:
    """Return whether a node says ``true``, else it says ``false``."""
    return bool(one_of("true", "false")(node) == "true")


def one_of(*names: str) -> Reader:
    """Return a reader of one of some words."""

    def read(node: Node) -> str:
        value = scalar(node, allowed_names(names))
        if value not in names:
            raise fault(node, value, allowed_names(names, value))
        return value

    return read


def allowed_names(names: Iterable[str], found: str = "") -> Message:
    """Return a sentence on the names that are allowed, the one like what was found first."""
    names = list(names)
    near = difflib.get_close_matches(found, names, 1)
    if near:
        return message("Is it {key}? Allowed: {keys}.", key=near[0], keys=", ".join(names))
    return message("Allowed: {keys}.", keys=", ".join(names))


def several(item: Reader, fewest: int, most: int) -> Reader:
    """Return a reader of lists."""

    def read(node: Node) -> tuple[Any, ...]:
        allowed = message("A list of {fewest} to {most} is needed here.", fewest=fewest, most=most)
        if not isinstance(node, yaml.SequenceNode):
            raise misplaced(node, allowed)
        if not fewest <= len(node.value) <= most:
            found = message("a list of {n}", n=len(node.value))
            raise CourseError(line_of(node), found_sentence(found, allowed))
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
        raise misplaced(node, message("Lines of “key: value” are needed here."))
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
            name = scalar(name_node, message("A word is needed here."))
            if name not in by_name:
                raise fault(name_node, name, allowed_names(by_name, name))
            if name in values:
                raise fault(name_node, name, message("This key stands here twice."))
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
        raise CourseError(line, message("The file is not in UTF-8: save it in this encoding.")) from None
    _check_characters(source)
    loader = _loader()
    try:
        _check_events(yaml.parse(source, Loader=loader))
        root = yaml.compose(source, Loader=loader)
    except yaml.YAMLError as error:
        raise _syntax_error(error, source) from None
    if root is None:
        raise CourseError(1, message("The file is empty."))
    return root


def _check_characters(source: str) -> None:
    """Raise CourseError for the first character that no editor shows."""
    for number, line in enumerate(source.split("\n"), 1):
        for character in line.replace("\t", "").replace("\r", ""):
            if not is_plain_text(character):
                code = f"U+{ord(character):04X}"
                raise CourseError(
                    number, message("It has a character that cannot be seen: {code}.", code=code)
                )


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


def _syntax_error(error: yaml.YAMLError, source: str) -> CourseError:
    """Return what makes a text no YAML, in the words of its author where the fault is a usual one."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    context, problem = (str(getattr(error, name, "") or "") for name in ("context", "problem"))
    if "quoted" in context:
        begin = getattr(error, "context_mark", None)
        line = begin.line + 1 if begin else line
        return CourseError(line, message("The text in quotes that begins here does not end."))
    if problem.endswith("document"):
        return CourseError(line, message("A file is one course: a line “---” may not begin another."))
    if source.split("\n")[line - 1 : line] and source.split("\n")[line - 1].lstrip(" ").startswith("\t"):
        return CourseError(
            line, message("This line begins with a tab: only spaces can move it to the right.")
        )
    sentence = message(
        "This is not YAML: {problem}. A text with a colon or another sign of YAML stands in quotes, and what "
        "belongs together begins in the same column.",
        problem=problem.rstrip(".") or str(getattr(error, "reason", "")),
    )
    return CourseError(line, sentence)
