"""Basins in tiles: each costs what one answer can afford; together they equal the picture of one call."""

from functools import cache

import numpy as np
import pytest

import losses
from app.common import ids, limits
from app.experiment import basin_tiles
from app.experiment.basin_tiles import (
    basin_caption,
    coarse_to_fine_order,
    compute_tile,
    preview,
    tile,
    tile_plan,
)
from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.figures.step_slices import figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.problem_setup.price import cost_of
from app.url_state.state import parse
from tests.support.basins import all_basins
from tests.support.figures import trace_named

ONE_TILE = "?data=himmelblau&basins=1&rate=0.01&steps=100"
MANY_TILES = "?data=rastrigin&basins=1&rate=0.002&steps=1000"


def figures_by_view(experiment):
    return {view: make() for view, (_, make) in figure_set(experiment).items()}


def state_of(link):
    """Return the state of a link that must give no notice."""
    state, notices = parse(link)
    assert notices == ()
    return state


@cache
def picture_of(link):
    """Return the basins of all starts of a link, computed in one call."""
    return all_basins(state_of(link))[0]


def test_a_cheap_picture_is_one_tile_with_a_trace_of_the_minima():
    state = state_of(ONE_TILE)
    experiment = Experiment(state)
    assert tile_plan(state).tile_count == 1
    basins, u, v = preview(state, prepare(state))
    assert set(np.unique(basins.found)) >= {0, 1, 2, 3}
    in_one_call, starts = all_basins(state)
    assert np.array_equal(basins.found, in_one_call.found)
    cell = (60, 20)
    assert starts[cell] == pytest.approx((u[20], v[60]))
    run = losses.descend(state.problem, "gd", start=starts[cell], rate=0.01, steps=100)
    assert run.theta[-1] == pytest.approx(basins.minima[basins.found[cell]], abs=1e-3)
    contour_map = figures_by_view(experiment)[ids.MAP]
    assert contour_map.basins is None
    for name in ("minima", "basins"):
        assert trace_named(figure_at_step(contour_map, run_arrays(experiment), 0), name)


@pytest.mark.slow
@pytest.mark.parametrize("link", [MANY_TILES, "?data=outlier&model=neuron&basins=1&steps=40"])
def test_the_tiles_of_a_picture_equal_the_picture_of_one_call(link):
    state = state_of(link)
    prepared, plan = prepare(state), tile_plan(state)
    assert plan.tile_count > 2
    in_one_call = picture_of(link)
    of_all_tiles = np.concatenate([plan.tile_indices(number) for number in range(plan.tile_count)])
    assert np.array_equal(np.sort(of_all_tiles), np.arange(plan.size**2))
    for number in (0, plan.tile_count - 1):
        indices, basins = plan.tile_indices(number), compute_tile(state, prepared, number)
        expected_found = in_one_call.found.ravel()[indices]
        assert np.array_equal(basins.steps, in_one_call.steps.ravel()[indices])
        converged = expected_found >= 0
        assert np.array_equal(basins.found[~converged], expected_found[~converged])
        reached = basins.minima[basins.found[converged]]
        assert reached == pytest.approx(in_one_call.minima[expected_found[converged]], abs=1e-4)


def test_runs_that_are_shortened_keep_their_schedule(monkeypatch):
    """The rate of the schedule "step" is constant in the first third of a run, also if the rest is cut."""
    of_30_steps = tile_plan(state_of("?data=himmelblau&basins=1&steps=30&schedule=step"))
    assert of_30_steps.steps == 30
    monkeypatch.setattr(basin_tiles, "plan_tiles", lambda *_: of_30_steps)
    step, constant = (
        state_of(f"?data=himmelblau&basins=1&rate=0.0101&steps=90&schedule={schedule}")
        for schedule in ("step", "constant")
    )
    tiles = [compute_tile(state, prepare(state), 0) for state in (step, constant)]
    assert np.array_equal(tiles[0].steps, tiles[1].steps)
    assert (tiles[0].found >= 0).any()


def test_the_first_tile_is_the_picture_on_a_coarse_grid():
    state = state_of(MANY_TILES)
    spacing, in_one_call = tile_plan(state).spacing, picture_of(MANY_TILES)
    coarse, u, v = preview(state, prepare(state))
    assert coarse.found.shape == (len(v), len(u)) == (21, 21)
    assert np.array_equal(coarse.steps, in_one_call.steps[::spacing, ::spacing])
    remaining = figures_by_view(Experiment(state))[ids.MAP].basins
    assert (remaining.size, remaining.tile_ends[-1], remaining.first_tile.number) == (101, 10_201, 0)
    assert parse(remaining.link)[0] == state


def test_the_map_of_a_comparison_has_its_own_basins():
    state = state_of("?data=spam&basins=1&vs=mse")
    remaining = figures_by_view(Experiment(state))[ids.MAP_2].basins
    compared_state = parse(remaining.link)[0]
    assert (compared_state.loss, compared_state.compare_with) == ("mse", "")
    without_basins = figure_set(Experiment(state_of("?data=spam&vs=mse")))
    assert without_basins[ids.MAP_2][0] != figure_set(Experiment(state))[ids.MAP_2][0]


@pytest.mark.parametrize("link", ["?data=spam", "?data=himmelblau&basins=1", "?loss=mae", MANY_TILES])
def test_a_tile_that_does_not_exist_is_none(link):
    state, _ = parse(link)
    assert tile(state, limits.MAX_TILES) is None


@pytest.mark.parametrize("size", [limits.GRID_SIZE, limits.COARSE_GRID_SIZE])
def test_the_order_of_starts_has_each_once_and_the_coarsest_grid_first(size):
    order = coarse_to_fine_order(size)
    assert np.array_equal(np.sort(order), np.arange(size**2))
    row, column = np.divmod(order[:36], size)
    assert set(row % 10) == set(column % 10) == {0} or size == 101


@pytest.mark.parametrize(
    ("link", "size"),
    [
        ("?data=himmelblau&steps=1000&opt=newton", 101),
        ("?data=houses&steps=1000", 101),
        ("?data=spam&n=500&steps=1000", 51),
        ("?data=spam", 101),
    ],
)
def test_every_tile_costs_what_an_answer_can_afford(link, size):
    state = state_of(link + "&basins=1")
    plan = tile_plan(state)
    operations_per_start = plan.steps * losses.OPTIMIZERS[state.optimizer].step_cost(cost_of(state.problem))
    tile_sizes = np.diff([0, *plan.tile_ends])
    assert (tile_sizes * operations_per_start <= limits.MAX_TILE_OPERATIONS).all()
    assert plan.size**2 * operations_per_start <= limits.MAX_BASIN_OPERATIONS
    assert plan.size == size
    assert plan.steps == state.steps or (size == 51 and f"{plan.steps} steps each" in basin_caption(state))
    assert basin_caption(state).startswith(f"{size**2:,} starts".replace(",", "\u202f"))
    assert plan.tile_count <= limits.MAX_TILES


def test_runs_get_more_steps_than_the_state_if_they_are_cheap():
    """At Himmelblau's default rate no run converges in 60 steps: the picture would be gray."""
    state = state_of("?data=himmelblau&basins=1&steps=60")
    assert tile_plan(state).tile_count == 1
    assert tile_plan(state).steps > 10 * state.steps
    assert basin_caption(state) == f"10\u202f201 starts, up to {tile_plan(state).steps} steps each"
    assert tile_plan(state_of("?data=himmelblau&basins=1&schedule=cosine&steps=60")).steps == state.steps
    assert "minima" in [trace.get("name") for trace in figure_set(Experiment(state))[ids.MAP][1]().data]
