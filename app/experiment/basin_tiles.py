"""Basins in parts: a coarse picture with the first answer, the rest of its starts one answer after another."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import num, say
from losses.descent.basins import APART

from ..common import limits, prometheus_metrics
from ..common.cache import kept
from ..figures.array_codec import typed
from ..figures.basin_heatmap import basins_trace, minima_trace
from ..figures.step_slices import Figure
from ..problem_setup.build import Given, own, paintable
from ..url_state.state import State, to_query
from .run import Ground, ground

Whole = NDArray[np.intp]

SPACINGS: Final = (10, 5, 1)
"""How many points of the grid the starts of a coarse picture are apart; each divides the one before."""
PATIENCE: Final = 800
"""Steps that starts are given at most without being asked for."""
OVERHEAD: Final = 4
"""Multiplications that a step of one start takes beside the optimizer's own."""


@dataclass(frozen=True)
class Plan:
    """How a picture is made: points along a side, steps of each run, and the ends of its parts among the starts."""

    size: int
    steps: int
    ends: tuple[int, ...]
    spacing: int
    """How far apart the starts of the first part are."""

    @property
    def parts(self) -> int:
        return len(self.ends)

    def part(self, number: int) -> Whole:
        """The places of a part's starts in the grid, row after row."""
        first = self.ends[number - 1] if number else 0
        return np.sort(coarse_to_fine(self.size)[first : self.ends[number]])


@lru_cache(maxsize=8)
def coarse_to_fine(size: int) -> Whole:
    """Every place of a grid, those of the coarsest spacing first, each level row by row."""
    row, column = np.divmod(np.arange(size * size), size)
    level = sum(((row % s == 0) & (column % s == 0)).astype(int) for s in SPACINGS)
    return np.argsort(-np.asarray(level), kind="stable")


def plan(problem: losses.Problem, optimizer: str, steps: int) -> Plan:
    """The finest picture that can be afforded, in parts of which each can be."""
    step = _work(problem, optimizer)
    size = limits.GRID if limits.GRID**2 * steps * step <= limits.BASINS else limits.COARSE
    steps = max(1, min(steps, int(limits.BASINS / (size**2 * step))))
    at_once = max(1, int(limits.PART / (steps * step)))
    count = size**2
    if count <= 2 * at_once:
        return Plan(size, steps, (count,), 1)
    spacing = next((s for s in SPACINGS[::-1] if ((size - 1) // s + 1) ** 2 <= at_once), SPACINGS[0])
    first = ((size - 1) // spacing + 1) ** 2
    return Plan(size, steps, (*range(first, count, at_once), count), spacing)


@kept(8_000_000)
def _found(
    problem: losses.Problem,
    box: losses.Box,
    number: int,
    optimizer: str,
    rate: float,
    steps: int,
    schedule: str,
    seed: int,
    given: Given,
) -> losses.Basins:
    asked = plan(problem, optimizer, steps)
    row, column = np.divmod(asked.part(number), asked.size)
    u, v = axes(box, asked.size)
    starts = np.column_stack([u[column], v[row]])
    how: dict[str, Any] = {"schedule": schedule, "seed": seed, **dict(given)}
    with prometheus_metrics.kernel("basins"):
        return losses.basins(problem, optimizer, starts=starts, rate=rate, steps=asked.steps, **how)


def axes(box: losses.Box, size: int) -> tuple[Array, Array]:
    """The coordinates of a grid over a window."""
    u, v = (np.linspace(low, high, size) for low, high in box)
    return u, v


def planned(state: State) -> Plan:
    return plan(state.problem, state.opt, patient(state))


def patient(state: State) -> int:
    """How many steps each start is given: the run's own, and what one answer affords, for who is on the way says little."""
    if not losses.SCHEDULES[state.schedule].is_constant:
        return state.steps
    cheap = 2 * limits.PART / (limits.GRID**2 * _work(state.problem, state.opt))
    return max(state.steps, min(PATIENCE, int(cheap)))


def _work(problem: losses.Problem, optimizer: str) -> float:
    """Multiplications of a step of one start."""
    rows = len(problem.y) if isinstance(problem, losses.DataProblem) else 1
    return losses.OPTIMIZERS[optimizer].work(rows, problem.dim) + OVERHEAD


def found(state: State, here: Ground, number: int) -> losses.Basins:
    """What the starts of a part find."""
    given = own(losses.OPTIMIZERS[state.opt].settings, dict(state.settings))
    how = (state.opt, state.rate, patient(state), state.schedule, state.seed, given)
    return _found(here.problem, here.surface.plane.box, number, *how)


def painted(state: State, here: Ground) -> bool:
    """Whether there are basins on the map; in the fog and while a lesson asks they would tell."""
    wanted = state.basins and not state.asking and not state.foggy
    return wanted and paintable(here.problem) and bool(np.isfinite(here.surface.z).all())


def first(state: State, here: Ground) -> tuple[losses.Basins, Array, Array]:
    """The first part as a grid of its own, and the grid's coordinates; the whole where that is cheap."""
    some, asked = found(state, here, 0), planned(state)
    u, v = (side[:: asked.spacing] for side in axes(here.surface.plane.box, asked.size))
    shape = len(v), len(u)
    return losses.Basins(some.found.reshape(shape), some.steps.reshape(shape), some.minima), u, v


def piece(state: State, number: int) -> dict[str, Any]:
    """A part as the browser adds it to its picture; nothing where there is no such part."""
    here = ground(state)
    if not painted(state, here) or number >= planned(state).parts:
        return {"part": None}
    asked, some = planned(state), found(state, here, number)
    lowest = np.column_stack([some.minima, here.problem.value(some.minima)])
    return {
        "part": number,
        "at": typed(asked.part(number)),
        "found": typed(some.found),
        "steps": typed(some.steps),
        "minima": lowest.tolist(),
    }


def unfinished(state: State, here: Ground) -> dict[str, Any]:
    """What the browser needs to finish a picture of more than one part."""
    if not painted(state, here) or planned(state).parts == 1:
        return {}
    asked = planned(state)
    u, v = axes(here.surface.plane.box, asked.size)
    reach = APART * max(high - low for low, high in here.problem.plane.box)
    grid = {"size": asked.size, "spacing": asked.spacing, "x": typed(u), "y": typed(v), "reach": reach}
    return {"basins": grid | {"link": to_query(state), "ends": asked.ends, "begun": piece(state, 0)}}


def traces(state: State, here: Ground) -> tuple[Figure, ...]:
    """What is painted on the map at first."""
    if not painted(state, here):
        return ()
    some, u, v = first(state, here)
    return basins_trace(some, u, v), minima_trace(some, here.surface.plane)


def name(state: State) -> tuple[object, ...]:
    """What the picture depends on beside the ground."""
    return (state.opt, state.rate, patient(state), state.schedule, state.settings) if state.basins else ()


def said(state: State) -> str:
    """How many starts a finished picture has, and their steps where it cannot have them all."""
    if not state.basins or state.foggy:
        return ""
    asked = planned(state)
    count = num(asked.size**2, 7)
    if asked.steps != state.steps:
        return say("{n} starts, up to {steps} steps each", n=count, steps=asked.steps)
    return say("{n} starts", n=count)
