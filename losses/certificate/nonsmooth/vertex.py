"""The corner or edge that an interior point is near, and whether it is the only lowest place."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.arrays import Array

STRICTNESS_TOLERANCE: Final = 1e-6
"""A slope this far from both its ends, as a share of the way between them, is strictly between."""
RANK_TOLERANCE: Final = 1e-9
"""Singular values below this, of rows of length one, are rounding."""
DECREMENT_TOLERANCE: Final = 1e-9
"""What may be left to win at a lowest place of a loss that bends, as a share of it."""


def dual_slopes(terms: PiecewiseLinearTerms, upper_slack: Array, lower_slack: Array) -> Array:
    """The dual numbers, counted from the nearer end, where no digit is lost."""
    return np.asarray(
        np.where(upper_slack < lower_slack, terms.cost_above - upper_slack, lower_slack - terms.cost_below)
    )


def snap_to_vertex(
    terms: PiecewiseLinearTerms, phi: Array, upper_slack: Array, lower_slack: Array
) -> tuple[Array, bool] | None:
    """The corner or edge itself, where the kinks whose slope is strictly between its ends are met exactly."""
    width, s = terms.cost_above + terms.cost_below, dual_slopes(terms, upper_slack, lower_slack)
    inner = np.minimum(upper_slack, lower_slack) > STRICTNESS_TOLERANCE * width
    at, d = terms.rows[inner], len(phi)
    side = np.where(upper_slack < lower_slack, terms.cost_above, -terms.cost_below)
    rest, best, slopes = terms.rows[~inner].T @ side[~inner], phi, s[inner]
    held = slopes
    for _ in range(8):
        system = np.block([[terms.hessian(phi), at.T], [at, np.zeros((len(at), len(at)))]])
        aim = np.append(-terms.gradient(phi) - rest - at.T @ slopes, terms.target[inner] - at @ phi)
        if not np.isfinite(system).all():
            break
        step = np.linalg.lstsq(system, aim, rcond=1e-14)[0]
        phi, slopes = phi + step[:d], slopes + step[d:]
        if not terms.value(phi) < terms.value(best) * (1.0 + 1e-12):
            break
        best, held = phi, slopes
    if terms.has_smooth_loss and not _is_optimal(terms, best, at, rest):
        return None
    s = np.where(inner, 0.0, side)
    s[inner] = held
    return terms.standardized.matrix @ best, _is_unique(terms, best, s, inner)


def _is_optimal(terms: PiecewiseLinearTerms, phi: Array, at: Array, rest: Array) -> bool:
    """Whether next to nothing is left to win along the met kinks; on a fall for ever it is a share of the loss."""
    _, sizes, ways = np.linalg.svd(at)
    free = ways[int((sizes > RANK_TOLERANCE * sizes.max(initial=0.0)).sum()) :]
    along = free @ (terms.gradient(phi) + rest)
    left = along @ np.linalg.pinv(free @ terms.hessian(phi) @ free.T, rcond=1e-12, hermitian=True) @ along
    return bool(left <= DECREMENT_TOLERANCE * terms.value(phi))


def _is_unique(terms: PiecewiseLinearTerms, phi: Array, s: Array, active: NDArray[np.bool_]) -> bool:
    """Whether slopes that balance, strictly between their ends where kinks are met, leave no other lowest place.

    Kinks whose slope is strictly between its ends are met wherever the loss
    is lowest, and nothing bends on the way from one such place to another.
    """
    b, width, at = terms.rows, terms.cost_above + terms.cost_below, terms.rows[active]
    r, pull, bend = b @ phi - terms.target, terms.gradient(phi), terms.hessian_lower_bound(phi)
    reach = max(float(np.abs(phi).max()), float(terms.standardized.problem.y.std()))
    level = 1e-9 * (reach * np.abs(b).sum(axis=1) + np.abs(terms.target))
    spare = np.minimum(terms.cost_above - s, terms.cost_below + s)[active]
    least = (width[active] * np.abs(at).max(axis=1, initial=0.0)).min(initial=np.inf)
    sides = np.where(active, np.abs(r), np.where(s > 0.5 * (terms.cost_above - terms.cost_below), -r, r))
    fits = (
        (sides <= level).all()
        and (spare > 0.1 * STRICTNESS_TOLERANCE * width[active]).all()
        and np.abs(pull + b.T @ s).max() <= 0.1 * STRICTNESS_TOLERANCE * least
    )
    unit = at / np.abs(at).max(axis=1, initial=1e-300, keepdims=True)
    held = np.concatenate([unit, bend / max(float(np.abs(bend).max()), 1e-300)])
    return bool(fits and np.linalg.matrix_rank(held, tol=RANK_TOLERANCE) == len(phi))
