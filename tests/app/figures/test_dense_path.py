"""The points between the iterates of a trajectory lie at losses that are computed there."""

from itertools import pairwise

import numpy as np
import pytest

from app.experiment.prepared import prepare
from app.figures import trajectory as module
from app.figures.trajectory import DENSE_PATH_ARRAYS, MAX_PATH_POINTS, PATH_SPACING, dense_path, polyline
from app.url_state.state import parse

LINKS = [
    "",
    "?loss=mae&rate=0.4",
    "?data=spam&model=logistic&loss=mse&rate=9",
    "?data=ravine&rate=0.0392&steps=120",
    "?data=himmelblau&opt=momentum",
    "?data=moons&model=mlp&rate=2&steps=200",
    "?data=iris&rate=4&steps=200",
]


def parts_of(link):
    """Return the prepared problem, the run, its polyline and its dense path."""
    state, notices = parse(link)
    assert notices == ()
    prepared, run = prepare(state), state.descend()
    plane, z_scale = prepared.surface.plane, prepared.z_scale
    line = polyline(run, plane, z_scale)
    return prepared, run, line, dense_path(prepared.problem, run, line, plane, z_scale)


@pytest.mark.parametrize("link", LINKS)
def test_heights_between_iterates_are_losses_on_the_segment(link):
    prepared, run, line, path = parts_of(link)
    at = path["path_at"].astype(int)
    assert set(path) == set(DENSE_PATH_ARRAYS)
    assert len(at) == len(run.theta)
    assert len(path["path_u"]) > len(run.theta), "nothing is between the iterates"
    for name in ("u", "v", "h"):
        np.testing.assert_array_equal(path[f"path_{name}"][at], line[name])
    for k, (begin, end) in enumerate(pairwise(at)):
        share = np.arange(1, end - begin)[:, None] / (end - begin)
        theta = run.theta[k] + share * (run.theta[k + 1] - run.theta[k])
        expected = prepared.z_scale.to_z(prepared.problem.value(theta))
        np.testing.assert_allclose(path["path_h"][begin + 1 : end], expected, rtol=1e-7, atol=1e-9)
        coordinates = prepared.surface.plane.coordinates(theta)
        between = np.column_stack([path["path_u"], path["path_v"]])[begin + 1 : end]
        np.testing.assert_allclose(between, coordinates, rtol=1e-9, atol=1e-9)


def test_points_are_close_together_and_limited_in_number():
    for link in ("", "?data=ravine&rate=0.0398&steps=1000"):
        prepared, run, _, path = parts_of(link)
        points = np.column_stack([path["path_u"], path["path_v"]]) / prepared.surface.plane.width
        longest = np.linalg.norm(np.diff(points, axis=0), axis=1).max()
        assert len(points) - len(run.theta) <= MAX_PATH_POINTS
        assert link or longest <= PATH_SPACING * (1 + 1e-9)


def test_a_costly_problem_has_fewer_points(monkeypatch):
    _, run, _, path = parts_of("?data=digits&rate=20")
    monkeypatch.setattr(module, "MAX_PATH_SCORES", 0)
    _, _, _, none = parts_of("?data=digits&rate=20")
    assert len(none["path_u"]) == len(run.theta) <= len(path["path_u"])


def test_outside_of_the_window_segments_are_straight():
    _, run, line, path = parts_of("?rate=1.2")
    at = path["path_at"].astype(int)
    assert (np.diff(at)[10:] == 1).all()
    assert (np.diff(at)[:2] > 1).all()


def test_a_segment_that_rises_far_between_its_ends_is_straight(monkeypatch):
    """A vertex over a pole would stretch the axes of the scene."""
    assert len(parts_of("")[3]["path_u"]) > len(parts_of("")[1].theta)
    monkeypatch.setattr(module, "MAX_PATH_RISE_IN_Z_RANGES", 0.2)
    _, run, line, path = parts_of("")
    assert 1 == np.diff(path["path_at"])[0] < np.diff(path["path_at"]).max()
