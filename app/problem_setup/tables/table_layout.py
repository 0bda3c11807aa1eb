"""Find the rows and the names of a table in a text, and the lines that are no data.

Texts are files of any program and print-outs: exports of spreadsheets, tables of Markdown and of databases,
data frames as R and pandas print them.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Final

from losses.core.messages import joined, message, plural

from ...common import limits
from ..custom_dataset import TableError
from .dates import parse_clock_times, parse_dates
from .number_formats import is_missing_number, parse_number, visible_text
from .records import (
    COMMENT,
    HEAD_LINES,
    PROBED_ROWS,
    SPLITTERS,
    NumberedRows,
    find_comments,
    is_frame,
    join_records,
    sample_lines,
    split_rows,
    trim,
    without_edges,
)
from .totals import begins_with_total, end_of_examples, subtotals

_PROBED_TIMES: Final = 20
"""Rows by which dates below a word are told."""
_MIN_BLOCK: Final = 3
"""Rows that a table below lines of other text has at least."""
_ATTRIBUTE: Final = re.compile(r"""\s*@attribute\s+(?:'([^']*)'|"([^"]*)"|(\S+))""", re.I)
"""The name of a column in a file for Weka."""
_LIST_OPENING: Final = re.compile(r"[\[({]\s*[-\d.]+\s*,")
_LIST_START: Final = re.compile(r"""^[^\S\n]*(?:[\w.'"]+[^\S\n]*(?:=|<-|:)[^\S\n]*)?[\w.]*[\[({]""", re.M)
"""The start of a line that is a list, as in code: ``[1,`` or ``x = c(1,``; a cell may hold any bracket."""
_SEPARATOR_LINE: Final = re.compile(r'\s*"?sep=(.)"?\s*', re.I)
_KNOWN_UNITS: Final = frozenset(
    cell
    for line in (
        "s sec min h d a ms µs ns m cm mm km µm nm kg g mg t V mV kV A mA W kW K °C °F C F N kN",
        "J kJ Pa hPa kPa bar Hz kHz MHz Ω mol l L ml % ‰ rad ° deg € $ £ m/s km/h m/s² m² m³ cm² cm³ g/cm³",
    )
    for cell in line.split()
)
_KNOWN_TYPES: Final = frozenset(
    name
    for line in (
        "<dbl> <int> <chr> <fct> <lgl> <date> <dttm> i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 str bool cat",
        "Int32 Int64 Float32 Float64 String Bool Date int32 int64 float32 float64 object datetime64[ns]",
    )
    for name in line.split()
)
"""Types of columns that data frames of R, Python and Julia print below the names."""
_NOTE: Final = re.compile(r"[*†‡¹²³]|[^\W\d_][^:]*:(\s|$)")
"""How a note below a table begins."""
_INDEX_NAMES: Final = frozenset(
    name
    for line in (
        "|#|nr|no|n°|nº|№|num|number|nummer|numéro|numero|núm|index|idx|id|row|rows|rowname|rownames|rownumber",
        "unnamed:0|obs|observation|case|lfdnr|lfd|lp|pos|sno|slno|srno|serialno|sr|sl|student|participant|subject",
        "person|patient|schüler|schülerin|proband|élève|alumno|क्रमांक|क्रसं|序号|番号",
    )
    for name in line.split("|")
)
"""Names of a first column that numbers the rows, in lower case, without blanks, points and hyphens."""
_ID: Final = re.compile(
    r"(?:.*[\s_.-])?id|(?-i:.*[a-z]I[dD])|(?:(?:lfd|sl?)\.? ?)?(?:n[ro]|n\.?[°º]|№)\.?", re.I
)
"""Names of a column that identifies the rows by any numbers."""
DELIMITER_HINT: Final = message("If commas are decimal marks, put semicolons or tabs between columns.")


class WrongWidth(TableError):
    """A row has too many cells."""


@dataclass(frozen=True)
class Layout:
    """The rows of a table.

    ``names`` are the names of the columns, ``rows`` the cells of each row and ``lines`` their lines in the
    text, counted from 1. ``header`` tells whether the text held the names. ``left_out`` are lines that hold
    no data; ``total_lines`` is the number of lines of which these are a random sample, or None.
    ``is_numbered`` tells whether the first column only numbers the rows.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    header: bool
    left_out: tuple[int, ...]
    total_lines: int | None
    is_numbered: bool


def parse_layout(text: str, header: bool | None = None) -> Layout:
    """Return the rows and names in a text.

    ``header`` tells whether the first row holds names; None guesses it. Raises TableError with a sentence for
    the user if the text is not a table or has too many columns.
    """
    lines, total_lines = sample_lines(text)
    forced = _SEPARATOR_LINE.fullmatch(lines[0][1]) if lines else None
    records = join_records(lines[1:] if forced else lines)
    comments = find_comments(records)
    comment_lines = {line for line, _ in comments}
    records = [
        (line, without_edges(record))
        for line, record in records
        if line not in comment_lines and not is_frame(record)
    ]
    delimiter, rows = split_rows(records, forced[1] if forced else "")
    if rows and all(len(row) == 1 for _, row in rows):
        delimiter, rows = split_rows([(line, row[0]) for line, row in rows])  # a row in quotation marks
    if not rows:
        raise TableError(message("Paste two or three columns, one row per line."))
    _check_orientation(text, rows)
    try:
        rows, left_out = _data_block(rows, delimiter)
    except WrongWidth:
        if (found := _block_below_text(records)) is None:
            raise
        delimiter, rows, left_out = found
    rows = _drop_empty_columns(rows)
    if len(rows[0][1]) < 2:
        raise TableError(
            message("There is only one column; commas, semicolons, tabs or blanks separate columns.")
        )
    names_in_comment = _names_in_comment(comments, rows, delimiter)
    return _name_columns(rows, header, tuple(left_out), names_in_comment, total_lines)


def _check_orientation(text: str, rows: NumberedRows) -> None:
    """Raise TableError for lists in brackets and for rows that stand side by side, as columns should."""
    opening = _LIST_OPENING.search(text)
    is_closed = opening is not None and any(bracket in text[opening.end() :] for bracket in "])}")
    if is_closed and text.count("[") + text.count("c(") >= 2 and _LIST_START.search(text):
        raise TableError(
            message(
                "These are lists in brackets. Put one row on each line, such as 1, 2, and leave out brackets."
            )
        )
    width = len(rows[0][1])
    if 2 <= len(rows) <= 3 and width >= 6 and all(len(cells) == width for _, cells in rows):
        numeric = [sum(parse_number(cell) is not None for cell in cells[1:]) for _, cells in rows]
        if all(count >= 0.8 * (width - 1) for count in numeric):
            raise TableError(
                message(
                    "The rows look like columns. Put one example on each line, with its values side by side."
                )
            )


def _data_block(rows: NumberedRows, delimiter: str) -> tuple[NumberedRows, list[int]]:
    """Return the rows of the table, all of one width, and the lines above and below it.

    Shorter rows are filled up, as spreadsheets leave out empty cells at the end of a line. If all rows have
    one cell more than the names above them, the first cell is the name of the row. Raises TableError for a
    row that is too long.
    """
    width, first = _width(rows, delimiter)
    first = _below_longer_lines(rows, width, first)
    body, left_out = rows[first:], [line for line, _ in rows[:first]]
    for line, cells in rows[:first]:
        is_half = len(cells) > 1 and 2 * len(cells) == width and line == rows[first - 1][0]
        if delimiter == "," and is_half and _are_numbers(rows[first][1]):  # 1,5,2,5 below x,y
            raise _wrong_width(line, len(cells), width, delimiter)
    while len(body) > 1 and _is_note(body[-1][1], body[-2][1], width):
        left_out.append(body.pop()[0])
    if width > limits.MAX_COLUMNS:
        raise TableError(
            plural(
                "There is {n} column; at most {most} are read.",
                "There are {n} columns; at most {most} are read.",
                n=width,
                most=limits.MAX_COLUMNS,
            )
        )
    names = body[0][1]
    if len(body) > 1 and len(names) == width - 1 and _are_names_of(names, body[1][1][1:]):
        is_right = width > 2 and not _are_row_names([cells[0] for _, cells in body[1:]])
        body[0] = (body[0][0], (*names, "") if is_right else ("", *names))
    return [(line, _fill(line, cells, width, delimiter)) for line, cells in body], left_out


def _block_below_text(records: list[tuple[int, str]]) -> tuple[str, NumberedRows, list[int]] | None:
    """Return the delimiter and the rows of a table between lines of any text, and the lines of the text.

    Rows are the records with the most common columns of numbers and of words, at least three of them, one
    below the other; no record beside them looks like a row: else one with too many cells would end the table
    silently. Their names are in the line above, also behind ``Data:``.
    """
    lines, texts = [line for line, _ in records], [record for _, record in records]
    for delimiter, splitter in SPLITTERS.items():
        cells = [trim(row) for row in splitter(texts)] if delimiter != "positions" else []
        kinds = [tuple(parse_number(cell) is not None for cell in row) for row in cells]
        counts = Counter(kind for kind in kinds if len(kind) > 1 and any(kind))
        kind, count = counts.most_common(1)[0] if counts else ((), 0)
        start = kinds.index(kind) if count >= _MIN_BLOCK else 0
        beside = (*kinds[:start], *kinds[start + count :])
        if count < _MIN_BLOCK or kind in beside or any(len(other) > 1 and all(other) for other in beside):
            continue
        names = cells[start - 1] if start else ()
        names = names[1:] if len(names) == len(kind) + 1 and names[0].endswith(":") else names
        has_names = all(parse_number(name) is None for name in names) and len(names) > 1
        if has_names and (len(names) < len(kind) or (len(names) > len(kind) and delimiter == " ")):
            continue  # 1,5,2,5 below x,y; 1 2 below body height weight
        table = (
            [names[: len(kind)], *cells[start : start + count]] if has_names else cells[start : start + count]
        )
        first = start - has_names
        rows = list(zip(lines[first : start + count], table, strict=True))
        return delimiter, rows, lines[:first] + lines[start + count :]
    return None


def _width(rows: NumberedRows, delimiter: str) -> tuple[int, int]:
    """Return the number of columns and the index of the first row of the table."""
    counts = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    if not counts:
        return 1, 0
    width = max(counts.items(), key=lambda item: (item[1], item[0]))[0]
    first = next(i for i, (_, cells) in enumerate(rows) if len(cells) >= width)
    widest = max(len(trim(cells)) for _, cells in rows)
    if len(rows[first][1]) == widest and delimiter != " ":
        width = widest  # the names are complete where cells at the end of other lines are missing
    above = rows[first - 1][1] if first > 0 else ()
    if len(above) == width - 1 and all(above):
        named = [cells[0] for _, cells in rows[first:]]
        if _are_names_of(above, rows[first][1][1:]) and (
            _is_index(named) if width == 2 else _are_row_names(named)
        ):
            first -= 1
        elif width > 2 and _are_names_of(above, rows[first][1]):
            first -= 1  # the last column has no name
    return width, first


def _below_longer_lines(rows: NumberedRows, width: int, first: int) -> int:
    """Return the index of the first row below lines above the numbers that have too many cells for a row.

    A line directly above the numbers may hold their names, unless it is a sentence.
    """
    data = next(
        (i for i, (_, cells) in enumerate(rows) if len(cells) == width and _are_numbers(cells)), first
    )
    lengths = [len(trim(cells)) for _, cells in rows[:data]]
    longer = [i for i in range(first, data) if lengths[i] > (2 * width if i == data - 1 else width)]
    return longer[-1] + 1 if longer else first


def _are_numbers(cells: tuple[str, ...]) -> bool:
    """Tell whether all cells that are not empty are numbers."""
    return any(cells) and all(parse_number(cell) is not None for cell in cells if cell)


def _are_row_names(cells: list[str]) -> bool:
    """Tell whether cells can be names of the rows: each is another, and numbers are whole."""
    values = [number.with_point for cell in cells if (number := parse_number(cell))]
    are_whole = all(value is not None and value == round(value) for value in values)
    return are_whole and len(set(cells)) == len(cells)


def _are_names_of(names: tuple[str, ...], cells: tuple[str, ...]) -> bool:
    """Tell whether cells are names of columns that hold numbers."""
    pairs = [(parse_number(name), parse_number(cell)) for name, cell in zip(names, cells, strict=False)]
    return all(name is None for name, _ in pairs) and any(cell is not None for _, cell in pairs)


def _is_note(cells: tuple[str, ...], above: tuple[str, ...], width: int) -> bool:
    """Tell whether the last row is a note: words in its first cell alone, or ``Source: Bern, 2024``."""
    trimmed = trim(cells)
    if width < 2 or not trimmed or parse_number(trimmed[0]) or is_missing_number(trimmed[0]):
        return False
    return len(trimmed) == 1 or bool(_NOTE.match(trimmed[0]) and not _NOTE.match(above[0]))


def _fill(line: int, cells: tuple[str, ...], width: int, delimiter: str) -> tuple[str, ...]:
    if len(cells) > width:
        cells = trim(cells)
    if len(cells) > width:
        raise _wrong_width(line, len(cells), width, delimiter)
    return cells + ("",) * (width - len(cells))


def _wrong_width(line: int, count: int, width: int, delimiter: str) -> WrongWidth:
    problem = plural(
        "Line {line} has {count} of {n} column.",
        "Line {line} has {count} of {n} columns.",
        n=width,
        line=line,
        count=count,
    )
    return WrongWidth(joined(" ", (problem, DELIMITER_HINT)) if delimiter == "," else problem)


def _drop_empty_columns(rows: NumberedRows) -> NumberedRows:
    """Drop columns without any text, which a delimiter at the beginning or end of each line makes."""
    is_used = [any(column) for column in zip(*(cells for _, cells in rows), strict=True)]
    return [(line, tuple(compress(cells, is_used))) for line, cells in rows]


def _names_in_comment(
    comments: list[tuple[int, str]], rows: NumberedRows, delimiter: str
) -> tuple[str, ...] | None:
    """Return the names that a comment directly above the data holds, as NumPy writes them, or None."""
    above = [text for line, text in comments if line < rows[0][0]]
    attributes = [match for text in above if (match := _ATTRIBUTE.match(text))]
    if attributes:
        names = tuple(visible_text("".join(filter(None, match.groups()))) for match in attributes)
    elif above and all(parse_number(cell) is not None or is_missing_number(cell) for cell in rows[0][1]):
        names = SPLITTERS[delimiter]([COMMENT.sub("", above[-1], count=1)])[0]
    else:
        return None
    return (
        names if len(names) == len(rows[0][1]) and all(parse_number(name) is None for name in names) else None
    )


def _name_columns(
    rows: NumberedRows,
    header: bool | None,
    left_out: tuple[int, ...],
    names_in_comment: tuple[str, ...] | None,
    total_lines: int | None,
) -> Layout:
    """Return the layout; its names are the first row, if ``header`` or, for None, if it looks like names."""
    default = default_names(len(rows[0][1]))
    names, has_names = names_in_comment or default, names_in_comment is not None
    titles = _count_titles(rows) if header is None else 0
    left_out, rows = (*left_out, *(line for line, _ in rows[:titles])), rows[titles:]
    if _has_header(rows) or _has_lower_header(rows) if header is None else header:
        above, below = _heading(rows)
        below = _first_date(rows, below)
        names, has_names = rows[above][1], True
        repeated = [line for line, cells in rows[below:] if cells == names and any(names)]
        left_out = (*left_out, *(line for line, _ in (*rows[:above], *rows[above + 1 : below])), *repeated)
        rows = [(line, cells) for line, cells in rows[below:] if cells != names or not any(names)]
    end = end_of_examples(rows)
    left_out, rows = (*left_out, *(line for line, _ in rows[end:])), rows[:end]
    sums = subtotals(rows)
    left_out = (*left_out, *(rows[i][0] for i in sums))
    rows = [row for i, row in enumerate(rows) if i not in sums]
    if len(rows) > 3 and begins_with_total(rows):
        left_out, rows = (*left_out, rows[0][0]), rows[1:]
    first = [cells[0] for _, cells in rows]
    is_numbered = len(names) > 2 and _is_index(first)
    if has_names:
        is_numbered = len(names) > 2 and _numbers_rows(names[0], first)
    if is_numbered and not names[0]:
        names = ("row", *names[1:])
    cells, lines = tuple(row for _, row in rows), tuple(line for line, _ in rows)
    distinct = _distinct_names(names, default)
    return Layout(distinct, cells, lines, has_names, tuple(sorted(left_out)), total_lines, is_numbered)


def _count_titles(rows: NumberedRows) -> int:
    """Return how many rows above the names have words in their first cell alone."""
    numeric = _numeric_columns(rows)
    for count, (_, cells) in enumerate(rows[: min(HEAD_LINES, len(rows) - _MIN_BLOCK)]):
        if any(cells[1:]) or parse_number(cells[0]) is not None:
            has_names = any(parse_number(cells[i]) is None and cells[i] for i in numeric)
            return count if has_names else 0
    return 0


def _heading(rows: NumberedRows) -> tuple[int, int]:
    """Return the positions of the row of names and of the first row of data below it.

    Names are the row with the most different words above columns of numbers, the last of several, but for
    units; what programs of instruments write above them, such as ``Serial,12345``, is neither.
    """
    if _has_lower_header(rows):
        return 1, 2
    numeric = _numeric_columns(rows)

    def text_cells(cells: tuple[str, ...]) -> list[str]:
        return [
            cells[i] for i in numeric if parse_number(cells[i]) is None and not is_missing_number(cells[i])
        ]

    def fullness(i: int) -> tuple[int, int]:
        return len(set(filter(None, rows[i][1]))), i

    end = next((i for i, (_, cells) in enumerate(rows[:HEAD_LINES]) if not text_cells(cells)), 1)
    filled = [sum(bool(cells[i]) for i in numeric) for _, cells in rows[:end]]
    named = [i for i, (_, cells) in enumerate(rows[:end]) if 0 < len(text_cells(cells)) == filled[i]]
    above = max((i for i in named if not _are_units(rows[i][1])), key=fullness, default=0)
    below = above + 1
    while below < min(end, len(rows) - 2) and (
        _are_units(rows[below][1]) or len(text_cells(rows[below][1])) > 1
    ):
        below += 1
    return above, below


def _first_date(rows: NumberedRows, start: int) -> int:
    """Return the position of the first row from ``start`` with a date in the first column, if that has dates.

    Offices write the number of a series and the day of its update between its name and its months.
    """
    below = [cells[0] for _, cells in rows[start:]]
    if len(below) < 2 * _MIN_BLOCK or parse_dates(below[len(below) // 2 :]) is None:
        return start
    first = next((i for i in range(HEAD_LINES) if parse_dates(below[i : i + 1])), 0)
    return start if is_missing_number(below[0]) else start + first


def _numbers_rows(name: str, cells: list[str]) -> bool:
    """Tell whether a column of this name numbers the rows or identifies them."""
    cells = [cell for cell in cells if not is_missing_number(cell)]
    plain = re.sub(r"[\s._-]", "", name.lower())
    if plain in _INDEX_NAMES and _is_index(cells):
        return True
    values = [number.with_point if (number := parse_number(cell)) else None for cell in cells]
    whole = [value for value in values if value is not None and value == round(value)]
    if len(set(whole)) < len(cells):
        return False
    return sorted(whole) == whole if plain in ("", "unnamed:0") else bool(_ID.fullmatch(name))


def _are_units(cells: tuple[str, ...]) -> bool:
    """Tell whether cells are units such as ``s``, ``[m]``, ``(kg)`` or empty, half of them known, or types.

    Among names such as t, x, y some are units, too.
    """
    given = [cell for cell in cells if cell]
    units = [cell.strip("[]() ") for cell in given]
    bracketed = all(cell[0] in "[(" for cell in given)
    known = sum(unit in _KNOWN_UNITS for unit in units)
    types = sum(cell in _KNOWN_TYPES for cell in given)
    return (
        bool(units)
        and all(len(unit) <= 14 for unit in units)
        and (bracketed or 2 * known >= len(units) or types == len(given))
    )


def _distinct_names(names: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of which no two are alike and none is empty."""
    result = dict[str, None]()
    for name, substitute in zip(names, default, strict=True):
        plain = wanted = visible_text(name) or substitute
        count = 1
        while wanted in result:
            count += 1
            wanted = f"{plain} ({count})"
        result[wanted] = None
    return tuple(result)


def default_names(width: int) -> tuple[str, ...]:
    """Return x, y for two columns and x1, x2, ..., y for more."""
    return (*(("x",) if width == 2 else (f"x{i + 1}" for i in range(width - 1))), "y")


def _has_header(rows: NumberedRows) -> bool:
    """Tell whether the first row looks like names.

    Either a cell is a word above a column of numbers, dates or clock times, or the cells are years and the
    columns hold others.
    """
    first, rest = rows[0][1], rows[1:]
    if len(rest) < 2:
        return False
    if any(_is_above_times(cell, [cells[i] for _, cells in rest]) for i, cell in enumerate(first)):
        return True
    numeric = _numeric_columns(rows)
    if any(parse_number(first[i]) is None and not is_missing_number(first[i]) for i in numeric):
        return True
    years = [first[i] for i in numeric if first[i]]
    return (
        len(years) > 1
        and len(years) == len(numeric)
        and _are_years(years)
        and not all(
            re.fullmatch(r"(1[89]|20)\d\d", cells[i]) for _, cells in rest for i in numeric if cells[i]
        )
    )


def _is_above_times(cell: str, below: list[str]) -> bool:
    """Tell whether a cell is a word above a column of dates or of clock times."""
    if is_missing_number(cell) or parse_number(cell) is not None:
        return False
    probed = below[:_PROBED_TIMES]
    return any(
        parse(probed[-_MIN_BLOCK:]) and parse(probed) and not parse([cell])
        for parse in (parse_dates, parse_clock_times)
    )


def _has_lower_header(rows: NumberedRows) -> bool:
    """Tell whether the second row has names above all columns of numbers, and the first groups these."""
    numeric = _numeric_columns(rows)
    if len(rows) < 4 or len(numeric) < 2:
        return False
    above, names, first = ([cells[i] for i in numeric] for _, cells in rows[:3])
    return (
        not all(above)
        and all(name and parse_number(name) is None and not is_missing_number(name) for name in names)
        and _are_numbers(tuple(first))
    )


def _numeric_columns(rows: NumberedRows) -> list[int]:
    """Return the columns of numbers below the first row, or in the lower half, as words may be above."""
    below = rows[1:]
    return [
        i
        for i in range(len(rows[0][1]))
        if _mostly_numbers(below, i) or _mostly_numbers(below[len(below) // 2 :], i)
    ]


def _mostly_numbers(rows: NumberedRows, i: int) -> bool:
    """Tell whether more than half of the cells of a column that are not missing are numbers."""
    cells = [cells[i] for _, cells in rows[:PROBED_ROWS] if not is_missing_number(cells[i])]
    return 2 * sum(parse_number(cell) is not None for cell in cells) > len(cells)


def _are_years(cells: list[str]) -> bool:
    """Tell whether cells are years in a row, such as 2018, 2019, 2020."""
    if not all(re.fullmatch(r"(1[89]|20)\d\d", cell) for cell in cells):
        return False
    return len({int(b) - int(a) for a, b in pairwise(cells)} | {0}) == 2


def _is_index(cells: list[str]) -> bool:
    """Tell whether cells number the rows from 0 or 1."""
    numbers = [parse_number(cell) for cell in cells]
    values = [number.with_point for number in numbers if number is not None]
    return (
        len(values) == len(cells)
        and bool(values)
        and values[0] in (0, 1)
        and all(b == (a or 0) + 1 for a, b in pairwise(values))
    )
