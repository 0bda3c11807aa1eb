"""Custom datasets as a text in links: format, check and parse them.

Example: ``regression_size,price_1,2.1_2,3.9``. Parts are separated by ``_``: the task, the names of the
columns, of which the last is the target, and the rows. Separators and numbers need no escaping in a URL.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

import losses
from losses.core.messages import format_number, message
from losses.data.dataset import MAX_MAGNITUDE, TASKS
from losses.loss.base import BINARY, REGRESSION

from ..common import limits

CUSTOM: Final = "own"
"""Key of the custom dataset in links."""
IN_BROWSER: Final = "browser"
"""Value of a link in place of points that are too long for it and stay in the browser."""
SAMPLE_POINTS: Final = "regression_x,y_1,1.2_2,1.9_3,3.2_4,3.8_5,5.1_6,5.8_7,7.4"
"""Example of a custom dataset, for catalogues and menus."""

MAX_INPUTS: Final = 4
MAX_CLASSES: Final = 10
MIN_ROWS: Final = 3
MAX_CHARACTERS_IN_LINK: Final = 1500
"""Longest text of points in a link; it leaves room for the rest of the link."""
MIN_RELATIVE_SPREAD: Final = 1e-6
"""A column varies if its range is larger than this fraction of its largest absolute value.

The same threshold, for singular values, tells whether inputs are linearly dependent.
"""


class TableError(ValueError):
    """A fault of a table, as a sentence for the user; ``row`` is the faulty row, from 0, or None."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.row = row


def clean_name(text: str) -> str:
    """Replace characters of a name that have a meaning in links by blanks, and cut it to 24 characters."""
    return " ".join(re.sub(r"[^\w .%°/()-]|_", " ", text).split())[:24]


def format_table(task: str, names: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """Return a table in link syntax; names and rows end with the target."""
    header = [clean_name(name) or f"column {i + 1}" for i, name in enumerate(names)]
    lines = [
        ",".join(cell if isinstance(cell, str) else _format_number(cell) for cell in cells)
        for cells in (header, *rows)
    ]
    return "_".join([task, *lines])


def _format_number(value: float) -> str:
    """Format a number with 9 digits, ``1e9`` instead of ``1e+09``, as + is a space in URLs, and 0 for -0."""
    return f"{value + 0.0:.9g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


@lru_cache(maxsize=32)
def parse_dataset(points: str) -> losses.Dataset:
    """Parse a dataset in link syntax. Raises TableError with a sentence for the user if it is not valid."""
    if len(points) > limits.MAX_POINTS_CHARACTERS:
        raise TableError(message("Data have at most {most} characters.", most=limits.MAX_POINTS_CHARACTERS))
    task, *lines = points.split("_")
    if task not in TASKS:
        raise TableError(message("Data begin with their task, one of {tasks}.", tasks=", ".join(TASKS)))
    if len(lines) < 1 + MIN_ROWS:
        raise TableError(message("At least {fewest} rows are needed.", fewest=MIN_ROWS))
    if len(lines) > 1 + limits.MAX_DATA_ROWS:
        raise TableError(
            message(
                "There are {n} rows; at most {most} are taken.", n=len(lines) - 1, most=limits.MAX_DATA_ROWS
            )
        )
    names, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    _check_shape(names, rows)
    x = np.array([[parse_number(cell, i) for cell in row[:-1]] for i, row in enumerate(rows)])
    y, classes = _parse_targets(task, [row[-1] for row in rows])
    _check_columns(names, x, y if task == REGRESSION else None)
    return losses.Dataset(
        key=CUSTOM,
        x=x[:, 0] if x.shape[1] == 1 else x,
        y=y,
        task=task,
        name=_dataset_name(names),
        input_names=tuple(names[:-1]),
        target_name=names[-1],
        classes=classes,
        source="pasted",
        standardize=True,
        note=message("Pasted by whoever made this link."),
    )


def _check_shape(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raise TableError for too few or many columns, for names that are not clean and for ragged rows."""
    if not 1 <= len(names) - 1 <= MAX_INPUTS or any(clean_name(name) != name or not name for name in names):
        raise TableError(
            message("Data have 1 to {most} inputs and a target, each with a plain name.", most=MAX_INPUTS)
        )
    for i, row in enumerate(rows):
        if len(row) != len(names):
            raise TableError(message("it has {n} of {needed} values.", n=len(row), needed=len(names)), i)


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
    if math.isnan(value):
        raise TableError(message("{cell} is not a number.", cell=repr(cell[:24])), row)
    if abs(value) > MAX_MAGNITUDE:
        most = f"{MAX_MAGNITUDE:.0e}".replace("+", "")
        raise TableError(message("{cell} is beyond {most}.", cell=repr(cell[:24]), most=most), row)
    if 0 < abs(value) < 1 / MAX_MAGNITUDE:
        least = f"{1 / MAX_MAGNITUDE:.0e}"
        raise TableError(
            message("{cell} is closer to 0 than {least}.", cell=repr(cell[:24]), least=least), row
        )
    return value


def _parse_targets(task: str, cells: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the targets ``(n,)`` and the names of the classes.

    For a regression these are the numbers and no names. Else targets are positions in the sorted names:
    numbers before words, numbers by size. Raises TableError for a bad cell or a number of classes that does
    not suit the task.
    """
    if task == REGRESSION:
        return np.array([parse_number(cell, i) for i, cell in enumerate(cells)]), ()
    for i, cell in enumerate(cells):
        if not cell or clean_name(cell) != cell:
            raise TableError(message("{cell} is no name of a class.", cell=repr(cell[:24])), i)
    classes = sorted(set(cells), key=_class_sort_key)
    if not (len(classes) == 2 if task == BINARY else 3 <= len(classes) <= MAX_CLASSES):
        problem = message(
            "The target of a binary task has 2 classes; this one has {n}."
            if task == BINARY
            else "The target of a multiclass task has 3 to {most} classes; this one has {n}.",
            n=len(classes),
            most=MAX_CLASSES,
        )
        raise TableError(problem)
    return np.array([float(classes.index(cell)) for cell in cells]), tuple(classes)


def _class_sort_key(cell: str) -> tuple[float, str]:
    """Return a key that sorts numbers before words, numbers by size and words alphabetically."""
    try:
        return float(cell), cell
    except ValueError:
        return math.inf, cell


def _check_columns(names: Sequence[str], x: np.ndarray, y: np.ndarray | None) -> None:
    """Raise TableError for a constant column, too few rows or linearly dependent inputs.

    ``x`` holds the inputs ``(n, d)``. ``y`` is the target of a regression, else None.
    """
    columns = [*x.T, *([y] if y is not None else [])]
    for name, column in zip(names, columns, strict=False):
        if np.ptp(column) <= MIN_RELATIVE_SPREAD * np.abs(column).max():
            value = format_number(float(column[0]))
            raise TableError(
                message("Every row of {name} says {value}; a column must vary.", name=name, value=value)
            )
    if len(x) < x.shape[1] + 2:
        counts = {"inputs": x.shape[1], "fewest": x.shape[1] + 2, "n": len(x)}
        raise TableError(
            message(
                "1 input needs at least {fewest} rows; these are {n}."
                if x.shape[1] == 1
                else "{inputs} inputs need at least {fewest} rows; these are {n}.",
                **counts,
            )
        )
    standardized = (x - x.mean(axis=0)) / x.std(axis=0)
    singular_values = np.linalg.svd(standardized, compute_uv=False)
    if singular_values[-1] <= MIN_RELATIVE_SPREAD * singular_values[0]:
        raise TableError(
            message("{names} say the same: one can be computed from the others.", names=", ".join(names[:-1]))
        )
