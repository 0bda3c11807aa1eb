"""Encode arrays as JSON for the browser; ``decode`` in ``assets/js/core/array_codec.mjs`` reads them."""

from binascii import b2a_base64
from typing import Any, Literal

import numpy as np

from ..protocol.arrays import DifferencesArray, EncodedArray, EncodedTable, ProbabilityGridArray, TypedArray
from ..protocol.figures import PlotlyObject
from .probability_grid import LogisticGrid
from .step_slices import AnyArray

DROPPED_BITS = {np.dtype(np.float16): 13}
"""Low mantissa bits of float32 that ``encode_array`` drops, by the dtype of the input.

float16 has 13 mantissa bits fewer than float32. Of every other dtype 8 bits are dropped, which leaves a
relative precision of 1/65,536: finer than a screen can show.
"""
DEFAULT_DROPPED_BITS = 8
MIN_DELTA_COLUMNS = 4
"""Tables with at least this many columns are sent as differences."""


def to_plotly_array(values: Any) -> PlotlyObject:
    """Encode an array for a trace as Plotly's base64 typed array: uint8 unchanged, all else as float32.

    It takes a third of the size of the same numbers as JSON.
    """
    array = to_typed_array(values)
    return {"dtype": array.dtype, "bdata": array.bdata, "shape": array.shape}


def to_typed_array(values: Any) -> TypedArray:
    """Encode an array for ``decode`` in the browser: uint8 unchanged, all else as float32."""
    return _encode_raw(_to_float32(np.asarray(values)))


def _to_float32(array: AnyArray) -> AnyArray:
    """Convert to little-endian float32; leave uint8 as it is."""
    if array.dtype == np.uint8:
        return array
    with np.errstate(over="ignore"):  # values beyond float32 become infinite, and Plotly omits those
        return array.astype("<f4")


def _encode_raw(array: AnyArray) -> TypedArray:
    dtype: Literal["u1", "f4"] = "u1" if array.dtype == np.uint8 else "f4"
    return TypedArray(dtype=dtype, bdata=_to_base64(array), shape=_shape_text(array))


def _to_base64(array: AnyArray) -> str:
    return b2a_base64(array.tobytes(), newline=False).decode()


def _shape_text(array: AnyArray) -> str:
    return ", ".join(map(str, array.shape))


def to_float64_array(values: Any) -> TypedArray:
    """Encode numbers in double precision, for arrays that are shown as text."""
    array = np.asarray(values, dtype="<f8")
    return TypedArray(dtype="f8", bdata=_to_base64(array), shape=_shape_text(array))


def encode_array(values: Any) -> EncodedArray:
    """Encode an array for ``decode`` in the browser.

    A ``LogisticGrid`` is sent as its parameters. A table ``(steps, columns)`` with at least
    ``MIN_DELTA_COLUMNS`` columns is sent as differences from row to row and from column to column:
    these are small integers, which compress to a quarter of the size of the values. All other arrays
    are sent as they are, in single precision.
    """
    return _encode_logistic_grid(values) if isinstance(values, LogisticGrid) else _encode_table(values)


def _encode_table(values: Any) -> EncodedTable:
    array = np.asarray(values)
    dropped_bits = DROPPED_BITS.get(array.dtype, DEFAULT_DROPPED_BITS)
    array = _to_float32(array)
    if array.ndim != 2 or array.shape[1] < MIN_DELTA_COLUMNS:
        return _encode_raw(array)
    return _encode_differences(array, dropped_bits)


def _encode_logistic_grid(grid: LogisticGrid) -> ProbabilityGridArray:
    flat_inputs = grid.corner_inputs.reshape(len(grid.corner_inputs), -1)
    return ProbabilityGridArray(
        grid_shape=grid.grid_shape,
        scale=grid.scale,
        corner_inputs=_encode_table(flat_inputs),
        output_weights=None if grid.output_weights is None else _encode_table(grid.output_weights),
        activation=grid.activation,
    )


def _encode_differences(table: AnyArray, dropped_bits: int) -> DifferencesArray:
    """Encode a table of uint8 or float32 as zigzag-encoded differences.

    The bits of a float32 are rounded to the ``dropped_bits`` and treated as an integer. Its differences are
    stored as four planes of bytes, lowest byte first, because the high bytes are mostly zero.
    """
    if table.dtype == np.uint8:
        differences = _delta_encode(table).view(np.int8).astype(np.int16)
        byte_planes = _zigzag_encode(differences, 15).astype(np.uint8)
        dtype: Literal["u1", "f4"] = "u1"
    else:
        rounded = table.view("<u4") + np.uint32(1 << (dropped_bits - 1)) >> np.uint32(dropped_bits)
        differences = _delta_encode(rounded).view("<i4")
        byte_planes = _zigzag_encode(differences, 31).view(np.uint8).reshape(-1, 4).T
        dtype = "f4"
    return DifferencesArray(
        dtype=dtype,
        bdata=_to_base64(byte_planes),
        shape=_shape_text(table),
        dropped_bits=dropped_bits,
    )


def _delta_encode(table: AnyArray) -> AnyArray:
    """Subtract the previous row, then the previous column.

    Unsigned integers wrap around on overflow, as they do in the browser's decoder.
    """
    row_differences = table.copy()
    row_differences[1:] -= table[:-1]
    differences = row_differences.copy()
    differences[:, 1:] -= row_differences[:, :-1]
    return differences


def _zigzag_encode(signed: AnyArray, sign_bit: int) -> AnyArray:
    """Map the integers 0, −1, 1, −2, ... to 0, 1, 2, 3, ...; ``sign_bit`` is the index of the sign bit."""
    return (signed << 1) ^ (signed >> sign_bit)
