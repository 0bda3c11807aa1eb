"""Read the sheets of a workbook (.xlsx) and nothing else of it, and stop where it gets too large.

What is read are the parts of ECMA-376, Office Open XML, part 1 (2016), that hold the values of cells. A
library that knows all other parts, too, makes an object of each of their elements: a file of 20 kB then takes
half a minute and a gigabyte.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from xml.parsers import expat

from losses.core.checkpoint import checkpoint
from losses.core.messages import message

from ..common import limits
from .custom_dataset import TableError

Attributes = dict[str, str]
ELEMENTS_BETWEEN_CHECKS: Final = 5_000
MAX_COLUMNS: Final = 16_384
"""Columns of a sheet, by the format."""
DAMAGES: Final = (
    ArithmeticError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
    expat.ExpatError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged or encrypted workbook raises."""
TOO_LARGE: Final = message("This workbook is too large. Save the sheet as CSV.")


class _Enough(Exception):
    """The rest of a part is not needed."""


@dataclass
class _Part:
    """What is told of a part while it is parsed; names of elements and attributes have no namespace."""

    start: Callable[[str, Attributes], None]
    end: Callable[[str], None] = lambda name: None
    text: Callable[[str], None] = lambda text: None


@dataclass
class Row:
    """A row of a sheet: its number, from 1, and its values by column, from 0."""

    number: int
    values: dict[int, object] = field(default_factory=dict)


class Workbook:
    """The sheets of a workbook. Raises TableError for one that is damaged or too large."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            size = sum(entry.file_size for entry in self._archive.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise TableError(message("This file is damaged.")) from None
        if size > limits.MAX_UNPACKED_BYTES:
            raise TableError(TOO_LARGE)
        self._elements = 0
        self._uses_1904 = False
        self._formats, self._strings = list[str](), list[str]()
        self.sheets = dict[str, str]()
        """The path of each sheet by its name."""
        self._read_index()

    def rows(self, name: str) -> Iterator[Row]:
        """Return the rows of a sheet that hold anything, at most ``limits.MAX_SHEET_CELLS`` cells."""
        rows = list[Row]()
        reader = _SheetReader(rows, self._value)
        self._parse(self.sheets[name], _Part(reader.start, reader.end, reader.text))
        return iter(rows)

    def _read_index(self) -> None:
        """Read what the workbook says of its sheets, formats and texts."""
        paths = [target for kind, target in self._relations("").values() if kind == "officeDocument"]
        path = paths[0] if paths else "xl/workbook.xml"
        relations, named = self._relations(path), list[tuple[str, str]]()

        def start(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                named.append((attributes.get("name", ""), attributes.get("id", "")))
            elif name == "workbookPr":
                self._uses_1904 = attributes.get("date1904") in ("1", "true")

        self._parse(path, _Part(start))
        for title, key in named:
            kind, target = relations.get(key, ("", ""))
            if kind == "worksheet":
                self.sheets[title] = target
        for kind, target in relations.values():
            if kind == "styles":
                self._read_formats(target)
            elif kind == "sharedStrings":
                self._read_strings(target)

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the target of each relation of a part by its key."""
        folder, name = posixpath.split(path)
        found = dict[str, tuple[str, str]]()

        def start(element: str, attributes: Attributes) -> None:
            if element == "Relationship":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], target[1:]

        with suppress(KeyError):
            self._parse(f"{folder}/_rels/{name}.rels".lstrip("/"), _Part(start))
        return found

    def _read_formats(self, path: str) -> None:
        """Read the format of each style of cells."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        codes, keys, is_cells = dict(BUILTIN_FORMATS), list[int](), False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal is_cells
            if name == "numFmt":
                codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                is_cells = True
            elif name == "xf" and is_cells:
                keys.append(_whole(attributes.get("numFmtId", "")))

        def end(name: str) -> None:
            if name == "cellXfs":
                raise _Enough

        with suppress(KeyError):
            self._parse(path, _Part(start, end))
        self._formats = [codes.get(key, "") for key in keys]

    def _read_strings(self, path: str) -> None:
        """Read the texts that cells share, without the pronunciation of Asian ones."""
        pieces, is_text, is_pronunciation = list[str](), False, False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal is_text, is_pronunciation
            is_text = name == "t" and not is_pronunciation
            is_pronunciation = is_pronunciation or name == "rPh"

        def end(name: str) -> None:
            nonlocal is_text, is_pronunciation
            is_text = False
            if name == "rPh":
                is_pronunciation = False
            elif name == "si":
                self._strings.append("".join(pieces))
                pieces.clear()

        with suppress(KeyError):
            self._parse(path, _Part(start, end, lambda text: pieces.append(text) if is_text else None))

    def _value(self, text: str, kind: str, style: str) -> object:
        """Return the value of a cell from its text, its type and the number of its style."""
        if kind in ("str", "inlineStr", "e"):
            return text
        if kind == "s":
            number = _whole(text)
            return self._strings[number] if 0 <= number < len(self._strings) else ""
        if kind == "b":
            return text == "1"
        if kind == "d":
            return datetime.fromisoformat(text)
        return self._number(text, _whole(style or "0")) if text else None

    def _number(self, text: str, style: int) -> object:
        """Return a number, or the date or duration as which its format shows it."""
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        value = float(text)
        code = self._formats[style] if 0 <= style < len(self._formats) else ""
        if not code or code == "General":
            return value
        is_duration = is_timedelta_format(code)
        if is_duration or is_date_format(code):
            with suppress(OverflowError, ValueError):
                return from_excel(value, MAC_EPOCH if self._uses_1904 else WINDOWS_EPOCH, is_duration)
        return value

    def _parse(self, path: str, part: _Part) -> None:
        """Parse a part. Raises KeyError if there is none, and TableError if it is damaged or too large."""
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
        with self._archive.open(path) as stream, suppress(_Enough):
            parser.ParseFile(stream)


def _refuse(*declaration: object) -> None:
    """Refuse a document type: no workbook has one, and its entities may be of any length."""
    raise ValueError


class _SheetReader:
    """Collects the rows of a sheet."""

    def __init__(self, rows: list[Row], value: Callable[[str, str, str], object]) -> None:
        self._rows, self._value = rows, value
        self._row, self._cell = Row(0), dict[str, str]()
        self._column, self._cells, self._characters = -1, 0, 0
        self._pieces = list[str]()
        self._is_text = self._is_pronunciation = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._row = Row(max(self._row.number + 1, _whole(attributes.get("r", ""))))
            self._column = -1
        elif name == "c":
            self._cell = attributes
            self._column = max(self._column + 1, _column(attributes.get("r", "")))
            self._pieces.clear()
        elif name == "rPh":
            self._is_pronunciation = True
        self._is_text = name in ("v", "t") and not self._is_pronunciation

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_pronunciation = False
        elif name == "c":
            value = self._value("".join(self._pieces), self._cell.get("t", "n"), self._cell.get("s", ""))
            if value not in (None, ""):
                self._row.values[self._column] = value
            self._characters += len(value) if isinstance(value, str) else 0
        elif name == "row":
            self._cells += self._column + 1
            # Cells may share a text, so that they are longer than the file.
            if self._cells > limits.MAX_SHEET_CELLS or self._characters > limits.MAX_UNPACKED_BYTES:
                raise TableError(TOO_LARGE)
            if self._row.values:
                self._rows.append(self._row)
        elif name == "sheetData":
            raise _Enough

    def text(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


def _whole(text: str) -> int:
    """Return the whole number that a text holds, −1 if it holds none."""
    return int(text) if text.isdecimal() and len(text) < 12 else -1


def _column(reference: str) -> int:
    """Return the column of a cell such as AB12, from 0; −1 without one. Raises ValueError beyond the last."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = 26 * number + ord(letter) - 64
        if number > MAX_COLUMNS:
            raise ValueError
    return number - 1
