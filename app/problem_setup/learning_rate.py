"""Default learning rates, slider ranges and slider marks for a problem and an optimizer.

What a rate means depends on ``rate_meaning`` of the optimizer, see ``losses.optimizer.base.Optimizer``.
"""

from typing import Any, Final

import numpy as np

import losses
from losses.certificate.certificate import MAX_PARAMETERS, SCOPE_BOUND, SCOPE_LOCAL, SCOPE_START
from losses.certificate.local_minimum import MAX_MULTISTART_PARAMETERS

from ..common import limits
from ..common.cache import cached
from .build import SettingValues
from .price import sweep_size

START_OFFSETS: Final = np.array([0.0, 0.05, -0.07])
"""A rate is tried from the start, and from starts shifted by these shares of half the window.

From one start alone some rate may land on the minimum by luck.
"""
FULL_NEWTON_STEP: Final = 1.0
"""Rate of a Newton step to the minimum of the quadratic model.

On a quadratic it is optimal, and twice this rate is the largest stable one.
"""
STEPS_TO_CROSS_WINDOW: Final = 50
"""Steps in which an optimizer whose rate is a step length crosses the narrower side of the window."""
LINE_SEARCH_FACTOR: Final = 10
"""A line search starts at this multiple of the cautious rate."""
MARGIN: Final = 1e4
"""Rates keep this factor from the smallest and the largest, so that a slider has room around them."""
PLANE_DIM: Final = 2
"""The number of parameters up to which the whole space is drawn, not a slice."""
SLICE_SHARES: Final = {SCOPE_BOUND: 0.8, SCOPE_START: 0.4}
"""The share of 2/L that the rate of a slice is, by what is known of L.

A bound is larger than the curvature on the way, and so is mostly the curvature of a network at its start.
"""
NARROWING_SHARE: Final = 0.5
"""The share of 2/L at the optimum for a curve whose valley is four times narrower there than at the start."""
BLIND_RATE: Final = 1.0
"""The rate of a classifier whose curvature is not known."""
SLIDER_FACTOR: Final = 100
"""The slider of a step length or a Newton fraction starts at the initial rate divided by this factor."""


def _limit_at_release(problem: losses.Problem) -> float | None:
    """Return the limit 2/L that the defaults of links are derived from, None if they are a guess.

    Links must keep their meaning, so later improvements of the certificate must not change this value. It
    stays None for several classes, for convex problems whose minimum is not unique, for networks, and if the
    curvature is known at the start only, although certificates now know a limit for some of them. It is None,
    too, if a link could not hold the rates around it.
    """
    certificate, is_small = losses.certify(problem), problem.dim <= MAX_PARAMETERS
    has_flat_minimum = (
        certificate.exists is losses.YES and problem.convex and not certificate.strong_convexity
    )
    is_multiclass = isinstance(problem, losses.DataProblem) and problem.data.task == "multiclass"
    is_large_nonconvex = not problem.convex and problem.dim > MAX_MULTISTART_PARAMETERS
    known_later = is_small and (has_flat_minimum or is_multiclass)
    if known_later or is_large_nonconvex or certificate.scope == SCOPE_START:
        return None
    limit = certificate.critical_rate
    return limit if limit and MARGIN * limits.MIN_RATE < limit < limits.MAX_RATE / MARGIN else None


def cautious_rate(problem: losses.Problem) -> float:
    """Return 8 % of the largest stable rate 2/L, rounded to one digit, or 0.08 if L is not known.

    The planes of slices depend on it, and so does the meaning of a start in a link.
    """
    limit = _limit_at_release(problem)
    return float(f"{0.08 * limit:.0e}") if limit else 0.08


def moderate_rate(problem: losses.Problem) -> float:
    """Return a rate with which a run gets most of its way, as far as a rate can, to one digit.

    It is the cautious rate, except of slices, classifiers of unknown curvature, and curves whose valley gets
    narrower on the way.
    """
    certificate = losses.certify(problem)
    limit, share = certificate.critical_rate, 0.0
    if problem.dim > PLANE_DIM:
        share = SLICE_SHARES.get(certificate.scope, 0.0)
        if limit is None and isinstance(problem, losses.DataProblem) and problem.data.classes:
            return BLIND_RATE
    elif limit and certificate.scope == SCOPE_LOCAL and isinstance(problem, losses.DataProblem):
        share = NARROWING_SHARE if limit < _limit_at_start(problem) / 4 else 0.0
    if not share or not limit or not MARGIN * limits.MIN_RATE < limit < limits.MAX_RATE / MARGIN:
        return cautious_rate(problem)
    return float(f"{share * limit:.0e}")


def _limit_at_start(problem: losses.DataProblem) -> float:
    """Return 2/L of the quadratic model at the default start, 0 if it is not known."""
    with np.errstate(all="ignore"):
        hessian = problem.hessian(problem.start)
    if hessian is None or not np.isfinite(hessian).all():
        return 0.0
    return float(2.0 / np.maximum(np.abs(np.linalg.eigvalsh(hessian)).max(), 1e-300))


def rate_range(problem: losses.Problem) -> tuple[float, float]:
    """Return the lowest and highest rate worth trying: 0.001 and 4 times 2/L, or a guess without L."""
    limit = _limit_at_release(problem)
    return (limit * 1e-3, limit * 4) if limit else (1e-3, 10.0)


@cached(8_000_000)
def best_swept_rate(
    problem: losses.Problem,
    optimizer: str,
    start: tuple[float, ...],
    steps: int,
    schedule: str,
    settings: SettingValues,
    race: tuple[str, ...],
) -> float:
    """Return the best rate of a sweep over ``rate_range``, from starts near the given one, to two digits.

    ``race`` are the optimizers that are swept for the same answer and share its budget.

    If the loss at ``start`` is not finite, it is the cautious rate.
    """
    if not np.isfinite(problem.value(start)):
        return cautious_rate(problem)
    low, high = rate_range(problem)
    count, start_count = sweep_size(problem, optimizer, steps, race)
    starts = np.array(start) + START_OFFSETS[:start_count, None] * problem.reach
    starts = starts.reshape(-1, problem.dim)
    with np.errstate(all="ignore"):
        starts = starts[np.isfinite(problem.value(starts))]
    values: dict[str, Any] = dict(settings)
    runs = losses.descend_many(
        problem,
        optimizer,
        starts=starts[:, None],
        rates=np.geomspace(low, high, count),
        steps=steps,
        schedule=schedule,
        **values,
    )
    return float(f"{runs.rate[0, _best_column(runs)]:.2g}")


def _best_column(runs: losses.Descents) -> int:
    """Return the column of runs ``(starts, rates)`` whose slowest run arrives first.

    If no rate arrives from all starts, it is that of the lowest sum of final losses.
    """
    arrives = (runs.settled_at >= 0).all(axis=0)
    if arrives.any():
        return int(np.argmin(np.where(arrives, runs.settled_at.max(axis=0), np.inf)))
    loss = np.where(np.isfinite(runs.loss[..., -1]), runs.loss[..., -1], np.inf).sum(axis=0)
    return int(np.argmin(loss))


def initial_rate(problem: losses.Problem, plane: losses.Plane, optimizer: str) -> float:
    """Return a rate at which the progress of an optimizer is easy to watch.

    For a Newton fraction it is the full step. For a step length, which holds for each coordinate, it is the
    rate with which ``STEPS_TO_CROSS_WINDOW`` steps cross the window of ``plane``, divided by √(dim/2) and
    rounded to one digit. Else it is the moderate rate, for a line search ten times that.
    """
    meaning = losses.OPTIMIZERS[optimizer].rate_meaning
    if meaning == "newton_fraction":
        return FULL_NEWTON_STEP
    if meaning == "step_length":
        length = plane.width.min() / STEPS_TO_CROSS_WINDOW / np.sqrt(problem.dim / 2)
        return float(f"{min(max(length, MARGIN * limits.MIN_RATE), limits.MAX_RATE / MARGIN):.0e}")
    rate = moderate_rate(problem)
    return LINE_SEARCH_FACTOR * rate if meaning == "upper_bound" else rate


def slider_range(problem: losses.Problem, plane: losses.Plane, optimizer: str) -> tuple[float, float]:
    """Return the lowest and highest rate of an optimizer's slider."""
    meaning = losses.OPTIMIZERS[optimizer].rate_meaning
    if meaning == "newton_fraction":
        return FULL_NEWTON_STEP / SLIDER_FACTOR, 4 * FULL_NEWTON_STEP
    if meaning == "step_length":
        initial = initial_rate(problem, plane, optimizer)
        return initial / SLIDER_FACTOR, initial * SLIDER_FACTOR
    return rate_range(problem)


def slider_marks(certificate: losses.Certificate, optimizer: str) -> tuple[float | None, float | None]:
    """Return the optimal rate and the largest stable rate, None for what is not known."""
    if losses.OPTIMIZERS[optimizer].rate_meaning == "newton_fraction":
        is_known = certificate.critical_rate and certificate.optimum is not None
        return (FULL_NEWTON_STEP, 2 * FULL_NEWTON_STEP) if is_known else (None, None)
    return certificate.best_rate, certificate.critical_rate
