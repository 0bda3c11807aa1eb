"""Basins in parts: they cost what an answer can afford, and add up to the picture of one call."""

import numpy as np
import pytest

import losses
from app.common import ids, limits
from app.experiment.basin_tiles import (
    basin_caption,
    coarse_to_fine_order,
    compute_tile,
    preview,
    tile,
    tile_plan,
)
from app.experiment.experiment import Experiment
from app.experiment.run import prepare
from app.figures.step_slices import figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.url_state.state import parse
from tests.support.basins import all_basins
from tests.support.figures import trace_named

HIMMELBLAU = "?data=himmelblau&basins=1&rate=0.01&steps=100"
EGGS = "?data=rastrigin&basins=1&rate=0.002&steps=1000"


def state_of(link):
    state, notices = parse(link)
    assert notices == ()
    return state


def test_a_cheap_picture_is_painted_at_once_and_its_minima_crossed():
    state = state_of(HIMMELBLAU)
    here, cast = prepare(state), Experiment(state)
    assert tile_plan(state).tile_count == 1
    painted, u, v = preview(state, here)
    assert set(np.unique(painted.found)) >= {0, 1, 2, 3}
    once, starts = all_basins(state)
    assert np.array_equal(painted.found, once.found)
    place = (60, 20)
    assert starts[place] == pytest.approx((u[20], v[60]))
    alone = losses.descend(state.problem, "gd", start=starts[place], rate=0.01, steps=100)
    assert alone.theta[-1] == pytest.approx(painted.minima[painted.found[place]], abs=1e-3)
    shown = {view: make() for view, (_, make) in figure_set(cast).items()}[ids.MAP]
    assert "basins" not in shown
    for name in ("minima", "basins"):
        assert trace_named(figure_at_step(shown, run_arrays(cast), 0), name)


@pytest.mark.slow
@pytest.mark.parametrize("link", [EGGS, "?data=outlier&model=neuron&basins=1&steps=120"])
def test_the_parts_of_a_picture_add_up_to_one_call(link):
    state = state_of(link)
    here, asked = prepare(state), tile_plan(state)
    assert asked.tile_count > 2
    once, _ = all_basins(state)
    met = np.zeros(asked.size**2, dtype=int)
    for number in range(asked.tile_count):
        places, some = asked.tile_indices(number), compute_tile(state, here, number)
        met[places] += 1
        of_whole = once.found.ravel()[places]
        assert np.array_equal(some.steps, once.steps.ravel()[places])
        arrived = of_whole >= 0
        assert np.array_equal(some.found[~arrived], of_whole[~arrived])
        assert some.minima[some.found[arrived]] == pytest.approx(once.minima[of_whole[arrived]], abs=1e-4)
    assert (met == 1).all()


def test_the_first_part_is_the_picture_seen_from_afar():
    state = state_of(EGGS)
    asked, once = tile_plan(state), all_basins(state)[0]
    coarse, u, v = preview(state, prepare(state))
    assert coarse.found.shape == (len(v), len(u)) == (21, 21)
    assert np.array_equal(coarse.steps, once.steps[:: asked.spacing, :: asked.spacing])
    shown = {view: make() for view, (_, make) in figure_set(Experiment(state)).items()}[ids.MAP]["basins"]
    assert (shown["size"], shown["ends"][-1], shown["begun"]["part"]) == (101, 10_201, 0)
    assert parse(shown["link"])[0] == state


def test_the_map_beside_has_a_picture_of_its_own():
    state = state_of("?data=spam&basins=1&vs=mse")
    shown = {view: make() for view, (_, make) in figure_set(Experiment(state)).items()}
    second = shown[ids.MAP_2]["basins"]
    assert (parse(second["link"])[0].loss, parse(second["link"])[0].compare_with) == ("mse", "")
    plain = figure_set(Experiment(state_of("?data=spam&vs=mse")))
    assert plain[ids.MAP_2][0] != figure_set(Experiment(state))[ids.MAP_2][0]


@pytest.mark.parametrize("link", ["?data=spam", "?data=himmelblau&basins=1", "?loss=mae", EGGS])
def test_a_part_that_there_is_not_is_nothing(link):
    state, _ = parse(link)
    assert tile(state, limits.MAX_TILES) == {"part": None}


@pytest.mark.parametrize("size", [limits.GRID_SIZE, limits.COARSE_GRID_SIZE])
def test_every_place_has_its_turn_once(size):
    order = coarse_to_fine_order(size)
    assert np.array_equal(np.sort(order), np.arange(size**2))
    row, column = np.divmod(order[:36], size)
    assert set(row % 10) == set(column % 10) == {0} or size == 101


@pytest.mark.parametrize(
    ("link", "size"),
    [
        ("?data=himmelblau&steps=1000&opt=newton", 51),
        ("?data=houses&steps=1000", 101),
        ("?data=spam&n=500&steps=1000", 51),
        ("?data=spam", 101),
    ],
)
def test_every_part_costs_what_an_answer_can_afford(link, size):
    state = state_of(link + "&basins=1")
    asked = tile_plan(state)
    rows = len(state.problem.y) if isinstance(state.problem, losses.DataProblem) else 1
    cost = asked.steps * losses.OPTIMIZERS[state.optimizer].step_cost(rows, 2)
    parts = np.diff([0, *asked.tile_ends])
    assert (parts * cost <= limits.MAX_TILE_OPERATIONS).all()
    assert asked.size**2 * cost <= limits.MAX_BASIN_OPERATIONS
    assert asked.size == size
    assert asked.steps == state.steps or (size == 51 and f"{asked.steps} steps each" in basin_caption(state))
    assert basin_caption(state).startswith(f"{size**2:,} starts".replace(",", "\u202f"))
    assert asked.tile_count <= limits.MAX_TILES


def test_starts_are_given_the_steps_that_are_cheap():
    """At Himmelblau's usual rate nobody arrives in 60 steps: a gray picture."""
    state = state_of("?data=himmelblau&basins=1")
    assert tile_plan(state).tile_count == 1
    assert tile_plan(state).steps > 10 * state.steps
    assert basin_caption(state) == f"10\u202f201 starts, up to {tile_plan(state).steps} steps each"
    assert tile_plan(state_of("?data=himmelblau&basins=1&schedule=cosine")).steps == state.steps
    painted = next(
        t for t in figure_set(Experiment(state))[ids.MAP][1]()["data"] if t.get("name") == "minima"
    )
    assert painted
