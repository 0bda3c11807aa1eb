"""From pasted text or a CSV file to data of one's own: columns, a guess at the task, what is wrong and where."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

from losses.core.messages import joined, message

from ..common import limits
from . import custom_dataset
from .custom_dataset import TableError

PREVIEW_ROWS: Final = 5
"""Rows of the preview."""
MAX_COLUMNS: Final = 40

_DELIMITERS: Final = ("\t", ";", ",", "|")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_COMMA_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_POINT_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_SPACE_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}([ '’]\d{3})+([.,]\d+)?")
_UNIT: Final = re.compile(r"^[$€£] ?(?=[\d.+-])|(?<=\d) ?[%$€£]$")

DELIMITER_HINT: Final = message("Where commas are decimal, put semicolons or tabs between columns.")
NumberedRows = list[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True)
class Table:
    """Rows of cells with the number of the line in which each stands, and whether commas are decimal."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    header: bool
    decimal_comma: bool

    def column(self, i: int) -> list[str]:
        return [row[i] for row in self.rows]

    def normalize(self, cell: str) -> str:
        """A number as Python spells it; any other text as it is."""
        text = _normalize_cell(cell)
        if self.decimal_comma and _POINT_THOUSANDS.fullmatch(text):
            return text.replace(".", "").replace(",", ".")
        if self.decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            return text.replace(",", ".")
        return text.replace(",", "") if _COMMA_THOUSANDS.fullmatch(text) else text

    def is_numeric(self, i: int) -> bool:
        """Whether a column is meant as numbers: most of its cells are."""
        cells = self.column(i)
        return 2 * sum(bool(_NUMBER.fullmatch(self.normalize(cell))) for cell in cells) > len(cells)


def parse_table(text: str, header: bool | None = None) -> Table:
    """The cells of a pasted table; TableError says in a sentence why there are none."""
    if len(text.encode("utf-8", "replace")) > limits.MAX_PASTE_BYTES:
        raise TableError(message("That is more than 1 MB."))
    text = text.removeprefix("\ufeff").replace("\x00", "")
    delimiter, found = _detect_delimiter(text)
    if not found:
        raise TableError(message("Paste two or three columns, a row a line."))
    width = Counter(len(cells) for _, cells in found).most_common(1)[0][0]
    if width > MAX_COLUMNS:
        raise TableError(
            message("There are {n} columns; at most {most} are read.", n=width, most=MAX_COLUMNS)
        )
    for line, cells in found:
        if len(cells) != width:
            some = message("Line {line} has {n} of {width} columns.", line=line, n=len(cells), width=width)
            halved = delimiter == "," and 2 * len(cells) == width
            raise TableError(joined(" ", (some, DELIMITER_HINT)) if halved else some)
    found = _drop_empty_columns(found)
    width = len(found[0][1])
    if width < 2:
        raise TableError(
            message("There is only one column; commas, semicolons, tabs or blanks separate columns.")
        )
    comma = any(_has_decimal_comma(cell) for _, row in found for cell in row)
    rows, lines = tuple(cells for _, cells in found), tuple(line for line, _ in found)
    sheet = Table(_default_names(width), rows, lines, False, comma)
    named = _has_header(sheet) if header is None else header
    if named:
        names = tuple(
            custom_dataset.clean_name(cell) or letter
            for cell, letter in zip(rows[0], sheet.names, strict=True)
        )
        sheet = Table(names, rows[1:], lines[1:], True, comma)
    if len(sheet.rows) > limits.MAX_DATA_ROWS:
        count = {"n": len(sheet.rows), "most": limits.MAX_DATA_ROWS}
        raise TableError(message("There are {n} rows; at most {most} are taken.", **count))
    if len(sheet.rows) < custom_dataset.MIN_ROWS:
        raise TableError(message("At least {fewest} rows are needed.", fewest=custom_dataset.MIN_ROWS))
    return sheet


def _has_decimal_comma(cell: str) -> bool:
    """Whether the comma in a cell can only be a decimal one."""
    text = _normalize_cell(cell)
    grouped = _POINT_THOUSANDS.fullmatch(text) and "," in text
    return bool(grouped or (_DECIMAL_COMMA.fullmatch(text) and not _COMMA_THOUSANDS.fullmatch(text)))


def _normalize_cell(cell: str) -> str:
    """A number without its unit, without gaps between its thousands, with a plain minus."""
    text = _UNIT.sub("", cell.replace("−", "-").replace("\u00a0", " ").replace("\u202f", " "))
    return re.sub("[ '’]", "", text) if _SPACE_THOUSANDS.fullmatch(text) else text


def _drop_empty_columns(lines: NumberedRows) -> NumberedRows:
    """The lines without columns in which nothing stands, such as a comma at each end makes."""
    kept = [any(cells) for cells in zip(*(cells for _, cells in lines), strict=True)]
    return [(line, tuple(compress(cells, kept))) for line, cells in lines]


def _default_names(width: int) -> tuple[str, ...]:
    """x, y for two columns; x1, x2, ..., y for more."""
    return (*(("x",) if width == 2 else (f"x{i + 1}" for i in range(width - 1))), "y")


def _detect_delimiter(text: str) -> tuple[str, NumberedRows]:
    """The delimiter under which most lines agree on two or more columns, and the lines cut by it."""
    cut = [(delimiter, _split_cells(text, delimiter)) for delimiter in (*_DELIMITERS, " ")]
    return max(cut, key=lambda one: _most_common_width(one[1]))


def _most_common_width(rows: NumberedRows) -> int:
    counts = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    return counts.most_common(1)[0][1] if counts else 0


def _split_cells(text: str, delimiter: str) -> NumberedRows:
    if delimiter == " ":
        return [(i, tuple(line.split())) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader]
    except csv.Error:
        return []
    return [(line, cells) for line, cells in rows if any(cells)]


def _has_header(table: Table) -> bool:
    """A word over a column of numbers, or no number at all in the first of several rows."""
    first = [bool(_NUMBER.fullmatch(table.normalize(cell))) for cell in table.rows[0]]
    return any(table.is_numeric(i) and not is_number for i, is_number in enumerate(first))


def preview(
    text: str,
    header: bool | None = None,
    inputs: tuple[int, ...] = (),
    target: int | None = None,
    task: str = "",
) -> dict[str, Any]:
    """What a dialog shows of a pasted text: its columns, first rows, the choice made and what comes of it.

    What was not chosen, or cannot be, is guessed: the last column is the
    target, the first of numbers the input. ``points`` is the table's spelling
    and ``problem`` empty, or the other way around.
    """
    try:
        sheet = parse_table(text, header)
    except TableError as wrong:
        return {"problem": wrong.args[0], "points": ""}
    width = len(sheet.names)
    aim = target if target is not None and 0 <= target < width else width - 1
    numeric = [i for i in range(width) if i != aim and sheet.is_numeric(i)]
    chosen = tuple(dict.fromkeys(i for i in inputs if 0 <= i < width and i != aim))
    chosen = chosen or tuple(numeric[: 2 if width == 3 else 1])
    guessed = task or _guess_task(sheet, aim)
    said: dict[str, Any] = {
        "columns": [{"name": name, "numeric": sheet.is_numeric(i)} for i, name in enumerate(sheet.names)],
        "rows": [list(row) for row in sheet.rows[:PREVIEW_ROWS]],
        "count": len(sheet.rows),
        "header": sheet.header,
        "inputs": list(chosen),
        "target": aim,
        "task": guessed,
    }
    try:
        points = _format_selection(sheet, chosen, aim, guessed)
    except TableError as wrong:
        return said | {"points": "", "problem": wrong.args[0]}
    return said | {
        "points": points,
        "problem": "",
        "travels": len(points) <= custom_dataset.MAX_CHARACTERS_IN_LINK,
    }


def _guess_task(table: Table, target: int) -> str:
    """Two different targets make a yes or no, a few words make classes, all else is a number."""
    kinds = set(table.column(target))
    if len(kinds) == 2 and (
        not table.is_numeric(target) or {table.normalize(cell) for cell in kinds} == {"0", "1"}
    ):
        return "binary"
    return "regression" if table.is_numeric(target) else "multiclass"


def _format_selection(table: Table, inputs: tuple[int, ...], target: int, task: str) -> str:
    """The text of the chosen columns, once a dataset can be made of it."""
    if not inputs:
        raise TableError(message("Choose a column of numbers as input."))
    if len(inputs) > custom_dataset.MAX_INPUTS:
        raise TableError(message("At most {most} columns can be inputs.", most=custom_dataset.MAX_INPUTS))
    columns = (*inputs, target)
    rows: list[list[str | float]] = []
    for row, line in zip(table.rows, table.lines, strict=True):
        cells: list[str | float] = []
        for i in columns:
            classes = i == target and task != "regression"
            cells.append(
                custom_dataset.clean_name(row[i])
                if classes and row[i]
                else _parse_cell(table, row[i], i, line)
            )
        rows.append(cells)
    points = custom_dataset.format_table(task, [table.names[i] for i in columns], rows)
    try:
        custom_dataset.parse_dataset(points)
    except TableError as wrong:
        raise wrong if wrong.row is None else _error_at_line(table.lines[wrong.row], wrong.args[0]) from None
    return points


def _error_at_line(line: int, problem: str) -> TableError:
    return TableError(message("Line {line}: {problem}", line=line, problem=problem))


def _parse_cell(table: Table, cell: str, column: int, line: int) -> float:
    name = table.names[column]
    if not cell:
        raise _error_at_line(line, message("{name} is empty.", name=name))
    plain = table.normalize(cell)
    if not _NUMBER.fullmatch(plain):
        wrong = message("{cell} in {name} is not a number.", cell=repr(cell[:24]), name=name)
        raise _error_at_line(line, wrong)
    try:
        return custom_dataset.parse_number(plain, 0)
    except TableError as beyond:
        raise _error_at_line(line, beyond.args[0]) from None
