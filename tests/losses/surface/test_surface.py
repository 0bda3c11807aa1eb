"""Surfaces and heights hold the losses of their points."""

import sys

import numpy as np
import pytest

import losses
from tests.support.problem_cases import problem_cases


@pytest.mark.parametrize("problem", problem_cases())
def test_a_surface_holds_the_losses_of_its_points(problem):
    s = losses.surface(problem, size=11)
    assert (s.u.shape, s.v.shape, s.z.shape) == ((11,), (11,), (11, 11))
    for i, j in [(0, 0), (3, 7), (10, 2), (10, 10)]:
        assert s.z[i, j] == pytest.approx(float(problem.value(s.plane.points(s.u[j], s.v[i]))), rel=1e-12)


@pytest.mark.parametrize("problem", problem_cases())
def test_heights_are_the_losses_of_their_points(problem):
    plane = losses.random_plane(problem, problem.start + 0.1, seed=3)
    u, v = np.random.default_rng(0).normal(size=(2, 40))
    found = losses.heights(problem, plane, u, v)
    assert found == pytest.approx(problem.value(plane.points(u, v)), rel=1e-9)
    assert losses.heights(problem, plane, [], []).shape == (0,)


def test_heights_are_broadcast():
    p = losses.problem("houses", "line", "mse")
    u, v = np.linspace(*p.plane.box[0], 7), np.linspace(*p.plane.box[1], 5)
    found = losses.heights(p, p.plane, u, v[:, None])
    assert found == pytest.approx(p.value(p.plane.points(u, v[:, None])), rel=1e-12)
    assert losses.heights(p, p.plane, u[0], v[0]).shape == ()
    many = np.linspace(0, 1, 2000)
    assert losses.heights(p, p.plane, many, [1.0]) == pytest.approx(
        losses.heights(p, p.plane, many, np.ones(2000))
    )
    with pytest.raises(ValueError, match=r"u and v must broadcast together; not \(7,\) and \(5,\)"):
        losses.heights(p, p.plane, u, v)
    with pytest.raises(ValueError, match="u must be an array of numbers; not NoneType"):
        losses.heights(p, p.plane, None, v)


def test_results_do_not_depend_on_the_block_size(monkeypatch):
    p = losses.problem("spam", "logistic", "focal")  # one that no kernel serves
    in_one_block = losses.surface(p, size=31).z
    monkeypatch.setattr(sys.modules["losses.surface.surface"], "MAX_SCORES_IN_MEMORY", 500)
    assert np.array_equal(losses.surface(p, size=31).z, in_one_block)


def test_the_box_sets_the_range_of_the_grid():
    s = losses.surface(losses.TEST_FUNCTIONS["bowl"], size=3, box=((0.0, 2.0), (1.0, 3.0)))
    assert s.u.tolist() == [0, 1, 2]
    assert s.v.tolist() == [1, 2, 3]
    assert s.z[0].tolist() == [1, 2, 5]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"size": 1}, "size must be at least 2; not 1"),
        ({"size": 2.5}, "size must be a whole number; not 2.5"),
        ({"box": ((1, 1), (0, 1))}, "box must be"),
        ({"box": ((0, np.inf), (0, 1))}, "box must be"),
        ({"box": (0, 1, 2, 3)}, "box must be"),
        ({"box": "all"}, "box must be"),
    ],
)
def test_invalid_arguments_are_rejected(more, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.surface(losses.TEST_FUNCTIONS["bowl"], **more)
