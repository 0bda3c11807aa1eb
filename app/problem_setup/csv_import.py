"""Import pasted tables and CSV files as custom datasets: parse, guess the columns and the task, name faults.

Texts come from spreadsheets of any country: with any usual delimiter, with decimal points or commas, with
separated thousands and with units.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import compress
from typing import Final

from losses.core.messages import joined, message

from ..common import limits
from ..protocol.csv_preview import CsvColumn, CsvPreview, CsvTable
from . import custom_dataset
from .custom_dataset import TableError

PREVIEW_ROWS: Final = 5
"""Rows of the table that the dialog shows."""
MAX_COLUMNS: Final = 40
"""Columns of a pasted table, of which some are chosen."""

_DELIMITERS: Final = ("\t", ";", ",", "|")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")  # 1234.5, 1e-3
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")  # 1234,5
_COMMA_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")  # 1,234.5
_POINT_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")  # 1.234,5
_SPACE_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}([ '’]\d{3})+([.,]\d+)?")  # 1 234.5, 1'234,5
_UNIT: Final = re.compile(r"^[$€£] ?(?=[\d.+-])|(?<=\d) ?[%$€£]$")  # $5, 5 €, 5%

DELIMITER_HINT: Final = message("Where commas are decimal, put semicolons or tabs between columns.")
NumberedRows = list[tuple[int, tuple[str, ...]]]
"""The cells of each row with the number of its line in the text, from 1."""


@dataclass(frozen=True)
class Table:
    """A parsed table.

    ``names`` are the names of the columns, ``rows`` the cells of each row and ``lines`` the line of each row
    in the text, counted from 1. ``header`` tells whether the first row of the text held the names,
    ``decimal_comma`` whether commas are decimal marks.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    header: bool
    decimal_comma: bool

    def column(self, i: int) -> list[str]:
        """Return the cells of a column."""
        return [row[i] for row in self.rows]

    def normalize(self, cell: str) -> str:
        """Return a number in Python's notation; other cells keep their text."""
        text = _normalize_cell(cell)
        if self.decimal_comma and _POINT_THOUSANDS.fullmatch(text):
            return text.replace(".", "").replace(",", ".")
        if self.decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            return text.replace(",", ".")
        return text.replace(",", "") if _COMMA_THOUSANDS.fullmatch(text) else text

    def is_numeric(self, i: int) -> bool:
        """Tell whether more than half of the cells of a column are numbers."""
        is_number = [bool(_NUMBER.fullmatch(self.normalize(cell))) for cell in self.column(i)]
        return 2 * sum(is_number) > len(is_number)


def parse_table(text: str, header: bool | None = None) -> Table:
    """Parse a pasted table.

    ``header`` tells whether the first row holds the names of the columns; None guesses it. Raises TableError
    with a sentence for the user if the text is not a table or has too many or few rows or columns.
    """
    if len(text.encode("utf-8", "replace")) > limits.MAX_PASTE_BYTES:
        raise TableError(message("That is more than 1 MB."))
    delimiter, rows = _detect_delimiter(text.removeprefix("\ufeff").replace("\x00", ""))
    if not rows:
        raise TableError(message("Paste two or three columns, a row a line."))
    _check_widths(rows, delimiter)
    rows = _drop_empty_columns(rows)
    if len(rows[0][1]) < 2:
        raise TableError(
            message("There is only one column; commas, semicolons, tabs or blanks separate columns.")
        )
    table = _name_columns(rows, header)
    if len(table.rows) > limits.MAX_DATA_ROWS:
        counts = {"n": len(table.rows), "most": limits.MAX_DATA_ROWS}
        raise TableError(message("There are {n} rows; at most {most} are taken.", **counts))
    if len(table.rows) < custom_dataset.MIN_ROWS:
        raise TableError(message("At least {fewest} rows are needed.", fewest=custom_dataset.MIN_ROWS))
    return table


def _check_widths(rows: NumberedRows, delimiter: str) -> None:
    """Raise TableError for too many columns and for a row with more or fewer cells than most rows."""
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    if width > MAX_COLUMNS:
        raise TableError(
            message("There are {n} columns; at most {most} are read.", n=width, most=MAX_COLUMNS)
        )
    for line, cells in rows:
        if len(cells) != width:
            problem = message("Line {line} has {n} of {width} columns.", line=line, n=len(cells), width=width)
            # Decimal commas taken for delimiters double the cells of a row, but not of a row of integers.
            may_be_decimal = delimiter == "," and 2 * len(cells) == width
            raise TableError(joined(" ", (problem, DELIMITER_HINT)) if may_be_decimal else problem)


def _name_columns(rows: NumberedRows, header: bool | None) -> Table:
    """Build a table whose names are the first row, if ``header`` or, for None, if that looks like names."""
    lines, cells = tuple(line for line, _ in rows), tuple(row for _, row in rows)
    decimal_comma = any(_has_decimal_comma(cell) for row in cells for cell in row)
    unnamed = Table(_default_names(len(cells[0])), cells, lines, False, decimal_comma)
    if not (_has_header(unnamed) if header is None else header):
        return unnamed
    names = tuple(
        custom_dataset.clean_name(cell) or default
        for cell, default in zip(cells[0], unnamed.names, strict=True)
    )
    return Table(names, cells[1:], lines[1:], True, decimal_comma)


def _has_decimal_comma(cell: str) -> bool:
    """Tell whether a cell has a comma that can only be a decimal mark."""
    text = _normalize_cell(cell)
    follows_point_thousands = _POINT_THOUSANDS.fullmatch(text) and "," in text
    may_separate_thousands = _COMMA_THOUSANDS.fullmatch(text)
    return bool(follows_point_thousands or (_DECIMAL_COMMA.fullmatch(text) and not may_separate_thousands))


def _normalize_cell(cell: str) -> str:
    """Return a number with an ASCII minus and without unit and blanks or apostrophes between thousands."""
    text = _UNIT.sub("", cell.replace("−", "-").replace("\u00a0", " ").replace("\u202f", " "))
    return re.sub("[ '’]", "", text) if _SPACE_THOUSANDS.fullmatch(text) else text


def _drop_empty_columns(rows: NumberedRows) -> NumberedRows:
    """Drop columns without any text, which a delimiter at the beginning or end of each line makes."""
    is_used = [any(column) for column in zip(*(cells for _, cells in rows), strict=True)]
    return [(line, tuple(compress(cells, is_used))) for line, cells in rows]


def _default_names(width: int) -> tuple[str, ...]:
    """Return x, y for two columns and x1, x2, ..., y for more."""
    return (*(("x",) if width == 2 else (f"x{i + 1}" for i in range(width - 1))), "y")


def _detect_delimiter(text: str) -> tuple[str, NumberedRows]:
    """Return the delimiter that splits most lines into equally many cells, at least two, and the rows."""
    candidates = [(delimiter, _split_cells(text, delimiter)) for delimiter in (*_DELIMITERS, " ")]
    return max(candidates, key=lambda candidate: _agreeing_row_count(candidate[1]))


def _agreeing_row_count(rows: NumberedRows) -> int:
    """Count the rows of the most common width of at least two cells."""
    counts = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    return counts.most_common(1)[0][1] if counts else 0


def _split_cells(text: str, delimiter: str) -> NumberedRows:
    """Split a text into rows of cells without empty rows; a blank delimiter stands for any white space."""
    if delimiter == " ":
        return [(i, tuple(line.split())) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader]
    except csv.Error:
        return []
    return [(line, cells) for line, cells in rows if any(cells)]


def _has_header(table: Table) -> bool:
    """Tell whether the first row looks like names: a cell is no number in a column of numbers."""
    is_number = [bool(_NUMBER.fullmatch(table.normalize(cell))) for cell in table.rows[0]]
    return any(table.is_numeric(i) and not is_number[i] for i in range(len(is_number)))


def preview_table(
    text: str,
    header: bool | None = None,
    inputs: tuple[int, ...] = (),
    target: int | None = None,
    task: str = "",
) -> CsvPreview:
    """Return what the dialog shows of a pasted text: columns, first rows, choices and the dataset.

    ``inputs`` and ``target`` are positions of columns. What is not chosen, or cannot be, is guessed: the
    target is the last column, the input the first column of numbers, of three columns the first two. If the
    choices make a dataset, ``points`` is its text in link syntax and ``problem`` is empty; else ``problem``
    is a sentence and ``points`` is empty.
    """
    try:
        table = parse_table(text, header)
    except TableError as error:
        return CsvPreview(problem=error.args[0])
    target, inputs = _choose_columns(table, inputs, target)
    task = task or _guess_task(table, target)
    description = CsvTable(
        columns=[CsvColumn(name=name, numeric=table.is_numeric(i)) for i, name in enumerate(table.names)],
        rows=list(table.rows[:PREVIEW_ROWS]),
        count=len(table.rows),
        header=table.header,
        inputs=inputs,
        target=target,
        task=task,
    )
    try:
        points = _format_selection(table, inputs, target, task)
    except TableError as error:
        return CsvPreview(problem=error.args[0], table=description)
    fits_link = len(points) <= custom_dataset.MAX_CHARACTERS_IN_LINK
    return CsvPreview(problem="", points=points, fits_link=fits_link, table=description)


def _choose_columns(table: Table, inputs: tuple[int, ...], target: int | None) -> tuple[int, tuple[int, ...]]:
    """Return the positions of the target and of the inputs: the valid ones of those given, else a guess."""
    width = len(table.names)
    if target is None or not 0 <= target < width:
        target = width - 1
    valid = tuple(dict.fromkeys(i for i in inputs if 0 <= i < width and i != target))
    if valid:
        return target, valid
    numeric = [i for i in range(width) if i != target and table.is_numeric(i)]
    return target, tuple(numeric[: 2 if width == 3 else 1])


def _guess_task(table: Table, target: int) -> str:
    """Guess the task: binary for two different words or 0 and 1, regression for numbers, else multiclass."""
    cells = set(table.column(target))
    is_0_1 = {table.normalize(cell) for cell in cells} == {"0", "1"}
    if len(cells) == 2 and (is_0_1 or not table.is_numeric(target)):
        return "binary"
    return "regression" if table.is_numeric(target) else "multiclass"


def _format_selection(table: Table, inputs: tuple[int, ...], target: int, task: str) -> str:
    """Return the chosen columns in link syntax. Raises TableError, with a line if possible, for bad data."""
    if not inputs:
        raise TableError(message("Choose a column of numbers as input."))
    if len(inputs) > custom_dataset.MAX_INPUTS:
        raise TableError(message("At most {most} columns can be inputs.", most=custom_dataset.MAX_INPUTS))
    columns = (*inputs, target)
    rows: list[list[str | float]] = []
    for row, line in zip(table.rows, table.lines, strict=True):
        cells: list[str | float] = []
        for i in columns:
            is_class = i == target and task != "regression" and row[i]
            cells.append(
                custom_dataset.clean_name(row[i]) if is_class else _parse_cell(table, row[i], i, line)
            )
        rows.append(cells)
    points = custom_dataset.format_table(task, [table.names[i] for i in columns], rows)
    try:
        custom_dataset.parse_dataset(points)
    except TableError as error:
        raise error if error.row is None else _error_at_line(table.lines[error.row], error.args[0]) from None
    return points


def _error_at_line(line: int, problem: str) -> TableError:
    return TableError(message("Line {line}: {problem}", line=line, problem=problem))


def _parse_cell(table: Table, cell: str, column: int, line: int) -> float:
    """Parse a number. Raises TableError that names the line and the column."""
    name = table.names[column]
    if not cell:
        raise _error_at_line(line, message("{name} is empty.", name=name))
    number = table.normalize(cell)
    if not _NUMBER.fullmatch(number):
        problem = message("{cell} in {name} is not a number.", cell=repr(cell[:24]), name=name)
        raise _error_at_line(line, problem)
    try:
        return custom_dataset.parse_number(number, 0)
    except TableError as error:
        raise _error_at_line(line, error.args[0]) from None
