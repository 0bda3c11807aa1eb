"""Data far from zero, in huge and in tiny units: windows, surfaces, certificates and runs."""

import warnings
from itertools import product

import numpy as np
import pytest

import losses
from tools.support.case_selection import covering

INPUTS = {
    "1e9": 1e9 + np.arange(5.0),
    "1e11": 1e11 + np.arange(5.0),
    "1e15": 1e15 + 2.0 * np.arange(5.0),
    "huge": 2e99 * np.arange(1.0, 6.0),
    "tiny": 1e-90 * np.arange(1.0, 6.0),
    "mixed": np.array([0.0, 5.0, 5.01, 1e8, 3.0]),
    "two": np.column_stack([1e9 + np.arange(5.0), [1e-50, 3e-50, 2e-50, 1e-50, 7e-50]]),
}
TARGETS = {
    "near": [1.0, 3.0, 2.0, 5.0, 4.0],
    "huge": 2e99 * np.array([1.0, -3.0, 2.0, 5.0, 4.0]),
    "tiny": 1e-90 * np.array([1.0, 3.0, 2.0, 5.0, 4.0]),
    "far": 1e12 + np.array([1.0, 3.0, 2.0, 5.0, 4.0]),
    "zero": np.zeros(5),
}


def check_everything(problem):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(problem.plane.box).all()
        assert (problem.plane.width > 0.0).all()
        assert np.isfinite(problem.start).all()
        assert not np.isnan(losses.surface(problem, size=5).z).any()
        losses.certify(problem)
        for optimizer in ("gd", "newton", "adam"):
            run = losses.descend(problem, optimizer, rate=0.1, steps=6)
            assert run.outcome.sentence


CASES = [
    (x, y, model, loss, (i + j) % 2 == 0)
    for (i, x), (j, y) in product(enumerate(INPUTS), enumerate(TARGETS))
    for model in losses.allowed_models(losses.Dataset("far", INPUTS[x], TARGETS[y], "regression"))
    for loss in (("mse", "mae", "logcosh") if model != "mlp" else ("mse",))
]
"""Every pair of inputs, targets and standardization, not all three, with every model and three losses."""


@pytest.mark.slow
@pytest.mark.parametrize(("x", "y", "model", "loss", "standardize"), covering(CASES, of=2))
def test_nothing_raises_or_warns_for_a_regression(x, y, model, loss, standardize):
    data = losses.Dataset("far", INPUTS[x], TARGETS[y], "regression")
    check_everything(losses.problem(data, model, loss, standardize=standardize))


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("x", INPUTS)
def test_nothing_raises_or_warns_for_two_classes(x, standardize):
    data = losses.Dataset("far", INPUTS[x], [0, 1, 0, 1, 1], "binary")
    for loss in ("bce", "exponential", "hinge"):
        check_everything(losses.problem(data, "logistic", loss, standardize=standardize))


@pytest.mark.parametrize("shift", [0.0, 1e6, 1e9, 1e11, 1e13])
def test_the_window_of_a_slope_does_not_depend_on_where_the_inputs_lie(shift):
    x, y = np.array([0.0, 1.0, 3.0, 4.0, 7.0]), np.array([1.0, 3.0, 2.0, 5.0, 4.0])
    near, far = (
        losses.problem(losses.Dataset("one", inputs, y, "regression"), "line", "mse")
        for inputs in (x, shift + x)
    )
    assert far.reach[0] == pytest.approx(near.reach[0], rel=1e-9)
    assert losses.certify(far).optimum[0] == pytest.approx(losses.certify(near).optimum[0], rel=1e-6)
    # the intercept is the score at input 0, which is shift / scale standard deviations away
    mean = shift + x.mean()
    assert far.reach[1] == pytest.approx(near.reach[0] * np.hypot(mean, x.std()), rel=1e-9)


def test_a_score_that_is_a_difference_of_infinities_has_its_value():
    data = losses.Dataset("one", [[1e90, 1e90], [1.0, 2.0], [3.0, 1.0], [0.0, 5.0]], [0, 1, 0, 1], "binary")
    problem = losses.problem(data, "logistic", "bce")
    score = problem.score([1e290, -5e289, 7.0])
    assert score[0] == np.inf
    assert score[1:] == pytest.approx([7.0, 2.5e290, -2.5e290])
    assert problem.value([1e290, -5e289, 7.0]) == np.inf
    assert problem.value([-1e290, 5e289, 7.0]) == pytest.approx(np.log1p(np.exp(-7.0)) / 4)


def test_penalties_are_within_float64_where_squares_are_not():
    problem = losses.problem("houses", "line", "mse", l2=1e-300)
    assert problem.penalty([1e160, 0.0]) == pytest.approx(1e20)
    assert losses.problem("houses", "line", "mae", l1=0.5).penalty([1e200, 0.0]) == 5e199


@pytest.mark.parametrize(
    ("key", "point", "value"),
    [
        ("saddle", (1e200, 1e200), 0.0),
        ("saddle", (1e200, 1e160), np.inf),
        ("monkey_saddle", (1e160, 1e160), -np.inf),
        ("rastrigin", (1.7e308, 0.0), np.inf),
        ("himmelblau", (-1e200, 1e200), np.inf),
    ],
)
def test_test_functions_far_away(key, point, value):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert losses.test_function(key).value(point) == value


def test_a_box_whose_sides_are_beyond_float64_is_refused():
    with pytest.raises(ValueError, match="the sides of the box must be finite numbers"):
        losses.surface(losses.test_function("bowl"), box=((-1e308, 1e308), (0.0, 1.0)))


def test_surfaces_are_infinite_where_the_loss_is():
    problem = losses.problem("spam", "logistic", "exponential")
    surface = losses.surface(problem, size=9, box=((-1e6, 1e6), (-1e6, 1e6)))
    direct = problem.value(surface.plane.points(surface.u[None, :], surface.v[:, None]))
    assert np.isinf(surface.z).any()
    assert np.array_equal(np.isinf(surface.z), np.isinf(direct))
