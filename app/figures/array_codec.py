"""How arrays travel to the browser. ``decode`` of ``assets/js/core/array_codec.mjs`` reads them."""

from binascii import b2a_base64
from typing import Any

import numpy as np

from .probability_grid import LogisticGrid
from .step_slices import AnyArray


def to_typed_array(values: Any) -> dict[str, str]:
    """An array as Plotly's typed array: bytes as they are, numbers as float32, a third of their size as JSON."""
    array = np.asarray(values)
    kind = "u1" if array.dtype == np.uint8 else "f4"
    if kind == "f4":
        with np.errstate(over="ignore"):  # what single precision cannot hold is not drawn
            array = array.astype("<f4")
    spec = {"dtype": kind, "bdata": b2a_base64(array.tobytes(), newline=False).decode()}
    return spec | {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else spec


def to_float64_array(values: Any) -> dict[str, str]:
    """Numbers that are read and not drawn, in double precision."""
    return {
        "dtype": "f8",
        "bdata": b2a_base64(np.asarray(values, dtype="<f8").tobytes(), newline=False).decode(),
    }


DROPPED_BITS = {np.dtype(np.float16): 13}
"""Bits of single precision that a half has not; of other numbers 8, that no screen shows: they tell one in 65,536."""
MIN_DELTA_COLUMNS = 4
"""Columns from which a table is sent by its differences."""


def encode_array(values: Any) -> dict[str, Any]:
    """An array for ``decode``: a table by how it changes from step to step and along a row.

    Such differences are small numbers: compressed they take a quarter of what the numbers take.
    """
    if isinstance(values, LogisticGrid):
        flat = values.corner_inputs.reshape(len(values.corner_inputs), -1)
        network = (
            {}
            if values.output_weights is None
            else {"outer": encode_array(values.output_weights), "bend": values.activation}
        )
        own = {"coding": "sigmoids", "sides": values.grid_shape, "scale": values.scale}
        return own | network | {"units": encode_array(flat)}
    array = np.asarray(values)
    dropped = DROPPED_BITS.get(array.dtype, 8)
    if array.ndim != 2 or array.shape[1] < MIN_DELTA_COLUMNS:
        return to_typed_array(array)
    if array.dtype == np.uint8:
        change = _delta_encode(array).view(np.int8).astype(np.int16)
        planes = _zigzag_encode(change, 15).astype(np.uint8)
    else:
        with np.errstate(over="ignore"):
            array = array.astype("<f4")
        rounded = array.view("<u4") + np.uint32(1 << (dropped - 1)) >> np.uint32(dropped)
        planes = _zigzag_encode(_delta_encode(rounded).view("<i4"), 31).view(np.uint8).reshape(-1, 4).T
    spec = {"dtype": "u1" if array.dtype == np.uint8 else "f4", "shape": ", ".join(map(str, array.shape))}
    data = b2a_base64(planes.tobytes(), newline=False).decode()
    return spec | {"bdata": data, "coding": "differences", "dropped": dropped}


def _delta_encode(table: AnyArray) -> AnyArray:
    """From the row before, then from the column before; they wrap around as the browser's do."""
    down = table.copy()
    down[1:] -= table[:-1]
    across = down.copy()
    across[:, 1:] -= down[:, :-1]
    return across


def _zigzag_encode(change: AnyArray, sign_bit: int) -> AnyArray:
    """0, −1, 1, −2, ... as 0, 1, 2, 3, ..."""
    return (change << 1) ^ (change >> sign_bit)
