"""Move from an interior point to the vertex or edge near it, and tell whether it is the only minimizer.

The symbols are those of :mod:`losses.certificate.nonsmooth.interior_point`: each kink has a row of B, a
target t and a dual slope s between −c⁻ and c⁺.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.certificate.gap import gap_of_gradient
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.arrays import Array

STRICTNESS_TOLERANCE: Final = 1e-6
"""A dual slope is strictly between its ends if its distance from both exceeds this share of theirs."""
RANK_TOLERANCE: Final = 1e-9
"""Singular values of normalized rows below this are rounding errors."""
GAP_TOLERANCE: Final = 1e-9
"""Largest loss above the lowest of a proved minimizer, relative to the loss."""
LOSS_FLOOR: Final = 1e-14
"""A loss below this share of that of a constant prediction is a rounding error."""
SNAP_STEPS: Final = 8
"""Newton steps from an interior point to the vertex or edge near it."""


def dual_slopes(terms: PiecewiseLinearTerms, upper_slack: Array, lower_slack: Array) -> Array:
    """Return the dual slopes s ``(m,)``, computed from the smaller of their slacks c⁺ − s and c⁻ + s.

    From the larger slack, digits would be lost.
    """
    return np.asarray(
        np.where(upper_slack < lower_slack, terms.cost_above - upper_slack, lower_slack - terms.cost_below)
    )


class Minimizer(NamedTuple):
    """A proved minimizer of a problem."""

    theta: Array
    """The parameters ``(d,)``; rounding them may cost much of the loss if inputs are far from 0."""
    loss: float
    """The loss there before the parameters are rounded, which is the lowest within tolerance."""
    is_unique: bool
    """Whether it is proved to be the only one."""


def snap_to_vertex(
    terms: PiecewiseLinearTerms, phi: Array, upper_slack: Array, lower_slack: Array
) -> Minimizer | None:
    """Return the minimizer at which the active kinks are met exactly.

    A kink is active, B φ = t, where its dual slope is strictly between its ends; the other dual slopes are at
    the nearer end. φ and the active slopes solve these equations and ∇f + Bᵀ s = 0, by Newton's method from
    an interior point ``phi (d,)`` with slacks ``upper_slack`` and ``lower_slack (m,)`` of its dual slopes.
    Returns None if the result is not optimal.
    """
    s = dual_slopes(terms, upper_slack, lower_slack)
    width = terms.cost_above + terms.cost_below
    active = np.minimum(upper_slack, lower_slack) > STRICTNESS_TOLERANCE * width
    active_rows, d = terms.rows[active], len(phi)
    nearer_end = np.where(upper_slack < lower_slack, terms.cost_above, -terms.cost_below)
    inactive_gradient = terms.rows[~active].T @ nearer_end[~active]
    interior, best_phi, active_slopes = phi, phi, s[active]
    best_slopes = active_slopes
    for _ in range(SNAP_STEPS):
        zeros = np.zeros((len(active_rows), len(active_rows)))
        system = np.block([[terms.hessian(phi), active_rows.T], [active_rows, zeros]])
        negative_residual = -terms.gradient(phi) - inactive_gradient - active_rows.T @ active_slopes
        right_side = np.append(negative_residual, terms.target[active] - active_rows @ phi)
        if not np.isfinite(system).all():
            break
        step = np.linalg.lstsq(system, right_side, rcond=1e-14)[0]
        phi, active_slopes = phi + step[:d], active_slopes + step[d:]
        if not terms.value(phi) < terms.value(best_phi) * (1.0 + 1e-12):
            break
        best_phi, best_slopes = phi, active_slopes
    ends = s
    s = np.where(active, 0.0, nearer_end)
    s[active] = best_slopes
    if not is_within_tolerance(terms, best_phi, s):
        # Degenerate kinks: the interior point itself may prove what the vertex near it does not.
        if not is_within_tolerance(terms, interior, ends):
            return None
        return Minimizer(terms.standardized.matrix @ interior, terms.value(interior), False)
    is_unique = terms.standardized.is_complete and _is_unique(terms, best_phi, s, active)
    return Minimizer(terms.standardized.matrix @ best_phi, terms.value(best_phi), is_unique)


def is_within_tolerance(terms: PiecewiseLinearTerms, phi: Array, s: Array) -> bool:
    """Return whether dual slopes ``s (m,)`` prove the loss at φ to be within tolerance of the lowest."""
    # Without a minimum a loss of nearly 0 is no rounding error, but on its way down.
    attains_minimum = terms.standardized.problem.loss.attains_minimum
    floor = LOSS_FLOOR * terms.constant_loss if attains_minimum else 0.0
    tolerance = GAP_TOLERANCE * abs(terms.value(phi)) + floor
    return any(
        loss_above_lowest(terms, phi, slopes) <= tolerance
        for slopes in (s, _with_smaller_residual(terms, phi, s))
    )


def _with_smaller_residual(terms: PiecewiseLinearTerms, phi: Array, s: Array) -> Array:
    """Move dual slopes ``s (m,)``, in proportion to their squared slacks, so that ∇f + Bᵀ s is 0."""
    slack = np.maximum(np.minimum(terms.cost_above - s, terms.cost_below + s), 0.0)
    weighted_rows = np.square(slack)[:, None] * terms.rows
    residual = terms.gradient(phi) + terms.rows.T @ s
    matrix = terms.rows.T @ weighted_rows
    if not (np.isfinite(residual).all() and np.isfinite(matrix).all()):
        return s
    step = np.linalg.lstsq(matrix, residual, rcond=1e-14)[0]
    return np.asarray(s - weighted_rows @ step)


def loss_above_lowest(terms: PiecewiseLinearTerms, phi: Array, s: Array) -> float:
    """Return a bound of the loss at φ above the lowest, from dual slopes ``s (m,)``; inf if they prove none.

    A term is at least s r for any s between its slopes. So the loss at φ + δ is at least that at φ, less the
    excess of the terms over s r there, plus ρᵀ δ and the curvature of f, where ρ = ∇f + Bᵀ s is the dual
    residual. Along an eigenvector of curvature λ it is lower by at most ρ² / 2λ; along one without curvature
    by ρ times the distance of the minimizer.
    """
    tolerance = 1e-12 * (terms.cost_above + terms.cost_below)
    if not ((s <= terms.cost_above + tolerance) & (s >= -terms.cost_below - tolerance)).all():
        return np.inf
    r = terms.rows @ phi - terms.target
    excess = terms.piecewise_linear_value(r) - float(s @ r)
    residual = terms.gradient(phi) + terms.rows.T @ s
    # Where the loss decreases for ever, as exp(r) does, Newton's decrement stays a share of the loss.
    return abs(excess) + gap_of_gradient(terms.standardized, terms.bounded_hessian(phi), residual, phi)


def _is_unique(terms: PiecewiseLinearTerms, phi: Array, s: Array, active: NDArray[np.bool_]) -> bool:
    """Return whether the optimal φ with dual slopes s is proved to be the only minimizer.

    Kinks whose dual slope is strictly between its ends are active at every minimizer, so the difference of
    two minimizers is orthogonal to their rows. On the segment between the two the loss is constant, so the
    difference is in the null space of the Hessian, too. If the active rows and the Hessian together have rank
    d, it is zero.

    The proof needs φ and s to be optimal: active kinks met, the others on the side of their slope, active
    slopes strictly between their ends, and the dual residual small beside every active kink.
    """
    b, width, active_rows = terms.rows, terms.cost_above + terms.cost_below, terms.rows[active]
    r, hessian = b @ phi - terms.target, terms.hessian_lower_bound(phi)
    # One heavy outlier must not make the tolerance of all others large, so the spread is a median.
    y = terms.standardized.problem.y
    parameter_scale = max(float(np.abs(phi).max()), float(np.median(np.abs(y - np.median(y)))))
    residual_tolerance = 1e-9 * (parameter_scale * np.abs(b).sum(axis=1) + np.abs(terms.target))
    is_above = s > 0.5 * (terms.cost_above - terms.cost_below)
    violation = np.where(active, np.abs(r), np.where(is_above, -r, r))
    slack = np.minimum(terms.cost_above - s, terms.cost_below + s)[active]
    row_sizes = np.abs(active_rows).max(axis=1, initial=0.0)
    smallest_kink = (width[active] * row_sizes).min(initial=np.inf)
    dual_residual = np.abs(terms.gradient(phi) + b.T @ s).max()
    is_optimal = (
        (violation <= residual_tolerance).all()
        and (slack > 0.1 * STRICTNESS_TOLERANCE * width[active]).all()
        and dual_residual <= 0.1 * STRICTNESS_TOLERANCE * smallest_kink
    )
    normalized_rows = active_rows / np.abs(active_rows).max(axis=1, initial=1e-300, keepdims=True)
    normalized_hessian = hessian / max(float(np.abs(hessian).max()), 1e-300)
    constraints = np.concatenate([normalized_rows, normalized_hessian])
    return bool(is_optimal and np.linalg.matrix_rank(constraints, tol=RANK_TOLERANCE) == len(phi))
