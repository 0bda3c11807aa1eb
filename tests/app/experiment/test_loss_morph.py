"""Squared error bent into absolute error: both ends and each frame are true losses."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import losses
from app.api.loss_bending import bending
from app.common import limits
from app.experiment.experiment import Experiment
from app.experiment.loss_morph import FRAME_COUNT, GRID_SIZES, can_morph, factor_for, morph
from app.problem_setup.price import surface_price
from app.server import create_app
from app.url_state.state import parse
from losses.loss.regression import ABSOLUTE_ERROR, HUBER, SQUARED_ERROR

LINKS = [
    "?data=outlier&vs=mae",
    "?data=icecream&loss=mae&vs=mse&l2=0.3&l1=0.1",
    "?data=norris&vs=huber&standardize=0",
    "?data=outlier&loss=huber&delta=0.7&vs=mae",
    "?data=misra1a&vs=mae",
]


@cache
def frames_of(link):
    state, notices = parse(link)
    assert notices == ()
    found = morph(state, Experiment(state).prepared.surface.plane.box)
    return state, found


def heights(problem, found):
    return losses.surface(problem, size=len(found.u), box=found.plane.box, plane=found.plane).z


def close(expected, rel=1e-12):
    return pytest.approx(expected, rel=rel, abs=1e-12 * np.nanmax(expected))


def problem_with(state, loss, **penalties):
    values = {"l2": state.problem.l2, "l1": state.problem.l1} | penalties
    return losses.DataProblem(
        state.problem.data,
        state.problem.model,
        loss,
        standardize=state.problem.scaling is not None,
        **values,
    )


@pytest.mark.parametrize("link", LINKS)
def test_the_ends_are_squared_and_absolute_error(link):
    state, found = frames_of(link)
    first, last = found.frames[0], found.frames[-1]
    assert (first.delta, last.delta) == (np.inf, 0.0)
    assert first.heights == close(heights(problem_with(state, SQUARED_ERROR), found))
    assert last.heights == close(heights(problem_with(state, ABSOLUTE_ERROR), found))


@pytest.mark.parametrize("link", LINKS)
def test_each_frame_is_the_huber_loss_times_its_factor(link):
    state, found = frames_of(link)
    setting = HUBER.settings[0]
    assert len(found.frames) >= 15
    for frame in found.frames[1:-1]:
        assert frame.factor == factor_for(frame.delta) == max(2.0, 1.0 / frame.delta)
        any_delta = replace(HUBER, settings=(replace(setting, low=0.0, high=1e300),))
        huber = problem_with(state, any_delta.with_settings(delta=frame.delta), l2=0.0, l1=0.0)
        absolute = problem_with(state, ABSOLUTE_ERROR)
        without = problem_with(state, ABSOLUTE_ERROR, l2=0.0, l1=0.0)
        penalty = heights(absolute, found) - heights(without, found)
        expected = frame.factor * heights(huber, found) + penalty
        assert frame.heights == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.nanmax(expected))


@pytest.mark.parametrize("link", LINKS)
def test_frames_approach_the_ends(link):
    """The first Huber frame is squared error; the last is within ½δ, times δc, of absolute error."""
    _, found = frames_of(link)
    first, *between, last = found.frames
    deltas = [frame.delta for frame in between]
    assert deltas == sorted(deltas, reverse=True)
    if "misra" not in link:  # in a model that is not linear residuals between grid points may be larger
        largest = problem_like_largest(found)
        huge = [frame for frame in between if frame.delta >= largest]
        for frame in huge:
            assert frame.heights == close(first.heights, rel=1e-9)
    end = between[-1]
    assert end.factor * end.delta == pytest.approx(1.0)
    difference = last.heights - end.heights
    assert np.nanmin(difference) >= -1e-9 * np.nanmax(last.heights)
    assert np.nanmax(difference) <= 0.5 * end.delta * (1 + 1e-9) + 1e-9 * np.nanmax(last.heights)


def problem_like_largest(found):
    problem = found.frames[0].problem
    corners = [found.plane.points(u, v) for u in found.plane.box[0] for v in found.plane.box[1]]
    return max(float(np.abs(problem.score(corner) - problem.y).max()) for corner in corners)


def test_the_huber_loss_of_the_state_is_one_of_the_frames():
    _, found = frames_of("?data=outlier&loss=huber&delta=0.7&vs=mae")
    assert 0.7 in [frame.delta for frame in found.frames]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("?vs=mae", True),
        ("?loss=huber&vs=mse", True),
        ("?loss=logcosh&vs=mae", False),
        ("", False),
        ("?data=spam&vs=mse", False),
        ("?data=spam&loss=mse&vs=mae", False),
        ("?vs=mae&fog=1", False),
        ("?data=ravine", False),
    ],
)
def test_it_is_offered_for_squared_absolute_and_huber_error(link, expected):
    state, _ = parse(link)
    assert can_morph(state) == expected
    answer = create_app().server.test_client().get(f"/bend{link}")
    assert answer.status_code == (200 if expected else 404)


def test_frames_of_a_dear_model_are_coarser():
    state, _ = parse("?data=icecream&n=500&model=mlp&width=32&plane=parameters&vs=mae")
    plane = state.view_plane.plane
    found = morph(state, plane.box)
    assert GRID_SIZES[-1] <= len(found.u) < GRID_SIZES[0]
    assert [frame.optimum for frame in found.frames] == [None] * len(found.frames)
    each = surface_price(problem_with(state, HUBER), len(found.u), plane).operations
    assert each * FRAME_COUNT <= limits.MAX_FRAMES_OPERATIONS


def test_marks_have_the_true_loss_and_texts_name_delta_and_factor():
    state, found = frames_of("?data=outlier&vs=mae")
    sent = bending(state)
    start = found.plane.points(*state.start)
    for frame, shown in zip(found.frames, sent.frames, strict=True):
        assert shown.start_loss == pytest.approx(frame.factor * float(frame.problem.value(start)))
        u, v, loss = shown.optimum
        lowest = frame.factor * float(frame.problem.value(found.plane.points(u, v)))
        assert loss == pytest.approx(lowest)
        assert loss <= np.nanmin(frame.heights) * (1 + 1e-9)
    middle = sent.frames[len(sent.frames) // 2].text
    assert "δ = " in middle
    assert "× Huber" in middle
