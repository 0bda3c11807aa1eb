"""Basins in parts: a coarse picture with the first answer, the rest of its starts one answer after another."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import format_number, message
from losses.descent.basins import MINIMA_TOLERANCE

from ..common import limits, prometheus_metrics
from ..common.cache import cached
from ..figures.array_codec import to_typed_array
from ..figures.basin_heatmap import basins_trace, minima_trace
from ..figures.step_slices import Figure
from ..problem_setup.build import SettingValues, select_settings, supports_basins
from ..url_state.state import State, to_query
from .run import PreparedProblem, prepare

IndexArray = NDArray[np.intp]

GRID_SPACINGS: Final = (10, 5, 1)
"""How many points of the grid the starts of a coarse picture are apart; each divides the one before."""
MAX_EXTENDED_STEPS: Final = 800
"""Steps that starts are given at most without being asked for."""
STEP_OVERHEAD: Final = 4
"""Multiplications that a step of one start takes beside the optimizer's own."""


@dataclass(frozen=True)
class TilePlan:
    """How a picture is made: points along a side, steps of each run, and the ends of its parts among the starts."""

    size: int
    steps: int
    tile_ends: tuple[int, ...]
    spacing: int
    """How far apart the starts of the first part are."""

    @property
    def tile_count(self) -> int:
        return len(self.tile_ends)

    def tile_indices(self, number: int) -> IndexArray:
        """The places of a part's starts in the grid, row after row."""
        first = self.tile_ends[number - 1] if number else 0
        return np.sort(coarse_to_fine_order(self.size)[first : self.tile_ends[number]])


@lru_cache(maxsize=8)
def coarse_to_fine_order(size: int) -> IndexArray:
    """Every place of a grid, those of the coarsest spacing first, each level row by row."""
    row, column = np.divmod(np.arange(size * size), size)
    level = sum(((row % s == 0) & (column % s == 0)).astype(int) for s in GRID_SPACINGS)
    return np.argsort(-np.asarray(level), kind="stable")


def plan_tiles(problem: losses.Problem, optimizer: str, steps: int) -> TilePlan:
    """The finest picture that can be afforded, in parts of which each can be."""
    step = _step_operations(problem, optimizer)
    size = (
        limits.GRID_SIZE
        if limits.GRID_SIZE**2 * steps * step <= limits.MAX_BASIN_OPERATIONS
        else limits.COARSE_GRID_SIZE
    )
    steps = max(1, min(steps, int(limits.MAX_BASIN_OPERATIONS / (size**2 * step))))
    at_once = max(1, int(limits.MAX_TILE_OPERATIONS / (steps * step)))
    count = size**2
    if count <= 2 * at_once:
        return TilePlan(size, steps, (count,), 1)
    spacing = next(
        (s for s in GRID_SPACINGS[::-1] if ((size - 1) // s + 1) ** 2 <= at_once), GRID_SPACINGS[0]
    )
    first = ((size - 1) // spacing + 1) ** 2
    return TilePlan(size, steps, (*range(first, count, at_once), count), spacing)


@cached(8_000_000)
def _compute_tile(
    problem: losses.Problem,
    box: losses.Box,
    number: int,
    optimizer: str,
    rate: float,
    steps: int,
    schedule: str,
    seed: int,
    settings: SettingValues,
) -> losses.Basins:
    asked = plan_tiles(problem, optimizer, steps)
    row, column = np.divmod(asked.tile_indices(number), asked.size)
    u, v = grid_axes(box, asked.size)
    starts = np.column_stack([u[column], v[row]])
    how: dict[str, Any] = {"schedule": schedule, "seed": seed, **dict(settings)}
    with prometheus_metrics.KERNEL_SECONDS.labels("basins").time():
        return losses.basins(problem, optimizer, starts=starts, rate=rate, steps=asked.steps, **how)


def grid_axes(box: losses.Box, size: int) -> tuple[Array, Array]:
    """The coordinates of a grid over a window."""
    u, v = (np.linspace(low, high, size) for low, high in box)
    return u, v


def tile_plan(state: State) -> TilePlan:
    return plan_tiles(state.problem, state.optimizer, max_steps(state))


def max_steps(state: State) -> int:
    """How many steps each start is given: the run's own, and what one answer affords, for who is on the way says little."""
    if not losses.SCHEDULES[state.schedule].is_constant:
        return state.steps
    cheap = (
        2
        * limits.MAX_TILE_OPERATIONS
        / (limits.GRID_SIZE**2 * _step_operations(state.problem, state.optimizer))
    )
    return max(state.steps, min(MAX_EXTENDED_STEPS, int(cheap)))


def _step_operations(problem: losses.Problem, optimizer: str) -> float:
    """Multiplications of a step of one start."""
    rows = len(problem.y) if isinstance(problem, losses.DataProblem) else 1
    return losses.OPTIMIZERS[optimizer].step_cost(rows, problem.dim) + STEP_OVERHEAD


def compute_tile(state: State, prepared: PreparedProblem, number: int) -> losses.Basins:
    """What the starts of a part find."""
    given = select_settings(losses.OPTIMIZERS[state.optimizer].settings, dict(state.settings))
    how = (state.optimizer, state.rate, max_steps(state), state.schedule, state.seed, given)
    return _compute_tile(prepared.problem, prepared.surface.plane.box, number, *how)


def is_visible(state: State, prepared: PreparedProblem) -> bool:
    """Whether there are basins on the map; in the fog and while a lesson asks they would tell."""
    wanted = state.basins and not state.awaiting_answer and not state.in_fog
    return wanted and supports_basins(prepared.problem) and bool(np.isfinite(prepared.surface.z).all())


def preview(state: State, prepared: PreparedProblem) -> tuple[losses.Basins, Array, Array]:
    """The first part as a grid of its own, and the grid's coordinates; the whole where that is cheap."""
    some, asked = compute_tile(state, prepared, 0), tile_plan(state)
    u, v = (side[:: asked.spacing] for side in grid_axes(prepared.surface.plane.box, asked.size))
    shape = len(v), len(u)
    return losses.Basins(some.found.reshape(shape), some.steps.reshape(shape), some.minima), u, v


def tile(state: State, number: int) -> dict[str, Any]:
    """A part as the browser adds it to its picture; nothing where there is no such part."""
    here = prepare(state)
    if not is_visible(state, here) or number >= tile_plan(state).tile_count:
        return {"part": None}
    asked, some = tile_plan(state), compute_tile(state, here, number)
    lowest = np.column_stack([some.minima, here.problem.value(some.minima)])
    return {
        "part": number,
        "at": to_typed_array(asked.tile_indices(number)),
        "found": to_typed_array(some.found),
        "steps": to_typed_array(some.steps),
        "minima": lowest.tolist(),
    }


def remaining_tiles(state: State, prepared: PreparedProblem) -> dict[str, Any]:
    """What the browser needs to finish a picture of more than one part."""
    if not is_visible(state, prepared) or tile_plan(state).tile_count == 1:
        return {}
    asked = tile_plan(state)
    u, v = grid_axes(prepared.surface.plane.box, asked.size)
    reach = MINIMA_TOLERANCE * max(high - low for low, high in prepared.problem.plane.box)
    grid = {
        "size": asked.size,
        "spacing": asked.spacing,
        "x": to_typed_array(u),
        "y": to_typed_array(v),
        "reach": reach,
    }
    return {"basins": grid | {"link": to_query(state), "ends": asked.tile_ends, "begun": tile(state, 0)}}


def basin_traces(state: State, prepared: PreparedProblem) -> tuple[Figure, ...]:
    """What is painted on the map at first."""
    if not is_visible(state, prepared):
        return ()
    some, u, v = preview(state, prepared)
    return basins_trace(some, u, v), minima_trace(some, prepared.surface.plane)


def picture_key(state: State) -> tuple[object, ...]:
    """What the picture depends on beside the ground."""
    return (
        (state.optimizer, state.rate, max_steps(state), state.schedule, state.settings)
        if state.basins
        else ()
    )


def basin_caption(state: State) -> str:
    """How many starts a finished picture has, and their steps where it cannot have them all."""
    if not state.basins or state.in_fog:
        return ""
    asked = tile_plan(state)
    count = format_number(asked.size**2, 7)
    if asked.steps != state.steps:
        return message("{n} starts, up to {steps} steps each", n=count, steps=asked.steps)
    return message("{n} starts", n=count)
