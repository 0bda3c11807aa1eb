"""Advice on a run, computed from what is known: how its last steps move, and which rates are faster."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS, SCOPE_BOUND, SCOPE_EXACT, SCOPE_START
from losses.core.arrays import Array
from losses.core.messages import Message, format_number, format_number_down, message, round_down, step_count
from losses.descent.arrival import arrival_facts
from losses.descent.convergence import tail_length, turning_back
from losses.descent.stationary import ROUNDING_SHARE
from losses.optimizer.base import Optimizer
from losses.problem.problem import Problem

BEST_RATE_TOLERANCE: Final = 0.01
"""A rate this near to the best one, as a share of it, is not worth changing."""
WORTHWHILE_SHARE: Final = 0.9
"""Another rate is called faster if it needs at most this share of the steps."""

SURE_CURVATURE: Final = 1e-9
"""A curvature of at most this share of the largest may be a rounding error."""


@dataclass(frozen=True, eq=False)
class RunFacts:
    """A run as its sentence needs it: the path ``(k + 1, d)``, losses ``(k + 1,)`` and gradients."""

    problem: Problem
    optimizer: Optimizer
    rate: float
    has_constant_rate: bool
    path: Array
    loss: Array
    gradients: Array

    @property
    def steps(self) -> int:
        """The number k of steps."""
        return len(self.loss) - 1

    @property
    def is_plain(self) -> bool:
        """Whether it is gradient descent at a constant rate, of which certificates know the stable rates."""
        return self.optimizer.is_gradient_descent and self.has_constant_rate

    def limit(self) -> tuple[float | None, bool]:
        """Return the largest stable rate, and whether it is only the largest that is surely stable.

        None for other optimizers, and where curvature is known at the start alone.
        """
        c = arrival_facts(self.problem).certificate
        if not self.is_plain or c.scope == SCOPE_START or not c.critical_rate:
            return None, False
        return c.critical_rate, c.scope == SCOPE_BOUND

    def heads_for_certified_minimum(self) -> bool:
        """Whether the certified minimum is near the middle of the last step, or no other may be.

        Another minimum may have another largest stable rate.
        """
        facts = arrival_facts(self.problem)
        optimum, middle = facts.certificate.optimum, self.path[-2:].mean(axis=0)
        is_near = optimum is not None and bool((np.abs(middle - optimum) <= facts.distance).all())
        return self.problem.convex or is_near

    def turning_share(self) -> float:
        """Return the share of the last steps that point against the one before."""
        tail = max(2, tail_length(self.steps))
        if self.steps < 2:
            return 0.0
        with np.errstate(all="ignore"):
            turns = turning_back(arrival_facts(self.problem), self.path[None, -tail - 1 :])
        return float(turns.mean())

    def stands_still(self) -> bool:
        """Whether the last step did not move, nor would the next; other examples may move the next."""
        return (
            self.steps > 0 and not self.optimizer.stochastic and np.array_equal(self.path[-1], self.path[-2])
        )

    def is_falling(self) -> bool:
        """Whether the last step lowered the loss."""
        return self.steps > 0 and bool(self.loss[-1] < self.loss[-2] - ROUNDING_SHARE * abs(self.loss[-2]))


def faster_rate(run: RunFacts) -> tuple[float, int] | None:
    """Return a rate that is shown to be faster, and the steps in which it comes as low as the run came.

    Only of gradient descent on a quadratic loss, where each error along an eigenvector of the Hessian shrinks
    by the factor 1 − rate · eigenvalue per step, so the steps can be counted without taking them. The rate is
    2/(L + μ), rounded down as it is shown.
    """
    c = arrival_facts(run.problem).certificate
    if not run.is_plain or c.scope != SCOPE_EXACT or c.optimum is None or run.problem.dim > MAX_PARAMETERS:
        return None
    if not c.best_rate or not c.critical_rate or run.steps < 1:
        return None
    best = round_down(c.best_rate)
    if best >= c.critical_rate or abs(run.rate - best) <= BEST_RATE_TOLERANCE * best:
        return None
    eigenvalues, vectors = np.linalg.eigh(run.problem.hessian(c.optimum))
    errors = np.square((run.path[0] - c.optimum) @ vectors) * np.maximum(eigenvalues, 0.0)

    def gap(rate: float, steps: int) -> float:
        return float((errors * (1.0 - rate * eigenvalues) ** (2.0 * steps)).sum())

    with np.errstate(all="ignore"):
        reached, low, high = gap(run.rate, run.steps), -1, run.steps
        if not gap(best, high) < reached:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if gap(best, middle) <= reached else (middle, high)
    return (best, high) if 0 < high <= WORTHWHILE_SHARE * run.steps else None


def rate_advice(run: RunFacts) -> Message | None:
    """Return what the certificate knows about the rate of a run that has not arrived; None if nothing."""
    limit, is_bound = run.limit()
    is_exact = limit is not None and not is_bound and run.heads_for_certified_minimum()
    if limit and is_exact and run.rate > limit * (1.0 + 1e-9):
        return message(
            "The rate is above the limit, {limit}: choose a smaller one.", limit=format_number_down(limit)
        )
    if limit and is_exact and abs(run.rate - limit) <= 1e-9 * limit:
        return message(
            "The rate is at the limit, {limit}: choose a smaller one.", limit=format_number_down(limit)
        )
    faster = faster_rate(run)
    if faster:
        values = {"best": format_number(faster[0]), "steps": step_count(faster[1])}
        if faster[0] > run.rate:
            return message("A larger rate is faster: {best} comes as low in {steps}.", **values)
        if run.turning_share() == 1.0:
            return message(
                "It jumps across the valley at each step: a smaller rate is faster. "
                "{best} comes as low in {steps}.",
                **values,
            )
        return message("A smaller rate is faster: {best} comes as low in {steps}.", **values)
    # A line search may take the same step whatever its first rate.
    if run.turning_share() > 0.5 and run.optimizer.rate_meaning != "upper_bound":
        return message("It jumps to and fro: a smaller rate jumps less far.")
    return None


def advice(run: RunFacts) -> Message | None:
    """Return what may be done about a run that has not arrived; None if nothing is known to help."""
    if run.stands_still():
        return message("It stands still: its steps have length 0 here.")
    if run.optimizer.uses_hessian and (climb := newton_advice(run)) is not None:
        return climb
    if (about_rate := rate_advice(run)) is not None:
        return about_rate
    if not run.is_falling():
        return message("The last step did not lower the loss.") if run.steps else None
    limit, is_bound = run.limit()
    is_stable = limit is not None and run.rate < limit and (is_bound or run.problem.quadratic)
    if limit and is_stable and run.rate < 0.5 * limit:
        return message(
            "It is falling: give it more steps. Rates below {limit} are stable.",
            limit=format_number_down(limit),
        )
    searches = run.optimizer.follows_gradient and not run.optimizer.is_gradient_descent
    if is_stable or searches:
        return message("It is falling: give it more steps.")
    if run.loss[-1] > run.loss[0]:
        return message("It is falling again, but still higher than at the start.")
    return message("It is still falling.")


def newton_advice(run: RunFacts) -> Message | None:
    """Return what Newton's method is heading for where the surface curves down; None where it does not.

    That is the stationary point of its quadratic model: the loss itself need not have one near by.
    """
    with np.errstate(all="ignore"):
        hessian = run.problem.hessian(run.path[-1])
    if not np.isfinite(hessian).all():
        return None
    scale = arrival_facts(run.problem).half_window
    values = np.linalg.eigvalsh(hessian * np.outer(scale, scale))
    flat = SURE_CURVATURE * np.abs(values).max()
    if values[0] >= -flat or abs(values[-1]) <= flat:
        return None
    if values[-1] < 0.0:
        return message(
            "The surface curves down on all sides here, so Newton's step leads up, toward the maximum of its "
            "quadratic model. Start elsewhere, or take another optimizer."
        )
    return message(
        "The surface curves down on one side and up on another here, so Newton's step leads toward the "
        "saddle of its quadratic model. Start elsewhere, or take another optimizer."
    )
