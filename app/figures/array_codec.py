"""Encode arrays as JSON for the browser; ``decode`` in ``assets/js/core/array_codec.mjs`` reads them."""

from binascii import b2a_base64
from typing import Any, Final

import numpy as np

from ..protocol.arrays import Dtype, EncodedArray, ProbabilityGridArray, TypedArray
from ..protocol.figures import PlotlyObject
from .probability_grid import LogisticGrid
from .step_slices import AnyArray

DROPPED_BITS: Final = 8
"""Low mantissa bits of a float32 that are set to zero in wide tables, so that they compress to less.

What remains has a relative precision of 1/65,536: finer than a screen can show.
"""
MIN_ROUNDED_COLUMNS: Final = 4
"""Tables with at least this many columns are rounded."""


def to_plotly_array(values: Any) -> PlotlyObject:
    """Encode an array for a trace as Plotly's base64 typed array: uint8 unchanged, all else as float32.

    It takes a third of the size of the same numbers as JSON.
    """
    array = to_typed_array(values)
    return {"dtype": array.dtype, "bdata": array.bdata, "shape": array.shape}


def to_typed_array(values: Any) -> TypedArray:
    """Encode an array for ``decode`` in the browser: uint8 unchanged, all else as float32."""
    array = np.asarray(values)
    if array.dtype == np.uint8:
        return _encode("u1", array)
    with np.errstate(over="ignore"):  # values beyond float32 become infinite, and Plotly omits those
        return _encode("f4", array.astype("<f4"))


def to_float64_array(values: Any) -> TypedArray:
    """Encode numbers in double precision, for arrays that are shown as text."""
    return _encode("f8", np.asarray(values, dtype="<f8"))


def _encode(dtype: Dtype, array: AnyArray) -> TypedArray:
    shape = ", ".join(map(str, array.shape))
    return TypedArray(dtype=dtype, bdata=b2a_base64(array.tobytes(), newline=False).decode(), shape=shape)


def encode_array(values: Any) -> EncodedArray:
    """Encode an array for ``decode`` in the browser.

    A ``LogisticGrid`` is sent as its parameters. The numbers of a wide table are rounded: see
    ``DROPPED_BITS``.
    """
    if isinstance(values, LogisticGrid):
        return _encode_logistic_grid(values)
    array = np.asarray(values)
    is_wide = array.ndim == 2 and array.shape[1] >= MIN_ROUNDED_COLUMNS
    return to_typed_array(_round(array) if is_wide else array)


def _encode_logistic_grid(grid: LogisticGrid) -> ProbabilityGridArray:
    return ProbabilityGridArray(
        grid_shape=grid.grid_shape,
        scale=grid.scale,
        corner_inputs=to_typed_array(grid.corner_inputs.reshape(len(grid.corner_inputs), -1)),
        output_weights=None if grid.output_weights is None else to_typed_array(grid.output_weights),
        activation=grid.activation,
    )


def _round(table: AnyArray) -> AnyArray:
    """Return a table as float32, rounded to the bits that are not dropped; uint8 as it is.

    Numbers near the largest of a float32 become infinite.
    """
    if table.dtype == np.uint8:
        return table
    with np.errstate(over="ignore"):
        single = np.ascontiguousarray(table, dtype="<f4")
    half, dropped = np.uint32(1 << (DROPPED_BITS - 1)), np.uint32(DROPPED_BITS)
    rounded = (single.view("<u4") + half >> dropped << dropped).view("<f4")
    return np.where(np.isfinite(single), rounded, single)
