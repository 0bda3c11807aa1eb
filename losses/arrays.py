"""Array conventions shared by the whole library.

A point is the last axis: functions of a point take ``(..., d)`` and answer
``(...)`` for a value or ``(..., d)`` for a gradient, so one point, a path and
a whole grid are the same call. Everything is float64.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def frozen(values: Any) -> Array:
    """A float64 copy of ``values`` that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def points(values: Any, dim: int, name: str = "theta") -> Array:
    """``values`` as float64 points of shape ``(..., dim)``.

    Raises ValueError when the last axis has another length.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] != dim:
        raise ValueError(f"{name} must have shape (..., {dim}); not {array.shape}")
    return array
