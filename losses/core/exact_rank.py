"""Ranks of matrices of floating-point numbers without rounding: every such number is an integer times 2ᵉ."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array

IntArray = NDArray[np.int64]

PRIMES: Final = (2147483647, 2147483629, 2147483587)
"""Primes just below 2³¹, so that a product of two remainders fits into 64 bits."""
MAX_ENTRIES: Final = 200_000
"""Number of entries of a matrix whose rank is computed."""


def exact_rank(matrix: Array) -> int | None:
    """Return the rank of a matrix ``(n, k)`` of finite numbers as they are stored; None if it is too large.

    It is the largest rank modulo one of three primes. That is never above the true rank, and below it only
    if all three primes divide the same nonzero minors, which are products of the data.
    """
    if matrix.size > MAX_ENTRIES:
        return None
    rows = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    full, best = rows.shape[1], 0
    for prime in PRIMES:
        best = max(best, _rank_modulo(_remainders(rows, prime), prime))
        if best == full:
            break
    return best


def _remainders(matrix: Array, prime: int) -> IntArray:
    """Return the remainders of m · 2ᵉ modulo a prime, where 1/2 is a remainder, too."""
    mantissa, exponent = np.frexp(matrix)
    integers = np.ldexp(mantissa, 53).astype(np.int64)
    exponents, inverse = np.unique_inverse(exponent.astype(np.int64) - 53)
    powers = np.array([pow(2, int(e) % (prime - 1), prime) for e in exponents.tolist()], dtype=np.int64)
    return np.asarray((integers % prime) * powers[inverse].reshape(matrix.shape) % prime)


def _rank_modulo(rows: IntArray, prime: int) -> int:
    """Return the rank modulo a prime by Gaussian elimination."""
    rows, rank = rows.copy(), 0
    for column in range(rows.shape[1]):
        nonzero = np.flatnonzero(rows[rank:, column])
        if not len(nonzero):
            continue
        pivot = rank + int(nonzero[0])
        rows[[rank, pivot]] = rows[[pivot, rank]]
        inverse = pow(int(rows[rank, column]), -1, prime)
        pivot_row = rows[rank] * inverse % prime
        below = rows[rank + 1 :]
        below -= below[:, column, None] * pivot_row % prime
        below %= prime
        rank += 1
        if rank == len(rows):
            break
    return rank
