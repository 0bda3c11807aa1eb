"""Descents: the iterates of one run, and an honest word on how it ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, as_float_array, as_point, check_integer, check_type, frozen, make_rng
from losses.core.hyperparameter import resolve_settings
from losses.descent.outcome import Outcome, determine_outcome
from losses.descent.quadratic import QuadraticModel
from losses.optimizer.base import Optimizer, StepContext
from losses.optimizer.catalogue import DEFAULT, OPTIMIZERS
from losses.optimizer.schedule import SCHEDULES, Schedule
from losses.problem.compatibility import lookup
from losses.problem.problem import DataProblem, Problem

MAX_STEPS: Final = 1_000_000
STATIONARY_CHECK_INTERVAL: Final = 8
"""Every so many steps a walk looks whether it still moves."""
FINITE_CHECK_INTERVAL: Final = 64
"""Every so many steps a walk looks whether anything of it is still finite."""


@dataclass(frozen=True, eq=False)
class Descent:
    """A run: ``theta (k + 1, d)``, true ``loss (k + 1,)``, ``gradient (k + 1, d)`` and its outcome.

    ``settled_at`` is the first step from which the run is converged to the
    end, or None. A run that leaves the finite numbers stops before it does.
    ``steps`` were asked for; ``seed`` and ``settings`` are what else it takes
    to do it again.
    """

    problem: Problem
    optimizer: str
    rate: float
    schedule: str
    theta: Array
    loss: Array
    gradient: Array
    outcome: Outcome
    settled_at: int | None
    steps: int
    seed: int
    settings: Mapping[str, float]


def descend(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT,
    *,
    start: Any = None,
    rate: float,
    steps: int,
    schedule: Schedule | str = "constant",
    seed: int = 0,
    **settings: float,
) -> Descent:
    """``steps`` steps of an optimizer from ``start (d,)``; the loss is never read off a grid.

    ``settings`` are the optimizer's own, ``seed`` draws the mini-batches of a
    stochastic one. Raises ValueError for a start of another length or without
    a finite loss, a rate that is not a positive finite number, a number of
    steps outside 0 .. 1,000,000, or a setting out of range.
    """
    check_type(problem, Problem, "problem")
    rule: Optimizer = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else lookup(OPTIMIZERS, optimizer)
    plan: Schedule = SCHEDULES[schedule] if isinstance(schedule, str) else lookup(SCHEDULES, schedule)
    theta = as_point(problem.start if start is None else start, problem.dim, "start")
    rate, steps = float(check_rates(rate, ())), check_integer(steps, "steps", 0, MAX_STEPS)
    values = resolve_settings(rule.name, rule.settings, settings) if rule.settings or settings else {}
    pull, noted = gradient_oracle(problem, rule, values, seed), None
    with np.errstate(all="ignore"):
        if not rule.stochastic:
            bowl = QuadraticModel.from_problem(problem, theta)
            pull = bowl.gradient if bowl else (noted := RecordedGradient(pull))
        path, escaped = _finite_part(Rollout(problem, rule, rate, steps, plan, pull, values).full(theta))
        if noted:
            loss, slopes = problem.value(path), noted.along_path(path)
        else:
            loss, slopes = problem.value_and_gradient(path)
    whole = int(np.argmin(np.isfinite(loss))) if not np.isfinite(loss).all() else len(loss)
    escaped = escaped or whole < len(loss)
    whole = max(whole, 1)  # the start is told of even where its loss is beyond numbers
    path, slopes, loss = path[:whole], slopes[:whole], loss[:whole]
    outcome, settled_at = determine_outcome(problem, rule, rate, path, loss, slopes, escaped)
    return Descent(
        problem,
        rule.key,
        rate,
        plan.key,
        frozen(path),
        frozen(loss),
        frozen(slopes),
        outcome,
        settled_at,
        steps,
        seed,
        values,
    )


def check_rates(rates: Any, shape: tuple[int, ...] | None = None) -> Array:
    """Rates as an array, of that shape where one is asked for; ValueError where one is not positive and finite."""
    rate = as_float_array(rates, "rate")
    wrong = rate[~(np.isfinite(rate) & (rate > 0))]
    if wrong.size:
        raise ValueError(f"rate must be a positive finite number; not {float(wrong.flat[0])!r}")
    if shape is not None and rate.shape != shape:
        raise ValueError(f"rate must be a positive finite number; not {rates!r}")
    return rate


def check_starts(problem: Problem, starts: Array) -> None:
    """ValueError for starts ``(..., d)`` without a finite loss."""
    with np.errstate(all="ignore"):
        if not (np.isfinite(starts).all() and np.isfinite(problem.value(starts)).all()):
            raise ValueError("starts must be finite numbers with a finite loss")


def gradient_oracle(
    problem: Problem, optimizer: Optimizer, settings: Mapping[str, Any], seed: int
) -> Callable[[Array], Array]:
    """The gradient that a rule is given: the problem's, or of seeded mini-batches drawn without replacement."""
    if not optimizer.stochastic or not isinstance(problem, DataProblem):
        return problem.gradient
    rng = make_rng(seed)
    count, size = len(problem.y), min(int(settings["batch"]), len(problem.y))
    return lambda theta: problem.gradient_on(theta, rng.permutation(count)[:size])


class RecordedGradient:
    """A gradient that remembers what it has said: it is told of along the whole path, and is dear."""

    def __init__(self, gradient: Callable[[Array], Array]) -> None:
        self.gradient, self.recorded = gradient, list[Array]()

    def __call__(self, theta: Array) -> Array:
        self.recorded.append(self.gradient(theta))
        return self.recorded[-1]

    def along_path(self, path: Array) -> Array:
        """The gradient at every iterate of the path ``(k + 1, d)``; only the last has not been asked for."""
        said = np.reshape(self.recorded[: len(path)], (-1, path.shape[-1]))
        return np.concatenate([said, self.gradient(path[len(said) :])])


@dataclass(frozen=True)
class Rollout:
    """All that a run is but its start; ``rate`` and ``settings`` are numbers or ``(..., 1)``."""

    problem: Problem
    optimizer: Optimizer
    rate: Any
    steps: int
    schedule: Schedule
    gradient: Callable[[Array], Array]
    settings: Mapping[str, Any]

    def advance(self, theta: Array, memory: Any, first: int, last: int) -> tuple[Array, Any]:
        """Iterates ``(k + 1, ..., d)`` from ``theta (..., d)`` at step ``first`` to step ``last``, and the memory there.

        What is not finite stays so, so it need not be watched at every step:
        k is less than ``last - first`` when nothing finite is left. Within a
        step each parameter's numbers lie side by side, as columns like it.
        Where nothing moves any more, and nothing else changes, nothing will.
        """
        settles = not self.optimizer.memory and not self.optimizer.stochastic and self.schedule.is_constant
        path = np.moveaxis(np.empty((last - first + 1, theta.shape[-1], *theta.shape[:-1])), 1, -1)
        path[0] = theta
        factors = self.schedule.factors(self.steps)[first:last].tolist()
        for k, factor in enumerate(factors, first):
            here, rate = path[k - first], self.rate * factor
            delta, memory = self.optimizer.update(
                self.gradient(here), memory, rate, StepContext(here, self.problem), **self.settings
            )
            after = np.add(here, delta, out=path[k - first + 1])
            if (
                settles
                and k % STATIONARY_CHECK_INTERVAL == STATIONARY_CHECK_INTERVAL - 1
                and np.array_equal(after, here)
            ):
                path[k - first + 2 :] = after
                return path, memory
            if (
                k % FINITE_CHECK_INTERVAL == FINITE_CHECK_INTERVAL - 1
                and not np.isfinite(after).all(axis=-1).any()
            ):
                return path[: k - first + 2], memory
        return path, memory

    def full(self, theta: Array) -> Array:
        """All the iterates from ``theta``."""
        return self.advance(theta, self.optimizer.init(theta), 0, self.steps)[0]


def _finite_part(path: Array) -> tuple[Array, bool]:
    """The iterates of one run before it leaves the finite numbers, and whether it does."""
    whole = np.isfinite(path).all(axis=-1)
    return (path, False) if whole.all() else (path[: int(np.argmin(whole))], True)


@dataclass(frozen=True, eq=False)
class Replay:
    """The steps of a run: the slope ``pull (k, d)`` that each was given and its rate ``rates (k,)``."""

    run: Descent
    pull: Array
    rates: Array

    @cached_property
    def memory(self) -> Array:
        """k + 1 arrays ``(names, d)``: what the optimizer remembers before each step and after the last.

        They come in the order of its ``memory`` names, ``(k + 1, names, d)``.
        """
        run, rule = self.run, OPTIMIZERS[self.run.optimizer]
        memory = rule.init(run.theta[0])
        held = [_memory_arrays(memory, len(rule.memory))]
        with np.errstate(all="ignore"):
            for theta, slope, rate in zip(run.theta, self.pull, self.rates.tolist(), strict=False):
                if rule.memory:  # one that remembers nothing need not step again
                    memory = rule.update(
                        slope, memory, rate, StepContext(theta, run.problem), **run.settings
                    )[1]
                held.append(_memory_arrays(memory, len(rule.memory)))
        return frozen(np.reshape(held, (len(held), -1, run.theta.shape[1])))


def replay(run: Descent) -> Replay:
    """The steps of ``run`` taken once more; the same pure functions give the same numbers."""
    check_type(run, Descent, "run")
    rule, plan = OPTIMIZERS[run.optimizer], SCHEDULES[run.schedule]
    rates = run.rate * plan.factors(run.steps)[: len(run.theta) - 1]
    slopes = run.gradient[:-1]
    if rule.stochastic:
        pull = gradient_oracle(run.problem, rule, run.settings, run.seed)
        slopes = np.array([pull(theta) for theta in run.theta[:-1]])
    return Replay(run, frozen(np.reshape(slopes, (-1, run.theta.shape[1]))), frozen(rates))


def _memory_arrays(memory: Any, count: int) -> list[Array]:
    parts = memory if isinstance(memory, tuple) else (memory,)
    return [np.asarray(part) for part in parts[:count]]
