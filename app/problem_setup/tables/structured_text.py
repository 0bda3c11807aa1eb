"""Turn texts that are no lines of cells into such lines: JSON, tables of HTML, lists of points.

Every row becomes a line, and its cells are separated by tabs.
"""

import html
import json
import re
from collections.abc import Iterable
from typing import Any, Final

from .number_formats import with_clear_point

_HTML_NOTE: Final = re.compile(
    r"<sup\b[^<>]{0,99}>(?:<[^<>]{0,200}>){0,3}(?:\[[^<>]{1,20}\]|[a-z*†])(?:</a>)?</sup>", re.I
)
"""A reference to a note."""
_HTML_SPAN: Final = re.compile(r"\b(row|col)span\s*=\s*[\"']?(\d{1,3})", re.I)
_HTML_ROW: Final = re.compile(r"<tr\b[^<>]*>", re.I)
_HTML_CELL: Final = re.compile(r"<t[dh]\b([^<>]*)>", re.I)
_MAX_SPANNED_CELLS: Final = 100_000
"""Cells that a page may have besides those that it names."""
_HTML_END: Final = re.compile(r"</?(?:t[dhr]|table|thead|tbody|tfoot)\b", re.I)
_TAG: Final = re.compile(r"<[^<>]*>")
_POINT: Final = re.compile(r"[\[({]([^\[\](){}]*)[\])}]")
_AROUND_POINTS: Final = re.compile(r"(?:\w+\s*(?:=|:|<-)\s*)?(?:\w+\.)?\w*[\s,;\[\](){}]*")
"""What may stand around points: a name that they are assigned to, and brackets."""
_MIN_POINTS: Final = 3
_FACTOR: Final = re.compile(r"^[^\S\n]*(?:\w+[^\S\n]*=\s*)?1\.0e([+-]\d\d)[^\S\n]*\*[^\S\n]*$", re.M)
"""The factor that MATLAB prints above a matrix."""


def lines_of_cells(text: str) -> str:
    """Return the rows of JSON, an HTML table or a list of points, one a line; other texts as they are."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<" and (rows := _html_rows(text)):
        return _written(rows)
    if start in ("[", "{"):
        rows = _json_rows(text)
        if rows:
            return _written(rows)
    return _point_lines(text) or _without_factor(text) or text


def _written(rows: Iterable[Iterable[object]]) -> str:
    return "\n".join("\t".join(map(_cell_text, row)) for row in rows)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    text = str(value).upper() if isinstance(value, bool) else str(value)
    return " ".join(text.split()).replace('"', "'")


def _html_rows(text: str) -> list[list[str]]:
    """Return the texts of the cells of all tables.

    A cell of several rows is in each of them, one of several columns in the first. The parser of the standard
    library takes quadratic time for some malformed pages (CVE-2025-6069).
    """
    first, *others = text.split("<!--")
    text = first + "".join(comment.partition("-->")[2] for comment in others)
    rows, below, added = list[list[str]](), dict[int, tuple[int, str]](), 0
    for source in _HTML_ROW.split(_HTML_NOTE.sub("", text))[1:]:
        pieces = _HTML_CELL.split(source)[1:]
        if not pieces:
            continue
        row = {column: content for column, (_, content) in below.items()}
        below = {column: (left - 1, content) for column, (left, content) in below.items() if left > 1}
        column = 0
        for attributes, piece in zip(pieces[::2], pieces[1::2], strict=True):
            while column in row:
                column += 1
            row[column] = html.unescape(_TAG.sub(" ", _HTML_END.split(piece, maxsplit=1)[0]))
            spans = {kind.lower(): int(count) for kind, count in _HTML_SPAN.findall(attributes)}
            if spans.get("row", 1) > 1:
                below[column] = spans["row"] - 1, row[column]
            column += max(1, spans.get("col", 1))
        width = max(max(row) + 1, column)
        added += width - len(pieces) // 2
        if added > _MAX_SPANNED_CELLS:
            return []
        rows.append([row.get(i, "") for i in range(width)])
    return rows


def _json_rows(text: str) -> list[list[Any]]:
    """Return the rows of records, of columns or of rows in JSON, or in lines of JSON; none if it has none."""
    for source in (text, "[" + ",".join(line for line in text.splitlines() if line.strip()) + "]"):
        try:
            return _rows_of(json.loads(source, parse_float=with_clear_point, parse_int=str))
        except (ValueError, RecursionError):
            continue
    return []


def _rows_of(data: Any) -> list[list[Any]]:
    if isinstance(data, dict) and data and all(isinstance(value, dict) for value in data.values()):
        inner = dict.fromkeys(key for column in data.values() for key in column)
        if _are_numbers(data) and not _are_numbers(inner):
            return _rows_of(list(data.values()))
        if len(data) > len(inner) and not _are_numbers(inner):
            return _rows_of([{"": name, **record} for name, record in data.items()])
        return [list(data), *([column.get(key) for column in data.values()] for key in inner)]
    if isinstance(data, dict):
        lists = {name: value for name, value in data.items() if isinstance(value, list)}
        records = [value for value in lists.values() if value and isinstance(value[0], dict | list)]
        if records:
            rows = _rows_of(max(records, key=len))
            names = data.get("columns")
            has_names = isinstance(names, list) and rows and len(names) == len(rows[0])
            return [list(names or ()), *rows] if has_names else rows
        longest = max(map(len, lists.values()), default=0)
        columns = [[name, *value] for name, value in lists.items() if len(value) == longest]
        return [list(row) for row in zip(*columns, strict=True)]
    if not isinstance(data, list) or not data:
        return []
    if all(isinstance(row, dict) for row in data):
        flat = [_flat(row) for row in data]
        keys = list(dict.fromkeys(name for row in flat for name in row))
        return [keys, *([row.get(key) for key in keys] for row in flat)]
    if all(isinstance(row, list) for row in data):
        return data
    return next((_rows_of(part) for part in data if isinstance(part, list)), [])


def _are_numbers(keys: Iterable[str]) -> bool:
    """Tell whether keys are numbers of rows."""
    return all(key.isdecimal() for key in keys)


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record in which the members of a record in it stand beside the others: ``place.height``."""
    flat = dict[str, Any]()
    for name, value in record.items():
        inner = value if isinstance(value, dict) else {}
        flat |= {f"{name}.{key}": each for key, each in inner.items()} or {name: value}
    return flat


def _point_lines(text: str) -> str:
    """Return points such as ``(1, 2), (2, 4)`` or ``[1 2; 2 4]``, one a line; empty if these are none."""
    points = _POINT.findall(text)
    if len(points) == 1:
        points = re.split("[;\n]", points[0])
    if len(points) < _MIN_POINTS or not _AROUND_POINTS.fullmatch(_POINT.sub("", text.strip())):
        return ""
    values = [[cell for cell in re.split(r"[\s,;]+", point) if cell] for point in points]
    values = [row for row in values if row]
    return _written(values) if len({len(row) for row in values}) == 1 and len(values[0]) > 1 else ""


def _without_factor(text: str) -> str:
    """Return a matrix that MATLAB prints with a common factor above it with its values; else nothing."""
    factor = _FACTOR.search(text)
    if not factor:
        return ""
    rows = [line.split() for line in text[factor.end() :].splitlines() if line.strip()]
    try:
        return _written([[repr(float(f"{cell}e{factor[1]}")) for cell in row] for row in rows])
    except ValueError:
        return ""
