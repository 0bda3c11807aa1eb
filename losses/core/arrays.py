"""Conversion and validation of arguments, as float64 arrays, integers and random generators.

The last axis of an array is a point. Functions of a point take ``(..., d)``
and return ``(...)`` for a value or ``(..., d)`` for a gradient, so the same
call serves one point, a path of points or a whole grid.
"""

import reprlib
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
T = TypeVar("T")

NUMERIC_KINDS: Final = "biufOUS"
"""Values of ``dtype.kind`` that may hold real numbers; objects and texts such as ``"1.5"`` are among them."""


def frozen(values: ArrayLike) -> Array:
    """Copy ``values`` into a read-only float64 array.

    >>> frozen([1, 2]).flags.writeable
    False
    """
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def make_readonly(array: Any) -> Any:
    """Make ``array`` read-only in place and return it."""
    array.flags.writeable = False
    return array


def as_float_array(values: Any, name: str) -> Array:
    """Convert ``values`` to float64; masked entries become NaN.

    Raises ValueError with the argument's ``name`` if ``values`` are not real numbers.
    """
    try:
        if hasattr(values, "filled"):
            values = values.astype(np.float64).filled(np.nan)
        array = np.asarray(values)
        if values is not None and array.dtype.kind in NUMERIC_KINDS:
            return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} must be an array of numbers; not {_describe_invalid(values)}")


_FLOAT64: Final = np.dtype(np.float64)


class FloatFunction:
    """A function of numbers or arrays that computes in float64, whatever the types of its arguments.

    Small integers would wrap around: in eight bits, 3 − 5 is 254. A result beyond float64 is infinite,
    without a warning.
    """

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *arguments: Any, **named_arguments: Any) -> Any:
        floats = [
            argument
            if type(argument) is np.ndarray and argument.dtype is _FLOAT64
            else as_float_array(argument, "an argument")
            for argument in arguments
        ]
        if named_arguments:
            named_arguments = {
                name: as_float_array(argument, name) if hasattr(argument, "__len__") else argument
                for name, argument in named_arguments.items()
            }
        with np.errstate(all="ignore"):
            return self.function(*floats, **named_arguments)


def mean_last_axis(values: Array) -> Array:
    """Return ``values.mean(axis=-1)``, also where only the sum is beyond float64."""
    mean = np.asarray(values.mean(axis=-1))
    if not np.isfinite(mean).all():
        mean = np.where(np.isfinite(mean), mean, (values / values.shape[-1]).sum(axis=-1))
    return mean


def quantile(values: Array, share: float) -> Array:
    """Return the quantile of ``values (n, ...)`` along the first axis, linear between values.

    ``np.quantile`` and ``np.median`` import ``numpy.ma``, which takes longer than a first answer may.
    """
    ordered, place = np.sort(values, axis=0), share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return np.asarray(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def in_float64(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as one that computes in float64; one that does so already stays as it is."""
    inner = function.func if isinstance(function, partial) else function
    return function if isinstance(inner, FloatFunction) else FloatFunction(function)


def _describe_invalid(values: object) -> str:
    """Describe the first entry that is not a number, or else the type of ``values``."""
    if isinstance(values, list | tuple):
        for value in values:
            try:
                as_float_array(value, "")
            except ValueError:
                return _describe_invalid(value) if isinstance(value, list | tuple) else reprlib.repr(value)
        return "rows of different lengths"
    return f"one of {values.dtype}" if isinstance(values, np.ndarray) else type(values).__name__


def check_type(value: T, expected_type: type, name: str) -> T:
    """Return ``value`` if it is an instance of ``expected_type``; otherwise raise TypeError with ``name``."""
    if not isinstance(value, expected_type):
        raise TypeError(f"{name} must be a {expected_type.__name__}; not {reprlib.repr(value)}")
    return value


def check_bool(value: Any, name: str) -> bool:
    """Return ``value`` if it is True or False; otherwise raise TypeError with ``name``."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False; not {reprlib.repr(value)}")
    return bool(value)


def check_integer(value: Any, name: str, low: int, high: int) -> int:
    """Return ``value`` as an int from ``low`` to ``high``, both included; otherwise raise ValueError.

    A float without a fraction counts as an integer.
    """
    if not isinstance(value, int | np.integer) and not (isinstance(value, float) and value.is_integer()):
        raise ValueError(f"{name} must be a whole number from {low} to {high}; not {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}; not {value!r}")
    return int(value)


def make_rng(seed: Any) -> np.random.Generator:
    """Return a PCG64 generator for an integer seed from 0 to 2⁶³; raise ValueError for any other seed."""
    return np.random.Generator(np.random.PCG64(check_integer(seed, "seed", 0, 2**63)))


def as_points(values: ArrayLike, dim: int, name: str = "theta") -> Array:
    """Convert ``values`` to float64 points of shape ``(..., dim)``.

    Raises ValueError if the last axis has another length.
    """
    is_float_array = type(values) is np.ndarray and values.dtype == np.float64
    array = np.asarray(values) if is_float_array else as_float_array(values, name)
    if array.ndim == 0 or array.shape[-1] != dim:
        raise ValueError(f"{name} must have shape (..., {dim}); not {array.shape}")
    return array


def as_point(values: ArrayLike, dim: int, name: str) -> Array:
    """Convert ``values`` to one point ``(dim,)``; raise ValueError unless it is ``dim`` finite numbers."""
    array = as_points(values, dim, name)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be {dim} finite numbers; not {values!r}")
    return array
