"""Array conventions shared by the whole library.

A point is the last axis: functions of a point take ``(..., d)`` and answer
``(...)`` for a value or ``(..., d)`` for a gradient, so one point, a path and
a whole grid are the same call. Everything is float64.
"""

import reprlib
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
T = TypeVar("T")

NUMERIC_KINDS: Final = "biufOUS"
"""Kinds of arrays that may hold real numbers, some of them spelled out."""


def frozen(values: Any) -> Array:
    """A float64 copy of ``values`` that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def make_readonly(array: Any) -> Any:
    """The same array, which from now on cannot be written to."""
    array.flags.writeable = False
    return array


def as_float_array(values: Any, name: str) -> Array:
    """``values`` as float64, masked ones as nan; ValueError that names them where they are not real numbers."""
    try:
        if hasattr(values, "filled"):
            values = values.astype(np.float64).filled(np.nan)
        found = np.asarray(values)
        if values is not None and found.dtype.kind in NUMERIC_KINDS:
            return found.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} must be an array of numbers; not {_describe_invalid(values)}")


def _describe_invalid(values: Any) -> str:
    """The first of ``values`` that is no number, or what they are."""
    if isinstance(values, list | tuple):
        for value in values:
            try:
                as_float_array(value, "")
            except ValueError:
                return _describe_invalid(value) if isinstance(value, list | tuple) else reprlib.repr(value)
        return "rows of different lengths"
    return f"one of {values.dtype}" if isinstance(values, np.ndarray) else type(values).__name__


def check_type(value: T, expected_type: type, name: str) -> T:
    """``value`` where it is of that kind; TypeError that names it otherwise."""
    if not isinstance(value, expected_type):
        raise TypeError(f"{name} must be a {expected_type.__name__}; not {reprlib.repr(value)}")
    return value


def check_integer(value: Any, name: str, low: int, high: int) -> int:
    """``value`` as an int from ``low`` to ``high``; ValueError that names it otherwise."""
    if not isinstance(value, int | np.integer) and not (isinstance(value, float) and value.is_integer()):
        raise ValueError(f"{name} must be a whole number from {low} to {high}; not {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}; not {value!r}")
    return int(value)


def make_rng(seed: Any) -> np.random.Generator:
    """The generator of a seed from 0 up; ValueError that names any other."""
    return np.random.Generator(np.random.PCG64(check_integer(seed, "seed", 0, 2**63)))


def as_points(values: Any, dim: int, name: str = "theta") -> Array:
    """``values`` as float64 points of shape ``(..., dim)``.

    Raises ValueError when the last axis has another length.
    """
    is_float_array = type(values) is np.ndarray and values.dtype == np.float64
    array: Array = values if is_float_array else as_float_array(values, name)
    if array.ndim == 0 or array.shape[-1] != dim:
        raise ValueError(f"{name} must have shape (..., {dim}); not {array.shape}")
    return array


def as_point(values: Any, dim: int, name: str) -> Array:
    """``values`` as one finite point ``(dim,)``; ValueError that names it where it is none."""
    array = as_points(values, dim, name)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be {dim} finite numbers; not {values!r}")
    return array
