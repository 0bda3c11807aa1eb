"""The window: it shows the start, the path and the optimum, and does not move while a rate is chosen."""

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.experiment.window import LEAST_RATIO, MOST_RATIO, find_window, shares_scale, with_one_scale
from app.lessons import LESSONS
from app.url_state.compared_state import comparison_state
from app.url_state.state import parse
from tests.support.problem_cases import PAIRINGS

PROBLEM_LINKS = [f"?data={data}&model={model}&loss={loss}" for data, model, loss in PAIRINGS]
PROBLEM_LINKS += [f"?data={key}" for key in losses.TEST_FUNCTIONS]
LESSON_LINKS = [f"?s={key}" for key in LESSONS]
FALLS_FOR_EVER = {"?data=saddle", "?data=monkey_saddle"}
LONG_WAYS = ["?data=circles&model=mlp", "?data=xor&model=mlp", "?data=iris", "?data=blobs"]


def window_of(link):
    return find_window(parse(link)[0])


def contains(box, points, margin=0.0):
    (left, right), (low, high) = box
    room = margin * np.array([right - left, high - low])
    inside = (points >= np.array([left, low]) + room) & (points <= np.array([right, high]) - room)
    return bool(inside.all())


@pytest.mark.parametrize("link", [*PROBLEM_LINKS, *LESSON_LINKS])
def test_start_path_and_optimum_are_inside_with_a_margin(link):
    state = parse(link)[0]
    window = find_window(state)
    assert contains(window.box, window.path[:, :2], 0.03)
    assert contains(window.box, np.array(state.start), 0.03)
    optimum = prepare(state).certificate.optimum
    if optimum is not None and len(optimum) == 2:
        assert contains(window.box, optimum, 0.03)


@pytest.mark.parametrize("link", ["", "?data=spam", "?data=rosenbrock", "?s=goldilocks", "?data=scaling"])
def test_rate_steps_and_playing_do_not_change_it(link):
    joint = link + ("&" if link else "?")
    assert len({window_of(joint + more).box for more in ("", "rate=0.5", "steps=200", "k=9")}) == 1
    if not link.startswith("?s="):
        assert window_of(joint + "rate=5").box == window_of(link).box


def test_a_start_within_it_does_not_change_it_and_one_outside_widens_it():
    usual = window_of("")
    assert window_of("?start=1,1").box == usual.box
    outside = window_of("?start=9,1").box
    assert outside[0][1] > 9
    assert contains(outside, np.array(usual.box).T)


@pytest.mark.parametrize("link", [*PROBLEM_LINKS, *LESSON_LINKS])
def test_proportions_of_one_scale_are_those_of_a_map(link):
    state = parse(link)[0]
    window = find_window(state)
    assert window.one_scale == shares_scale(state)
    if window.one_scale:
        width, height = np.ptp(window.box, axis=1)
        assert 0.97 * LEAST_RATIO <= width / height <= 1.03 * MOST_RATIO


def test_one_scale_stands_on_the_problem():
    shared = ["", "?data=spam", "?data=outlier&model=neuron", "?data=icecream", "?data=ravine", "?data=iris"]
    assert all(shares_scale(parse(link)[0]) for link in shared)
    differing = ["?data=scaling", "?data=norris&standardize=0", "?data=misra1a&model=saturation"]
    assert not any(shares_scale(parse(link)[0]) for link in differing)


def test_the_switch_draws_a_raw_valley_to_one_scale():
    raw, same = window_of("?data=scaling"), window_of("?data=scaling&scale=1")
    assert np.ptp(raw.box[0]) < 0.1 * np.ptp(raw.box[1])
    assert np.ptp(same.box[0]) >= np.ptp(same.box[1])
    assert same.one_scale
    assert not raw.one_scale
    assert contains(same.box, np.array(raw.box).T)


def test_two_losses_that_are_compared_have_one_window():
    for link in ("?s=mismatch", "?s=outlier", "?vs=mae", "?data=spam&vs=hinge"):
        state = parse(link)[0]
        other = comparison_state(state)
        assert find_window(state).box == find_window(other, state).box


def test_a_comparison_in_other_units_has_a_window_of_its_own():
    state = parse("?s=units")[0]
    other = comparison_state(state)
    assert find_window(other, state).box == find_window(other).box
    assert np.ptp(find_window(other, state).box, axis=1).max() < 8


def test_the_run_of_a_lesson_is_seen_to_its_end():
    """A run that arrives at its minimum or at a plateau does not end on the edge of the map."""
    for link in ("?s=mismatch&a=0", "?s=step&a=0", "?s=outlier&a=0", "?s=twovalleys&a=0"):
        state = parse(link)[0]
        plane = prepare(state).surface.plane
        assert contains(plane.box, plane.coordinates(state.descend().theta), 0.03), link


@pytest.mark.parametrize("link", sorted({*PROBLEM_LINKS, *LONG_WAYS} - FALLS_FOR_EVER))
def test_the_run_of_a_link_without_a_rate_is_seen_to_its_end(link):
    state = parse(link)[0]
    path = state.view_plane.plane.coordinates(Experiment(state).run.theta)
    assert contains(find_window(state).box, path)


@pytest.mark.parametrize("link", sorted(FALLS_FOR_EVER))
def test_a_run_that_falls_for_ever_does_not_blow_up_the_window(link):
    state = parse(link)[0]
    assert np.ptp(find_window(state).box, axis=1).max() < 1.1 * state.view_plane.plane.width.max()


def test_a_run_whose_steps_are_beyond_float64_has_a_window():
    state = parse("?data=blobs&loss=squared_hinge&l1=1e6&l2=1e6")[0]
    assert np.ptp(find_window(state).box, axis=1).max() < 2.0 * state.view_plane.plane.width.max()


def test_a_run_that_flies_apart_does_not_blow_up_the_window():
    saddle = parse("?s=saddle")[0]
    assert np.ptp(find_window(saddle).box, axis=1).max() < 8


def test_the_middle_of_the_window_does_not_tell_the_minimum_that_a_lesson_asks_for():
    state = parse("?s=bowl")[0]
    box = np.array(find_window(state).box)
    optimum = prepare(state).certificate.optimum
    assert (np.abs(optimum - box.mean(axis=1)) / np.ptp(box, axis=1)).max() > 0.15


def test_a_box_is_widened_only():
    for box in (((-1.0, 1.0), (-5.0, 5.0)), ((-3.0, 3.0), (-1.0, 1.0)), ((0.0, 1.2), (0.0, 1.0))):
        assert contains(with_one_scale(box), np.array(box).T, -1e-12)
