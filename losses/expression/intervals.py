"""Interval arithmetic (R. Moore, Interval Analysis, 1966).

Each function maps bounds of its arguments to bounds of its value. Sums, products and whole powers are
computed exactly, as fractions, and rounded outward; other functions are widened by more than their rounding
error.
"""

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import numpy as np

Bounds = tuple[float, float]
"""A lower and an upper bound."""
UNBOUNDED: Final = (-math.inf, math.inf)
ERROR_IN_ULPS: Final = 4
"""More than the rounding error of a function of NumPy, in units in the last place."""


def round_down(exact: Fraction) -> float:
    """Return the largest float that is not above a fraction."""
    try:
        nearest = float(exact)
    except OverflowError:
        return sys.float_info.max if exact > 0 else -math.inf
    return nearest if Fraction(nearest) <= exact else math.nextafter(nearest, -math.inf)


def round_up(exact: Fraction) -> float:
    """Return the smallest float that is not below a fraction."""
    return -round_down(-exact)


def increasing_bounds(
    f: Callable[[Any], Any], low: float = -math.inf, high: float = math.inf
) -> Callable[[Bounds], Bounds]:
    """Return the interval version of an increasing function with values from ``low`` to ``high``.

    An end at which the function is NaN becomes infinite. Its values at 0 and at infinity are exact if they
    are whole numbers or infinite.
    """

    def end(u: float, direction: float) -> float:
        with np.errstate(all="ignore"):
            value = float(f(np.float64(u)))
        if math.isnan(value):
            return direction
        if math.isinf(value) and math.isfinite(u) and value != direction:
            value = math.copysign(sys.float_info.max, value) if abs(u) > 1.0 else value
        is_exact = math.isinf(value) or (value == round(value) and (u == 0.0 or math.isinf(u)))
        for _ in range(0 if is_exact else ERROR_IN_ULPS):
            value = math.nextafter(value, direction)
        return min(max(value, low), high)

    return lambda u: (end(u[0], -math.inf), end(u[1], math.inf))


def sum_bounds(u: Bounds, v: Bounds) -> Bounds:
    """Bound a sum."""
    return _sum(u[0], v[0], round_down), _sum(u[1], v[1], round_up)


def _sum(a: float, b: float, rounding: Callable[[Fraction], float]) -> float:
    if math.isinf(a) or math.isinf(b):
        return a + b
    return rounding(Fraction(a) + Fraction(b))


def product_bounds(u: Bounds, v: Bounds) -> Bounds:
    """Bound a product; 0 × ∞ counts as 0, because infinite bounds are never attained."""
    pairs = [(a, b) for a in u for b in v]
    return min(_product(*pair, round_down) for pair in pairs), max(
        _product(*pair, round_up) for pair in pairs
    )


def _product(a: float, b: float, rounding: Callable[[Fraction], float]) -> float:
    if 0.0 in (a, b):
        return 0.0
    if math.isinf(a) or math.isinf(b):
        return a * b
    return rounding(Fraction(a) * Fraction(b))


def quotient_bounds(u: Bounds, v: Bounds) -> Bounds:
    """Bound u / v; unbounded if v may be 0, except that nonnegative by nonnegative is nonnegative."""
    if v[0] <= 0.0 <= v[1]:
        return (0.0, math.inf) if u[0] >= 0.0 and v[0] >= 0.0 else UNBOUNDED
    reciprocal = power_bounds((min(map(abs, v)), max(map(abs, v))), -1.0)
    return product_bounds(u, reciprocal if v[0] > 0.0 else (-reciprocal[1], -reciprocal[0]))


def abs_bounds(u: Bounds) -> Bounds:
    """Bound an absolute value."""
    ends = sorted(map(abs, u))
    return (0.0 if u[0] <= 0.0 <= u[1] else ends[0]), ends[1]


def power_bounds(u: Bounds, exponent: float) -> Bounds:
    """Bound u to the power of a fixed exponent."""
    if exponent == int(exponent) and int(exponent) % 2 and u[0] < 0.0:
        if exponent < 0:
            return UNBOUNDED
        return _power(u[0], exponent, -math.inf), _power(u[1], exponent, math.inf)
    low, high = abs_bounds(u)
    if exponent < 0:
        low, high = high, low
    return _power(low, exponent, -math.inf), _power(high, exponent, math.inf)


def _power(base: float, exponent: float, direction: float) -> float:
    """Return a power rounded in a direction, −∞ or ∞."""
    if base == 0.0:
        return 0.0 if exponent > 0.0 else math.inf
    if math.isinf(base):
        return 0.0 if exponent < 0.0 else base
    if exponent == int(exponent):
        return (round_down if direction < 0.0 else round_up)(Fraction(base) ** int(exponent))
    with np.errstate(all="ignore"):
        value = float(np.power(np.float64(base), exponent))
    if math.isinf(value):
        return sys.float_info.max if direction < 0.0 else math.inf
    for _ in range(ERROR_IN_ULPS):
        value = math.nextafter(value, direction)
    return max(value, 0.0)
