"""Read the sheets of an OpenDocument spreadsheet (.ods) and nothing else of it.

What is read are the elements of OASIS, Open Document Format for Office Applications, version 1.3, part 3
(2021), that hold the values of cells.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ...common import limits
from ..custom_dataset import TableError
from .xml_archive import TOO_LARGE, Attributes, Part, Row, XmlArchive, whole_number

CONTENT: Final = "content.xml"
_CELLS: Final = ("table-cell", "covered-table-cell")
"""Cells, and those that a wider one hides."""
_NOT_OF_A_CELL: Final = ("annotation", "frame", "custom-shape", "control")
"""What stands in a cell beside its value: comments, pictures and buttons."""


class OpenDocument:
    """The sheets of a spreadsheet. Raises TableError if it is too large, other errors if it is damaged."""

    def __init__(self, archive: XmlArchive) -> None:
        self.shown = 0
        """The number of the sheet that is read unless another is chosen."""
        self.lacks_results = False
        """Results are always saved."""
        self.hidden_columns = list[range]()
        """The hidden columns of the sheet that was read last."""
        self.sheets = dict[str, list[Row]]()
        """The rows that hold anything of each sheet, at most ``limits.MAX_SHEET_CELLS`` cells in all."""
        reader = _ContentReader(self.sheets)
        archive.parse(CONTENT, Part(reader.start, reader.end, reader.text))
        self._hidden = reader.hidden_columns

    def rows(self, name: str) -> Iterator[Row]:
        """Return the rows of a sheet that hold anything."""
        self.hidden_columns = self._hidden.get(name, [])
        return iter(self.sheets[name])


class _ContentReader:
    """Collects the rows of all sheets."""

    def __init__(self, sheets: dict[str, list[Row]]) -> None:
        self._sheets = sheets
        self._sheet = list[Row]()
        self._tables = self._others = 0  # open tables, as a cell may hold one, and elements beside values
        self._row, self._row_count = Row(0), 1
        self._cell, self._column = dict[str, str](), 0
        self._pieces, self._is_text = list[str](), False
        self._cells = self._characters = 0
        self.hidden_columns = dict[str, list[range]]()
        self._name, self._first = "", 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self._tables += 1
            if self._tables == 1:
                self._name, self._first = attributes.get("name", ""), 0
                self._sheet = self._sheets.setdefault(self._name, [])
                self._row, self._row_count = Row(0), 1
        elif name in _NOT_OF_A_CELL:
            self._others += 1
        elif self._tables == 1 and not self._others:
            self._start_in_sheet(name, attributes)

    def _start_in_sheet(self, name: str, attributes: Attributes) -> None:
        if name == "table-row":
            self._row = Row(self._row.number + self._row_count, is_hidden=_is_hidden(attributes))
            self._row_count = _repeats(attributes, "rows")
            self._column = 0
        elif name == "table-column":
            columns = range(self._first, self._first + _repeats(attributes, "columns"))
            self._first = columns.stop
            if _is_hidden(attributes):
                self.hidden_columns.setdefault(self._name, []).append(columns)
        elif name in _CELLS:
            self._cell = attributes
            self._pieces.clear()
        elif name == "p":
            self._is_text = True
        elif name in ("s", "tab", "line-break"):
            self._pieces.append(" ")

    def end(self, name: str) -> None:
        if name == "table":
            self._tables -= 1
        elif name in _NOT_OF_A_CELL:
            self._others -= 1
        elif self._tables == 1 and not self._others:
            self._end_in_sheet(name)

    def _end_in_sheet(self, name: str) -> None:
        if name == "p":
            self._is_text = False
            self._pieces.append(" ")
        elif name in _CELLS:
            self._end_cell(name)
        elif name == "table-row" and self._row.values:
            self._end_row()

    def _end_cell(self, name: str) -> None:
        count = _repeats(self._cell, "columns")
        value = _value(self._cell, "".join(self._pieces).strip()) if name == "table-cell" else None
        if value not in (None, ""):
            self._check_size(count, str(value))
            self._row.values.update(dict.fromkeys(range(self._column, self._column + count), value))
        self._column += count

    def _end_row(self) -> None:
        width, longest = max(self._row.values) + 1, max(map(str, self._row.values.values()), key=len)
        self._cells += width * self._row_count
        self._check_size(len(self._row.values) * (self._row_count - 1), longest)
        first, hidden = self._row.number, self._row.is_hidden
        self._sheet.extend(Row(first + i, self._row.values, hidden) for i in range(self._row_count))

    def _check_size(self, cells: int, text: str) -> None:
        """Count cells of a text that are written more than once. Raises TableError if they are too many."""
        self._characters += cells * len(text)
        too_many = max(cells, self._cells) > limits.MAX_SHEET_CELLS
        if too_many or self._characters > limits.MAX_UNPACKED_BYTES:
            raise TableError(TOO_LARGE)

    def text(self, text: str) -> None:
        if self._is_text and not self._others:
            self._pieces.append(text)


def _is_hidden(attributes: Attributes) -> bool:
    """Tell whether an element for rows or columns says that they are hidden or filtered out."""
    return attributes.get("visibility", "visible") != "visible"


def _repeats(attributes: Attributes, what: str) -> int:
    """Return how many equal columns or rows an element stands for."""
    return max(1, whole_number(attributes.get(f"number-{what}-repeated", "1")))


def _value(cell: Attributes, text: str) -> object:
    """Return the value of a cell from its attributes; a text, a time and an error are what is shown."""
    kind = cell.get("value-type", "")
    if kind in ("float", "percentage", "currency"):
        return float(cell["value"])
    if kind == "date":
        return datetime.fromisoformat(cell["date-value"])
    if kind == "boolean":
        return cell["boolean-value"] == "true"
    return cell.get("string-value") or text
