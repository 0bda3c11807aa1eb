"""The loss curves of a comparison on one axis: the way that each run has still to go."""

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.figures.comparison_overlay import LEAST_WAY_LEFT, way_left_arrays, way_left_ranges
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import run_layout
from app.url_state.state import parse

NO_FLAG = np.empty(0)


def way_left(values, best=None):
    return way_left_arrays(np.array(values, dtype=float), NO_FLAG, best)["way_left"]


def test_it_falls_from_a_hundred_percent_at_the_start_to_none_at_the_best():
    assert way_left([9.0, 5.0, 2.0, 1.0], 1.0) == pytest.approx([100, 50, 12.5, LEAST_WAY_LEFT])
    assert way_left([9.0, 5.0, 3.0, 4.0]) == pytest.approx([100, 100 / 3, LEAST_WAY_LEFT, 100 / 6])


def test_a_run_that_climbs_has_more_than_its_whole_way_left():
    assert way_left([2.0, 3.0, 6.0], 1.0) == pytest.approx([100, 200, 500])
    assert way_left([2.0, 3.0, 6.0]) == pytest.approx([100, 150, 300])
    assert way_left([0.0, 1.0], 0.0) == pytest.approx([100, 200])


@pytest.mark.parametrize(
    "link", ["?data=outlier&vs=mae", "?data=norris&vs=raw", "?data=spam&vs=mse&race=adam"]
)
def test_all_curves_of_a_comparison_have_the_same_axis(link):
    experiment = Experiment(parse(link)[0])
    figure, arrays = figure_set(experiment)["detail"][1](), run_arrays(experiment)
    assert "yaxis2" not in figure.layout
    for part in figure.moving:
        assert "yaxis" not in part.trace
        assert part.arrays["y"].removeprefix("vs:").removeprefix("adam:") in ("way_left", "flag_way_left")
        assert part.arrays["y"] in arrays
    for name in ("way_left", "vs:way_left"):
        assert arrays[name][0] == pytest.approx(100)
        assert len(arrays[name]) == len(arrays[name.replace("way_left", "loss")])
    low, high = run_layout(experiment)["yaxis.range"]
    is_log = run_layout(experiment)["yaxis.type"] == "log"
    shown = np.concatenate([arrays["way_left"], arrays["vs:way_left"]])
    assert low < (np.log10(shown) if is_log else shown).min()
    assert high > (np.log10(shown) if is_log else shown).max()


def test_the_axis_is_logarithmic_where_one_loss_needs_it():
    assert run_layout(Experiment(parse("?data=norris&vs=raw")[0]))["yaxis.type"] == "log"
    assert run_layout(Experiment(parse("?data=outlier&vs=mae")[0]))["yaxis.type"] == "linear"


def test_the_way_is_measured_from_the_certified_optimum():
    experiment = Experiment(parse("?data=outlier&vs=mae&steps=9")[0])
    best = losses.certify(experiment.prepared.problem).loss
    loss = experiment.run.loss
    assert run_arrays(experiment)["way_left"] == pytest.approx(100 * (loss - best) / (loss[0] - best))
    assert run_arrays(experiment)["way_left"][-1] > LEAST_WAY_LEFT


def test_a_curve_alone_shows_its_loss():
    figure = figure_set(Experiment(parse("")[0]))["detail"][1]()
    assert {part.arrays["y"] for part in figure.moving} == {"loss", "flag_y"}


@pytest.mark.parametrize("shares", [[100.0], [100.0, 99.0], [100.0, 40.0, 0.0], [100.0, 130.0, 60.0]])
def test_a_linear_axis_contains_the_whole_way(shares):
    low, high = way_left_ranges([np.array(shares)], log=False)["yaxis.range"]
    assert low < 0.0
    assert high > max(100.0, *shares)
