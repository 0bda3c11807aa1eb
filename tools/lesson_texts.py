"""Extract the texts of course files for the catalogues of translations, as a method of Babel."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml

from app.common import limits
from app.lessons.course_file import TEXT_KEYS
from app.lessons.file_values import compose, line_of

NAMES = frozenset(key.name for key in TEXT_KEYS)


def extract(file: BinaryIO, *_: Any, **__: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the line, the function, the text and no comment of each text of a course file."""
    for node in _texts(compose(file.read(), limits.MAX_COURSE_BYTES)):
        yield line_of(node), "message", str(node.value).strip(), []


def _texts(node: yaml.nodes.Node) -> Iterator[yaml.nodes.ScalarNode]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in NAMES:
                yield from (value.value if isinstance(value, yaml.SequenceNode) else [value])
            else:
                yield from _texts(value)
