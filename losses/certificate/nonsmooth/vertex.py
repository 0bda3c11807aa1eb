"""The corner or edge that an interior point is near, and whether it is the only lowest place."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.certificate.nonsmooth.piecewise_linear import Kinks
from losses.core.arrays import Array

SPARE: Final = 1e-6
"""A slope this far from both its ends, as a share of the way between them, is strictly between."""
RANK: Final = 1e-9
"""Singular values below this, of rows of length one, are rounding."""
LEFT: Final = 1e-9
"""What may be left to win at a lowest place of a loss that bends, as a share of it."""


def slopes_of(kinks: Kinks, over: Array, under: Array) -> Array:
    """The dual numbers, counted from the nearer end, where no digit is lost."""
    return np.asarray(np.where(over < under, kinks.up - over, under - kinks.down))


def polished(kinks: Kinks, phi: Array, over: Array, under: Array) -> tuple[Array, bool] | None:
    """The corner or edge itself, where the kinks whose slope is strictly between its ends are met exactly."""
    width, s = kinks.up + kinks.down, slopes_of(kinks, over, under)
    inner = np.minimum(over, under) > SPARE * width
    at, d = kinks.rows[inner], len(phi)
    side = np.where(over < under, kinks.up, -kinks.down)
    rest, best, slopes = kinks.rows[~inner].T @ side[~inner], phi, s[inner]
    held = slopes
    for _ in range(8):
        system = np.block([[kinks.hessian(phi), at.T], [at, np.zeros((len(at), len(at)))]])
        aim = np.append(-kinks.gradient(phi) - rest - at.T @ slopes, kinks.target[inner] - at @ phi)
        if not np.isfinite(system).all():
            break
        step = np.linalg.lstsq(system, aim, rcond=1e-14)[0]
        phi, slopes = phi + step[:d], slopes + step[d:]
        if not kinks.value(phi) < kinks.value(best) * (1.0 + 1e-12):
            break
        best, held = phi, slopes
    if kinks.curved and not _arrived(kinks, best, at, rest):
        return None
    s = np.where(inner, 0.0, side)
    s[inner] = held
    return kinks.frame.matrix @ best, _only(kinks, best, s, inner)


def _arrived(kinks: Kinks, phi: Array, at: Array, rest: Array) -> bool:
    """Whether next to nothing is left to win along the met kinks; on a fall for ever it is a share of the loss."""
    _, sizes, ways = np.linalg.svd(at)
    free = ways[int((sizes > RANK * sizes.max(initial=0.0)).sum()) :]
    along = free @ (kinks.gradient(phi) + rest)
    left = along @ np.linalg.pinv(free @ kinks.hessian(phi) @ free.T, rcond=1e-12, hermitian=True) @ along
    return bool(left <= LEFT * kinks.value(phi))


def _only(kinks: Kinks, phi: Array, s: Array, inner: NDArray[np.bool_]) -> bool:
    """Whether slopes that balance, strictly between their ends where kinks are met, leave no other lowest place.

    Kinks whose slope is strictly between its ends are met wherever the loss
    is lowest, and nothing bends on the way from one such place to another.
    """
    b, width, at = kinks.rows, kinks.up + kinks.down, kinks.rows[inner]
    r, pull, bend = b @ phi - kinks.target, kinks.gradient(phi), kinks.sure_hessian(phi)
    reach = max(float(np.abs(phi).max()), float(kinks.frame.problem.y.std()))
    level = 1e-9 * (reach * np.abs(b).sum(axis=1) + np.abs(kinks.target))
    spare = np.minimum(kinks.up - s, kinks.down + s)[inner]
    least = (width[inner] * np.abs(at).max(axis=1, initial=0.0)).min(initial=np.inf)
    sides = np.where(inner, np.abs(r), np.where(s > 0.5 * (kinks.up - kinks.down), -r, r))
    fits = (
        (sides <= level).all()
        and (spare > 0.1 * SPARE * width[inner]).all()
        and np.abs(pull + b.T @ s).max() <= 0.1 * SPARE * least
    )
    unit = at / np.abs(at).max(axis=1, initial=1e-300, keepdims=True)
    held = np.concatenate([unit, bend / max(float(np.abs(bend).max()), 1e-300)])
    return bool(fits and np.linalg.matrix_rank(held, tol=RANK) == len(phi))
