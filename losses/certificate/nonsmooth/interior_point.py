"""The lowest point of a convex problem with kinks, by an interior point method."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.nonsmooth.vertex import dual_slopes, snap_to_vertex
from losses.core.arrays import Array
from losses.loss.base import REGRESSION
from losses.loss.regression import ABSOLUTE_ERROR
from losses.problem.problem import DataProblem

MAX_ITERATIONS: Final = 80
GAP_TOLERANCE: Final = 1e-13
"""What may be left between the best loss and its lower bound, as a share of the loss."""
LOSS_FLOOR: Final = 1e-6
"""A loss below this share of what it is at nothing may be rounding."""
DUAL_TOLERANCE: Final = 1e-10
"""What may be left where slopes balance, as a share of them."""
MAX_HALVINGS: Final = 12
DISTANT_STANDARD_DEVIATIONS: Final = 10.0
"""Standard deviations of the target from where a bounded slope is what it is at the most."""


def minimize_interior_point(terms: PiecewiseLinearTerms) -> tuple[Array, bool] | None:
    """A lowest θ and whether it is surely the only one; None where it is not proved to be a lowest.

    Primal-dual Newton steps on the optimality conditions (R. Koenker and
    S. Portnoy, The Gaussian hare and the Laplacian tortoise, 1997; S. Wright,
    Primal-Dual Interior-Point Methods, 1997). The dual numbers are slopes
    between ``-down`` and ``cost_above`` at each kink. Where they balance the smooth
    slope and cost and slopes leave no gap, no loss is lower: that is the proof,
    and it needs both.
    """
    with np.errstate(all="ignore"):  # far out a loss may be beyond numbers
        for start in _start_points(terms):
            found = _interior_point_from(terms, start)
            if found is not None:
                return found
    return None


def _start_points(terms: PiecewiseLinearTerms) -> Iterator[Array]:
    """Nothing, and of a regression first the median, and where absolute errors would lead.

    Far from all targets a bounded slope has no curvature to go by.
    """
    problem, zero = terms.standardized.problem, np.zeros(terms.rows.shape[1])
    if terms.has_smooth_loss and problem.data.task == REGRESSION:
        yield np.append(zero[:-1], np.median(problem.y))
        steep = float(
            np.abs(
                problem.loss.slope(problem.y + DISTANT_STANDARD_DEVIATIONS * problem.y.std(), problem.y)
            ).max()
        )
        held = {"l1": problem.l1 / steep, "l2": problem.l2 / steep} if steep else {"l1": 0.0, "l2": 0.0}
        scaled = problem.scaling is not None
        absolute = PiecewiseLinearTerms.from_problem(
            DataProblem(problem.data, problem.model, ABSOLUTE_ERROR, standardize=scaled, **held)
        )
        found = _interior_point_from(absolute, zero) if absolute else None
        if found is not None:
            yield terms.standardized.to_local(found[0])
    yield zero


def _interior_point_from(terms: PiecewiseLinearTerms, phi: Array) -> tuple[Array, bool] | None:
    b, up, down = terms.rows, terms.cost_above, terms.cost_below
    over: Array = 0.5 * (up + down)  # what a slope lacks to both its ends
    under = over.copy()
    r = b @ phi - terms.target
    size = float(np.abs(r).mean()) or 1.0
    begin = (
        max(terms.value(phi), LOSS_FLOOR * terms.value(np.zeros_like(phi))) or float((up + down).sum()) * size
    )
    most = terms.gradient_magnitude()
    exact = 1e-10 * size + 1e-14 * np.abs(terms.target).max(initial=0.0)
    u, v = np.maximum(r, 0.0) + size, np.maximum(-r, 0.0) + size
    for _ in range(MAX_ITERATIONS):
        s = dual_slopes(terms, over, under)
        gap = float(u @ over + v @ under)
        share = gap / max(terms.value(phi), 0.01 * begin)
        pull, bend = terms.gradient(phi), terms.hessian(phi)
        off, tilt = b @ phi - terms.target - u + v, pull + b.T @ s
        pulls = np.abs(pull) + np.abs(b).T @ np.abs(s)
        level = DUAL_TOLERANCE * pulls + 1e-14 * most + 1e-15 * np.abs(bend) @ np.abs(phi)
        met = np.abs(off).max() <= exact + 1e-15 * (u + v).max()
        if share <= GAP_TOLERANCE and met and (np.abs(tilt) <= level).all():
            return snap_to_vertex(terms, phi, over, under)
        aim = 0.1 * gap / (2 * len(u))
        weight = 1.0 / (u / over + v / under)
        q = off - (aim / over - u) + (aim / under - v)
        matrix = bend + (b.T * weight) @ b
        right = -tilt - b.T @ (weight * q)
        if not (np.isfinite(matrix).all() and np.isfinite(right).all()):
            return None
        unit = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
        even = matrix / unit[:, None] / unit
        step = np.asarray(np.linalg.lstsq(even, right / unit, rcond=1e-15)[0] / unit, dtype=np.float64)
        turn = weight * (b @ step + q)
        du, dv = (aim - u * over + u * turn) / over, (aim - v * under - v * turn) / under
        much = min(
            _max_step_length(u, du),
            _max_step_length(v, dv),
            _max_step_length(over, -turn),
            _max_step_length(under, turn),
        )
        much = (
            _backtracked_step_length(terms, phi, step, s, turn, much, np.maximum(level, share * pulls.max()))
            if terms.has_smooth_loss
            else much
        )
        phi, u, v = phi + much * step, u + much * du, v + much * dv
        over, under = over - much * turn, under + much * turn
    return None


def _backtracked_step_length(
    terms: PiecewiseLinearTerms,
    phi: Array,
    step: Array,
    s: Array,
    turn: Array,
    step_length: float,
    level: Array,
) -> float:
    """A share of a step that is small enough for what does not balance to shrink, as by Newton's it does at first."""
    b = terms.rows
    left = np.abs(terms.gradient(phi) + b.T @ s).max()
    for _ in range(MAX_HALVINGS):
        after = np.abs(terms.gradient(phi + step_length * step) + b.T @ (s + step_length * turn))
        if (after <= np.maximum(level, (1.0 - 0.1 * step_length) * left)).all():
            break
        step_length *= 0.5
    return step_length


def _max_step_length(positive: Array, step: Array) -> float:
    """How much of a step keeps positive numbers positive."""
    falls = step < 0.0
    return min(1.0, 0.99 * float((positive[falls] / -step[falls]).min(initial=np.inf)))
