"""What a step shows of a run. ``assets/js/plot/step_slices.mjs`` is the same rule in the browser."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losses.core.messages import format_number

Figure = dict[str, Any]
AnyArray = NDArray[Any]
NamedArrays = Mapping[str, Any]


def _slice_each(cut: Callable[[AnyArray, int], AnyArray]) -> Callable[[NamedArrays, int], dict[str, Any]]:
    return lambda arrays, k: {axis: cut(values, k) for axis, values in arrays.items()}


def _row(values: AnyArray, k: int) -> AnyArray:
    return values[k] if values.ndim > 1 else values


def _interpolate_curve(arrays: NamedArrays, k: int) -> AnyArray:
    """Where the drawn curve of a step passes each example."""
    return np.asarray(np.interp(arrays["x"], arrays["grid"], arrays["y"][k]))


def _residual_lines(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """A line from the curve to what is true of each example, with a pen lifted between them."""
    said, true = _interpolate_curve(arrays, k), arrays["true"]
    lifted = np.stack(np.broadcast_arrays(said, true, np.nan), axis=-1)
    return {"x": np.repeat(arrays["x"], 3), "y": lifted.ravel()}


def _residual_squares(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """A square on each gap; the browser makes it as wide on the screen as it is high."""
    x, said, true = arrays["x"], _interpolate_curve(arrays, k), arrays["true"]
    far = x + np.abs(said - true)
    corners = np.broadcast_arrays(x, far, far, x, x, np.nan), (said, said, true, true, said, x * np.nan)
    across, up = (np.stack(side, axis=-1).ravel() for side in corners)
    return {"x": across, "y": up}


def _arrow_ends(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """From where a step begins to where something else would lead."""
    return {axis: np.append(arrays[axis][k], arrays[f"to.{axis}"][k]) for axis in ("x", "y")}


IMAGE_GRID_SHAPE = (3, 4)
"""Rows and columns of a sheet of images."""


def _image_grid(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Images set in rows, with a margin around each and room for words beneath."""
    rows, columns = IMAGE_GRID_SHAPE
    images = arrays["z"][arrays["order"][k].astype(int)]
    height, width = images.shape[1:]
    sheet = np.full((rows * (height + 4), columns * (width + 2)), np.nan)
    for place, image in enumerate(images):
        down, across = place // columns * (height + 4), place % columns * (width + 2)
        sheet[down : down + height, across : across + width] = image
    return {"z": sheet}


def _image_captions(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """What each image of the sheet is taken for and how surely; a cross where that is wrong."""
    said, sure, true = (arrays[name][k] for name in ("said", "sure", "true"))
    words = [
        f"{'' if a == b else '✗ '}{a:.0f} · {100 * p:.0f}%" for a, p, b in zip(said, sure, true, strict=True)
    ]
    return {"x": arrays["x"], "y": arrays["y"], "text": words}


def _number_texts(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """A row whose texts are numbers, spelled as everywhere on the page."""
    row = {axis: _row(values, k) for axis, values in arrays.items()}
    return row | {"text": [format_number(float(value)) for value in row["text"]]}


STEP_SLICES: Mapping[str, Callable[[NamedArrays, int], dict[str, Any]]] = {
    "past": _slice_each(lambda values, k: values[: k + 1]),
    "future": _slice_each(lambda values, k: values[k:]),
    "now": _slice_each(lambda values, k: values[k : k + 1]),
    "next": _slice_each(lambda values, k: values[k + 1 : k + 2]),
    "step": _slice_each(lambda values, k: values[k : k + 2]),
    "held": _slice_each(lambda values, k: values[min(k, len(values) - 1) :][:1]),
    "first": _slice_each(lambda values, k: values[:1]),
    "row": _slice_each(_row),
    "reach": _arrow_ends,
    "gaps": _residual_lines,
    "squares": _residual_squares,
    "sheet": _image_grid,
    "words": _image_captions,
    "said": _number_texts,
}


def moving_trace(slice_name: str, trace: Figure, **arrays: str) -> Figure:
    """A trace that shows ``slice_name`` of the named arrays: ``moving("now", {...}, x="u")``.

    A double underscore in the name of an attribute leads inward: ``marker__angle``.
    """
    inward = {attribute.replace("__", "."): name for attribute, name in arrays.items()}
    return {"slice": slice_name, "arrays": inward, "trace": trace}


def figure_at_step(figure: Figure, arrays: NamedArrays, k: int) -> Figure:
    """The complete Plotly figure of step ``k``."""
    traces = [
        _set_nested(trace["trace"], STEP_SLICES[trace["slice"]](_resolve_arrays(trace, arrays), k))
        for trace in figure["moving"]
    ]
    return {"data": [*figure["data"], *traces], "layout": figure["layout"]}


def _resolve_arrays(trace: Figure, arrays: NamedArrays) -> NamedArrays:
    return {attribute: np.asarray(arrays[name]) for attribute, name in trace["arrays"].items()}


def _set_nested(trace: Figure, values: Mapping[str, Any]) -> Figure:
    """The trace with values at their dotted places."""
    whole = dict(trace)
    for path, value in values.items():
        outer, _, inner = path.partition(".")
        whole[outer] = {**whole.get(outer, {}), inner: value} if inner else value
    return whole
