"""What a step shows of a run. ``assets/moment.mjs`` is the same rule in the browser."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Figure = dict[str, Any]
Arrays = Mapping[str, NDArray[Any]]

SLICES = {
    "past": lambda values, k: values[: k + 1],
    "future": lambda values, k: values[k:],
    "now": lambda values, k: values[k : k + 1],
    "first": lambda values, k: values[:1],
    "row": lambda values, k: values[k] if values.ndim > 1 else values,
}


def moving(slice_name: str, trace: Figure, **arrays: str) -> Figure:
    """A trace that shows ``slice_name`` of the named arrays: ``moving("now", {...}, x="u")``."""
    return {"slice": slice_name, "arrays": arrays, "trace": trace}


def at(figure: Figure, arrays: Arrays, k: int) -> Figure:
    """The complete Plotly figure of step ``k``."""
    traces = [
        trace["trace"]
        | {axis: SLICES[trace["slice"]](arrays[name], k) for axis, name in trace["arrays"].items()}
        for trace in figure["moving"]
    ]
    return {"data": [*figure["data"], *traces], "layout": figure["layout"]}


def typed(values: Any) -> dict[str, str]:
    """An array as Plotly's typed array: float32, a third of its size as JSON."""
    with np.errstate(over="ignore"):  # what single precision cannot hold is not drawn
        array = np.asarray(values, dtype="<f4")
    spec = {"dtype": "f4", "bdata": base64.b64encode(array.tobytes()).decode()}
    return spec | {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else spec
