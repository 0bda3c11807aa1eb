"""Arithmetic with an exponent of its own, so that only a final result can be beyond float64.

A number is m · 2ᵉ with 1/2 ≤ |m| < 1. The exponent e is kept as a float beside m, as in the arrays of
W. J. Cody and W. Waite, *Software Manual for the Elementary Functions*, 1980. It is some ten times slower
than plain arithmetic and serves those elements only at which that overflows: log(1 + exp(800)) is 800 in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array

LN2_HIGH: Final = float.fromhex("0x1.62e42feep-1")
"""The leading 32 bits of log 2, so that its product with an integer of 21 bits is exact."""
LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")
"""The rest of log 2."""
MAX_EXPONENT: Final = 2.0**52
"""The largest exponent; beyond it a number is infinite."""
SAFE_EXPONENT: Final = 1000
"""Numbers with exponents up to this size are normal in float64."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """Numbers ``mantissa * 2**exponent``, two arrays of the same shape.

    The exponent of zero, infinity and NaN is 0.
    """

    mantissa: Array
    exponent: Array

    @classmethod
    def of(cls, mantissa: Any, exponent: Any = 0.0) -> Self:
        """Return ``mantissa * 2**exponent`` with a mantissa between 1/2 and 1."""
        fraction, shift = np.frexp(mantissa)
        exponent = np.where(np.isfinite(fraction) & (fraction != 0.0), shift + exponent, 0.0)
        fraction = np.where(exponent > MAX_EXPONENT, np.copysign(np.inf, fraction), fraction)
        fraction = np.where(exponent < -MAX_EXPONENT, 0.0, fraction)
        return cls(fraction, np.where(np.abs(exponent) > MAX_EXPONENT, 0.0, exponent))

    def to_float(self) -> Array:
        """Return the numbers in float64, those beyond it as infinite or 0."""
        return np.asarray(np.ldexp(self.mantissa, np.clip(self.exponent, -2200, 2200).astype(np.int32)))

    def __add__(self, other: "Scaled") -> "Scaled":
        own, others = (np.where(x.mantissa == 0.0, -np.inf, x.exponent) for x in (self, other))
        top = np.maximum(np.maximum(own, others), -MAX_EXPONENT)
        parts = (
            np.ldexp(x.mantissa, np.maximum(e - top, -2200.0).astype(np.int32))
            for x, e in ((self, own), (other, others))
        )
        return Scaled.of(sum(parts), top)

    def __neg__(self) -> "Scaled":
        return Scaled(-self.mantissa, self.exponent)

    def __sub__(self, other: "Scaled") -> "Scaled":
        return self + -other

    def __mul__(self, other: "Scaled") -> "Scaled":
        """Multiply with 0 × ∞ = 0, so that y log p is 0 at y = p = 0; nothing underflows to a zero here."""
        product = self.mantissa * other.mantissa
        is_zero = (self.mantissa == 0.0) | (other.mantissa == 0.0)
        is_nan = np.isnan(self.mantissa) | np.isnan(other.mantissa)
        return Scaled.of(np.where(is_zero & ~is_nan, 0.0, product), self.exponent + other.exponent)

    def __truediv__(self, other: "Scaled") -> "Scaled":
        return Scaled.of(self.mantissa / other.mantissa, self.exponent - other.exponent)

    def __abs__(self) -> "Scaled":
        return Scaled(np.abs(self.mantissa), self.exponent)


ONE: Final = Scaled(np.array(0.5), np.array(1.0))
HALF: Final = Scaled(np.array(0.5), np.array(0.0))
ZERO: Final = Scaled(np.array(0.0), np.array(0.0))


def select(condition: NDArray[np.bool_], a: Scaled, b: Scaled) -> Scaled:
    """Return ``a`` where the condition holds and ``b`` elsewhere."""
    return Scaled(np.where(condition, a.mantissa, b.mantissa), np.where(condition, a.exponent, b.exponent))


def sign_of_difference(a: Scaled, b: Scaled) -> Array:
    """Return the sign of a − b, which is 0 for equal infinities and NaN if one of them is NaN."""
    is_same_infinity = np.isinf(a.mantissa) & (a.mantissa == b.mantissa)
    return np.where(is_same_infinity, 0.0, np.sign((a - b).mantissa))


def compare(test: Callable[[Array, Any], Any]) -> Callable[[Scaled, Scaled], Scaled]:
    """Return a comparison whose value is 1 where ``test(sign of a − b, 0)`` holds and 0 elsewhere."""
    return lambda a, b: Scaled.of(np.asarray(test(sign_of_difference(a, b), 0.0), dtype=np.float64))


def where(condition: Scaled, a: Scaled, b: Scaled) -> Scaled:
    """Return ``a`` where the condition is not 0 and ``b`` elsewhere."""
    return select(condition.mantissa != 0.0, a, b)


def maximum(a: Scaled, b: Scaled) -> Scaled:
    """Return the larger of two numbers, NaN if one of them is NaN."""
    difference = sign_of_difference(a, b)
    return select(np.isnan(difference), Scaled.of(difference), select(difference >= 0.0, a, b))


def minimum(a: Scaled, b: Scaled) -> Scaled:
    """Return the smaller of two numbers, NaN if one of them is NaN."""
    return -maximum(-a, -b)


def through_float(f: Callable[[Any], Any]) -> Callable[[Scaled], Scaled]:
    """Return the scaled version of a function whose values are within float64 at all arguments."""
    return lambda x: Scaled.of(f(x.to_float()))


def linear_near_zero(f: Callable[[Scaled], Scaled]) -> Callable[[Scaled], Scaled]:
    """Return the function with f(x) = x for the x that float64 cannot hold to all digits."""
    return lambda x: select(x.exponent < -SAFE_EXPONENT, x, f(x))


def exp(x: Scaled) -> Scaled:
    """Return e^x as 2^k e^(x − k log 2)."""
    argument = x.to_float()
    k = np.rint(argument / np.log(2.0))
    rest = np.where(np.abs(k) < 2.0**40, argument - k * LN2_HIGH - k * LN2_LOW, 0.0)
    k = np.clip(k, -4.0 * MAX_EXPONENT, 4.0 * MAX_EXPONENT)
    return Scaled.of(np.where(np.isnan(argument), np.nan, np.exp(rest)), np.where(np.isnan(k), 0.0, k))


def log(x: Scaled) -> Scaled:
    """Return log x, which is log m + e log 2 beyond float64."""
    is_safe = np.abs(x.exponent) <= SAFE_EXPONENT
    return Scaled.of(np.where(is_safe, np.log(x.to_float()), np.log(x.mantissa) + x.exponent * np.log(2.0)))


@linear_near_zero
def log1p(x: Scaled) -> Scaled:
    """Return log(1 + x)."""
    return select(x.exponent > SAFE_EXPONENT, log(x), Scaled.of(np.log1p(x.to_float())))


def power(x: Scaled, exponent: float) -> Scaled:
    """Return x to the power of a number."""
    whole = np.floor(x.exponent * exponent)
    rest = np.exp2(x.exponent * exponent - whole)
    return Scaled.of(np.power(x.mantissa + 0.0, exponent) * rest, whole)  # the root of -0.0 is 0.0


def cosh(x: Scaled) -> Scaled:
    """Return (e^x + e^(−x)) / 2."""
    growing = exp(abs(x))
    return (growing + ONE / growing) * HALF


@linear_near_zero
def sinh(x: Scaled) -> Scaled:
    """Return (e^x − e^(−x)) / 2, for small x by NumPy."""
    return select(x.exponent < 1, Scaled.of(np.sinh(x.to_float())), (exp(x) - exp(-x)) * HALF)


def sigmoid(x: Scaled) -> Scaled:
    """Return 1 / (1 + e^(−x))."""
    exp_neg_abs = exp(-abs(x))
    return select(x.mantissa >= 0.0, ONE, exp_neg_abs) / (ONE + exp_neg_abs)


def softplus(x: Scaled) -> Scaled:
    """Return log(1 + e^x)."""
    return maximum(x, ZERO) + log1p(exp(-abs(x)))
