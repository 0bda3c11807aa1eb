"""Select what a trace shows of a run at one step.

``assets/js/plot/step_slices.mjs`` implements the same slices in the browser.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from losses.core.messages import format_number

from ..protocol.figures import FigureSpec, MovingTrace, PlotlyObject

AnyArray = NDArray[Any]
NamedArrays = Mapping[str, Any]
"""Arrays by name: of a run, or of a trace by the attribute that shows them."""


def _slice_each(cut: Callable[[AnyArray, int], AnyArray]) -> Callable[[NamedArrays, int], dict[str, Any]]:
    return lambda arrays, k: {attribute: cut(values, k) for attribute, values in arrays.items()}


TAIL_MARKS: Final = 12
"""Markers of iterates in the tail of a trajectory, which is drawn darker than what is before it."""
_PATH_ARRAYS: Final = ("at", "marks")
"""Arrays that say where to cut, not what is shown."""


def _slice_path(begin: int | None, end: int | None) -> Callable[[NamedArrays, int], dict[str, Any]]:
    """Return the slice of each coordinate from iterate ``k + begin`` up to iterate ``k + end``.

    None stands for the first and the last iterate. After the end of a shorter run the last iterate counts.
    """

    def slice_coordinates(arrays: NamedArrays, k: int) -> dict[str, Any]:
        first = 0 if begin is None else k + begin
        last = math.inf if end is None else k + end
        return _between_iterates(arrays, first, last)

    return slice_coordinates


def _between_iterates(arrays: NamedArrays, first: int, last: float) -> dict[str, Any]:
    """Return all coordinates from iterate ``first`` up to iterate ``last``, both or the last one of the run.

    ``at`` are the indices of the iterates if there are points between them.
    """
    coordinates = {name: values for name, values in arrays.items() if name not in _PATH_ARRAYS}
    at = arrays.get("at")
    longest = (len(next(iter(coordinates.values()))) if at is None else len(at)) - 1
    begin, end = max(0, min(first, longest)), max(0, int(min(last, longest)))
    if at is not None:
        begin, end = int(at[begin]), int(at[end])
    return {attribute: values[begin : end + 1] for attribute, values in coordinates.items()}


def _tail(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return the part of a trajectory up to iterate ``k`` with the last ``TAIL_MARKS`` of its ``marks``."""
    return _between_iterates(arrays, _tail_begin(arrays["marks"], k), k)


def _tail_begin(marks: AnyArray, k: int) -> int:
    """Return the iterate with the first of the last ``TAIL_MARKS`` marks up to ``k``; NaN is no mark."""
    marked = np.flatnonzero(np.isfinite(marks[: k + 1]))
    return int(marked[-TAIL_MARKS]) if len(marked) >= TAIL_MARKS else 0


def _nothing(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return no points."""
    return {attribute: np.empty(0) for attribute in arrays if attribute not in _PATH_ARRAYS}


def _row(values: AnyArray, k: int) -> AnyArray:
    """Return row ``k`` of a table; return an array of one dimension whole, as it holds for all steps."""
    return values[k] if values.ndim > 1 else values


def _predicted_and_true(arrays: NamedArrays, k: int) -> tuple[AnyArray, AnyArray]:
    """Return the height of the curve ``y[k]`` over ``grid`` at the inputs ``x``, and the targets.

    Both are empty without inputs, as of a place on the map while none is pointed at.
    """
    x = arrays["x"]
    if not len(x):
        return x, x
    return np.asarray(np.interp(x, arrays["grid"], _row(arrays["y"], k))), arrays["true"]


def _residual_lines(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return a line from the curve to the target of each example, separated by NaN."""
    predicted, true = _predicted_and_true(arrays, k)
    y = np.stack(np.broadcast_arrays(predicted, true, np.nan), axis=-1)
    return {"x": np.repeat(arrays["x"], 3), "y": y.ravel()}


def _residual_squares(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return the outline of a square on the residual of each example, separated by NaN.

    It is square in data units. The browser changes its width so that it is a square on the screen.
    """
    x, (predicted, true) = arrays["x"], _predicted_and_true(arrays, k)
    right = x + np.abs(predicted - true)
    corners_x = np.broadcast_arrays(x, right, right, x, x, np.nan)
    corners_y = (predicted, predicted, true, true, predicted, x * np.nan)
    return {"x": np.stack(corners_x, axis=-1).ravel(), "y": np.stack(corners_y, axis=-1).ravel()}


def _arrow_ends(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return both ends of an arrow from the iterate to the point ``to.x, to.y`` of the step."""
    return {axis: np.append(arrays[axis][k], arrays[f"to.{axis}"][k]) for axis in ("x", "y")}


IMAGE_GRID_SHAPE = (2, 6)
"""Rows and columns of the grid of images."""
IMAGE_MARGIN = 2
"""Pixels to the right of an image."""
CAPTION_HEIGHT = 4
"""Pixels below an image, for its caption."""


def _image_grid(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return the images of the step arranged in a grid, as one image; margins and captions are NaN."""
    rows, columns = IMAGE_GRID_SHAPE
    images = arrays["z"][arrays["order"][k].astype(int)]
    height, width = images.shape[1:]
    cell_height, cell_width = height + CAPTION_HEIGHT, width + IMAGE_MARGIN
    canvas = np.full((rows * cell_height, columns * cell_width), np.nan)
    for i, image in enumerate(images):
        top, left = i // columns * cell_height, i % columns * cell_width
        canvas[top : top + height, left : left + width] = image
    return {"z": canvas}


def _image_captions(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return the predicted class and its probability under each image; a cross marks a wrong one."""
    predicted, probability, true = (arrays[name][k] for name in ("predicted", "probability", "true"))
    captions = [
        f"{'' if a == b else '✗ '}{a:.0f} · {100 * p:.0f}%"
        for a, p, b in zip(predicted, probability, true, strict=True)
    ]
    return {"x": arrays["x"], "y": arrays["y"], "text": captions}


def _number_texts(arrays: NamedArrays, k: int) -> dict[str, Any]:
    """Return the row of a step with its numbers ``text`` formatted as everywhere on the page."""
    row = {attribute: _row(values, k) for attribute, values in arrays.items()}
    return row | {"text": [format_number(float(value)) for value in row["text"]]}


STEP_SLICES: Mapping[str, Callable[[NamedArrays, int], dict[str, Any]]] = {
    "past": _slice_path(None, 0),
    "future": _slice_path(0, None),
    "now": _slice_path(0, 0),
    "next": _slice_each(lambda values, k: values[k + 1 : k + 2]),
    "step": _slice_path(0, 1),
    "first": _slice_each(lambda values, k: values[:1]),
    "tail": _tail,
    "nothing": _nothing,
    "row": _slice_each(_row),
    "arrow": _arrow_ends,
    "residualLines": _residual_lines,
    "residualSquares": _residual_squares,
    "imageGrid": _image_grid,
    "imageCaptions": _image_captions,
    "numberTexts": _number_texts,
    "pastMoving": _slice_path(None, 0),
    "nowMoving": _slice_path(0, 0),
    "tailMoving": _tail,
    "rowMoving": _slice_each(_row),
    "residualLinesMoving": _residual_lines,
    "residualSquaresMoving": _residual_squares,
    "stepGrowing": _slice_path(0, 1),
    "arrowGrowing": _arrow_ends,
}
"""The slices by name: ``slice(arrays, k)`` returns the values of a trace's attributes at step ``k``.

After the end of a shorter run its last iterate is shown. ``row`` is for tables with a row for each step.
While a run is played the browser shows points between two iterates: slices named ``…Moving`` end there, and
those named ``…Growing`` become longer. At an iterate, and here, they are the slices without that ending.
"""


def moving_trace(
    slice_name: str, trace: PlotlyObject, /, *, while_playing: str = "", **arrays: str
) -> MovingTrace:
    """Return a moving trace that shows a slice of the named arrays, perhaps another one while playing.

    ``moving_trace("now", {...}, x="u")`` shows the slice ``now`` of the array ``u`` as the attribute ``x``.
    A double underscore stands for a nested attribute: ``marker__angle`` is ``marker.angle``.
    """
    array_names = {attribute.replace("__", "."): name for attribute, name in arrays.items()}
    return MovingTrace(slice=slice_name, while_playing=while_playing, arrays=array_names, trace=trace)


def figure_at_step(figure: FigureSpec, arrays: NamedArrays, k: int) -> PlotlyObject:
    """Return the complete Plotly figure ``{"data", "layout"}`` of step ``k``."""
    traces = [
        _set_nested(moving.trace, STEP_SLICES[moving.slice](_resolve_arrays(moving, arrays), k))
        for moving in figure.moving
    ]
    return {"data": [*figure.data, *traces], "layout": figure.layout}


def _resolve_arrays(moving: MovingTrace, arrays: NamedArrays) -> NamedArrays:
    return {attribute: np.asarray(arrays[name]) for attribute, name in moving.arrays.items()}


def _set_nested(trace: PlotlyObject, values: Mapping[str, Any]) -> PlotlyObject:
    """Return a copy of the trace with the values at their paths, such as ``marker.angle``."""
    result = dict(trace)
    for path, value in values.items():
        outer, _, inner = path.partition(".")
        result[outer] = {**result.get(outer, {}), inner: value} if inner else value
    return result
