"""Read the sheets of an Excel workbook (.xlsx) and nothing else of it.

What is read are the parts of ECMA-376, Office Open XML, part 1 (2016), that hold the values of cells. A
library that knows all other parts, too, makes an object of each of their elements: a file of 20 kB then takes
half a minute and a gigabyte.
"""

import posixpath
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from ...common import limits
from ..custom_dataset import TableError
from .xml_archive import TOO_LARGE, Attributes, Enough, Part, Row, XmlArchive, whole_number

MAX_COLUMNS: Final = 16_384
"""Columns of a sheet, by the format."""


class Workbook:
    """The sheets of a workbook. Raises TableError if it is too large, and other errors if it is damaged."""

    def __init__(self, archive: XmlArchive) -> None:
        self._archive = archive
        self._uses_1904 = False
        self._formats, self._strings = list[str](), list[str]()
        self.sheets = dict[str, str]()
        """The path of each sheet by its name."""
        self.shown = 0
        """The number of the sheet that a program shows first."""
        self.hidden_columns = list[range]()
        """The hidden columns of the sheet that was read last."""
        self.lacks_results = False
        """Whether that has formulas whose results were not saved, as by programs that compute none."""
        self._read_index()

    def rows(self, name: str) -> Iterator[Row]:
        """Return the rows of a sheet that hold anything, at most ``limits.MAX_SHEET_CELLS`` cells."""
        rows = list[Row]()
        reader = _SheetReader(rows, self._value)
        self._archive.parse(self.sheets[name], Part(reader.start, reader.end, reader.text))
        self.hidden_columns, self.lacks_results = reader.hidden_columns, reader.lacks_results
        return iter(rows)

    def _read_index(self) -> None:
        """Read what the workbook says of its sheets, formats and texts."""
        paths = [target for kind, target in self._relations("").values() if kind == "officeDocument"]
        path = paths[0] if paths else "xl/workbook.xml"
        relations, named = self._relations(path), list[Attributes]()
        active = 0

        def start(name: str, attributes: Attributes) -> None:
            nonlocal active
            if name == "sheet":
                named.append(attributes)
            elif name == "workbookView":
                active = whole_number(attributes.get("activeTab", "0"))
            elif name == "workbookPr":
                self._uses_1904 = attributes.get("date1904") in ("1", "true")

        self._archive.parse(path, Part(start))
        self._list_sheets(named, relations, active)
        for kind, target in relations.values():
            if kind == "styles":
                self._read_formats(target)
            elif kind == "sharedStrings":
                self._read_strings(target)

    def _list_sheets(
        self, named: list[Attributes], relations: dict[str, tuple[str, str]], active: int
    ) -> None:
        """List the sheets that are no charts; shown is the active one, or the first that is not hidden."""
        visible = list[int]()
        for i, sheet in enumerate(named):
            kind, target = relations.get(sheet.get("id", ""), ("", ""))
            if kind != "worksheet":
                continue
            if sheet.get("state", "visible") == "visible":
                visible = [len(self.sheets)] if i == active else visible or [len(self.sheets)]
            self.sheets[sheet.get("name", "")] = target
        self.shown = visible[0] if visible else 0

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the target of each relation of a part by its key."""
        folder, name = posixpath.split(path)
        found = dict[str, tuple[str, str]]()

        def start(element: str, attributes: Attributes) -> None:
            if element == "Relationship":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], target[1:]

        with suppress(KeyError):
            self._archive.parse(f"{folder}/_rels/{name}.rels".lstrip("/"), Part(start))
        return found

    def _read_formats(self, path: str) -> None:
        """Read the format of each style of cells."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        codes, keys, is_cells = dict(BUILTIN_FORMATS), list[int](), False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal is_cells
            if name == "numFmt":
                codes[whole_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                is_cells = True
            elif name == "xf" and is_cells:
                keys.append(whole_number(attributes.get("numFmtId", "")))

        def end(name: str) -> None:
            if name == "cellXfs":
                raise Enough

        with suppress(KeyError):
            self._archive.parse(path, Part(start, end))
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
            self._archive.parse(path, Part(start, end, lambda text: pieces.append(text) if is_text else None))

    def _value(self, text: str, kind: str, style: str) -> object:
        """Return the value of a cell from its text, its type and the number of its style."""
        if kind in ("str", "inlineStr", "e"):
            return text
        if kind == "s":
            number = whole_number(text)
            return self._strings[number] if 0 <= number < len(self._strings) else ""
        if kind == "b":
            return text == "1"
        if kind == "d":
            return datetime.fromisoformat(text)
        return self._number(text, whole_number(style or "0")) if text else None

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


class _SheetReader:
    """Collects the rows of a sheet."""

    def __init__(self, rows: list[Row], value: Callable[[str, str, str], object]) -> None:
        self._rows, self._value = rows, value
        self._row, self._cell = Row(0), dict[str, str]()
        self._column, self._cells, self._characters = -1, 0, 0
        self.hidden_columns = list[range]()
        self.lacks_results = self._is_formula = False
        self._pieces = list[str]()
        self._is_text = self._is_pronunciation = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            number = max(self._row.number + 1, whole_number(attributes.get("r", "")))
            self._row = Row(number, is_hidden=attributes.get("hidden") in ("1", "true"))
            self._column = -1
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (whole_number(attributes.get(end, "")) for end in ("min", "max"))
            self.hidden_columns.append(range(first - 1, last))
        elif name == "c":
            self._cell = attributes
            self._column = max(self._column + 1, _column(attributes.get("r", "")))
            self._pieces.clear()
            self._is_formula = False
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._is_pronunciation = True
        self._is_text = name in ("v", "t") and not self._is_pronunciation

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_pronunciation = False
        elif name == "c":
            kind = self._cell.get("t", "n")
            self.lacks_results |= self._is_formula and not self._pieces and kind != "str"  # may be empty
            value = self._value("".join(self._pieces), kind, self._cell.get("s", ""))
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
            raise Enough

    def text(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


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
