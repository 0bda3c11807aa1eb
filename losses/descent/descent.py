"""Descents: the iterates, losses and gradients of one optimizer run, and how it ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from losses.core.arrays import Array, as_float_array, as_point, check_integer, check_type, frozen, make_rng
from losses.core.checkpoint import checkpoint
from losses.core.hyperparameter import resolve_settings
from losses.core.lazy import cached_property
from losses.core.records import ReadOnlyArrays
from losses.descent.outcome import Outcome, determine_outcome
from losses.descent.quadratic import QuadraticModel
from losses.optimizer.base import Optimizer, StepContext
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER, OPTIMIZERS
from losses.optimizer.schedule import DEFAULT_SCHEDULE, SCHEDULES, Schedule
from losses.problem.compatibility import lookup
from losses.problem.problem import DataProblem, Problem

MAX_STEPS: Final = 1_000_000
"""Largest number of steps of a run."""
STATIONARY_CHECK_INTERVAL: Final = 8
"""Number of steps between tests whether the iterates still change."""
FINITE_CHECK_INTERVAL: Final = 64
"""Number of steps between tests whether any run of the batch is still finite."""
CHECKPOINT_INTERVAL: Final = 8
"""Number of steps between checkpoints; values and Hessians, of which long steps consist, have their own."""


@dataclass(frozen=True, eq=False, repr=False)
class Descent(ReadOnlyArrays):
    """A run: ``theta (k + 1, d)``, true ``loss (k + 1,)``, ``gradient (k + 1, d)`` and its outcome.

    ``settled_at`` is the first step from which the run is converged to its
    end, or None. A run ends before the first iterate or loss that is not
    finite, so k may be less than the requested ``steps``. ``seed`` and
    ``settings`` are the other arguments, so that the run can be repeated.
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

    def __repr__(self) -> str:
        at = f" at step {self.settled_at}" if self.settled_at is not None else ""
        values = "".join(f", {name} {value:g}" for name, value in self.settings.items())
        return (
            f"<descent {self.optimizer} on {self.problem.key}: rate {self.rate:.6g}{values}, "
            f"{len(self.theta) - 1} steps, loss {self.loss[0]:.6g} to {self.loss[-1]:.6g}, "
            f"{self.outcome.name}{at}>"
        )


@np.errstate(all="ignore")
def descend(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT_OPTIMIZER,
    *,
    start: ArrayLike | None = None,
    rate: float,
    steps: int,
    schedule: Schedule | str = DEFAULT_SCHEDULE,
    seed: int = 0,
    **settings: float,
) -> Descent:
    """Run an optimizer for ``steps`` steps from ``start (d,)``, by default the problem's start.

    Losses and gradients are those of the problem, not interpolated on a grid.
    ``settings`` are the optimizer's hyperparameters; ``seed`` determines the
    mini-batches of a stochastic optimizer. Raises ValueError for a start of
    another length or without a finite loss, a rate that is not a positive
    finite number, a number of steps outside 0 .. 1,000,000, or a setting out
    of range.
    """
    check_type(problem, Problem, "problem")
    # Keys, as the page has them, are looked up without a function: an answer should enter few files.
    rule = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else lookup(OPTIMIZERS, optimizer)
    plan = SCHEDULES[schedule] if isinstance(schedule, str) else lookup(SCHEDULES, schedule)
    theta = as_point(problem.start if start is None else start, problem.dim, "start")
    rate, steps = float(check_rates(rate, ())), check_integer(steps, "steps", 0, MAX_STEPS)
    values = resolve_settings(rule.name, rule.settings, settings) if rule.settings or settings else {}
    oracle, recorder = gradient_oracle(problem, rule, values, seed), None
    with np.errstate(all="ignore"):
        if not rule.stochastic:
            model = QuadraticModel.from_problem(problem, theta)
            oracle = model.gradient if model else (recorder := RecordedGradient(oracle))
        path, escaped = _finite_part(Rollout(problem, rule, rate, steps, plan, oracle, values).full(theta))
        if recorder:
            loss, gradients = problem.value(path), recorder.along_path(path)
        else:
            loss, gradients = problem.value_and_gradient(path)
    length = int(np.argmin(np.isfinite(loss))) if not np.isfinite(loss).all() else len(loss)
    escaped = escaped or length < len(loss)
    length = max(length, 1)  # a run keeps its start even if the loss there is not finite
    path, gradients, loss = path[:length], gradients[:length], loss[:length]
    outcome, settled_at = determine_outcome(
        problem, rule, rate, path, loss, gradients, escaped, plan.is_constant
    )
    return Descent(
        problem,
        rule.key,
        rate,
        plan.key,
        frozen(path),
        frozen(loss),
        frozen(gradients),
        outcome,
        settled_at,
        steps,
        seed,
        values,
    )


def check_rates(rates: ArrayLike, shape: tuple[int, ...] | None = None) -> Array:
    """Return the rates as an array. Raises ValueError unless all are positive and finite.

    Raises ValueError as well if ``shape`` is given and the array has another.
    """
    rate = as_float_array(rates, "rate")
    invalid = rate[~(np.isfinite(rate) & (rate > 0))]
    if invalid.size:
        raise ValueError(f"rate must be a positive finite number; not {float(invalid.flat[0])!r}")
    if shape is not None and rate.shape != shape:
        raise ValueError(f"rate must be a positive finite number; not {rates!r}")
    return rate


def check_starts(problem: Problem, starts: Array) -> None:
    """Raise ValueError unless all ``starts (..., d)`` and their losses are finite."""
    with np.errstate(all="ignore"):
        if not (np.isfinite(starts).all() and np.isfinite(problem.value(starts)).all()):
            raise ValueError("starts must be finite numbers with a finite loss")


def gradient_oracle(
    problem: Problem, optimizer: Optimizer, settings: Mapping[str, Any], seed: int
) -> Callable[[Array], Array]:
    """Return the function that gives an optimizer its gradients.

    It is the gradient of the problem or, for a stochastic optimizer, that of a
    new mini-batch at each call: ``batch`` examples drawn without replacement
    by a generator with the seed.
    """
    if not optimizer.stochastic or not isinstance(problem, DataProblem):
        return problem.gradient
    rng = make_rng(seed)
    count, size = len(problem.y), min(int(settings["batch"]), len(problem.y))
    return lambda theta: problem.gradient_on(theta, rng.permutation(count)[:size])


class RecordedGradient:
    """A gradient function that records its results, so that they need not be computed again for the run."""

    def __init__(self, gradient: Callable[[Array], Array]) -> None:
        self.gradient, self.recorded = gradient, list[Array]()

    def __call__(self, theta: Array) -> Array:
        self.recorded.append(self.gradient(theta))
        return self.recorded[-1]

    def along_path(self, path: Array) -> Array:
        """Return the gradients at all iterates ``(k + 1, d)``; only that of the last one was not recorded."""
        recorded = np.reshape(self.recorded[: len(path)], (-1, path.shape[-1]))
        return np.concatenate([recorded, self.gradient(path[len(recorded) :])])


@dataclass(frozen=True)
class Rollout:
    """Take the steps of one run or of a batch, from any start.

    ``rate`` and the ``settings`` are numbers or arrays ``(..., 1)``.
    """

    problem: Problem
    optimizer: Optimizer
    rate: float | Array
    steps: int
    schedule: Schedule
    gradient: Callable[[Array], Array]
    settings: Mapping[str, Any]

    def advance(self, theta: Array, memory: Any, first: int, last: int) -> tuple[Array, Any]:
        """Take the steps from ``first`` to ``last``, starting at ``theta (..., d)`` with the given memory.

        Returns the iterates ``(k + 1, ..., d)`` and the memory after the last.
        Runs that are not finite stay so and are computed on; k is less than
        ``last - first`` if no run is finite any more. If the iterates no longer
        change, nor anything else that a step depends on, the rest is filled in.
        The array is laid out so that the values of each parameter at one step
        are contiguous.
        """
        may_stop = not self.optimizer.memory and not self.optimizer.stochastic and self.schedule.is_constant
        path = np.moveaxis(np.empty((last - first + 1, theta.shape[-1], *theta.shape[:-1])), 1, -1)
        path[0] = theta
        factors = self.schedule.factors(self.steps)[first:last].tolist()
        for k, factor in enumerate(factors, first):
            if k % CHECKPOINT_INTERVAL == 0:
                checkpoint()
            before, rate = path[k - first], self.rate * factor
            delta, memory = self.optimizer.update(
                self.gradient(before), memory, rate, StepContext(before, self.problem), **self.settings
            )
            after = np.add(before, delta, out=path[k - first + 1])
            if may_stop and (k + 1) % STATIONARY_CHECK_INTERVAL == 0 and np.array_equal(after, before):
                path[k - first + 2 :] = after
                return path, memory
            if (k + 1) % FINITE_CHECK_INTERVAL == 0 and not np.isfinite(after).all(axis=-1).any():
                return path[: k - first + 2], memory
        return path, memory

    def full(self, theta: Array) -> Array:
        """Take all steps from ``theta (..., d)``; return the iterates ``(k + 1, ..., d)``."""
        return self.advance(theta, self.optimizer.init(theta), 0, self.steps)[0]


def _finite_part(path: Array) -> tuple[Array, bool]:
    """Return the iterates of one run before the first that is not finite, and whether there is such a one."""
    is_finite = np.isfinite(path).all(axis=-1)
    return (path, False) if is_finite.all() else (path[: int(np.argmin(is_finite))], True)


@dataclass(frozen=True, eq=False, repr=False)
class Replay(ReadOnlyArrays):
    """The inputs of each step of a run.

    ``pull (k, d)`` are the gradients that the optimizer received, which are
    those of mini-batches if it is stochastic; ``rates (k,)`` are the rates.
    """

    run: Descent
    pull: Array
    rates: Array

    def __repr__(self) -> str:
        return f"<replay of {self.run!r}>"

    @cached_property
    def memory(self) -> Array:
        """The optimizer's memory ``(k + 1, names, d)`` before each step and after the last.

        Its arrays are in the order of the optimizer's ``memory``.
        """
        run, optimizer = self.run, OPTIMIZERS[self.run.optimizer]
        memory = optimizer.init(run.theta[0])
        history = [_memory_arrays(memory, len(optimizer.memory))]
        with np.errstate(all="ignore"):
            for theta, gradient, rate in zip(run.theta, self.pull, self.rates.tolist(), strict=False):
                if optimizer.memory:  # without memory there is nothing to compute
                    memory = optimizer.update(
                        gradient, memory, rate, StepContext(theta, run.problem), **run.settings
                    )[1]
                history.append(_memory_arrays(memory, len(optimizer.memory)))
        return frozen(np.reshape(history, (len(history), -1, run.theta.shape[1])))


@np.errstate(all="ignore")
def replay(run: Descent) -> Replay:
    """Compute the inputs of each step of ``run`` again; they are exactly those of the run."""
    check_type(run, Descent, "run")
    optimizer, schedule = OPTIMIZERS[run.optimizer], SCHEDULES[run.schedule]
    rates = run.rate * schedule.factors(run.steps)[: len(run.theta) - 1]
    gradients = run.gradient[:-1]
    if optimizer.stochastic:
        oracle = gradient_oracle(run.problem, optimizer, run.settings, run.seed)
        gradients = np.array([oracle(theta) for theta in run.theta[:-1]])
    return Replay(run, frozen(np.reshape(gradients, (-1, run.theta.shape[1]))), frozen(rates))


def _memory_arrays(memory: Any, count: int) -> list[Array]:
    parts = memory if isinstance(memory, tuple) else (memory,)
    return [np.asarray(part) for part in parts[:count]]
