"""Many descents at once: every rate, every start, or a grid of both, as one batch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from losses.certificate.certify import certify
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
from losses.descent.convergence import DIVERGED, classify_runs
from losses.descent.descent import MAX_STEPS, Descent, Rollout, check_rates, check_starts, gradient_oracle
from losses.descent.outcome import determine_outcome
from losses.descent.quadratic import QuadraticModel
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import DEFAULT, OPTIMIZERS
from losses.optimizer.schedule import SCHEDULES, Schedule
from losses.problem.compatibility import lookup
from losses.problem.problem import Problem

MAX_PATH_ELEMENTS: Final = 100_000_000
"""How many numbers the paths of a batch may take."""
MAX_BLOCK_SCORES: Final = 1_000_000
"""How many scores are held in memory at once."""


@dataclass(frozen=True, eq=False)
class Descents:
    """A batch of runs: ``theta (..., k + 1, d)``, true ``loss (..., k + 1)``, ``gradient`` as theta.

    ``rate``, ``outcome`` (names), ``settled_at`` (−1 where a run is not
    converged) and ``last`` have the batch's shape ``(...)``. A run that leaves
    the finite numbers does so after step ``last``, and all that follows is NaN.
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

    def run(self, *index: int) -> Descent:
        """One run of the batch, just as :func:`losses.descend` gives it, by its place in each axis of the batch."""
        if len(index) != self.rate.ndim:
            raise IndexError(f"run takes {self.rate.ndim} positions, one for each batch axis; not {index}")
        steps, whole = self.theta.shape[-2] - 1, int(self.last[index])
        path, loss, slopes = (part[index][: whole + 1] for part in (self.theta, self.loss, self.gradient))
        rate = float(self.rate[index])
        outcome, settled_at = determine_outcome(
            self.problem, self.optimizer, rate, path, loss, slopes, escaped=whole < steps
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
            slopes,
            outcome,
            settled_at,
            steps,
            self.seed,
            settings,
        )


def descend_many(
    problem: Problem,
    optimizer: Optimizer | str = DEFAULT,
    *,
    starts: Any = None,
    rates: Any,
    steps: int,
    schedule: Schedule | str = "constant",
    seed: int = 0,
    **settings: Any,
) -> Descents:
    """``steps`` steps of as many runs as ``starts (..., d)``, ``rates (...)`` and ``settings (...)`` make.

    Their batch axes are broadcast together: ``rates[:, None]`` with
    ``momentum=betas`` is a grid, and one without entries is a batch without
    runs. Every run equals :func:`losses.descend` with its start, rate and
    settings; runs of a stochastic rule share their mini-batches, whose size
    is one number. Raises ValueError as ``descend`` does, for axes that do not
    fit together, and for a batch whose paths would not fit into memory.
    """
    check_type(problem, Problem, "problem")
    rule: Optimizer = lookup(OPTIMIZERS, optimizer)
    plan: Schedule = lookup(SCHEDULES, schedule)
    begin = as_points(problem.start if starts is None else starts, problem.dim, "starts")
    rate, steps = check_rates(rates), check_integer(steps, "steps", 0, MAX_STEPS)
    check_starts(problem, begin)
    values = _resolve_batch_settings(rule, settings)
    shape = _batch_shape({"starts": begin[..., 0], "rates": rate, **values})
    count = math.prod(shape)
    if count * (steps + 1) * problem.dim > MAX_PATH_ELEMENTS:
        raise ValueError(f"{count} runs of {steps} steps are too many at once for {problem.dim} parameters")
    theta = np.broadcast_to(begin, (*shape, problem.dim)).reshape(count, problem.dim)
    with np.errstate(all="ignore"):
        path, loss, slopes = _run_batch(
            problem,
            rule,
            theta,
            _as_column(rate, shape),
            steps,
            plan,
            seed,
            {name: v if np.ndim(v) == 0 else _as_column(v, shape) for name, v in values.items()},
        )
    names, settled = _batch_outcomes(problem, path, loss, slopes)
    return Descents(
        problem,
        rule,
        plan.key,
        frozen(np.broadcast_to(rate, shape)),
        make_readonly(path.reshape(*shape, *path.shape[1:])),
        make_readonly(loss.reshape(*shape, steps + 1)),
        make_readonly(slopes.reshape(*shape, *path.shape[1:])),
        make_readonly((np.isfinite(loss).sum(axis=1) - 1).reshape(shape)),
        make_readonly(names.reshape(shape)),
        make_readonly(settled.reshape(shape)),
        seed,
        values,
    )


def _resolve_batch_settings(optimizer: Optimizer, settings: dict[str, Any]) -> dict[str, Any]:
    """A number or an array for each setting, checked at both of its ends."""
    arrays = {name: as_float_array(value, name) for name, value in settings.items() if _is_array_like(value)}
    some = settings | {name: value.item() for name, value in arrays.items() if not value.ndim}
    many = {name: value for name, value in arrays.items() if value.ndim}
    ends = [{name: f(value) for name, value in many.items() if value.size} for f in (np.min, np.max)]
    some = {name: value for name, value in some.items() if name not in many}
    low, _ = (resolve_settings(optimizer.name, optimizer.settings, some | end) for end in ends)
    if optimizer.stochastic and many:
        raise ValueError(f"all runs of {optimizer.name} share their mini-batches; give one batch size")
    return low | many


def _is_array_like(value: Any) -> bool:
    return isinstance(value, list | tuple) or hasattr(value, "__array__")


def _batch_shape(parts: Mapping[str, Any]) -> tuple[int, ...]:
    """The shape of a batch; ValueError that names the shapes where they do not fit."""
    shapes = {name: np.shape(part) for name, part in parts.items() if np.ndim(part)}
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"batch axes must broadcast together; not {given}") from None


def _as_column(values: Any, shape: tuple[int, ...]) -> Array:
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
    """Iterates ``(m, k + 1, d)``, losses ``(m, k + 1)`` and gradients, up to where each run is no longer finite."""
    if not len(theta):
        nothing = np.empty((0, steps + 1, problem.dim))
        return nothing, nothing[..., 0], nothing.copy()
    function: Problem | QuadraticModel = QuadraticModel.from_problem(problem, theta) or problem
    pull = gradient_oracle(problem, optimizer, settings, seed) if optimizer.stochastic else function.gradient
    path = Rollout(problem, optimizer, rate, steps, schedule, pull, settings).full(theta)
    path = np.pad(path, [(0, steps + 1 - len(path)), (0, 0), (0, 0)], constant_values=np.nan).swapaxes(0, 1)
    loss, slopes = function.value_and_gradient(path)
    ended = ~(np.isfinite(path).all(axis=-1) & np.isfinite(loss))
    ended = np.logical_or.accumulate(ended, axis=1)
    path[ended], loss[ended], slopes[ended] = np.nan, np.nan, np.nan
    return path, loss, slopes


def _batch_outcomes(
    problem: Problem, path: Array, loss: Array, gradients: Array
) -> tuple[NDArray[np.str_], NDArray[np.intp]]:
    """Outcomes and settling steps of all runs: those that stayed finite by the rules, the others diverged."""
    names, settled = np.full(len(loss), DIVERGED, dtype="<U11"), np.full(len(loss), -1)
    whole = np.isfinite(loss[:, -1])
    if whole.any():
        every = slice(None) if whole.all() else whole
        names[whole], settled[whole] = classify_runs(
            problem, certify(problem), path[every], loss[every], gradients[every]
        )
    return names, settled
