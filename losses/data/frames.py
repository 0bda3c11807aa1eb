"""Inputs, targets and their names from arrays, lists, and the Series and DataFrames of pandas.

pandas is not imported: a frame is what has ``columns``, a series of categories what has ``dtype.categories``.
"""

from typing import Any

import numpy as np

from losses.core.arrays import Array, as_float_array
from losses.core.messages import MINUS_SIGN


def names_of(values: Any) -> tuple[str, ...]:
    """Return the names of a frame's columns or of a series; empty unless all of them are texts."""
    names = getattr(values, "columns", None)
    if names is None:
        names = (getattr(values, "name", None),)
    names = tuple(names)
    return names if all(isinstance(name, str) and name for name in names) else ()


def as_inputs(x: Any) -> Array:
    """Convert inputs to float64. Raises ValueError that names the column of a frame that is not numeric."""
    try:
        return as_float_array(x, "x")
    except ValueError:
        for name in getattr(x, "columns", ()):
            try:
                as_float_array(x[name], "x")
            except ValueError:
                raise ValueError(
                    f"x must be an array of numbers; the column {name!r} holds something else"
                ) from None
        raise


def as_targets(y: Any, has_classes: bool, classes: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Return class numbers and the names of the classes for labels; other targets as they are, without names.

    A frame of one column is that column. Labels are texts, categories or whole numbers. ``classes`` gives
    their order if it names them all; otherwise it is that of the categories, of the numbers that the texts
    are, or of the alphabet. Raises ValueError if a label is missing or not a text as the others are.
    """
    columns = tuple(getattr(y, "columns", ()))
    if len(columns) == 1:  # a frame of one column
        y = y[columns[0]]
    if not has_classes:
        return y, ()
    categories = getattr(getattr(y, "dtype", None), "categories", None)
    if categories is not None:
        return _class_numbers(list(y), [*categories], classes)
    labels = _texts_in(y)
    if labels is not None:
        known = sorted({label for label in labels if isinstance(label, str)}, key=_number_or_text)
        return _class_numbers(labels, known, classes)
    return _from_whole_numbers(y)


def _texts_in(y: Any) -> list[Any] | None:
    """Return the labels if any is a text, unless all can be read as class numbers or it is not a list."""
    array = y if isinstance(y, np.ndarray) else np.asarray(y, dtype=object) if _is_list(y) else None
    if array is None or array.ndim != 1 or array.dtype.kind not in "OUT":
        return None
    labels = array.tolist()
    return labels if any(isinstance(label, str) for label in labels) else None


def _is_list(values: Any) -> bool:
    return isinstance(values, list | tuple) or hasattr(values, "__array__")


def _number_or_text(label: str) -> tuple[float, str]:
    """Return the key by which texts are sorted: numbers first, by value, then texts by the alphabet."""
    try:
        return float(label), label
    except ValueError:
        return np.inf, label


def _is_among(label: Any, known: set[Any]) -> bool:
    try:
        return label in known
    except TypeError:  # it cannot be hashed
        return False


def _class_numbers(
    labels: list[Any], known: list[Any], classes: tuple[str, ...]
) -> tuple[list[int], tuple[str, ...]]:
    all_known = set(known)
    for i, label in enumerate(labels):
        if not _is_among(label, all_known):
            raise ValueError(f"y must hold labels of one kind, none missing; row {i} holds {label!r}")
    present = set(labels)
    order = list(classes) if present <= set(classes) else [label for label in known if label in present]
    numbers = {label: number for number, label in enumerate(order)}
    return [numbers[label] for label in labels], tuple(map(str, order))


def _from_whole_numbers(y: Any) -> tuple[Any, tuple[str, ...]]:
    """Return class numbers for targets that are two or more whole numbers, in order, such as 1 and 2."""
    try:
        targets = as_float_array(y, "y")
    except ValueError:
        return y, ()
    labels = sorted(set(targets.tolist())) if targets.ndim == 1 else []
    are_whole = len(labels) > 1 and all(label.is_integer() for label in labels)
    if not are_whole or labels == list(range(len(labels))):
        return y, ()
    return np.searchsorted(labels, targets), tuple(f"{label:g}".replace("-", MINUS_SIGN) for label in labels)
