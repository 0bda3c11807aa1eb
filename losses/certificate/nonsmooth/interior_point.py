"""Minimize convex problems with kinks by a primal-dual interior-point method.

The problem is, with :class:`PiecewiseLinearTerms` for B, t, c⁺ and c⁻,

    minimize f(φ) + Σ (c⁺ᵢ uᵢ + c⁻ᵢ vᵢ)  subject to  B φ − t = u − v,  u ≥ 0,  v ≥ 0,

where f is smooth and u, v are the parts of B φ above and below the targets t. The dual variables s, one slope
for each kink, have the slacks z = c⁺ − s ≥ 0 and w = c⁻ + s ≥ 0. A point is optimal if

    B φ − t − u + v = 0 (primal residual),  ∇f + Bᵀ s = 0 (dual residual),  uᵢ zᵢ = vᵢ wᵢ = 0 for each i.

Each step is Newton's on these conditions with the products set to σ μ instead of 0, where μ is their mean and
σ the centering parameter.

R. Koenker and S. Portnoy, The Gaussian hare and the Laplacian tortoise, 1997 (its Q is the ``weight`` here);
S. Wright, Primal-Dual Interior-Point Methods, 1997 (μ and σ).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.nonsmooth.vertex import Minimizer, dual_slopes, is_within_tolerance, snap_to_vertex
from losses.core.arrays import Array
from losses.core.checkpoint import checkpoint
from losses.loss.base import REGRESSION
from losses.loss.regression import ABSOLUTE_ERROR
from losses.problem.problem import DataProblem

MAX_ITERATIONS: Final = 80
GAP_TOLERANCE: Final = 1e-13
"""Largest duality gap of a proved optimum, relative to the loss."""
CLOSE_GAP: Final = 1e-11
"""Duality gap from which on the loss may be proved within tolerance of the lowest in another way."""
LOST_GAP: Final = 1e-24
"""Duality gap at which nothing improves any more."""
LOSS_FLOOR: Final = 1e-6
"""A loss below this share of that of a constant prediction may be a rounding error."""
DUAL_TOLERANCE: Final = 1e-10
"""Largest dual residual of a proved optimum, relative to the terms that it is a sum of."""
CENTERING: Final = 0.1
"""The centering parameter σ."""
MAX_HALVINGS: Final = 12
DISTANT_STANDARD_DEVIATIONS: Final = 10.0
"""Distance from the target, in its standard deviations, at which a bounded slope is nearly largest."""


def minimize_interior_point(terms: PiecewiseLinearTerms) -> Minimizer | None:
    """Return a minimizer and its proved loss.

    Returns None if no minimizer was found and proved. The proof is duality: where the primal and dual
    residuals vanish and the duality gap uᵀz + vᵀw is zero, no loss is lower. Both are necessary; a gap
    without a vanishing dual residual bounds nothing.
    """
    with np.errstate(all="ignore"):  # far from the minimum a loss may overflow
        for start in _start_points(terms):
            minimizer = _interior_point_from(terms, start)
            if minimizer is not None:
                return minimizer
    return None


def _start_points(terms: PiecewiseLinearTerms) -> Iterator[Array]:
    """Yield starts φ: zero, but for regressions with a smooth loss first the median, then a robust line.

    Far from all targets a bounded slope has no curvature, so that Newton's steps from zero may fail. The
    robust line minimizes the absolute error, with penalties divided by the largest slope of the loss.
    """
    problem, zero = terms.standardized.problem, np.zeros(terms.rows.shape[1])
    if terms.has_smooth_loss and problem.data.task == REGRESSION:
        yield np.append(zero[:-1], np.median(problem.y))
        distant_score = problem.y + DISTANT_STANDARD_DEVIATIONS * problem.y.std()
        max_slope = float(np.abs(problem.loss.slope(distant_score, problem.y)).max())
        l1, l2 = (problem.l1 / max_slope, problem.l2 / max_slope) if max_slope else (0.0, 0.0)
        is_standardized = problem.scaling is not None
        absolute = PiecewiseLinearTerms.from_problem(
            DataProblem(
                problem.data, problem.model, ABSOLUTE_ERROR, standardize=is_standardized, l1=l1, l2=l2
            )
        )
        # Its coordinates may be fewer, as without a penalty, or if the slope has no bound.
        robust = _interior_point_from(absolute, np.zeros(absolute.rows.shape[1])) if absolute else None
        if robust is not None:
            yield terms.standardized.to_local(robust.theta)
    yield zero


@dataclass(frozen=True, eq=False)
class _Direction:
    """A Newton step Δφ ``(d,)``, Δu, Δv and Δs ``(m,)``; Δz = −Δs and Δw = Δs."""

    phi: Array
    u: Array
    v: Array
    s: Array


@dataclass(frozen=True, eq=False)
class _Iterate:
    """A point strictly inside the constraints: φ ``(d,)`` and positive u, v, z, w, each ``(m,)``."""

    phi: Array
    u: Array
    v: Array
    z: Array
    w: Array

    def moved(self, direction: _Direction, step_length: float) -> Self:
        """Return the iterate after a step of some length."""
        return type(self)(
            self.phi + step_length * direction.phi,
            self.u + step_length * direction.u,
            self.v + step_length * direction.v,
            self.z - step_length * direction.s,
            self.w + step_length * direction.s,
        )


@dataclass(frozen=True, eq=False)
class _Scales:
    """The sizes of a problem's numbers, relative to which residuals are judged."""

    loss: float
    """The loss at the start, or if that may be rounding a larger one."""
    gradient: Array
    """The sums of absolute terms of the gradient, ``(d,)``."""
    primal_tolerance: float


def _interior_point_from(terms: PiecewiseLinearTerms, phi: Array) -> Minimizer | None:
    """Iterate from one start; the result is that of :func:`minimize_interior_point`."""
    iterate, scales = _initialize(terms, phi)
    for _ in range(MAX_ITERATIONS):
        checkpoint()
        conditions = _OptimalityConditions.evaluate(terms, iterate, scales)
        # With degenerate kinks the dual residual cannot vanish in floating point, but the bound may.
        is_close = conditions.relative_gap <= CLOSE_GAP and conditions.is_feasible
        if conditions.are_met or (is_close and is_within_tolerance(terms, iterate.phi, conditions.s)):
            return snap_to_vertex(terms, iterate.phi, iterate.z, iterate.w)
        if conditions.relative_gap <= LOST_GAP:
            return None
        direction = _newton_direction(terms, iterate, conditions)
        if direction is None:
            return None
        step_length = min(
            _max_step_length(iterate.u, direction.u),
            _max_step_length(iterate.v, direction.v),
            _max_step_length(iterate.z, -direction.s),
            _max_step_length(iterate.w, direction.s),
        )
        if terms.has_smooth_loss:
            step_length = _backtracked_step_length(terms, iterate.phi, direction, conditions, step_length)
        iterate = iterate.moved(direction, step_length)
    return None


def _initialize(terms: PiecewiseLinearTerms, phi: Array) -> tuple[_Iterate, _Scales]:
    """Return the first iterate, with all slopes midway between their ends, and the problem's scales."""
    cost_above, cost_below = terms.cost_above, terms.cost_below
    r = terms.rows @ phi - terms.target
    residual_scale = float(np.abs(r).mean()) or 1.0
    initial_loss = max(min(terms.value(phi), terms.constant_loss), LOSS_FLOOR * terms.constant_loss)
    scales = _Scales(
        loss=initial_loss or float((cost_above + cost_below).sum()) * residual_scale,
        gradient=terms.gradient_magnitude(),
        primal_tolerance=1e-10 * residual_scale + 1e-14 * np.abs(terms.target).max(initial=0.0),
    )
    middle: Array = 0.5 * (cost_above + cost_below)
    u, v = np.maximum(r, 0.0) + residual_scale, np.maximum(-r, 0.0) + residual_scale
    return _Iterate(phi, u, v, z=middle, w=middle.copy()), scales


@dataclass(frozen=True, eq=False)
class _OptimalityConditions:
    """The residuals of an iterate with the derivatives of f there."""

    s: Array
    hessian: Array
    primal_residual: Array
    dual_residual: Array
    dual_tolerance: Array
    """The largest dual residual of an optimum, ``(d,)``."""
    dual_scale: float
    """The largest sum of absolute terms of the dual residual."""
    gap: float
    relative_gap: float
    is_feasible: bool
    """Whether the primal residual vanishes."""
    are_met: bool
    """Whether the iterate is optimal up to rounding errors."""

    @classmethod
    def evaluate(cls, terms: PiecewiseLinearTerms, iterate: _Iterate, scales: _Scales) -> Self:
        """Evaluate the conditions at an iterate."""
        phi, u, v, z, w = iterate.phi, iterate.u, iterate.v, iterate.z, iterate.w
        s = dual_slopes(terms, z, w)
        gap = float(u @ z + v @ w)
        relative_gap = gap / max(terms.value(phi), 0.01 * scales.loss)
        gradient, hessian = terms.gradient(phi), terms.hessian(phi)
        primal_residual = terms.rows @ phi - terms.target - u + v
        dual_residual = gradient + terms.rows.T @ s
        dual_scales = np.abs(gradient) + np.abs(terms.rows).T @ np.abs(s)
        from_scores = np.abs(terms.bounded_hessian(phi)) @ np.abs(phi)
        dual_tolerance = DUAL_TOLERANCE * dual_scales + 1e-14 * scales.gradient + 1e-15 * from_scores
        is_feasible = np.abs(primal_residual).max() <= scales.primal_tolerance + 1e-15 * (u + v).max()
        are_met = (
            relative_gap <= GAP_TOLERANCE and is_feasible and (np.abs(dual_residual) <= dual_tolerance).all()
        )
        return cls(
            s=s,
            hessian=hessian,
            primal_residual=primal_residual,
            dual_residual=dual_residual,
            dual_tolerance=dual_tolerance,
            dual_scale=float(dual_scales.max()),
            gap=gap,
            relative_gap=relative_gap,
            is_feasible=bool(is_feasible),
            are_met=bool(are_met),
        )


def _newton_direction(
    terms: PiecewiseLinearTerms, iterate: _Iterate, conditions: _OptimalityConditions
) -> _Direction | None:
    """Return Newton's step towards u z = v w = σ μ, or None if the system is not finite.

    Eliminating Δu and Δv leaves Δs = Q (B Δφ + q) with Q = (u/z + v/w)⁻¹ and a linear system for Δφ, which is
    scaled to a unit diagonal before it is solved.
    """
    b, u, v, z, w = terms.rows, iterate.u, iterate.v, iterate.z, iterate.w
    target_product = CENTERING * conditions.gap / (2 * len(u))
    weight = 1.0 / (u / z + v / w)
    q = conditions.primal_residual - (target_product / z - u) + (target_product / w - v)
    matrix = conditions.hessian + (b.T * weight) @ b
    right_side = -conditions.dual_residual - b.T @ (weight * q)
    if not (np.isfinite(matrix).all() and np.isfinite(right_side).all()):
        return None
    scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled_matrix = matrix / scale[:, None] / scale
    d_phi = np.asarray(
        np.linalg.lstsq(scaled_matrix, right_side / scale, rcond=1e-15)[0] / scale, dtype=np.float64
    )
    d_s = weight * (b @ d_phi + q)
    d_u, d_v = (target_product - u * z + u * d_s) / z, (target_product - v * w - v * d_s) / w
    return _Direction(d_phi, d_u, d_v, d_s)


def _backtracked_step_length(
    terms: PiecewiseLinearTerms,
    phi: Array,
    direction: _Direction,
    conditions: _OptimalityConditions,
    step_length: float,
) -> float:
    """Halve a step until the dual residual decreases, or is as small as the duality gap allows.

    For a small step it does, as Newton's step is a direction of descent for it.
    """
    b, s = terms.rows, conditions.s
    tolerance = np.maximum(conditions.dual_tolerance, conditions.relative_gap * conditions.dual_scale)
    residual = np.abs(terms.gradient(phi) + b.T @ s).max()
    for _ in range(MAX_HALVINGS):
        new_residual = np.abs(
            terms.gradient(phi + step_length * direction.phi) + b.T @ (s + step_length * direction.s)
        )
        if (new_residual <= np.maximum(tolerance, (1.0 - 0.1 * step_length) * residual)).all():
            break
        step_length *= 0.5
    return step_length


def _max_step_length(positive: Array, step: Array) -> float:
    """Return the largest step length, at most 1, that keeps positive numbers positive."""
    decreasing = step < 0.0
    return min(1.0, 0.99 * float((positive[decreasing] / -step[decreasing]).min(initial=np.inf)))
