"""Basins of attraction in tiles: a coarse picture in the first answer, then the rest, one tile an answer."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import format_number, message, plural, step_count
from losses.descent.basins import CONVERGENCE_CHECKS, MAX_ELEMENTS_IN_MEMORY, MINIMA_TOLERANCE

from ..common import limits, prometheus_metrics
from ..common.cache import cached
from ..figures.array_codec import to_typed_array
from ..figures.basin_heatmap import basins_trace, minima_trace
from ..problem_setup.build import SettingValues, select_settings, supports_basins
from ..problem_setup.price import LARGEST_TILE, NUMBER_BYTES, Price, cost_of
from ..protocol.figures import BasinPicture, BasinTile, PlotlyObject
from ..url_state.state import State, to_query
from .prepared import PreparedProblem, prepare

IndexArray = NDArray[np.intp]

GRID_SPACINGS: Final = (10, 5, 1)
"""Spacings of nested grids of starts, in points of the full grid; each divides the one before."""
GRID_SIZES: Final = (limits.GRID_SIZE, limits.COARSE_GRID_SIZE, 31, 21, 11)
"""Points along a side of the grid of starts: the finest if it affords all steps, else a coarser one."""
MIN_STEPS: Final = 20
"""Steps that are affordable from each start of a coarser grid."""
MIN_STARTS: Final = 8
"""Starts of a tile, if their tests of arrival are affordable."""
MAX_EXTENDED_STEPS: Final = 800
"""Steps are increased beyond those of the state up to this number."""
STEP_OVERHEAD: Final = 60
"""Multiplications that a step of one start takes in addition to the optimizer's own."""
NEWTON_STEPS: Final = 2
"""Newton steps that a test of arrival usually takes."""


@dataclass(frozen=True)
class TilePlan:
    """How a picture of basins is divided into tiles."""

    size: int
    """Points along a side of the grid of starts."""
    steps: int
    """Steps of the run from each start."""
    tile_ends: tuple[int, ...]
    """For each tile the index behind its last start, in the order of ``coarse_to_fine_order``."""
    spacing: int
    """The spacing of the starts of the first tile, in points of the grid."""

    @property
    def tile_count(self) -> int:
        return len(self.tile_ends)

    def tile_indices(self, number: int) -> IndexArray:
        """Return the indices of a tile's starts in the flat grid, ascending."""
        first = self.tile_ends[number - 1] if number else 0
        return np.sort(coarse_to_fine_order(self.size)[first : self.tile_ends[number]])


@lru_cache(maxsize=8)
def coarse_to_fine_order(size: int) -> IndexArray:
    """Return the flat indices of a square grid: the coarsest spacing first, each level row by row."""
    row, column = np.divmod(np.arange(size * size), size)
    level = sum(((row % s == 0) & (column % s == 0)).astype(int) for s in GRID_SPACINGS)
    return np.argsort(-np.asarray(level), kind="stable")


def plan_tiles(problem: losses.Problem, optimizer: str, steps: int) -> TilePlan:
    """Plan the finest grid within ``MAX_BASIN_OPERATIONS``, in tiles within ``MAX_TILE_OPERATIONS`` each."""
    step_operations, of_tests = _step_operations(problem, optimizer), _test_operations(problem)

    def affordable_steps(size: int) -> int:
        each = min(limits.MAX_BASIN_OPERATIONS / size**2, limits.MAX_TILE_OPERATIONS / MIN_STARTS)
        return int((each - of_tests) / step_operations)

    size = next(
        (
            size
            for size in GRID_SIZES
            if affordable_steps(size) >= (steps if size == GRID_SIZES[0] else min(steps, MIN_STEPS))
        ),
        GRID_SIZES[-1],
    )
    steps = max(1, min(steps, affordable_steps(size)))
    each = steps * step_operations + of_tests
    starts_per_tile = max(1, int(limits.MAX_TILE_OPERATIONS / each))
    count = size**2
    if count <= LARGEST_TILE * starts_per_tile:
        return TilePlan(size, steps, (count,), 1)
    spacing = next(
        (s for s in GRID_SPACINGS[::-1] if ((size - 1) // s + 1) ** 2 <= starts_per_tile), GRID_SPACINGS[0]
    )
    first = ((size - 1) // spacing + 1) ** 2
    return TilePlan(size, steps, (*range(first, count, starts_per_tile), count), spacing)


def first_tile_price(problem: losses.Problem, optimizer: str, steps: int) -> Price:
    """Return the price of the first tile of a picture, which is part of the page; of others it is no more."""
    plan, cost = plan_tiles(problem, optimizer, steps), cost_of(problem)
    starts = plan.tile_ends[0]
    each = plan.steps * _step_operations(problem, optimizer) + _test_operations(problem)
    held = min(starts * plan.steps * problem.dim, MAX_ELEMENTS_IN_MEMORY) * 3.0 * NUMBER_BYTES
    return Price(starts * each, held + cost.bytes)


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
    plan = plan_tiles(problem, optimizer, steps)
    row, column = np.divmod(plan.tile_indices(number), plan.size)
    u, v = grid_axes(box, plan.size)
    starts = np.column_stack([u[column], v[row]])
    rates = losses.SCHEDULES[schedule].of_run(steps)
    arguments: dict[str, Any] = {"schedule": rates, "seed": seed, **dict(settings)}
    with prometheus_metrics.KERNEL_SECONDS.labels("basins").time():
        return losses.basins(problem, optimizer, starts=starts, rate=rate, steps=plan.steps, **arguments)


def grid_axes(box: losses.Box, size: int) -> tuple[Array, Array]:
    """Return the coordinates of the columns and of the rows of a grid over a window."""
    u, v = (np.linspace(low, high, size) for low, high in box)
    return u, v


def tile_plan(state: State) -> TilePlan:
    """Plan the tiles of a state."""
    return plan_tiles(state.problem, state.optimizer, max_steps(state))


def max_steps(state: State) -> int:
    """Return the steps of the run from each start.

    At least those of the state; more if cheap, since runs that have not converged carry no information.
    With a schedule that is not constant, more steps would change the run.
    """
    if not losses.SCHEDULES[state.schedule].is_constant:
        return state.steps
    return extended_steps(state.problem, state.optimizer, state.steps)


def extended_steps(problem: losses.Problem, optimizer: str, steps: int) -> int:
    """Return up to ``MAX_EXTENDED_STEPS`` steps if they are cheap, else ``steps``."""
    each = LARGEST_TILE * limits.MAX_TILE_OPERATIONS / limits.GRID_SIZE**2 - _test_operations(problem)
    return max(steps, min(MAX_EXTENDED_STEPS, int(each / _step_operations(problem, optimizer))))


def _step_operations(problem: losses.Problem, optimizer: str) -> float:
    """Return the multiplications of a step of one start.

    The steps of a run that may be diverging are made twice, and the loss is computed at each.
    """
    cost = cost_of(problem)
    return 2.0 * (losses.OPTIMIZERS[optimizer].step_cost(cost) + cost.value) + STEP_OVERHEAD


def _test_operations(problem: losses.Problem) -> float:
    """Return the multiplications of all tests of arrival of one start."""
    cost = cost_of(problem)
    each = 0.0 if problem.convex else NEWTON_STEPS * (cost.gradient + cost.hessian)
    return CONVERGENCE_CHECKS * each


def compute_tile(state: State, prepared: PreparedProblem, number: int) -> losses.Basins:
    """Compute which minimum the run from each start of a tile reaches."""
    settings = select_settings(losses.OPTIMIZERS[state.optimizer].settings, dict(state.settings))
    run = (state.optimizer, state.rate, max_steps(state), state.schedule, state.seed, settings)
    return _compute_tile(prepared.problem, prepared.surface.plane.box, number, *run)


def is_visible(state: State, prepared: PreparedProblem) -> bool:
    """Whether basins are drawn: if they are wanted and the surface is finite."""
    return is_wanted(state) and bool(np.isfinite(prepared.surface.z).all())


def is_wanted(state: State) -> bool:
    """Whether basins may be drawn: not in the fog or before a lesson's answer, which they would give away."""
    return state.basins and not state.outcome_hidden and supports_basins(state.problem)


def preview(state: State, prepared: PreparedProblem) -> tuple[losses.Basins, Array, Array]:
    """Return the first tile as a coarse grid, with the coordinates of its columns and rows."""
    basins, plan = compute_tile(state, prepared, 0), tile_plan(state)
    u, v = (side[:: plan.spacing] for side in grid_axes(prepared.surface.plane.box, plan.size))
    shape = len(v), len(u)
    return losses.Basins(basins.found.reshape(shape), basins.steps.reshape(shape), basins.minima), u, v


def tile(state: State, number: int) -> BasinTile | None:
    """Return a tile for the browser's picture; None if there is no such tile."""
    prepared = prepare(state)
    if not is_visible(state, prepared) or number >= tile_plan(state).tile_count:
        return None
    return _encode_tile(state, prepared, number)


def _encode_tile(state: State, prepared: PreparedProblem, number: int) -> BasinTile:
    plan, basins = tile_plan(state), compute_tile(state, prepared, number)
    minima_with_loss = np.column_stack([basins.minima, prepared.problem.value(basins.minima)])
    return BasinTile(
        number=number,
        starts=to_typed_array(plan.tile_indices(number)),
        found=to_typed_array(basins.found),
        steps=to_typed_array(basins.steps),
        minima=[(u, v, loss) for u, v, loss in minima_with_loss.tolist()],
    )


def remaining_tiles(state: State, prepared: PreparedProblem) -> BasinPicture | None:
    """Return what the browser needs to request the other tiles; None if there is only one."""
    if not is_visible(state, prepared) or tile_plan(state).tile_count == 1:
        return None
    plan = tile_plan(state)
    u, v = grid_axes(prepared.surface.plane.box, plan.size)
    same_minimum_distance = MINIMA_TOLERANCE * max(high - low for low, high in prepared.problem.plane.box)
    return BasinPicture(
        link=to_query(state),
        size=plan.size,
        spacing=plan.spacing,
        x=to_typed_array(u),
        y=to_typed_array(v),
        tolerance=same_minimum_distance,
        tile_ends=plan.tile_ends,
        first_tile=_encode_tile(state, prepared, 0),
    )


def basin_traces(state: State, prepared: PreparedProblem) -> tuple[PlotlyObject, ...]:
    """Return the traces of the first tile on the map; none if basins are not drawn."""
    if not is_visible(state, prepared):
        return ()
    basins, u, v = preview(state, prepared)
    return basins_trace(basins, u, v), minima_trace(basins, prepared.surface.plane)


def picture_key(state: State) -> tuple[object, ...]:
    """Return what the picture depends on besides the prepared problem."""
    return (
        (state.optimizer, state.rate, max_steps(state), state.schedule, state.settings)
        if state.basins
        else ()
    )


def basin_caption(state: State) -> str:
    """Return the number of starts of the picture, and of steps if it is not that of the state."""
    if not state.basins or state.in_fog:
        return ""
    plan = tile_plan(state)
    n = plan.size**2
    starts = plural("{count} start", "{count} starts", n=n, count=format_number(n, 7))
    if plan.steps != state.steps:
        return message("{starts}, up to {steps} each", starts=starts, steps=step_count(plan.steps))
    return starts
