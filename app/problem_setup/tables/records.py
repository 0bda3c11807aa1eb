"""Cut a text into records, and records into cells: line ends, quoted cells, frames and delimiters."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from ...common import limits
from .number_formats import is_missing_number, parse_number, visible_text

SAMPLE_SEED: Final = 0
"""Seed of the random sample that is taken of a table with too many rows."""
PROBED_ROWS: Final = 200
"""Rows from which the delimiter is detected."""
HEAD_LINES: Final = 60
"""Lines at the top of a long text that are kept whatever lines are sampled."""
_MAX_RECORD_LINES: Final = 20
"""Lines of a quoted cell; a quotation mark that is not closed within them is a character like others."""
_MAX_PRINTED_CHARACTERS: Final = 500
"""Length of the lines of a print-out."""
_OPEN_CELL: Final = re.compile(r'(?:^|[\t;,| ])"(?:[^"]|"")*$')
"""A quotation mark that begins a cell and is not closed: 5" is a length."""
_RULE: Final = re.compile(r"[-=─━═╌]{3}|={2}")
_RULE_CHARACTERS: Final = re.compile(r"[\s|+:=\-─━═╌┼╪┬┴├┤┌┐└┘│║┆╞╡╔╗╚╝╠╣╦╩╬]*")
"""The characters of a line that holds a rule and nothing else."""
_COUNT_LINE: Final = re.compile(
    r"\(\d+ rows?\)|\d+ rows? in set.*|\[\d+ rows x \d+ columns\]|# ?A tibble: .*|# … with .*"
    r"|shape: \(\d+, \d+\)|```.*",
    re.I,
)
"""Lines in which databases, pandas and R say how many rows there are."""
_LATEX_COMMAND: Final = re.compile(r"\s*\\(begin|end|[a-z]*rule|hline|cline|centering|caption|label)\b")
_LATEX_END: Final = re.compile(r"\\\\(\[[^]]{0,12}\])?(\s{0,9}\\(hline|[a-z]{0,9}rule)){0,3}$")
"""The end of a row in LaTeX: two backslashes and lines below it."""
COMMENT: Final = re.compile(r"\s*(#|%|//|@(?:relation|attribute|data)\b)", re.I)
_CELLS_IN_BLANKS: Final = re.compile(r'"[^"]*"|\S+')
NumberedRows = list[tuple[int, tuple[str, ...]]]
"""The cells of each row with the number of its line in the text, from 1."""
Splitter = Callable[[list[str]], list[tuple[str, ...]]]


def sample_lines(text: str) -> tuple[list[tuple[int, str]], int | None]:
    """Return the lines that hold anything, with their numbers, at most ``limits.MAX_PARSED_LINES``.

    Letters with marks are composed (NFC).

    Returned as well is how many there are, if some are left out. They are counted before any is kept.
    """
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\x00", ""))
    for line_end in ("\r\n", "\r", "\u2028", "\x0b", "\x85"):
        text = text.replace(line_end, "\n")
    count = sum(1 for _ in _plain_lines(text))
    if count <= limits.MAX_PARSED_LINES:
        return list(_plain_lines(text)), None
    rest = sample_indices(count - HEAD_LINES, limits.MAX_PARSED_LINES - HEAD_LINES)
    chosen = {*range(HEAD_LINES), *(HEAD_LINES + i for i in rest)}
    return [line for i, line in enumerate(_plain_lines(text)) if i in chosen], count


def _plain_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold anything, with their numbers."""
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        if not line.isspace():
            yield number, line.removesuffix("\n")


def sample_indices(count: int, size: int) -> list[int]:
    """Return ``size`` of the numbers below ``count``, at random from ``SAMPLE_SEED``, in ascending order."""
    chosen = np.random.default_rng(SAMPLE_SEED).choice(count, size, replace=False)
    return [int(i) for i in np.sort(chosen)]


def join_records(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Join the lines of a quoted cell that holds line breaks; a record has the number of its first line."""
    records, i = list[tuple[int, str]](), 0
    while i < len(lines):
        end = i + 1
        if lines[i][1].count('"') % 2 and _OPEN_CELL.search(lines[i][1]):
            end = next(
                (
                    j + 1
                    for j in range(i + 1, min(i + _MAX_RECORD_LINES, len(lines)))
                    if lines[j][1].count('"') % 2
                ),
                i + 1,
            )
        records.append((lines[i][0], " ".join(line for _, line in lines[i:end])))
        i = end
    return records


def find_comments(records: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the records that begin like comments, unless so many do that these are data."""
    found = [record for record in records if COMMENT.match(record[1])]
    after_first = [record for record in records if not COMMENT.match(record[1])]
    leading = len([record for record in found if after_first and record[0] < after_first[0][0]])
    return [] if not after_first or 3 * (len(found) - leading) > len(records) else found


def is_frame(line: str) -> bool:
    is_rule = _RULE_CHARACTERS.fullmatch(line) and _RULE.search(line)
    return bool(is_rule or _COUNT_LINE.fullmatch(line.strip()) or _LATEX_COMMAND.match(line))


def without_edges(line: str) -> str:
    """Return a row of a framed table without its left and right edge, or of LaTeX without its end."""
    line = _LATEX_END.sub("", line.rstrip()) if "\\\\" in line else line
    line = re.sub("[│║┃┆]", "|", line)
    stripped = line.strip()
    return stripped[1:-1] if len(stripped) > 1 and stripped[0] == stripped[-1] == "|" else line


def _split_by(delimiter: str) -> Splitter:
    def split(records: list[str]) -> list[tuple[str, ...]]:
        reader = csv.reader(records, delimiter=delimiter, skipinitialspace=delimiter != "\t")
        try:
            return [tuple(visible_text(cell) for cell in cells) for cells in reader]
        except csv.Error:
            return []

    return split


def _split_by_blanks(records: list[str]) -> list[tuple[str, ...]]:
    return [
        tuple(visible_text(cell.strip('"')) for cell in _CELLS_IN_BLANKS.findall(record))
        for record in records
    ]


def _split_by_wide_blanks(records: list[str]) -> list[tuple[str, ...]]:
    return [
        tuple(visible_text(cell.strip('"')) for cell in re.split(r"\s{2,}|\t", record.strip()))
        for record in records
    ]


def _split_by_position(records: list[str]) -> list[tuple[str, ...]]:
    """Split where all records have a blank, as print-outs whose cells may hold blanks or be empty."""
    if max(map(len, records), default=0) > _MAX_PRINTED_CHARACTERS:
        return []
    used = {i for record in records for word in re.finditer(r"\S+", record) for i in range(*word.span())}
    starts = [i for i in sorted(used) if i - 1 not in used]
    spans = list(pairwise((*starts, None)))
    return [
        trim(tuple(visible_text(record[start:end].strip(' "')) for start, end in spans)) for record in records
    ]


SPLITTERS: Final[dict[str, Splitter]] = {
    "\t": _split_by("\t"),
    ";": _split_by(";"),
    ",": _split_by(","),
    "|": _split_by("|"),
    "&": _split_by("&"),
    " ": _split_by_blanks,
    "  ": _split_by_wide_blanks,
    "positions": _split_by_position,
}
"""Ways to split records into cells, by delimiter: a blank is any white space, two are two or more."""


def split_rows(records: list[tuple[int, str]], forced: str = "") -> tuple[str, NumberedRows]:
    """Return the delimiter and the rows; the delimiter is the one that gives the most regular table.

    Regular are rows of equally many cells, at least two, and more so if the cells are numbers.
    """
    texts = [record for _, record in records]
    delimiter = forced if forced in SPLITTERS else _find_delimiter(texts[:PROBED_ROWS])
    cells = SPLITTERS[delimiter](texts)
    rows = [(line, row) for (line, _), row in zip(records, cells, strict=False) if any(row)]
    return delimiter, rows


def _find_delimiter(texts: list[str]) -> str:
    """Return the delimiter of the most regular table; tabs before blanks, which names have, too."""
    tables = {key: splitter(texts) for key, splitter in SPLITTERS.items()}
    best = max(tables, key=lambda key: _regularity(tables[key]))
    tabs = _common_width(tables["\t"])
    return "\t" if best == " " and tabs[0] > 1 and tabs[0] == _common_width(tables[" "])[0] else best


def _common_width(rows: list[tuple[str, ...]]) -> tuple[int, int]:
    """Return the most common number of cells above one, the larger of two, and how many rows have it."""
    counts = Counter(len(cells) for cells in rows if len(cells) > 1)
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))


def _regularity(rows: list[tuple[str, ...]]) -> float:
    """Return the share of rows of the most common width above one, weighted by the share of numbers."""
    width, count = _common_width(rows)
    cells = [cell for row in rows[1:] if len(row) == width > 1 for cell in row if cell]
    numbers = sum(parse_number(cell) is not None or is_missing_number(cell) for cell in cells)
    return count / max(len(rows), 1) * (1 + numbers / max(len(cells), 1))


def trim(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells without empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
