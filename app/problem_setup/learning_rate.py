"""Learning-rate defaults, slider ranges and marks for a problem and an optimizer."""

from typing import Final

import numpy as np

import losses
from losses.certificate.certificate import MAX_PARAMETERS, SCOPE_START
from losses.certificate.local_minimum import MAX_MULTISTART_PARAMETERS

from ..common import limits
from ..common.cache import cached
from .build import SettingValues

SWEEP_SIZE, SWEEP_SIZE_HEAVY = 40, 8
"""How many rates a small sweep tries, usually and where each is dear."""


def _limit_at_release(problem: losses.Problem) -> float | None:
    """The largest stable rate where defaults stand on it: for ever, so not where it was learned later.

    Links rely on the guess for several classes, for minima that are not the only ones, for networks and
    wherever no more is known than at the start.
    """
    best, few = losses.certify(problem), problem.dim <= MAX_PARAMETERS
    flat = best.exists is True and problem.convex and not best.strong_convexity
    classes = isinstance(problem, losses.DataProblem) and problem.data.task == "multiclass"
    bent = not problem.convex and problem.dim > MAX_MULTISTART_PARAMETERS
    later = (few and (flat or classes)) or bent or best.scope == SCOPE_START
    return None if later else best.critical_rate


def cautious_rate(problem: losses.Problem) -> float:
    """A cautious rate: eight hundredths of the largest stable one, to one digit; else a guess."""
    critical = _limit_at_release(problem)
    return float(f"{0.08 * critical:.0e}") if critical else 0.08


def rate_range(problem: losses.Problem) -> tuple[float, float]:
    """The rates worth trying: from a thousandth to four times the largest stable one; else a guess."""
    critical = _limit_at_release(problem)
    return (critical * 1e-3, critical * 4) if critical else (1e-3, 10.0)


@cached(8_000_000)
def best_swept_rate(
    problem: losses.Problem,
    optimizer: str,
    start: tuple[float, ...],
    steps: int,
    schedule: str,
    settings: SettingValues,
) -> float:
    """The best of a small sweep of rates, to two digits."""
    if not np.isfinite(problem.value(start)):
        return cautious_rate(problem)
    low, high = rate_range(problem)
    heavy = (
        isinstance(problem, losses.DataProblem)
        and problem.score(problem.start).size > limits.HEAVY_SCORE_COUNT
    )
    count = SWEEP_SIZE_HEAVY if heavy else SWEEP_SIZE
    found = losses.sweep(
        problem,
        optimizer,
        start=start,
        rates=np.geomspace(low, high, count),
        steps=steps,
        schedule=schedule,
        **dict(settings),
    )
    return float(f"{found.rate[found.best]:.2g}")


FULL_NEWTON_STEP: Final = 1.0
"""Newton's step to the bottom of the parabola; on a bowl the best, and twice that the limit."""


STEPS_TO_CROSS_WINDOW: Final = 50
"""So many steps as long as their rate cross the window."""


LINE_SEARCH_FACTOR: Final = 10
"""A line search begins so many times farther out than a step that is cautious."""


SLIDER_FACTOR: Final = 100
"""A slider goes so many times below the rate to begin with, and as far above it."""


def initial_rate(problem: losses.Problem, plane: losses.Plane, optimizer: str) -> float:
    """A rate at which an optimizer is seen at work."""
    meant = losses.OPTIMIZERS[optimizer].rate_meaning
    if meant == "newton_fraction":
        return FULL_NEWTON_STEP
    if meant == "step_length":
        return float(f"{plane.width.min() / STEPS_TO_CROSS_WINDOW / np.sqrt(problem.dim / 2):.0e}")
    usual = cautious_rate(problem)
    return LINE_SEARCH_FACTOR * usual if meant == "upper_bound" else usual


def slider_range(problem: losses.Problem, plane: losses.Plane, optimizer: str) -> tuple[float, float]:
    """The rates between which an optimizer's slider goes."""
    meant = losses.OPTIMIZERS[optimizer].rate_meaning
    if meant == "newton_fraction":
        return FULL_NEWTON_STEP / SLIDER_FACTOR, 4 * FULL_NEWTON_STEP
    if meant == "step_length":
        middle = initial_rate(problem, plane, optimizer)
        return middle / SLIDER_FACTOR, middle * SLIDER_FACTOR
    return rate_range(problem)


def slider_marks(certificate: losses.Certificate, optimizer: str) -> tuple[float | None, float | None]:
    """The best rate and the largest stable one, as far as they are known."""
    if losses.OPTIMIZERS[optimizer].rate_meaning == "newton_fraction":
        return (
            (FULL_NEWTON_STEP, 2 * FULL_NEWTON_STEP)
            if certificate.critical_rate and certificate.optimum is not None
            else (None, None)
        )
    return certificate.best_rate, certificate.critical_rate
