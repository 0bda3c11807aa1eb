"""Whether problems are convex, against the definition."""

import numpy as np
import pytest

import losses
from losses.surface.convexity import is_witness
from tests.support.problem_cases import PROBLEMS, problem_cases


@pytest.mark.parametrize("problem", problem_cases(lambda p: p.dim <= 64))
def test_a_witness_refutes_and_proofs_hold_on_random_segments(problem):
    surface = losses.surface(problem, size=41)
    c = losses.convexity(problem, surface)
    if c.witness is not None:
        a, b = c.witness
        assert float(problem.value(0.5 * (a + b))) > 0.5 * float(problem.value(a) + problem.value(b))
        assert (c.everywhere, c.in_window) == (False, False)
    if c.in_window is losses.YES:
        rng = np.random.default_rng(0)
        (left, right), (low, high) = surface.plane.box
        u, v = rng.uniform(left, right, size=(2, 500)), rng.uniform(low, high, size=(2, 500))
        a, b = surface.plane.points(u[0], v[0]), surface.plane.points(u[1], v[1])
        with np.errstate(over="ignore", invalid="ignore"):
            middle, mean = problem.value(0.5 * (a + b)), 0.5 * (problem.value(a) + problem.value(b))
            assert not (middle > mean * (1.0 + 1e-9) + 1e-12).any()


def test_all_three_answers_are_given():
    answers = {losses.convexity(p).everywhere.value for p in PROBLEMS if p.dim <= 64}
    assert {True, False} <= answers


def test_a_loss_may_be_convex_in_the_window_alone():
    """1 − exp(−r²) is convex for |r| below 0.707."""
    data = losses.Dataset("own", [0.0, 1.0, 2.0], [0.0, 0.1, 0.2], "regression")
    p = losses.problem(data, "line", losses.own_loss("1 - exp(-r**2)"))
    near = losses.surface(p, size=21, box=((-0.1, 0.1), (-0.1, 0.1)))
    far = losses.surface(p, size=21, box=((-5.0, 5.0), (-5.0, 5.0)))
    c = losses.convexity(p, near)
    assert (c.everywhere, c.in_window, c.witness) == (losses.UNKNOWN, True, None)
    c = losses.convexity(p, far)
    assert (c.everywhere, c.in_window) == (False, False)
    assert is_witness(p, *c.witness)


def test_rounding_is_no_witness():
    p = losses.problem("houses", "line", "mse")
    a, b = np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-9])
    assert not is_witness(p, a, b)
