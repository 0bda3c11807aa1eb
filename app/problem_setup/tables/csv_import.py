"""Import pasted tables and files as custom datasets: read the columns, guess the task, name every fault.

Nothing is read silently: rows that are left out, readings that are not certain and units are told in notes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import msgspec
import numpy as np

from losses.core.lazy import cached_property
from losses.core.messages import Message, joined, message, plural
from losses.loss.base import BINARY, MULTICLASS, REGRESSION

from ...common import limits
from ...protocol.csv_preview import CsvColumn, CsvPreview
from .. import custom_dataset
from ..custom_dataset import TableError
from .dates import Dates, are_compact_dates, is_clock_time, parse_clock_times, parse_dates
from .number_formats import (
    COMMA,
    POINT,
    Number,
    begins_like_number,
    decimal_mark,
    is_below_limit,
    is_missing_label,
    is_missing_number,
    parse_number,
    without_uncertainty,
)
from .records import SAMPLE_SEED, sample_indices
from .structured_text import lines_of_cells
from .table_layout import Layout, parse_layout

PREVIEW_ROWS: Final = 5
"""Rows of the table that the dialog shows."""
PROBED_ROWS: Final = 100
"""Rows by which the kind of a column is told."""
MAX_NAMED_LINES: Final = 5
"""Lines that a note names before it only counts them."""
MIN_VALUES_BESIDE_CODE: Final = 3
"""Different values that a column has beside one that may stand for no value."""
_MISSING_CODE: Final = re.compile(r"-(?:9{2,5}(\.9+)?|(?:777|888)\d?)")
"""Numbers that programs and questionnaires hold where there is no value: −999, −99.99, −888."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its cells, and their values if they are numbers, dates or clock times.

    ``table_mark`` is the decimal mark of its numbers, if the column does not prove one itself.
    """

    name: str
    cells: tuple[str, ...]
    table_mark: str

    @cached_property
    def numbers(self) -> tuple[Number | None, ...]:
        """The number in each cell, or None."""
        return tuple(map(parse_number, self.cells))

    @cached_property
    def mark(self) -> str:
        """The decimal mark by which numbers are read that can be read either way."""
        return decimal_mark(filter(None, self.numbers)) or self.table_mark

    @cached_property
    def unit(self) -> str:
        """The unit that most numbers have which have one."""
        units = Counter(number.unit for number in self.numbers if number and number.unit)
        return units.most_common(1)[0][0] if units else ""

    @cached_property
    def values(self) -> tuple[float | None, ...]:
        """The value of each cell: a number in the column's unit, days since the first date, a clock time."""
        return (self.dates.days if self.dates else self.clock_times) or self._plain_values

    @cached_property
    def _plain_values(self) -> tuple[float | None, ...]:
        return tuple(
            number.value(self.mark) if number and number.unit in ("", self.unit) else None
            for number in self.numbers
        )

    @cached_property
    def is_numeric(self) -> bool:
        """Whether the column is one of numbers, of dates or of clock times."""
        probed = self.cells[:PROBED_ROWS]
        return self.holds_numbers or parse_dates(probed) is not None or parse_clock_times(probed) is not None

    @cached_property
    def varies(self) -> bool:
        """Whether the column has two values at least."""
        return len({value for value in self.values if value is not None}) > 1

    @cached_property
    def missing_codes(self) -> tuple[float, ...]:
        """Numbers that stand for no value, such as −999: farther from the others than these are apart."""
        if not self.holds_numbers:
            return ()
        values = {value for value in self._plain_values if value is not None}
        codes = {value: _MISSING_CODE.fullmatch(custom_dataset.write_number(value)) for value in values}
        others = {value for value in values if not codes[value]}
        if not others:
            return ()
        low, high = min(others), max(others)
        return tuple(
            code
            for code, match in sorted(codes.items())
            if match and low - code > high - low and (code <= -777 or match[1] or low >= 0)
        )

    @cached_property
    def doubtful_code(self) -> float | None:
        """A number that may stand for no value: it occurs again and is as far from the others as a code."""
        if not self.holds_numbers:
            return None
        counts = Counter(value for value in self._plain_values if value not in (None, *self.missing_codes))
        values = sorted(value for value in counts if value is not None)
        if len(values) <= MIN_VALUES_BESIDE_CODE:
            return None
        low, second, *_, last_but_one, high = values
        is_low, is_high = second - low > high - second, high - last_but_one > last_but_one - low
        code = low if is_low else high
        return code if (is_low or is_high) and counts[code] > 1 else None

    @cached_property
    def holds_numbers(self) -> bool:
        """Whether more than half of the first cells that are not missing are numbers, most in one unit."""
        present = [cell for cell in self.cells[:PROBED_ROWS] if not is_missing_number(cell)]
        if are_compact_dates(present):
            return False
        found = [number for cell in present if (number := parse_number(cell))]
        if 2 * len(found) <= len(present):
            return False
        units = Counter(number.unit for number in found if number.unit)
        return len(units) <= 1 or 2 * units.most_common(1)[0][1] > len(found)

    @cached_property
    def dates(self) -> Dates | None:
        """The dates of the column, if it is one of dates."""
        return None if self.holds_numbers else parse_dates(self.cells)

    @cached_property
    def clock_times(self) -> tuple[float | None, ...] | None:
        """The clock times of the column as numbers, if it is one of them."""
        return None if self.holds_numbers or self.dates else parse_clock_times(self.cells)

    @cached_property
    def open_number(self) -> str:
        """A number that has two readings, if nothing proves which is right: 1,234. Empty if there is none."""
        if decimal_mark(filter(None, self.numbers)):
            return ""
        return next(
            (
                cell
                for cell, number in zip(self.cells, self.numbers, strict=True)
                if number and number.is_open
            ),
            "",
        )

    def is_missing(self, row: int, as_label: bool) -> bool:
        """Tell whether a cell has no value, as a label or as a number."""
        if as_label:
            return is_missing_label(self.cells[row])
        return self._plain_values[row] in self.missing_codes or is_missing_number(self.cells[row])

    def label(self, row: int) -> str:
        """Return the cell as the name of a class; equal numbers in different notations are one class."""
        number, value = self.numbers[row], self.values[row] if self.holds_numbers else None
        is_whole = number is not None and not (number.mark or number.is_rewritten)
        return self.cells[row] if value is None or not is_whole else custom_dataset.write_number(value)


@dataclass(frozen=True)
class Table:
    """A table with its columns.

    ``proved_mark`` is the decimal mark that its numbers prove, if they do; else ``mark`` was chosen.
    """

    layout: Layout
    columns: tuple[Column, ...]
    proved_mark: str
    mark: str

    @property
    def lines(self) -> tuple[int, ...]:
        return self.layout.lines

    def open_number(self, positions: Sequence[int]) -> str:
        """Return a number of these columns that the table leaves open, such as 1,234, or an empty text."""
        if self.proved_mark:
            return ""
        return next(filter(None, (self.columns[i].open_number for i in positions)), "")


@dataclass(frozen=True)
class Selection:
    """The columns that are used: positions of the inputs and of the target, and the task."""

    inputs: tuple[int, ...]
    target: int
    task: str
    keep_unlabeled: bool
    """Whether rows without a label form a class of their own."""

    @property
    def columns(self) -> tuple[int, ...]:
        return (*self.inputs, self.target)

    def is_label(self, i: int) -> bool:
        return i == self.target and self.task != REGRESSION


def parse_table(text: str, header: bool | None = None, mark: str = "") -> Table:
    """Parse a pasted table.

    ``header`` tells whether the first row holds the names of the columns; None guesses it. ``mark`` is the
    decimal mark of numbers that the table leaves open. Raises TableError with a sentence for the user if the
    text is not a table or has too many columns or too few rows.
    """
    if len(text.encode("utf-8", "replace")) > limits.MAX_PASTE_BYTES:
        raise TableError(message("That is more than 1 MB."))
    layout = parse_layout(lines_of_cells(text), header)
    if len(layout.rows) < custom_dataset.MIN_ROWS:
        raise TableError(message("At least {fewest} rows are needed.", fewest=custom_dataset.MIN_ROWS))
    cells = list(zip(*layout.rows, strict=True))
    probed = (parse_number(cell) for column in cells for cell in column[:PROBED_ROWS])
    proved = decimal_mark(filter(None, probed))
    mark = proved or (mark if mark in (POINT, COMMA) else POINT)
    columns = tuple(Column(name, column, mark) for name, column in zip(layout.names, cells, strict=True))
    return Table(layout, columns, proved, mark)


@dataclass(frozen=True)
class Choices:
    """What a user has chosen of a table; what is None, empty or not possible is guessed.

    The target is the last column that can be one, the input the first column of numbers, of three columns the
    first two.
    """

    header: bool | None = None
    """Whether the first row holds the names of the columns."""
    inputs: tuple[int, ...] = ()
    target: int | None = None
    task: str = ""
    decimal: str = ""
    """The decimal mark where the numbers leave it open."""
    keep_unlabeled: bool = False
    """Whether rows without a label form a class of their own."""
    total_lines: int | None = None
    """The number of lines of which the text is a sample already."""


def preview_table(text: str, choices: Choices | None = None) -> CsvPreview:
    """Return what the dialog shows of a pasted text: columns, first rows, choices, notes and the dataset.

    If the choices make a dataset, ``points`` is its text in link syntax and ``problem`` is empty; else
    ``problem`` is a sentence and ``points`` is empty.
    """
    choices = choices or Choices()
    try:
        table = parse_table(text, choices.header, choices.decimal)
    except TableError as error:
        return CsvPreview(problem=error.args[0])
    selection = _choose(table, choices)
    shown = CsvPreview(
        columns=tuple(CsvColumn(name=column.name, numeric=column.is_numeric) for column in table.columns),
        rows=table.layout.rows[:PREVIEW_ROWS],
        total_rows=len(table.layout.rows),
        count=len(table.layout.rows),
        header=table.layout.header,
        inputs=selection.inputs,
        target=selection.target,
        task=selection.task,
        decimal=table.mark if table.open_number(_number_columns(selection)) else "",
        unlabeled=_unlabeled_rows(table, selection),
        keeps_unlabeled=selection.keep_unlabeled,
    )
    notes = _reading_notes(table, selection)
    try:
        rows, left_out = _select_rows(table, selection, choices.total_lines)
        notes += left_out
        points = _format_rows(table, selection, rows)
    except TableError as error:
        return msgspec.structs.replace(shown, notes=tuple(notes), problem=error.args[0])
    travels = custom_dataset.fits_link(points)
    return msgspec.structs.replace(shown, points=points, count=len(rows), notes=tuple(notes), travels=travels)


def _choose(table: Table, choices: Choices) -> Selection:
    """Return the valid ones of the given choices, and a guess for the others."""
    width = len(table.columns)
    target = choices.target
    if target is None or not 0 <= target < width:
        target = _guess_target(table)
    inputs = tuple(dict.fromkeys(i for i in choices.inputs if 0 <= i < width and i != target))
    if not inputs:
        numeric = [i for i, column in enumerate(table.columns) if i != target and column.is_numeric]
        if table.layout.is_numbered and len(numeric) > 1 and numeric[0] == 0:
            del numeric[0]
        most = 2 if width - table.layout.is_numbered == 3 else 1
        varying = [i for i in numeric if table.columns[i].varies]
        filled = (
            i for i in varying if 2 * table.columns[i].values.count(None) <= len(table.columns[i].cells)
        )
        inputs = tuple(islice(filled, most)) or tuple((varying or numeric)[:most])
        if len(inputs) == 2 and _say_the_same(*(table.columns[i].values for i in inputs)):
            inputs = inputs[:1]
    is_known = choices.task in (REGRESSION, BINARY, MULTICLASS)
    task = choices.task if is_known else _guess_task(table.columns[target])
    return Selection(inputs, target, task, choices.keep_unlabeled)


def _say_the_same(one: Sequence[float | None], other: Sequence[float | None]) -> bool:
    """Tell whether one column of numbers can be computed from another, on a straight line."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    with np.errstate(all="ignore"):
        return len(pairs) > 1 and abs(np.corrcoef(np.array(pairs).T)[0, 1]) > 1 - 1e-12


def _guess_target(table: Table) -> int:
    """Return the last column of numbers or of few classes: a column of names is not what is predicted.

    It is the first one if that is called y and all others x, x1 and so on.
    """
    first, *others = (column.name.casefold() for column in table.columns)
    if first == "y" and all(re.fullmatch(r"x\d*", name) for name in others):
        return 0
    for i in range(len(table.columns) - 1, 0, -1):
        column = table.columns[i]
        present = [cell for cell in column.cells if not is_missing_label(cell)]
        labels = set(present)
        if (column.is_numeric and column.varies) or (
            1 < len(labels) <= custom_dataset.MAX_CLASSES
            and 2 * len(labels) <= len(column.cells) + 2
            and 2 * len(present) > len(column.cells)
        ):
            return i
    return len(table.columns) - 1


def _guess_task(column: Column) -> str:
    """Guess the task: binary for two different words, 0 and 1 or −1 and 1, else by the kind of the column."""
    if column.is_numeric:
        values = {value for value in column.values if value is not None}
        return BINARY if values in ({0.0, 1.0}, {-1.0, 1.0}) else REGRESSION
    labels = {cell for cell in column.cells if not is_missing_label(cell)}
    return BINARY if len(labels) == 2 else MULTICLASS


def _unlabeled_rows(table: Table, selection: Selection) -> int:
    """Return the number of rows that could be kept as a class of their own: all they lack is a label."""
    if selection.task == REGRESSION:
        return 0
    column = table.columns[selection.target]
    return sum(
        column.is_missing(row, as_label=True) and not _lacks_value(table, selection.inputs, row)
        for row in range(len(column.cells))
    )


def _lacks_value(table: Table, inputs: Sequence[int], row: int) -> bool:
    return any(table.columns[i].is_missing(row, as_label=False) for i in inputs)


def _select_rows(table: Table, selection: Selection, total_lines: int | None) -> tuple[list[int], list[str]]:
    """Return the rows with a value in every chosen column, or a sample of them, and notes on the others."""
    lacking = _rows_without_value(table, selection)
    left_out = set[int]().union(*lacking.values())
    notes: list[str] = [_left_out_note(table, lacking, len(left_out))] if left_out else []
    rows = complete = [row for row in range(len(table.layout.rows)) if row not in left_out]
    size = _affordable_rows(table, selection, complete)
    if len(complete) > size:
        rows = [complete[i] for i in sample_indices(len(complete), size)]
    total = _total_rows(table, total_lines) or len(complete)
    if total > len(rows):
        notes.append(_sample_note(len(rows), total))
    if len(rows) < custom_dataset.MIN_ROWS:
        short = message("At least {fewest} rows are needed.", fewest=custom_dataset.MIN_ROWS)
        raise TableError(joined(" ", (short, *notes[-1:])) if left_out else short)
    return rows, notes


def _rows_without_value(table: Table, selection: Selection) -> dict[int, set[int]]:
    """Return for each chosen column the rows in which it has no value that the user does not keep."""
    return {
        i: {
            row
            for row in range(len(table.layout.rows))
            if table.columns[i].is_missing(row, selection.is_label(i))
            and not (selection.keep_unlabeled and selection.is_label(i))
        }
        for i in selection.columns
    }


def _left_out_note(table: Table, lacking: dict[int, set[int]], count: int) -> Message:
    names = [table.columns[i].name for i, rows in lacking.items() if rows]
    return plural(
        "{n} row is left out: it has no value in {names}.",
        "{n} rows are left out: they have no value in {names}.",
        n=count,
        names=", ".join(names),
    )


def _total_rows(table: Table, total_lines: int | None) -> int | None:
    """Return the number of rows of which the table is a sample already; None if it is not."""
    lines = total_lines or table.layout.total_lines
    return lines and lines - table.layout.header - len(table.layout.left_out)


def _sample_note(count: int, total: int) -> Message:
    return plural(
        "These are {count} of {n} row, drawn at random with seed {seed}.",
        "These are {count} of {n} rows, drawn at random with seed {seed}.",
        n=total,
        count=count,
        seed=SAMPLE_SEED,
    )


def _affordable_rows(table: Table, selection: Selection, rows: list[int]) -> int:
    """Return how many rows a dataset may have: fewer than the limit if their texts are long."""
    probed = rows[: limits.MAX_DATA_ROWS]
    length = sum(len(table.columns[i].cells[row]) + 8 for row in probed for i in selection.columns)
    return min(limits.MAX_DATA_ROWS, int(limits.MAX_POINTS_CHARACTERS * len(probed) / max(length, 1)))


def _number_columns(selection: Selection) -> list[int]:
    return [i for i in selection.columns if not selection.is_label(i)]


def _reading_notes(table: Table, selection: Selection) -> list[str]:
    """Return sentences on lines that are no data and on readings that are not the only ones."""
    notes = list[str]()
    if left_out := table.layout.left_out:
        lines = ", ".join(map(str, left_out[:MAX_NAMED_LINES])) + (
            " …" if len(left_out) > MAX_NAMED_LINES else ""
        )
        notes.append(
            plural("Line {lines} holds no data.", "Lines {lines} hold no data.", n=len(left_out), lines=lines)
        )
    cell = table.open_number(_number_columns(selection))
    if number := parse_number(cell):
        value = custom_dataset.write_number(number.value(table.mark) or 0.0)
        notes.append(message("{cell} is read as {value}.", cell=cell, value=value))
    for i in _number_columns(selection):
        column = table.columns[i]
        if column.dates:
            notes.extend(_date_notes(column, column.dates))
        elif column.clock_times:
            notes.append(_clock_note(column, column.clock_times))
        elif column.unit:
            notes.append(message("{name} is read in {unit}.", name=column.name, unit=column.unit))
        notes.extend(_value_notes(column))
    if selection.task != REGRESSION:
        notes.extend(_label_notes(table.columns[selection.target]))
    return notes


def _value_notes(column: Column) -> list[str]:
    """Return sentences on numbers of which not all is read."""
    notes = list[str]()
    limit = next(filter(is_below_limit, column.cells), None) if column.holds_numbers else None
    if limit is not None:
        notes.append(message("{cell} in {name} is read as no value.", cell=limit, name=column.name))
    for code in column.missing_codes:
        cell = custom_dataset.write_number(code).replace("-", "−")
        notes.append(message("{cell} in {name} is read as no value.", cell=cell, name=column.name))
    if column.doubtful_code is not None:
        cell = custom_dataset.write_number(column.doubtful_code).replace("-", "−")
        notes.append(
            message(
                "{cell} in {name} is read as a number. If it stands for no value, leave these cells empty.",
                cell=cell,
                name=column.name,
            )
        )
    if column.holds_numbers and any(cell != without_uncertainty(cell) for cell in column.cells[:PROBED_ROWS]):
        notes.append(message("{name} is read without its uncertainty (±).", name=column.name))
    if column.holds_numbers:
        notes.extend(_notation_notes(column))
    return notes


def _notation_notes(column: Column) -> list[str]:
    """Return sentences on numbers whose notation may mean something else, one of each kind."""
    notes = list[str]()
    numbers = [(cell, number) for cell, number in zip(column.cells, column.numbers, strict=True) if number]
    rewritten = next(((cell, number) for cell, number in numbers if number.is_rewritten), None)
    if rewritten:
        cell, number = rewritten
        value = custom_dataset.write_number(number.value(column.mark) or 0.0)
        notes.append(message("{cell} is read as {value}.", cell=cell, value=value))
    mark = next((number.mark for _, number in numbers if number.mark), "")
    if mark:
        notes.append(
            message("{name} is read without what follows its numbers: {mark}", name=column.name, mark=mark)
        )
    return notes


def _label_notes(column: Column) -> list[str]:
    """Return a sentence on labels that may have been meant as numbers: they begin so, and few are alike."""
    labels = {cell for cell in column.cells if not is_missing_label(cell)}
    like_numbers = sorted(cell for cell in labels if begins_like_number(cell))
    if column.holds_numbers or 2 * len(like_numbers) <= len(column.cells):
        return []
    cell = repr(like_numbers[0][:24])
    return [message("{cell} in {name} is read as a name, not as a number.", cell=cell, name=column.name)]


def _date_notes(column: Column, dates: Dates) -> list[str]:
    notes: list[str] = [
        message("{name} is read as days since {date}.", name=column.name, date=dates.first.isoformat())
    ]
    if dates.may_swap:
        notes.append(message("The month is read first in {name}.", name=column.name))
    return notes


def _clock_note(column: Column, times: Sequence[float | None]) -> str:
    """Return a sentence on how the largest clock time of a column is read."""
    latest = max(range(len(times)), key=lambda i: times[i] or 0.0)
    value = custom_dataset.write_number(times[latest] or 0.0)
    return message("{cell} is read as {value}.", cell=column.cells[latest], value=value)


def _format_rows(table: Table, selection: Selection, rows: list[int]) -> str:
    """Return the chosen columns in link syntax. Raises TableError, with a line if possible, for bad data."""
    if not selection.inputs:
        if any(is_clock_time(column.cells[-1]) for column in table.columns):
            raise TableError(
                message("Times are read where all are written alike, such as 12:30, or 0:12:30.")
            )
        raise _no_number_error(table, selection.target)
    if len(selection.inputs) > custom_dataset.MAX_INPUTS:
        raise TableError(message("At most {most} columns can be inputs.", most=custom_dataset.MAX_INPUTS))
    cells = [
        [
            table.columns[i].label(row) or message("no answer")
            if selection.is_label(i)
            else _value(table, i, row)
            for i in selection.columns
        ]
        for row in rows
    ]
    names = [_point_name(table.columns[i]) for i in selection.columns]
    points = custom_dataset.format_table(selection.task, names, cells)
    try:
        custom_dataset.parse_dataset(points)
    except TableError as error:
        if error.row is None:
            raise
        raise _error_at_line(table.lines[rows[error.row]], error.args[0]) from None
    return points


def _no_number_error(table: Table, target: int) -> TableError:
    """Return a sentence on a table without an input: it names the first cell that looks like a number."""
    for i, column in enumerate(table.columns):
        if i != target and column.cells and begins_like_number(column.cells[0]):
            cell = repr(column.cells[0][:24])
            problem = message("{cell} in {name} is not a number.", cell=cell, name=column.name)
            return _error_at_line(table.lines[0], problem)
    return TableError(message("Choose a column of numbers as input."))


def _point_name(column: Column) -> str:
    """Return the name of a column in the dataset; one of dates says that it holds days."""
    return f"{column.name} (d)" if column.dates else column.name


def _value(table: Table, i: int, row: int) -> float:
    """Return the number in a cell. Raises TableError that names the line and the column."""
    column = table.columns[i]
    value = column.values[row]
    if value is not None:
        return value
    cell = repr(column.cells[row][:24])
    number = column.numbers[row]
    if number is not None and number.unit not in ("", column.unit):
        problem = message(
            "{cell} in {name} has another unit than {unit}.", cell=cell, name=column.name, unit=column.unit
        )
    elif column.dates:
        problem = message("{cell} in {name} is not a date.", cell=cell, name=column.name)
    else:
        problem = message("{cell} in {name} is not a number.", cell=cell, name=column.name)
    raise _error_at_line(table.lines[row], problem)


def _error_at_line(line: int, problem: str) -> TableError:
    return TableError(message("Line {line}: {problem}", line=line, problem=problem))
