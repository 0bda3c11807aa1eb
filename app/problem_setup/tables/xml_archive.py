"""The XML parts of a workbook's archive, read in bounds."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from losses.core.checkpoint import checkpoint
from losses.core.messages import message

from ...common import limits
from ..custom_dataset import TableError

Attributes = dict[str, str]
ELEMENTS_BETWEEN_CHECKS: Final = 5_000
DAMAGES: Final = (
    ArithmeticError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
    expat.ExpatError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged or encrypted workbook raises."""
TOO_LARGE: Final = message("This workbook is too large. Save the sheet as CSV.")


class Enough(Exception):
    """The rest of a part is not needed."""


@dataclass
class Part:
    """What is told of a part while it is parsed; names of elements and attributes have no namespace."""

    start: Callable[[str, Attributes], None]
    end: Callable[[str], None] = lambda name: None
    text: Callable[[str], None] = lambda text: None


@dataclass
class Row:
    """A row of a sheet: its number, from 1, and its values by column, from 0."""

    number: int
    values: dict[int, object] = field(default_factory=dict)
    is_hidden: bool = False


class XmlArchive:
    """An archive of XML. Raises TableError for one that is damaged or too large."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            size = sum(entry.file_size for entry in self._archive.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise TableError(message("This file is damaged.")) from None
        if size > limits.MAX_UNPACKED_BYTES:
            raise TableError(TOO_LARGE)
        self._elements = 0

    def __contains__(self, path: str) -> bool:
        return path in self._archive.NameToInfo

    def parse(self, path: str, part: Part) -> None:
        """Parse a part. Raises KeyError if there is none, and TableError if it is too large."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True

        def start(name: str, attributes: Attributes) -> None:
            self._elements += 1
            if self._elements > limits.MAX_WORKBOOK_ELEMENTS:
                raise TableError(TOO_LARGE)
            if self._elements % ELEMENTS_BETWEEN_CHECKS == 0:
                checkpoint()
            plain = {key.rpartition("}")[2]: text for key, text in attributes.items()}
            part.start(name.rpartition("}")[2], plain)

        parser.StartElementHandler = start
        parser.EndElementHandler = lambda name: part.end(name.rpartition("}")[2])
        parser.CharacterDataHandler = part.text
        parser.StartDoctypeDeclHandler = _refuse
        with self._archive.open(path) as stream, suppress(Enough):
            parser.ParseFile(stream)


def _refuse(*declaration: object) -> None:
    """Refuse a document type: no workbook has one, and its entities may be of any length."""
    raise ValueError


def whole_number(text: str) -> int:
    """Return the whole number that a text holds, −1 if it holds none."""
    return int(text) if text.isdecimal() and len(text) < 12 else -1
