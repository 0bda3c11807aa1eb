"""Optima at kinks against linear programming, coordinate descent and support vector machines."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.svm import SVC

import losses
from losses.kinks import Kinks, lowest
from losses.window import design


def by_programming(p):
    """The lowest mean absolute, quantile or hinge loss, by a simplex method."""
    a, n = design(p.x), len(p.y)
    d, free = a.shape[1], [(None, None)] * a.shape[1]
    eye = np.eye(n) / n
    if p.loss.key == "hinge":
        signs = np.where(p.y > 0.5, 1.0, -1.0)
        left, right = np.column_stack([-a * signs[:, None], -np.eye(n)]), -np.ones(n)
        cost = np.append(np.zeros(d), eye.sum(axis=0))
        return linprog(cost, A_ub=left, b_ub=right, bounds=free + [(0, None)] * n, method="highs").fun
    tau = p.loss.settings[0].default if p.loss.settings else 0.5
    scale = 1.0 if p.loss.settings else 2.0
    cost = np.concatenate([np.zeros(d), np.full(n, scale * tau / n), np.full(n, scale * (1 - tau) / n)])
    left = np.column_stack([a, np.eye(n), -np.eye(n)])
    return linprog(cost, A_eq=left, b_eq=p.y, bounds=free + [(0, None)] * 2 * n, method="highs").fun


LINES = [
    (data.key, model, loss, more)
    for data in losses.DATASETS.values()
    for model, loss, more in (
        ("line", "mae", {}),
        ("line", "quantile", {"tau": 0.01}),
        ("line", "quantile", {"tau": 0.25}),
        ("logistic", "hinge", {}),
    )
    if model in losses.allowed_models(data)
]


@pytest.mark.parametrize(("data", "model", "loss", "more"), LINES)
@pytest.mark.parametrize("standardize", [False, True], ids=["raw", "standardized"])
def test_linear_programs(data, model, loss, more, standardize):
    p = losses.problem(data, model, loss, standardize=standardize, **more)
    expected = by_programming(p)
    assert losses.certify(p).exists
    assert losses.certify(p).loss == pytest.approx(expected, rel=1e-9, abs=1e-12)
    inside, _ = lowest(Kinks.of(p))
    assert float(p.value(inside)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("l1", "l2"), [(0.1, 0.0), (1.0, 0.0), (0.1, 0.05)])
@pytest.mark.parametrize("data", ["longley", "houses"])
def test_lasso_and_elastic_net(data, l1, l2):
    p = losses.problem(data, "linear", "mse", standardize=True, l1=l1, l2=l2)
    alpha = l1 / 2 + l2
    theirs = ElasticNet(alpha=alpha, l1_ratio=l1 / 2 / alpha, tol=1e-12, max_iter=100_000).fit(p.x, p.y)
    c = losses.certify(p)
    assert c.optimum == pytest.approx(np.append(theirs.coef_, theirs.intercept_), abs=1e-8)
    assert c.unique
    zeros = theirs.coef_ == 0
    assert np.abs(c.optimum[:-1][zeros]).max(initial=0.0) < 1e-12


@pytest.mark.parametrize("data", ["spector", "separable"])
def test_logistic_regression_with_an_absolute_penalty(data):
    p = losses.problem(data, "logistic", "bce", standardize=True, l1=0.05)
    theirs = LogisticRegression(
        C=1 / (len(p.y) * 0.05), l1_ratio=1, solver="saga", tol=1e-10, max_iter=50_000
    ).fit(p.x, p.y)
    c = losses.certify(p)
    assert c.exists
    assert c.optimum == pytest.approx([*theirs.coef_[0], theirs.intercept_[0]], abs=1e-6)


@pytest.mark.parametrize("data", ["spector", "moons"])
def test_support_vector_machine(data):
    p = losses.problem(data, "logistic", "hinge", standardize=True, l2=0.1)
    theirs = SVC(kernel="linear", C=1 / (2 * len(p.y) * 0.1), tol=1e-9).fit(p.x, p.y)
    c = losses.certify(p)
    assert c.optimum[:-1] == pytest.approx(theirs.coef_[0], abs=1e-6)
    assert c.loss <= float(p.value(np.append(theirs.coef_[0], theirs.intercept_[0])))


EVERY = [
    (model, loss, penalty)
    for model, loss in (
        ("line", "mae"),
        ("line", "huber"),
        ("line", "logcosh"),
        ("line", "quantile"),
        ("logistic", "hinge"),
        ("logistic", "squared_hinge"),
        ("logistic", "exponential"),
        ("softmax", "cce"),
    )
    for penalty in ({"l1": 0.03}, {"l2": 0.03}, {"l1": 0.02, "l2": 0.03})
]


@pytest.mark.parametrize(("model", "loss", "penalty"), EVERY)
def test_no_neighbor_is_lower(model, loss, penalty):
    """A convex problem with a penalty always has a lowest place, and near it nothing is lower."""
    data = {"line": "outlier", "logistic": "tumors", "softmax": "iris"}[model]
    p = losses.problem(data, model, loss, standardize=True, **penalty)
    c = losses.certify(p)
    assert c.exists
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-3, 1e-5):
        nudges = size * rng.normal(size=(200, p.dim))
        assert (p.value(c.optimum + nudges) >= c.loss - 1e-13 * c.loss).all()


def test_what_is_flat_is_not_the_only_one():
    apart = losses.problem("separable", "logistic", "hinge", standardize=True)
    c = losses.certify(apart)
    assert (c.exists, c.unique) == (True, False)
    assert c.loss == pytest.approx(0.0, abs=1e-15)
    assert lowest(Kinks.of(apart))[1] is False


def test_kinks_that_are_not_known_are_left_alone():
    own = losses.own_loss("max(r, 2*r) + abs(r - 1)")
    assert losses.certify(losses.problem("houses", "line", own)).exists is None
