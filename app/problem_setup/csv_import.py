"""From pasted text or a CSV file to data of one's own: columns, a guess at the task, what is wrong and where."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

from losses.core.messages import listed, say

from ..common import limits
from . import custom_dataset
from .custom_dataset import TableError

SHOWN: Final = 5
"""Rows of the preview."""
MOST_COLUMNS: Final = 40

_DELIMITERS: Final = ("\t", ";", ",", "|")
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_POINTED: Final = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_SPACED: Final = re.compile(r"[+-]?\d{1,3}([ '’]\d{3})+([.,]\d+)?")
_UNIT: Final = re.compile(r"^[$€£] ?(?=[\d.+-])|(?<=\d) ?[%$€£]$")

BETWEEN: Final = say("Where commas are decimal, put semicolons or tabs between columns.")
Lines = list[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True)
class Sheet:
    """Rows of cells with the number of the line in which each stands, and whether commas are decimal."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    header: bool
    decimal_comma: bool

    def column(self, i: int) -> list[str]:
        return [row[i] for row in self.rows]

    def plain(self, cell: str) -> str:
        """A number as Python spells it; any other text as it is."""
        text = _tidy(cell)
        if self.decimal_comma and _POINTED.fullmatch(text):
            return text.replace(".", "").replace(",", ".")
        if self.decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            return text.replace(",", ".")
        return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text

    def numeric(self, i: int) -> bool:
        """Whether a column is meant as numbers: most of its cells are."""
        cells = self.column(i)
        return 2 * sum(bool(_PLAIN.fullmatch(self.plain(cell))) for cell in cells) > len(cells)


def read(text: str, header: bool | None = None) -> Sheet:
    """The cells of a pasted table; TableError says in a sentence why there are none."""
    if len(text.encode("utf-8", "replace")) > limits.PASTE:
        raise TableError(say("That is more than 1 MB."))
    text = text.removeprefix("\ufeff").replace("\x00", "")
    delimiter, found = _split(text)
    if not found:
        raise TableError(say("Paste two or three columns, a row a line."))
    width = Counter(len(cells) for _, cells in found).most_common(1)[0][0]
    if width > MOST_COLUMNS:
        raise TableError(say("There are {n} columns; at most {most} are read.", n=width, most=MOST_COLUMNS))
    for line, cells in found:
        if len(cells) != width:
            some = say("Line {line} has {n} of {width} columns.", line=line, n=len(cells), width=width)
            halved = delimiter == "," and 2 * len(cells) == width
            raise TableError(listed(" ", (some, BETWEEN)) if halved else some)
    found = _without_empty(found)
    width = len(found[0][1])
    if width < 2:
        raise TableError(
            say("There is only one column; commas, semicolons, tabs or blanks separate columns.")
        )
    comma = any(_decimal_comma(cell) for _, row in found for cell in row)
    rows, lines = tuple(cells for _, cells in found), tuple(line for line, _ in found)
    sheet = Sheet(_letters(width), rows, lines, False, comma)
    named = _has_header(sheet) if header is None else header
    if named:
        names = tuple(
            custom_dataset.tidy(cell) or letter for cell, letter in zip(rows[0], sheet.names, strict=True)
        )
        sheet = Sheet(names, rows[1:], lines[1:], True, comma)
    if len(sheet.rows) > limits.ROWS:
        count = {"n": len(sheet.rows), "most": limits.ROWS}
        raise TableError(say("There are {n} rows; at most {most} are taken.", **count))
    if len(sheet.rows) < custom_dataset.FEWEST_ROWS:
        raise TableError(say("At least {fewest} rows are needed.", fewest=custom_dataset.FEWEST_ROWS))
    return sheet


def _decimal_comma(cell: str) -> bool:
    """Whether the comma in a cell can only be a decimal one."""
    text = _tidy(cell)
    grouped = _POINTED.fullmatch(text) and "," in text
    return bool(grouped or (_DECIMAL_COMMA.fullmatch(text) and not _THOUSANDS.fullmatch(text)))


def _tidy(cell: str) -> str:
    """A number without its unit, without gaps between its thousands, with a plain minus."""
    text = _UNIT.sub("", cell.replace("−", "-").replace("\u00a0", " ").replace("\u202f", " "))
    return re.sub("[ '’]", "", text) if _SPACED.fullmatch(text) else text


def _without_empty(found: Lines) -> Lines:
    """The lines without columns in which nothing stands, such as a comma at each end makes."""
    kept = [any(cells) for cells in zip(*(cells for _, cells in found), strict=True)]
    return [(line, tuple(compress(cells, kept))) for line, cells in found]


def _letters(width: int) -> tuple[str, ...]:
    """x, y for two columns; x1, x2, ..., y for more."""
    return (*(("x",) if width == 2 else (f"x{i + 1}" for i in range(width - 1))), "y")


def _split(text: str) -> tuple[str, Lines]:
    """The delimiter under which most lines agree on two or more columns, and the lines cut by it."""
    cut = [(delimiter, _cells(text, delimiter)) for delimiter in (*_DELIMITERS, " ")]
    return max(cut, key=lambda one: _agreement(one[1]))


def _agreement(rows: Lines) -> int:
    counts = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    return counts.most_common(1)[0][1] if counts else 0


def _cells(text: str, delimiter: str) -> Lines:
    if delimiter == " ":
        return [(i, tuple(line.split())) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader]
    except csv.Error:
        return []
    return [(line, cells) for line, cells in rows if any(cells)]


def _has_header(sheet: Sheet) -> bool:
    """A word over a column of numbers, or no number at all in the first of several rows."""
    first = [bool(_PLAIN.fullmatch(sheet.plain(cell))) for cell in sheet.rows[0]]
    return any(sheet.numeric(i) and not is_number for i, is_number in enumerate(first))


def offer(
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
        sheet = read(text, header)
    except TableError as wrong:
        return {"problem": wrong.args[0], "points": ""}
    width = len(sheet.names)
    aim = target if target is not None and 0 <= target < width else width - 1
    numeric = [i for i in range(width) if i != aim and sheet.numeric(i)]
    chosen = tuple(dict.fromkeys(i for i in inputs if 0 <= i < width and i != aim))
    chosen = chosen or tuple(numeric[: 2 if width == 3 else 1])
    guessed = task or _guess(sheet, aim)
    said: dict[str, Any] = {
        "columns": [{"name": name, "numeric": sheet.numeric(i)} for i, name in enumerate(sheet.names)],
        "rows": [list(row) for row in sheet.rows[:SHOWN]],
        "count": len(sheet.rows),
        "header": sheet.header,
        "inputs": list(chosen),
        "target": aim,
        "task": guessed,
    }
    try:
        points = _spelled(sheet, chosen, aim, guessed)
    except TableError as wrong:
        return said | {"points": "", "problem": wrong.args[0]}
    return said | {"points": points, "problem": "", "travels": len(points) <= custom_dataset.IN_LINK}


def _guess(sheet: Sheet, target: int) -> str:
    """Two different targets make a yes or no, a few words make classes, all else is a number."""
    kinds = set(sheet.column(target))
    if len(kinds) == 2 and (not sheet.numeric(target) or {sheet.plain(cell) for cell in kinds} == {"0", "1"}):
        return "binary"
    return "regression" if sheet.numeric(target) else "multiclass"


def _spelled(sheet: Sheet, inputs: tuple[int, ...], target: int, task: str) -> str:
    """The text of the chosen columns, once a dataset can be made of it."""
    if not inputs:
        raise TableError(say("Choose a column of numbers as input."))
    if len(inputs) > custom_dataset.MOST_INPUTS:
        raise TableError(say("At most {most} columns can be inputs.", most=custom_dataset.MOST_INPUTS))
    columns = (*inputs, target)
    rows: list[list[str | float]] = []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        cells: list[str | float] = []
        for i in columns:
            classes = i == target and task != "regression"
            cells.append(
                custom_dataset.tidy(row[i]) if classes and row[i] else _value(sheet, row[i], i, line)
            )
        rows.append(cells)
    points = custom_dataset.spell(task, [sheet.names[i] for i in columns], rows)
    try:
        custom_dataset.dataset(points)
    except TableError as wrong:
        raise wrong if wrong.row is None else _at_line(sheet.lines[wrong.row], wrong.args[0]) from None
    return points


def _at_line(line: int, problem: str) -> TableError:
    return TableError(say("Line {line}: {problem}", line=line, problem=problem))


def _value(sheet: Sheet, cell: str, column: int, line: int) -> float:
    name = sheet.names[column]
    if not cell:
        raise _at_line(line, say("{name} is empty.", name=name))
    plain = sheet.plain(cell)
    if not _PLAIN.fullmatch(plain):
        wrong = say("{cell} in {name} is not a number.", cell=repr(cell[:24]), name=name)
        raise _at_line(line, wrong)
    try:
        return custom_dataset.number(plain, 0)
    except TableError as beyond:
        raise _at_line(line, beyond.args[0]) from None
