"""What a step shows of a run. ``assets/js/plot/step_slices.mjs`` is the same rule in the browser."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losses.core.messages import num

Figure = dict[str, Any]
Values = NDArray[Any]
Arrays = Mapping[str, Any]


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


def _reach(arrays: Arrays, k: int) -> dict[str, Any]:
    """From where a step begins to where something else would lead."""
    return {axis: np.append(arrays[axis][k], arrays[f"to.{axis}"][k]) for axis in ("x", "y")}


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


def _said(arrays: Arrays, k: int) -> dict[str, Any]:
    """A row whose texts are numbers, spelled as everywhere on the page."""
    row = {axis: _row(values, k) for axis, values in arrays.items()}
    return row | {"text": [num(float(value)) for value in row["text"]]}


SLICES: Mapping[str, Callable[[Arrays, int], dict[str, Any]]] = {
    "past": _each(lambda values, k: values[: k + 1]),
    "future": _each(lambda values, k: values[k:]),
    "now": _each(lambda values, k: values[k : k + 1]),
    "next": _each(lambda values, k: values[k + 1 : k + 2]),
    "step": _each(lambda values, k: values[k : k + 2]),
    "held": _each(lambda values, k: values[min(k, len(values) - 1) :][:1]),
    "first": _each(lambda values, k: values[:1]),
    "row": _each(_row),
    "reach": _reach,
    "gaps": _gaps,
    "squares": _squares,
    "sheet": _sheet,
    "words": _words,
    "said": _said,
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
    return {attribute: np.asarray(arrays[name]) for attribute, name in trace["arrays"].items()}


def _put(trace: Figure, values: Mapping[str, Any]) -> Figure:
    """The trace with values at their dotted places."""
    whole = dict(trace)
    for path, value in values.items():
        outer, _, inner = path.partition(".")
        whole[outer] = {**whole.get(outer, {}), inner: value} if inner else value
    return whole
