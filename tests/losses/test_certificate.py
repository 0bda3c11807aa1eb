import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import losses
from tests.losses.cases import PROBLEMS, name

KNOWN = [p for p in PROBLEMS if losses.certify(p).optimum is not None]


@pytest.mark.parametrize("problem", KNOWN, ids=name)
def test_nothing_in_the_window_is_lower_than_the_optimum(problem):
    c = losses.certify(problem)
    z = losses.surface(problem, size=61).z
    assert c.loss <= z.min() + 1e-12 * (1 + abs(c.loss))
    assert c.loss == pytest.approx(float(problem.value(c.optimum)))


@pytest.mark.parametrize("problem", [p for p in KNOWN if p.smooth], ids=name)
def test_the_optimum_is_flat_and_curved_upward(problem):
    c = losses.certify(problem)
    hessian = problem.hessian(c.optimum)
    rest = problem.gradient(c.optimum) @ np.linalg.solve(hessian, problem.gradient(c.optimum))
    assert 0 <= rest <= 1e-10 * max(1.0, c.loss)
    assert np.linalg.eigvalsh(hessian)[0] > 0


@pytest.mark.parametrize("data", ["houses", "outlier", "norris", "anscombe3"])
def test_least_absolute_deviations_beats_every_neighbor(data):
    p = losses.problem(data, "line", "mae")
    c = losses.certify(p)
    nudges = np.random.default_rng(0).normal(size=(2000, 2)) * [0.01, 1.0]
    assert (p.value(c.optimum + nudges) >= c.loss).all()
    passed = np.isclose(p.example_losses(c.optimum), 0, atol=1e-9 * np.abs(p.y).max()).sum()
    assert passed >= 2


def test_outliers_move_squared_error_more_than_absolute():
    true = 2.1
    slopes = {
        loss: losses.certify(losses.problem("outlier", "line", loss)).optimum[0] for loss in ("mse", "mae")
    }
    assert abs(slopes["mse"] - true) > 3 * abs(slopes["mae"] - true)


def test_logistic_optimum_agrees_with_an_independent_solver():
    data = losses.DATASETS["spam"]
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(data.inputs, data.y)
    c = losses.certify(losses.problem(data, "logistic", "bce"))
    assert c.optimum == pytest.approx([oracle.coef_[0, 0], oracle.intercept_[0]], rel=1e-4)
    assert c.exists
    assert c.unique


def test_separable_data_have_no_minimum():
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    apart = losses.Dataset("apart", x, (x > 0).astype(float), "binary")
    touching = losses.Dataset("touching", x, np.array([0.0, 0.0, 1.0, 0.0, 1.0]), "binary")
    assert losses.certify(losses.problem(apart, "logistic", "bce")).exists is False
    assert losses.certify(losses.problem(touching, "logistic", "bce")).exists is True


def test_a_sharing_point_makes_it_quasi_separable():
    data = losses.Dataset("quasi", [-2.0, -1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0, 1.0], "binary")
    assert losses.certify(losses.problem(data, "logistic", "bce")).exists is False


def test_local_scope_is_called_local():
    c = losses.certify(losses.problem("spam", "logistic", "mse", standardize=True))
    assert c.scope == "local"
    assert not c.unique


def test_himmelblau_minima():
    f = losses.test_function("himmelblau")
    for minimum in f.minima:
        assert f.value(minimum) == pytest.approx(f.lowest, abs=1e-20)
        assert np.abs(f.gradient(minimum)).max() < 1e-10
    assert losses.certify(f).loss == pytest.approx(0, abs=1e-20)


def test_the_lowest_value_of_a_test_function_is_no_rounding():
    assert losses.certify(losses.test_function("himmelblau")).loss == 0.0
