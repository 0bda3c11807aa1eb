"""Interval arithmetic (R. Moore, Interval Analysis, 1966).

Each function maps bounds of its arguments to bounds of its value.
"""

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

Bounds = tuple[float, float]
"""A lower and an upper bound."""
UNBOUNDED: Final = (-math.inf, math.inf)


def increasing_bounds(f: Callable[[Any], Any]) -> Callable[[Bounds], Bounds]:
    """Return the interval version of an increasing function: it maps both ends.

    An end at which the function is NaN becomes infinite.
    """

    def bounds(u: Bounds) -> Bounds:
        with np.errstate(all="ignore"):
            low, high = float(f(np.float64(u[0]))), float(f(np.float64(u[1])))
        return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)

    return bounds


def product_bounds(u: Bounds, v: Bounds) -> Bounds:
    """Bound a product; 0 × ∞ counts as 0, because infinite bounds are never attained."""
    products = [0.0 if 0.0 in (a, b) else a * b for a in u for b in v]
    return min(products), max(products)


def quotient_bounds(u: Bounds, v: Bounds) -> Bounds:
    """Bound u / v; unbounded if v may be 0, except that nonnegative by nonnegative is nonnegative."""
    if v[0] <= 0.0 <= v[1]:
        return (0.0, math.inf) if u[0] >= 0.0 and v[0] >= 0.0 else UNBOUNDED
    return product_bounds(u, (1.0 / v[1], 1.0 / v[0]))


def abs_bounds(u: Bounds) -> Bounds:
    """Bound an absolute value."""
    ends = sorted(map(abs, u))
    return (0.0 if u[0] <= 0.0 <= u[1] else ends[0]), ends[1]


def power_bounds(u: Bounds, exponent: float) -> Bounds:
    """Bound u to the power of a fixed exponent."""
    if exponent == int(exponent) and int(exponent) % 2 and u[0] < 0.0:
        return UNBOUNDED if exponent < 0 else increasing_bounds(lambda x: x**exponent)(u)
    low, high = abs_bounds(u)
    if exponent < 0:
        return high**exponent if high else math.inf, low**exponent if low else math.inf
    return _power_or_inf(low, exponent), _power_or_inf(high, exponent)


def _power_or_inf(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
