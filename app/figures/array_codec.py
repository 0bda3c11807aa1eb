"""How arrays travel to the browser. ``decode`` of ``assets/js/core/array_codec.mjs`` reads them."""

from binascii import b2a_base64
from typing import Any

import numpy as np

from .probability_grid import Sigmoids
from .step_slices import Values


def typed(values: Any) -> dict[str, str]:
    """An array as Plotly's typed array: bytes as they are, numbers as float32, a third of their size as JSON."""
    return _plain(_single(np.asarray(values)))


def _single(array: Values) -> Values:
    """In single precision, but for what is counted in bytes."""
    if array.dtype == np.uint8:
        return array
    with np.errstate(over="ignore"):  # what single precision cannot hold is not drawn
        return array.astype("<f4")


def _plain(array: Values) -> dict[str, str]:
    kind = "u1" if array.dtype == np.uint8 else "f4"
    spec = {"dtype": kind, "bdata": b2a_base64(array.tobytes(), newline=False).decode()}
    return spec | {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else spec


def exact(values: Any) -> dict[str, str]:
    """Numbers that are read and not drawn, in double precision."""
    return {
        "dtype": "f8",
        "bdata": b2a_base64(np.asarray(values, dtype="<f8").tobytes(), newline=False).decode(),
    }


DROPPED = {np.dtype(np.float16): 13}
"""Bits of single precision that a half has not; of other numbers 8, that no screen shows: they tell one in 65,536."""
FEWEST = 4
"""Columns from which a table is sent by its differences."""


def sent(values: Any) -> dict[str, Any]:
    """An array for ``decode``: a table by how it changes from step to step and along a row.

    Such differences are small numbers: compressed they take a quarter of what the numbers take.
    """
    if isinstance(values, Sigmoids):
        flat = values.units.reshape(len(values.units), -1)
        network = {} if values.outer is None else {"outer": sent(values.outer), "bend": values.bend}
        own = {"coding": "sigmoids", "sides": values.sides, "scale": values.scale}
        return own | network | {"units": sent(flat)}
    array = np.asarray(values)
    dropped = DROPPED.get(array.dtype, 8)
    array = _single(array)
    if array.ndim != 2 or array.shape[1] < FEWEST:
        return _plain(array)
    if array.dtype == np.uint8:
        change = _differences(array).view(np.int8).astype(np.int16)
        planes = _folded(change, 15).astype(np.uint8)
    else:
        rounded = array.view("<u4") + np.uint32(1 << (dropped - 1)) >> np.uint32(dropped)
        planes = _folded(_differences(rounded).view("<i4"), 31).view(np.uint8).reshape(-1, 4).T
    spec = {"dtype": "u1" if array.dtype == np.uint8 else "f4", "shape": ", ".join(map(str, array.shape))}
    data = b2a_base64(planes.tobytes(), newline=False).decode()
    return spec | {"bdata": data, "coding": "differences", "dropped": dropped}


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
