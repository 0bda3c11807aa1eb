"""What a state stands on: its problem as a surface with a certificate, and the run on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

import losses
from losses.core.arrays import Array

from ..common import limits, prometheus_metrics
from ..common.cache import kept
from ..figures.z_scale import Height, height_of
from ..problem_setup.build import own
from ..problem_setup.view_planes import Window
from ..url_state.state import State


@dataclass(frozen=True)
class Ground:
    """What stands still while a run moves: a problem, its surface and its certificate."""

    key: str
    problem: losses.Problem
    surface: losses.Surface
    height: Height
    best: losses.Certificate
    seen: Window


@kept(20_000_000)
def _ground(problem: losses.Problem, seen: Window, box: losses.Box, key: str) -> Ground:
    prometheus_metrics.MISSES.labels("ground").inc()
    with prometheus_metrics.kernel("surface"):
        surface = losses.surface(problem, size=grid_size(problem), box=box, plane=seen.plane)
    with prometheus_metrics.kernel("certificate"):
        best = losses.certify(problem)
    return Ground(key, problem, surface, height_of(surface.z), best, seen)


def grid_size(problem: losses.Problem) -> int:
    """How fine a grid an answer can afford."""
    if not isinstance(problem, losses.DataProblem) or problem.score(problem.start).size <= limits.HEAVY:
        return limits.GRID
    return limits.COARSE


def ground(state: State) -> Ground:
    """The ground of a state. Its window is the problem's own, widened where the start lies outside."""
    problem = state.problem
    box = stretched(state.window.plane.box, state.start)
    spelled = ",".join(f"{edge:g}" for side in box for edge in side)
    taken = " ".join(f"{name}={value:g}" for name, value in state.settings)
    mine = sha256(f"{state.formula} {state.points}".encode()).hexdigest()[:16]
    key = f"{state.data} {state.model} {state.loss} {mine} {state.standardize:d} {state.seed} {state.edit} {taken} {spelled} {state.plane} {state.tilt} {state.axis1} {state.axis2}"
    prometheus_metrics.LOOKUPS.labels("ground").inc()
    return _ground(problem, state.window, box, key)


def stretched(box: losses.Box, start: tuple[float, float]) -> losses.Box:
    """A box, widened to hold the start with a margin."""

    def side(low: float, high: float, at: float) -> tuple[float, float]:
        margin = 0.1 * (high - low)
        return (low if at >= low else at - margin), (high if at <= high else at + margin)

    return side(*box[0], start[0]), side(*box[1], start[1])


def descent(state: State) -> losses.Descent:
    with prometheus_metrics.kernel("descent"):
        return losses.descend(state.problem, state.opt, start=_start(state), rate=state.rate, **_plan(state))


def descents(state: State, rates: Sequence[float]) -> list[losses.Descent]:
    """The same run at each of the rates, all stepped at once."""
    with prometheus_metrics.kernel("fan"):
        runs = losses.descend_many(
            state.problem, state.opt, starts=_start(state), rates=rates, **_plan(state)
        )
        return [runs.run(i) for i in range(len(rates))]


def _start(state: State) -> Array:
    return state.window.plane.points(*np.array(state.start))


def _plan(state: State) -> dict[str, Any]:
    """What a run takes besides its start and its rate."""
    settings = own(losses.OPTIMIZERS[state.opt].settings, dict(state.settings))
    return dict(settings) | {"steps": state.steps, "schedule": state.schedule, "seed": state.seed}
