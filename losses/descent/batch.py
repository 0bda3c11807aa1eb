"""Batches of descents: many rates, starts and settings, or grids of them, computed together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.core.arrays import (
    Array,
    as_float_array,
    as_points,
    check_integer,
    check_type,
    frozen,
    make_readonly,
)
from losses.core.hyperparameter import resolve_settings
from losses.core.records import ReadOnlyArrays, describe_counts
from losses.descent.convergence import DIVERGED, classify_runs
from losses.descent.descent import MAX_STEPS, Descent, Rollout, check_rates, check_starts, gradient_oracle
from losses.descent.outcome import determine_outcome
from losses.descent.quadratic import QuadraticModel
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER, OPTIMIZERS
from losses.optimizer.schedule import DEFAULT_SCHEDULE, SCHEDULES, Schedule
from losses.problem.compatibility import lookup
from losses.problem.problem import Problem

MAX_PATH_ELEMENTS: Final = 100_000_000
"""Largest number of elements of the iterates of a batch."""


@dataclass(frozen=True, eq=False, repr=False)
class Descents(ReadOnlyArrays):
    """A batch of runs: ``theta (..., k + 1, d)``, true ``loss (..., k + 1)``, ``gradient`` as theta.

    ``rate``, ``outcome`` (names of ``OUTCOMES``), ``settled_at`` (the first
    step of convergence, −1 if there is none) and ``last`` have the batch's
    shape ``(...)``. ``last`` is the last step at which a run is finite; all
    later numbers are NaN.
    """

    problem: Problem
    optimizer: Optimizer
    schedule: str
    rate: Array
    theta: Array
    loss: Array
    gradient: Array
    last: NDArray[np.intp]
    outcome: NDArray[np.str_]
    settled_at: NDArray[np.intp]
    seed: int
    settings: Mapping[str, Any]

    def __repr__(self) -> str:
        steps = f"{self.rate.size} runs of {self.theta.shape[-2] - 1} steps"
        outcomes = describe_counts(self.outcome.ravel().tolist())
        return f"<descents {self.optimizer.key} on {self.problem.key}: {steps}; {outcomes}>"

    def run(self, *index: int) -> Descent:
        """Return the run at an index of the batch, with one position per batch axis.

        It equals the result of :func:`losses.descend`. Raises IndexError for
        another number of positions.
        """
        if len(index) != self.rate.ndim:
            raise IndexError(f"run takes {self.rate.ndim} positions, one for each batch axis; not {index}")
        steps, last = self.theta.shape[-2] - 1, int(self.last[index])
        path, loss, gradients = (part[index][: last + 1] for part in (self.theta, self.loss, self.gradient))
        rate = float(self.rate[index])
        outcome, settled_at = determine_outcome(
            self.problem,
            self.optimizer,
            rate,
            path,
            loss,
            gradients,
            escaped=last < steps,
            has_constant_rate=SCHEDULES[self.schedule].is_constant,
        )
        settings = {
            name: float(np.broadcast_to(v, self.rate.shape)[index]) for name, v in self.settings.items()
        }
        return Descent(
            self.problem,
            self.optimizer.key,
            rate,
            self.schedule,
            path,
            loss,
            gradients,
            outcome,
            settled_at,
            steps,
            self.seed,
            settings,
        )


@np.errstate(all="ignore")
def descend_many(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT_OPTIMIZER,
    *,
    starts: ArrayLike | None = None,
    rates: ArrayLike,
    steps: int,
    schedule: Schedule | str = DEFAULT_SCHEDULE,
    seed: int = 0,
    **settings: Any,
) -> Descents:
    """Run from ``starts (..., d)`` with ``rates (...)`` and ``settings (...)`` for ``steps`` steps.

    Their batch axes are broadcast together: ``rates[:, None]`` with
    ``momentum=betas`` is a grid; an axis of length 0 gives a batch without
    runs. Each run equals :func:`losses.descend` with its start, rate and
    settings. Runs of a stochastic optimizer share their mini-batches, whose
    size must be one number. Raises ValueError as ``descend`` does, for axes
    that do not broadcast, and for a batch whose iterates would not fit into
    memory.
    """
    check_type(problem, Problem, "problem")
    rule, plan = lookup(OPTIMIZERS, optimizer), lookup(SCHEDULES, schedule)
    points = as_points(problem.start if starts is None else starts, problem.dim, "starts")
    rate, steps = check_rates(rates), check_integer(steps, "steps", 0, MAX_STEPS)
    check_starts(problem, points)
    values = _resolve_batch_settings(rule, settings)
    shape = _batch_shape({"starts": points[..., 0], "rates": rate, **values})
    count = math.prod(shape)
    if count * (steps + 1) * problem.dim > MAX_PATH_ELEMENTS:
        raise ValueError(f"{count} runs of {steps} steps are too many at once for {problem.dim} parameters")
    theta = np.broadcast_to(points, (*shape, problem.dim)).reshape(count, problem.dim)
    columns = {name: v if np.ndim(v) == 0 else _as_column(v, shape) for name, v in values.items()}
    with np.errstate(all="ignore"):
        path, loss, gradients = _run_batch(
            problem, rule, theta, _as_column(rate, shape), steps, plan, seed, columns
        )
    names, converged_at = _batch_outcomes(problem, rule, path, loss, gradients)
    return Descents(
        problem,
        rule,
        plan.key,
        frozen(np.broadcast_to(rate, shape)),
        make_readonly(path.reshape(*shape, *path.shape[1:])),
        make_readonly(loss.reshape(*shape, steps + 1)),
        make_readonly(gradients.reshape(*shape, *path.shape[1:])),
        make_readonly((np.isfinite(loss).sum(axis=1) - 1).reshape(shape)),
        make_readonly(names.reshape(shape)),
        make_readonly(converged_at.reshape(shape)),
        seed,
        values,
    )


def _resolve_batch_settings(optimizer: Optimizer, settings: dict[str, Any]) -> dict[str, Any]:
    """Return a number or an array for each setting; the least and greatest value of an array are validated.

    Raises ValueError as ``resolve_settings`` does, and for an array of batch sizes.
    """
    arrays = {name: as_float_array(value, name) for name, value in settings.items() if _is_array_like(value)}
    batched = {name: value for name, value in arrays.items() if value.ndim}
    single = settings | {name: value.item() for name, value in arrays.items() if not value.ndim}
    single = {name: value for name, value in single.items() if name not in batched}
    resolved, _ = (
        resolve_settings(
            optimizer.name,
            optimizer.settings,
            single | {name: extreme(value) for name, value in batched.items() if value.size},
        )
        for extreme in (np.min, np.max)
    )
    if optimizer.stochastic and batched:
        raise ValueError(f"all runs of {optimizer.name} share their mini-batches; give one batch size")
    return resolved | batched


def _is_array_like(value: Any) -> bool:
    return isinstance(value, list | tuple) or hasattr(value, "__array__")


def _batch_shape(parts: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the broadcast shape of named arrays. Raises ValueError with their shapes if there is none."""
    shapes = {name: np.shape(part) for name, part in parts.items() if np.ndim(part)}
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"batch axes must broadcast together; not {listed}") from None


def _as_column(values: ArrayLike, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(values, shape).reshape(-1, 1)


def _run_batch(
    problem: Problem,
    optimizer: Optimizer,
    theta: Array,
    rate: Array,
    steps: int,
    schedule: Schedule,
    seed: int,
    settings: Mapping[str, Any],
) -> tuple[Array, Array, Array]:
    """Return iterates ``(m, k + 1, d)``, losses ``(m, k + 1)`` and gradients ``(m, k + 1, d)``.

    They are NaN from the first step at which a run is not finite.
    """
    if not len(theta):
        empty = np.empty((0, steps + 1, problem.dim))
        return empty, empty[..., 0], empty.copy()
    function: Problem | QuadraticModel = QuadraticModel.from_problem(problem, theta) or problem
    stochastic = optimizer.stochastic
    oracle = gradient_oracle(problem, optimizer, settings, seed) if stochastic else function.gradient
    path = Rollout(problem, optimizer, rate, steps, schedule, oracle, settings).full(theta)
    path = np.pad(path, [(0, steps + 1 - len(path)), (0, 0), (0, 0)], constant_values=np.nan).swapaxes(0, 1)
    loss, gradients = function.value_and_gradient(path)
    if np.isfinite(path).all() and np.isfinite(loss).all():  # the usual case needs no masks
        return path, loss, gradients
    ended = ~(np.isfinite(path).all(axis=-1) & np.isfinite(loss))
    ended = np.logical_or.accumulate(ended, axis=1)
    path[ended], loss[ended], gradients[ended] = np.nan, np.nan, np.nan
    return path, loss, gradients


def _batch_outcomes(
    problem: Problem, optimizer: Optimizer, path: Array, loss: Array, gradients: Array
) -> tuple[NDArray[np.str_], NDArray[np.intp]]:
    """Return the outcomes and first converged steps of all runs; those that did not stay finite diverged."""
    names, converged_at = np.full(len(loss), DIVERGED, dtype="<U11"), np.full(len(loss), -1)
    is_finite = np.isfinite(loss[:, -1])
    if is_finite.any():
        rows = slice(None) if is_finite.all() else is_finite
        names[is_finite], converged_at[is_finite] = classify_runs(
            problem, optimizer, path[rows], loss[rows], gradients[rows]
        )
    return names, converged_at
