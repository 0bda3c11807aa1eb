"""What a step shows of a run. ``assets/moment.mjs`` is the same rule in the browser."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Figure = dict[str, Any]
Values = NDArray[Any]
Arrays = Mapping[str, Values]


def _each(cut: Callable[[Values, int], Values]) -> Callable[[Arrays, int], dict[str, Any]]:
    return lambda arrays, k: {axis: cut(values, k) for axis, values in arrays.items()}


def _row(values: Values, k: int) -> Values:
    return values[k] if values.ndim > 1 else values


def _on_curve(arrays: Arrays, k: int) -> Values:
    """Where the drawn curve of a step passes each example."""
    return np.asarray(np.interp(arrays["x"], arrays["grid"], arrays["y"][k]))


def _gaps(arrays: Arrays, k: int) -> dict[str, Any]:
    """A line from the curve to what is true of each example, with a pen lifted between them."""
    said, true = _on_curve(arrays, k), arrays["true"]
    lifted = np.stack(np.broadcast_arrays(said, true, np.nan), axis=-1)
    return {"x": np.repeat(arrays["x"], 3), "y": lifted.ravel()}


def _squares(arrays: Arrays, k: int) -> dict[str, Any]:
    """A square on each gap; the browser makes it as wide on the screen as it is high."""
    x, said, true = arrays["x"], _on_curve(arrays, k), arrays["true"]
    far = x + np.abs(said - true)
    corners = np.broadcast_arrays(x, far, far, x, x, np.nan), (said, said, true, true, said, x * np.nan)
    across, up = (np.stack(side, axis=-1).ravel() for side in corners)
    return {"x": across, "y": up}


SHEET = (3, 4)
"""Rows and columns of a sheet of images."""


def _sheet(arrays: Arrays, k: int) -> dict[str, Any]:
    """Images set in rows, with a margin around each and room for words beneath."""
    rows, columns = SHEET
    images = arrays["z"][arrays["order"][k].astype(int)]
    height, width = images.shape[1:]
    sheet = np.full((rows * (height + 4), columns * (width + 2)), np.nan)
    for place, image in enumerate(images):
        down, across = place // columns * (height + 4), place % columns * (width + 2)
        sheet[down : down + height, across : across + width] = image
    return {"z": sheet}


def _words(arrays: Arrays, k: int) -> dict[str, Any]:
    """What each image of the sheet is taken for and how surely; a cross where that is wrong."""
    said, sure, true = (arrays[name][k] for name in ("said", "sure", "true"))
    words = [
        f"{'' if a == b else '✗ '}{a:.0f} · {100 * p:.0f}%" for a, p, b in zip(said, sure, true, strict=True)
    ]
    return {"x": arrays["x"], "y": arrays["y"], "text": words}


SLICES: Mapping[str, Callable[[Arrays, int], dict[str, Any]]] = {
    "past": _each(lambda values, k: values[: k + 1]),
    "future": _each(lambda values, k: values[k:]),
    "now": _each(lambda values, k: values[k : k + 1]),
    "next": _each(lambda values, k: values[k + 1 : k + 2]),
    "step": _each(lambda values, k: values[k : k + 2]),
    "held": _each(lambda values, k: values[min(k, len(values) - 1) :][:1]),
    "first": _each(lambda values, k: values[:1]),
    "row": _each(_row),
    "gaps": _gaps,
    "squares": _squares,
    "sheet": _sheet,
    "words": _words,
}


def moving(slice_name: str, trace: Figure, **arrays: str) -> Figure:
    """A trace that shows ``slice_name`` of the named arrays: ``moving("now", {...}, x="u")``.

    A double underscore in the name of an attribute leads inward: ``marker__angle``.
    """
    inward = {attribute.replace("__", "."): name for attribute, name in arrays.items()}
    return {"slice": slice_name, "arrays": inward, "trace": trace}


def at(figure: Figure, arrays: Arrays, k: int) -> Figure:
    """The complete Plotly figure of step ``k``."""
    traces = [
        _put(trace["trace"], SLICES[trace["slice"]](_named(trace, arrays), k)) for trace in figure["moving"]
    ]
    return {"data": [*figure["data"], *traces], "layout": figure["layout"]}


def _named(trace: Figure, arrays: Arrays) -> Arrays:
    return {attribute: arrays[name] for attribute, name in trace["arrays"].items()}


def _put(trace: Figure, values: Mapping[str, Any]) -> Figure:
    """The trace with values at their dotted places."""
    whole = dict(trace)
    for path, value in values.items():
        outer, _, inner = path.partition(".")
        whole[outer] = {**whole.get(outer, {}), inner: value} if inner else value
    return whole


def typed(values: Any) -> dict[str, str]:
    """An array as Plotly's typed array: bytes as they are, numbers as float32, a third of their size as JSON."""
    with np.errstate(over="ignore"):  # what single precision cannot hold is not drawn
        array = np.asarray(values)
        array = array if array.dtype == np.uint8 else array.astype("<f4")
    kind = "u1" if array.dtype == np.uint8 else "f4"
    spec = {"dtype": kind, "bdata": base64.b64encode(array.tobytes()).decode()}
    return spec | {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else spec


def exact(values: Any) -> dict[str, str]:
    """Numbers that are read and not drawn, in double precision."""
    return {"dtype": "f8", "bdata": base64.b64encode(np.asarray(values, dtype="<f8").tobytes()).decode()}


DROPPED = 8
"""Bits of single precision that no screen shows: what is left tells one in 65,536."""
FEWEST = 4
"""Columns from which a table is sent by its differences."""


def sent(values: Any) -> dict[str, str]:
    """An array for ``decode`` of ``assets/moment.mjs``: a table by how it changes from step to step and along a row.

    Such differences are small numbers: compressed they take a quarter of what the numbers take.
    """
    with np.errstate(over="ignore"):
        array = np.asarray(values)
        array = array if array.dtype == np.uint8 else array.astype("<f4")
    if array.ndim != 2 or array.shape[1] < FEWEST:
        return typed(array)
    if array.dtype == np.uint8:
        change = _differences(array).view(np.int8).astype(np.int16)
        planes = _folded(change, 15).astype(np.uint8)
    else:
        rounded = array.view("<u4") + np.uint32(1 << (DROPPED - 1)) >> np.uint32(DROPPED)
        planes = _folded(_differences(rounded).view("<i4"), 31).view(np.uint8).reshape(-1, 4).T
    spec = {"dtype": "u1" if array.dtype == np.uint8 else "f4", "shape": ", ".join(map(str, array.shape))}
    return spec | {"bdata": base64.b64encode(planes.tobytes()).decode(), "coding": "differences"}


def _differences(table: Values) -> Values:
    """From the row before, then from the column before; they wrap around as the browser's do."""
    down = table.copy()
    down[1:] -= table[:-1]
    across = down.copy()
    across[:, 1:] -= down[:, :-1]
    return across


def _folded(change: Values, sign: int) -> Values:
    """0, −1, 1, −2, ... as 0, 1, 2, 3, ..."""
    return (change << 1) ^ (change >> sign)
