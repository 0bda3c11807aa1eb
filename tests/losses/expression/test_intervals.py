"""Interval arithmetic: bounds hold, and are no wider than rounding needs."""

import math
import sys
from fractions import Fraction
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from losses.expression.intervals import (
    UNBOUNDED,
    abs_bounds,
    increasing_bounds,
    power_bounds,
    product_bounds,
    quotient_bounds,
    round_down,
    round_up,
    sum_bounds,
)

INTERVALS = tuple(combinations_with_replacement((-3.0, -0.1, 0.0, 0.7, 5.0), 2))
LARGEST = sys.float_info.max


def inside(interval):
    """Return numbers of an interval, its ends and 0 among them."""
    return np.array(
        sorted({*np.linspace(*interval, 5), *([0.0] if interval[0] <= 0.0 <= interval[1] else [])})
    )


def check(bounds, values):
    """Bounds hold for the values, and are those of the values but for rounding."""
    low, high = values.min(), values.max()
    assert bounds[0] <= low + 1e-15 * abs(low)
    assert bounds[1] >= high - 1e-15 * abs(high)
    assert bounds == pytest.approx((low, high), rel=1e-14, abs=1e-300)


@pytest.mark.parametrize(
    ("bounds_of", "operation"), [(sum_bounds, np.add), (product_bounds, np.multiply)], ids=["sum", "product"]
)
def test_sums_and_products(bounds_of, operation):
    for u, v in product(INTERVALS, INTERVALS):
        check(bounds_of(u, v), operation.outer(inside(u), inside(v)))


def test_quotients():
    for u, v in product(INTERVALS, INTERVALS):
        if v[0] > 0.0 or v[1] < 0.0:
            check(quotient_bounds(u, v), np.divide.outer(inside(u), inside(v)))
        elif u[0] >= 0.0 and v[0] >= 0.0:
            assert quotient_bounds(u, v) == (0.0, math.inf)
        else:
            assert quotient_bounds(u, v) == UNBOUNDED


def test_absolute_values():
    for u in INTERVALS:
        check(abs_bounds(u), np.abs(inside(u)))


@pytest.mark.parametrize("exponent", [1.0, 2.0, 3.0, 0.5, 1.5, -1.0, -2.0, -0.5])
def test_powers(exponent):
    for u in INTERVALS:
        if u[0] > 0.0 or (exponent > 0.0 and (u[0] == 0.0 or exponent == int(exponent))):
            check(power_bounds(u, exponent), inside(u) ** exponent)
    assert power_bounds((0.0, 2.0), -2.0) == (0.25, math.inf)
    assert power_bounds((-2.0, 4.0), -2.0) == (0.0625, math.inf)
    assert power_bounds((-2.0, 4.0), -3.0) == UNBOUNDED


def test_what_is_infinite_or_too_large():
    assert sum_bounds((-math.inf, 1.0), (1.0, math.inf)) == UNBOUNDED
    assert product_bounds((0.0, 0.0), UNBOUNDED) == (0.0, 0.0)
    assert product_bounds((1.0, 2.0), (-3.0, math.inf)) == (-6.0, math.inf)
    assert product_bounds((1e200, 1e200), (1e200, 1e200)) == (LARGEST, math.inf)
    assert power_bounds((4.0, math.inf), -1.0) == (0.0, 0.25)
    assert power_bounds((4.0, math.inf), 0.5) == pytest.approx((2.0, math.inf))
    assert power_bounds((1e300, 1e300), 1.5) == (LARGEST, math.inf)
    assert power_bounds((0.0, 0.0), 1.5) == (0.0, 0.0)


def test_fractions_are_rounded_outward():
    for exact in (Fraction(1, 3), Fraction(-1, 3), Fraction(1, 10), Fraction(1, 2)):
        low, high = round_down(exact), round_up(exact)
        assert Fraction(low) <= exact <= Fraction(high)
        assert high in (low, math.nextafter(low, math.inf))
    assert round_down(Fraction(1, 2)) == round_up(Fraction(1, 2)) == 0.5
    assert (round_down(Fraction(10) ** 400), round_up(Fraction(10) ** 400)) == (LARGEST, math.inf)
    assert (round_down(-(Fraction(10) ** 400)), round_up(-(Fraction(10) ** 400))) == (-math.inf, -LARGEST)


def test_increasing_functions_are_widened_where_they_are_rounded():
    exp = increasing_bounds(np.exp, low=0.0)
    low, high = exp((1.0, 1.0))
    assert low < math.e < high
    assert high - low == pytest.approx(8 * math.ulp(math.e))
    assert exp((0.0, 0.0)) == (1.0, 1.0)
    assert exp(UNBOUNDED) == (0.0, math.inf)
    assert exp((-800.0, 800.0)) == (0.0, math.inf)
    low, high = exp((800.0, 900.0))
    assert (low, high) == (pytest.approx(LARGEST), math.inf)
    assert math.isfinite(low)
    assert increasing_bounds(np.log)((-1.0, 1.0)) == (-math.inf, pytest.approx(0.0))
    assert increasing_bounds(np.tanh, -1.0, 1.0)((20.0, 30.0)) == pytest.approx((1.0, 1.0))
    assert increasing_bounds(np.tanh, -1.0, 1.0)((20.0, 30.0))[1] == 1.0
