"""Turn texts that are no lines of cells into such lines: JSON, tables of HTML, lists of points.

Every row becomes a line, and its cells are separated by tabs.
"""

import html
import json
import re
from collections.abc import Iterable
from typing import Any, Final

_HTML_ROW: Final = re.compile(r"<tr\b[^<>]*>", re.I)
_HTML_CELL: Final = re.compile(r"<t[dh]\b[^<>]*>", re.I)
_HTML_END: Final = re.compile(r"</?(?:t[dhr]|table|thead|tbody|tfoot)\b", re.I)
_TAG: Final = re.compile(r"<[^<>]*>")
_POINT: Final = re.compile(r"[\[({]([^\[\](){}]*)[\])}]")
_AROUND_POINTS: Final = re.compile(r"(?:\w+\s*(?:=|:|<-)\s*)?(?:\w+\.)?\w*[\s,;\[\](){}]*")
"""What may stand around points: a name that they are assigned to, and brackets."""
_MIN_POINTS: Final = 3


def lines_of_cells(text: str) -> str:
    """Return the rows of JSON, an HTML table or a list of points, one a line; other texts as they are."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<" and (rows := _html_rows(text)):
        return _written(rows)
    if start in ("[", "{"):
        rows = _json_rows(text)
        if rows:
            return _written(rows)
    return _point_lines(text) or text


def _written(rows: Iterable[Iterable[object]]) -> str:
    return "\n".join("\t".join(map(_cell_text, row)) for row in rows)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    text = str(value).upper() if isinstance(value, bool) else str(value)
    return " ".join(text.split()).replace('"', "'")


def _html_rows(text: str) -> list[list[str]]:
    """Return the texts of the cells of all tables.

    The parser of the standard library takes quadratic time for some malformed pages (CVE-2025-6069).
    """
    rows = [_HTML_CELL.split(row)[1:] for row in _HTML_ROW.split(text)[1:]]
    return [
        [html.unescape(_TAG.sub(" ", _HTML_END.split(cell, maxsplit=1)[0])) for cell in row]
        for row in rows
        if row
    ]


def _json_rows(text: str) -> list[list[Any]]:
    """Return the rows of records, of columns or of rows in JSON, or in lines of JSON; none if it has none."""
    for source in (text, "[" + ",".join(line for line in text.splitlines() if line.strip()) + "]"):
        try:
            return _rows_of(json.loads(source, parse_float=str, parse_int=str))
        except (ValueError, RecursionError):
            continue
    return []


def _rows_of(data: Any) -> list[list[Any]]:
    if isinstance(data, dict) and data and all(isinstance(value, dict) for value in data.values()):
        keys = dict.fromkeys(key for column in data.values() for key in column)
        return [list(data), *([column.get(key) for column in data.values()] for key in keys)]
    if isinstance(data, dict):
        lists = {name: value for name, value in data.items() if isinstance(value, list)}
        records = [value for value in lists.values() if value and isinstance(value[0], dict | list)]
        if records:
            return _rows_of(max(records, key=len))
        longest = max(map(len, lists.values()), default=0)
        columns = [[name, *value] for name, value in lists.items() if len(value) == longest]
        return [list(row) for row in zip(*columns, strict=True)]
    if not isinstance(data, list) or not data:
        return []
    if all(isinstance(row, dict) for row in data):
        names = list(dict.fromkeys(name for row in data for name in row))
        return [names, *([row.get(name) for name in names] for row in data)]
    return data if all(isinstance(row, list) for row in data) else []


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
