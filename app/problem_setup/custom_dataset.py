"""Custom datasets as a text in links: format, check and parse them.

Example: ``regression_size,price_1,2.1_2,3.9``. Parts are separated by ``_``: the task, the names of the
columns, of which the last is the target, and the rows. Separators and numbers need no escaping in a URL.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import numpy as np

import losses
from losses.core.messages import format_number, message, plural
from losses.data.dataset import TASKS
from losses.loss.base import BINARY, REGRESSION

from ..common import limits

CUSTOM: Final = "own"
"""Key of the custom dataset in links."""
IN_BROWSER: Final = "browser"
"""Value of a link in place of points that are too long for it and stay in the browser."""
SAMPLE_POINTS: Final = "regression_x,y_1,1.2_2,1.9_3,3.2_4,3.8_5,5.1_6,5.8_7,7.4"
"""Example of a custom dataset, for catalogues and menus."""

ROW_SEPARATOR: Final = "_"
MAX_INPUTS: Final = 4
MAX_CLASSES: Final = 10
MIN_ROWS: Final = 3
SAFE_IN_LINKS: Final = ",*:="
"""Characters besides letters and digits that links do not escape."""
MAX_CHARACTERS_IN_LINK: Final = 1500
"""Longest text of points in a link, with its escapes; it leaves room for the rest of the link."""
MAX_MAGNITUDE: Final = 1e100
"""Largest absolute value of a number; the smallest besides 0 is its reciprocal."""
MIN_VARIATION: Final = 1e-12
"""A column varies if its range is larger than this fraction of its largest absolute value.

Seconds since 1970 of one hour vary by 2e-6 of themselves; inputs are standardized before all else.
"""
MIN_SINGULAR_VALUE: Final = 1e-6
"""Inputs, standardized, are linearly dependent if a singular value is below this share of the largest."""

MAX_SHOWN_CHARACTERS: Final = 24
"""Length to which names of columns and classes are shortened where they are shown."""
MAX_NAME_CHARACTERS: Final = 400
_ESCAPED: Final = {"~": "~", "u": "_", "c": ","}


class TableError(ValueError):
    """A fault of a table, as a sentence for the user; ``row`` is the faulty row, from 0, or None."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.row = row


def escape(text: str) -> str:
    """Write any text as a part of points, in which ``_`` and ``,`` separate and ``~`` escapes."""
    return text.replace("~", "~~").replace("_", "~u").replace(",", "~c")


def unescape(text: str) -> str:
    """Return the text that :func:`escape` wrote. Raises KeyError for an escape that it does not write."""
    return re.sub(r"~(.?)", lambda match: _ESCAPED[match[1]], text)


def format_table(task: str, names: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """Return a table in link syntax; names and rows end with the target."""
    header = [escape(name) or f"column {i + 1}" for i, name in enumerate(names)]
    lines = [",".join(header)]
    lines += [
        ",".join(escape(cell) if isinstance(cell, str) else write_number(cell) for cell in cells)
        for cells in rows
    ]
    return ROW_SEPARATOR.join([task, *lines])


def points_of(data: losses.Dataset) -> str:
    """Return a dataset in link syntax."""
    targets = [data.classes[int(each)] if data.classes else float(each) for each in data.y]
    rows = [[*map(float, row), target] for row, target in zip(data.inputs, targets, strict=True)]
    return format_table(data.task, (*data.input_names, data.target_name), rows)


def write_number(value: float) -> str:
    """Write a number so that it is read as the same one: ``1e9`` for 1e+09, as + is a blank in URLs."""
    text = repr(value + 0.0)  # the sum writes 0 for -0
    mantissa, _, exponent = text.partition("e")
    return mantissa.removesuffix(".0") + (f"e{int(exponent)}" if exponent else "")


def fits_link(points: str) -> bool:
    """Tell whether a link can carry points, escaped as links spell them."""
    return len(quote(points, safe=SAFE_IN_LINKS)) <= MAX_CHARACTERS_IN_LINK


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """Shorten names to ``MAX_SHOWN_CHARACTERS`` so that they stay apart, at the end or in the middle."""
    if len({shortened(name) for name in names}) == len(set(names)):
        return tuple(shortened(name) for name in names)
    half = MAX_SHOWN_CHARACTERS // 2 - 1
    middle = [
        name if len(name) <= MAX_SHOWN_CHARACTERS else f"{name[:half]}…{name[-half:]}" for name in names
    ]
    if len(set(middle)) == len(set(names)):
        return tuple(middle)
    numbers = {name: i for i, name in enumerate(dict.fromkeys(names), 1)}
    return tuple(
        name if len(name) <= MAX_SHOWN_CHARACTERS else f"{name[: MAX_SHOWN_CHARACTERS - 5]}… {numbers[name]}"
        for name in names
    )


def shortened(text: str) -> str:
    """Return at most ``MAX_SHOWN_CHARACTERS`` of a text; marks stay with their letter."""
    if len(text) <= MAX_SHOWN_CHARACTERS:
        return text
    end = MAX_SHOWN_CHARACTERS - 1
    while end > 1 and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return text[:end].rstrip() + "…"


@lru_cache(maxsize=32)
def parse_dataset(points: str) -> losses.Dataset:
    """Parse a dataset in link syntax. Raises TableError with a sentence for the user if it is not valid."""
    if len(points) > limits.MAX_POINTS_CHARACTERS:
        raise TableError(message("Data have at most {most} characters.", most=limits.MAX_POINTS_CHARACTERS))
    task, *lines = points.split(ROW_SEPARATOR)
    if task not in TASKS:
        raise TableError(message("Data begin with their task, one of {tasks}.", tasks=", ".join(TASKS)))
    if len(lines) < 1 + MIN_ROWS:
        raise TableError(message("At least {fewest} rows are needed.", fewest=MIN_ROWS))
    if len(lines) > 1 + limits.MAX_DATA_ROWS:
        raise TableError(
            plural(
                "There is {n} row; at most {most} are taken.",
                "There are {n} rows; at most {most} are taken.",
                n=len(lines) - 1,
                most=limits.MAX_DATA_ROWS,
            )
        )
    names = [_parse_name(cell) for cell in lines[0].split(",")]
    rows = [line.split(",") for line in lines[1:]]
    _check_shape(names, rows)
    x = np.array([[parse_number(cell, i) for cell in row[:-1]] for i, row in enumerate(rows)])
    y, classes = _parse_targets(task, [row[-1] for row in rows])
    names = list(short_names(names))
    _check_columns(names, x, y if task == REGRESSION else None)
    return losses.Dataset(
        key=CUSTOM,
        x=x[:, 0] if x.shape[1] == 1 else x,
        y=y,
        task=task,
        name=_dataset_name(names),
        input_names=tuple(names[:-1]),
        target_name=names[-1],
        classes=short_names(classes),
        source="pasted",
        standardize=True,
        note=message("Pasted by whoever made this link."),
    )


def _parse_name(cell: str) -> str:
    """Return the name in a part of points; empty if it is none."""
    try:
        name = unescape(cell).strip()
    except KeyError:
        return ""
    visible = name.replace("\u200c", "").replace("\u200d", "")  # which join letters, also of emoji
    return name if len(name) <= MAX_NAME_CHARACTERS and visible.isprintable() else ""


def _check_shape(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raise TableError for too few or many columns, for names that are empty and for ragged rows."""
    if not 1 <= len(names) - 1 <= MAX_INPUTS or not all(names):
        raise TableError(
            message("Data have 1 to {most} inputs and a target, each with a name.", most=MAX_INPUTS)
        )
    for i, row in enumerate(rows):
        if len(row) != len(names):
            problem = plural(
                "it has {count} of {n} value.", "it has {count} of {n} values.", n=len(names), count=len(row)
            )
            raise TableError(problem, i)


def _dataset_name(names: Sequence[str]) -> str:
    """Return a name such as ``price by size``, or ``own data`` for default names and more than two inputs."""
    *inputs, target = names
    if list(names) in (["x", "y"], ["x1", "x2", "y"]) or len(names) > 3:
        return message("own data")
    if len(inputs) == 1:
        return message("{target} by {input}", target=target, input=inputs[0])
    return message("{target} by {this} and {that}", target=target, this=inputs[0], that=inputs[1])


def parse_number(cell: str, row: int) -> float:
    """Parse a number in the row ``row``. Raises TableError beyond the bounds of ``MAX_MAGNITUDE``."""
    try:
        value = float(cell)
    except ValueError:
        raise TableError(message("{cell} is not a number.", cell=repr(cell[:24])), row) from None
    if not math.isfinite(value):
        raise TableError(message("{cell} is not a finite number.", cell=repr(cell[:24])), row)
    if abs(value) > MAX_MAGNITUDE:
        raise TableError(message("{cell} is too large: at most 1e100.", cell=repr(cell[:24])), row)
    if 0 < abs(value) < 1 / MAX_MAGNITUDE:
        raise TableError(message("{cell} is too small: at least 1e-100, or 0.", cell=repr(cell[:24])), row)
    return value


def _parse_targets(task: str, cells: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the targets ``(n,)`` and the names of the classes.

    For a regression these are the numbers and no names. Else targets are positions in the sorted names:
    numbers before words, numbers by size. Raises TableError for a bad cell or a number of classes that does
    not suit the task.
    """
    if task == REGRESSION:
        return np.array([parse_number(cell, i) for i, cell in enumerate(cells)]), ()
    labels = [_parse_name(cell) for cell in cells]
    if "" in labels:
        i = labels.index("")
        raise TableError(message("{cell} is no name of a class.", cell=repr(cells[i][:24])), i)
    classes = sorted(set(labels), key=_class_sort_key)
    if not (len(classes) == 2 if task == BINARY else 3 <= len(classes) <= MAX_CLASSES):
        problem = (
            message("The target of a binary task has 2 classes; this one has {n}.")
            if task == BINARY
            else message("The target of a multiclass task has 3 to {most} classes; this one has {n}.")
        )
        raise TableError(problem.format(n=len(classes), most=MAX_CLASSES))
    positions = {label: float(i) for i, label in enumerate(classes)}
    return np.array([positions[label] for label in labels]), tuple(classes)


def _class_sort_key(cell: str) -> tuple[float, str]:
    """Return a key that sorts numbers before words, numbers by size and words alphabetically."""
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    return (value if math.isfinite(value) else math.inf), cell


def _check_columns(names: Sequence[str], x: np.ndarray, y: np.ndarray | None) -> None:
    """Raise TableError for a constant column, too few rows or linearly dependent inputs.

    ``x`` holds the inputs ``(n, d)``. ``y`` is the target of a regression, else None.
    """
    columns = [*x.T, *([y] if y is not None else [])]
    for name, column in zip(names, columns, strict=False):
        if np.ptp(column) <= MIN_VARIATION * np.abs(column).max():
            value = format_number(float(column[0]), digits=12)
            raise TableError(
                message("Every row of {name} says {value}; a column must vary.", name=name, value=value)
            )
    if len(x) < x.shape[1] + 2:
        raise TableError(
            plural(
                "{n} input needs at least {fewest} rows; these are {rows}.",
                "{n} inputs need at least {fewest} rows; these are {rows}.",
                n=x.shape[1],
                fewest=x.shape[1] + 2,
                rows=len(x),
            )
        )
    standardized = (x - x.mean(axis=0)) / x.std(axis=0)
    singular_values = np.linalg.svd(standardized, compute_uv=False)
    if singular_values[-1] <= MIN_SINGULAR_VALUE * singular_values[0]:
        raise TableError(
            message("{names} say the same: one can be computed from the others.", names=", ".join(names[:-1]))
        )
