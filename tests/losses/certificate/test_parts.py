"""Parts of certificates that few problems reach."""

import numpy as np
import pytest

import losses
from losses.certificate import newton
from losses.certificate.gap import is_curved
from losses.certificate.newton import min_loss_far_away


@pytest.mark.parametrize(
    ("hessian", "expected"),
    [
        ([[2.0, 0.0], [0.0, 1.0]], True),
        ([[2.0, 2.0], [2.0, 2.0]], False),
        ([[2.0, 0.0], [0.0, -1.0]], False),
        ([[2.0, 0.0], [0.0, np.inf]], False),
        (np.diag([1e-12, 1e-12, 1.0]), False),
    ],
)
def test_a_hessian_is_curved_if_it_is_finite_and_positive_definite(hessian, expected):
    assert is_curved(np.array(hessian)) is expected


def test_far_away_is_300_windows():
    saddle = losses.test_function("saddle")
    (left, right), (low, high) = saddle.box
    ends = saddle.value([(300.0 * (right - left), 0.0), (0.0, 300.0 * (high - low))])
    assert min_loss_far_away(saddle) == pytest.approx(ends.min())
    assert ends.min() < 0.0 < ends.max()


@pytest.mark.parametrize("function", losses.TEST_FUNCTIONS.values(), ids=lambda function: function.key)
def test_a_test_function_has_one_minimizer_if_one_is_listed(function):
    unique = losses.certify(function).unique
    assert unique == (len(function.minima) == 1)


def test_a_penalty_adds_its_own_curvature_to_a_bound():
    plain, penalized = (
        losses.certify(losses.problem("spam", "logistic", "bce", standardize=True, l2=l2)).lipschitz
        for l2 in (0.0, 0.3)
    )
    assert penalized == pytest.approx(plain + 0.6)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (losses.test_function("saddle"), "no minimum; "),
        (losses.problem("separable", "logistic", "bce"), "no minimum, infimum 0; "),
        (losses.problem("houses", "mlp", "mse"), "optimum not known; "),
        (losses.problem("norris", "line", "mae"), "curvature not known"),
        (losses.problem("norris", "line", "mse", standardize=True), "; stable below rate 1"),
    ],
)
def test_a_description_says_what_is_known(problem, text):
    assert text in repr(losses.certify(problem))


def test_a_description_is_silent_about_unknown_rates():
    certificate = losses.certify(losses.problem("houses", "line", "mae"))
    assert certificate.critical_rate is None
    assert "rate" not in repr(certificate)


@pytest.mark.parametrize("operations", [1e3, 1e5, 1e6, 1e9])
def test_a_grid_has_an_odd_number_of_points_along_each_side(operations, monkeypatch):
    monkeypatch.setattr(newton, "MAX_GRID_OPERATIONS", operations)
    sizes = {newton.grid_size(losses.problem(data, "line", "mae")) for data in ("houses", "norris")}
    assert all(size % 2 for size in sizes)
