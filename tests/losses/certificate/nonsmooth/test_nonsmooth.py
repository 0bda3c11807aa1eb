"""Optima at kinks against linear programming, coordinate descent and support vector machines."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.svm import SVC

import losses
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.least_squares import design_matrix


def by_programming(p):
    """The lowest mean absolute, quantile or hinge loss, by a simplex method."""
    a, n = design_matrix(p.x), len(p.y)
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
    inside, _ = minimize_interior_point(PiecewiseLinearTerms.from_problem(p))
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
    assert minimize_interior_point(PiecewiseLinearTerms.from_problem(apart))[1] is False


def test_kinks_that_are_not_known_are_left_alone():
    own = losses.own_loss("max(r, 2*r) + abs(r - 1)")
    assert losses.certify(losses.problem("houses", "line", own)).exists is None


DRAWN = np.random.default_rng(4)


def certified(x, y, loss, task="regression", standardize=False, **settings):
    model = {"regression": "linear", "binary": "logistic", "multiclass": "softmax"}[task]
    p = losses.problem(losses.Dataset("own", x, y, task), model, loss, standardize=standardize, **settings)
    return p, losses.certify(p)


@pytest.mark.parametrize(
    ("x", "y", "loss", "settings"),
    [
        ([0, 2, -1], [-1, -2, -2], "logcosh", {"l1": 10.0, "l2": 0.1}),
        ([[2, 2], [2, -1], [0, 1], [-2, 1], [1, 2]], [1000.1, 1000.0, 999.3, 1000.3, 1000.6], "logcosh", {"l1": 0.1}),
        (DRAWN.normal(size=(6, 2)), 1e6 * DRAWN.normal(size=6), "huber", {"l1": 1e-6}),
        (1e-6 * DRAWN.normal(size=6), 1e9 + 1e6 * DRAWN.normal(size=6), "quantile", {"l1": 0.5, "l2": 1e-6}),
        (1e-6 * DRAWN.normal(size=6), 1e6 * DRAWN.normal(size=6), "mae", {"l1": 0.1, "l2": 0.1}),
        ([1.9e6, 3.4e4], [-2e6, 1e6], "huber", {"l1": 10.0}),
    ],
)  # fmt: skip
def test_slopes_have_to_balance(x, y, loss, settings):
    """A gap that is closed proves nothing while slopes do not balance: from far away Newton's steps may never do."""
    p, c = certified(x, y, loss, **settings)
    assert c.optimum is not None
    rng, reach = (
        np.random.default_rng(0),
        np.append(np.std(y) / np.std(np.reshape(x, (len(y), -1)), axis=0), np.std(y)),
    )
    for size in (1.0, 1e-2, 1e-4):
        middle = np.append(np.zeros(p.dim - 1), np.median(y))
        for at in (c.optimum, middle):
            assert (p.value(at + size * reach * rng.normal(size=(500, p.dim))) >= c.loss * (1 - 1e-9)).all()


@pytest.mark.parametrize(
    ("x", "y", "loss", "task", "settings"),
    [
        ([[0.2, -0.7, 0.1], [-0.4, -0.3, -0.1]], [0, 0], "mae", "regression", {"l1": 0.5}),
        ([[1, 2, 2], [1, 2, -2], [-2, -1, -2]], [0, 0, 0], "quantile", "regression", {"l1": 10.0, "tau": 0.99}),
        ([[-2, 0, -1], [-2, 0, -1], [2, 2, -1], [1, 1, 1], [-1, -1, -2]], [0, 0, 1, 0, 1], "hinge", "binary", {}),
    ],
)  # fmt: skip
def test_where_nothing_is_lost(x, y, loss, task, settings):
    _, c = certified(x, y, loss, task, **settings)
    assert c.exists
    assert c.loss == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("x", [[-2, -2, -1, -1], [0, -2, 0, 0]])
def test_a_flat_that_has_no_end(x):
    p, c = certified(x, [0, 0, 0, 1], "hinge", "binary")
    assert (c.exists, c.unique) == (True, False)
    found = minimize_interior_point(PiecewiseLinearTerms.from_problem(p))
    assert found is None or float(p.value(found[0])) == pytest.approx(by_programming(p))


@pytest.mark.parametrize("text", ["exp(r)", "sqrt(1 + r**2) + r", "log(1 + exp(r))"])
def test_a_fall_for_ever_has_no_lowest_place(text):
    """The weights are held, the intercept is not: the loss falls to nothing and never reaches it."""
    own = losses.own_loss(text)
    for data in ("houses", "outlier"):
        c = losses.certify(losses.problem(data, "line", own, standardize=True, l1=0.1))
        assert c.exists is not True
        assert not c.lowest


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1.0, 1e12])
@pytest.mark.parametrize("level", [0.0, 1e6])
def test_two_best_lines_are_two_in_any_units(unit, level):
    """Of a roof with two corners up and two down every level line between them costs the same."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 1.0, 0.0])
    p, c = certified(x + level, unit * (y + level), "mae")
    assert not c.unique
    assert c.loss == pytest.approx(unit * by_programming(certified(x, y, "mae")[0]), rel=1e-9)


def test_a_best_line_that_is_the_only_one():
    for unit in (1e-12, 1.0, 1e12):
        _, c = certified([0.0, 1.0, 2.0, 3.0, 4.0], unit * np.array([0.0, 1.1, 1.9, 7.0, 4.05]), "mae")
        assert c.unique


@pytest.mark.parametrize(
    ("x", "y", "loss", "task", "settings"),
    [
        ([-1.3, 0.2, 0.9, 1.4, -0.5, 0.3, 2.0], [0, 1, 0, 1, 0, 1, 1], "exponential", "binary", {"l1": 1e-9}),
        ([-1.3, 0.2, 0.9, 1.4, -0.5, 0.3, 2.0], [0, 1, 0, 1, 0, 1, 1], "bce", "binary", {"l1": 1e-9}),
        ([-1.3, 0.2, 0.9, 1.4, -0.5, 0.3, 2.0], [1.0, 2, 0, 5, 3, 2, 2], "mse", "regression", {"l1": 1e-9}),
        ([-1.3, 0.2, 0.9, 1.4, -0.5, 0.3, 2.0], [1.0, 2, 3, 5, 1, 3, 6], "mae", "regression", {"l1": 1e-6}),
        ([-1.3, 0.2, 0.9, 1.4, -0.5, 0.3, 2.0], [1.0, 2, 0, 5, 3, 2, 2], "huber", "regression", {"l1": 0.01}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("share", [1.0, 2.0])
def test_an_input_given_twice_shares_its_weight_in_many_ways(x, y, loss, task, settings, share):
    """With another unit the cheaper of the two takes it all."""
    _, c = certified(np.column_stack([x, share * np.array(x)]), y, loss, task, **settings)
    assert c.exists
    assert not (share == 1.0 and c.unique)


def test_a_margin_met_exactly_bends_on_one_side_only():
    x = [[1000.0, 0.0], [-1000.0, -1000.0], [2000.0, 1000.0], [2000.0, -1000.0]]
    _, c = certified(x, [0, 0, 0, 1], "squared_hinge", "binary", l1=1e-3)
    assert (c.exists, c.unique) == (True, False)
