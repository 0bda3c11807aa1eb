"""Optima of convex problems with kinks, against linear programming and scikit-learn."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.svm import SVC

import losses
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.least_squares import design_matrix
from tests.support.false_claims import linear_programming_points


def lowest_by_linear_programming(p):
    """Return the lowest mean absolute, quantile or hinge loss, by linear programming."""
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


PIECEWISE_LINEAR = [
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


@pytest.mark.parametrize(("data", "model", "loss", "more"), PIECEWISE_LINEAR)
@pytest.mark.parametrize("standardize", [False, True], ids=["raw", "standardized"])
def test_loss_equals_that_of_linear_programming(data, model, loss, more, standardize):
    p = losses.problem(data, model, loss, standardize=standardize, **more)
    expected = lowest_by_linear_programming(p)
    assert losses.certify(p).exists
    assert losses.certify(p).loss == pytest.approx(expected, rel=1e-9, abs=1e-12)
    minimizer = minimize_interior_point(PiecewiseLinearTerms.from_problem(p))
    assert float(p.value(minimizer.theta)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("l1", "l2"), [(0.1, 0.0), (1.0, 0.0), (0.1, 0.05)])
@pytest.mark.parametrize("data", ["longley", "houses"])
def test_optimum_equals_lasso_and_elastic_net(data, l1, l2):
    p = losses.problem(data, "linear", "mse", standardize=True, l1=l1, l2=l2)
    alpha = l1 / 2 + l2
    sklearn = ElasticNet(alpha=alpha, l1_ratio=l1 / 2 / alpha, tol=1e-12, max_iter=100_000).fit(p.x, p.y)
    c = losses.certify(p)
    assert c.optimum == pytest.approx(np.append(sklearn.coef_, sklearn.intercept_), abs=1e-8)
    assert c.unique
    zeros = sklearn.coef_ == 0
    assert np.abs(c.optimum[:-1][zeros]).max(initial=0.0) < 1e-12


@pytest.mark.parametrize("data", ["spector", "separable"])
def test_optimum_equals_l1_logistic_regression(data):
    p = losses.problem(data, "logistic", "bce", standardize=True, l1=0.05)
    sklearn = LogisticRegression(
        C=1 / (len(p.y) * 0.05), l1_ratio=1, solver="saga", tol=1e-10, max_iter=50_000
    ).fit(p.x, p.y)
    c = losses.certify(p)
    assert c.exists
    assert c.optimum == pytest.approx([*sklearn.coef_[0], sklearn.intercept_[0]], abs=1e-6)


@pytest.mark.parametrize("data", ["spector", "moons"])
def test_optimum_equals_a_linear_support_vector_machine(data):
    p = losses.problem(data, "logistic", "hinge", standardize=True, l2=0.1)
    sklearn = SVC(kernel="linear", C=1 / (2 * len(p.y) * 0.1), tol=1e-9).fit(p.x, p.y)
    c = losses.certify(p)
    assert c.optimum[:-1] == pytest.approx(sklearn.coef_[0], abs=1e-6)
    assert c.loss <= float(p.value(np.append(sklearn.coef_[0], sklearn.intercept_[0])))


PENALIZED = [
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


@pytest.mark.parametrize(("model", "loss", "penalty"), PENALIZED)
def test_no_neighbor_of_a_penalized_optimum_is_lower(model, loss, penalty):
    """A convex problem with a penalty always has a minimum."""
    data = {"line": "outlier", "logistic": "tumors", "softmax": "iris"}[model]
    p = losses.problem(data, model, loss, standardize=True, **penalty)
    c = losses.certify(p)
    assert c.exists
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-3, 1e-5):
        nudges = size * rng.normal(size=(200, p.dim))
        assert (p.value(c.optimum + nudges) >= c.loss - 1e-13 * c.loss).all()


def test_flat_optimum_is_not_unique():
    separable = losses.problem("separable", "logistic", "hinge", standardize=True)
    c = losses.certify(separable)
    assert c.exists
    assert c.unique is not losses.YES
    assert c.loss == pytest.approx(0.0, abs=1e-15)
    assert minimize_interior_point(PiecewiseLinearTerms.from_problem(separable)).is_unique is False


@pytest.mark.parametrize("text", ["max(r, 2*r) + abs(r - 1)", "max(0, abs(r) - 0.3)", "abs(r) + abs(r - 2)"])
@pytest.mark.parametrize("penalty", [{}, {"l2": 0.1}, {"l1": 0.1}])
def test_custom_loss_with_two_kinks_has_a_certified_minimum(text, penalty):
    p = losses.problem("houses", "line", losses.own_loss(text), standardize=True, **penalty)
    c = losses.certify(p)
    assert (c.exists, c.lowest) == (True, True)
    nudges = np.random.default_rng(0).normal(size=(2000, 2))
    for size in (1.0, 1e-2, 1e-4):
        assert (p.value(c.optimum + size * nudges) >= c.loss * (1.0 - 1e-12)).all()


RNG = np.random.default_rng(4)


def certified(x, y, loss, task="regression", standardize=False, **settings):
    """Return the linear problem of some data and its certificate."""
    model = {"regression": "linear", "binary": "logistic", "multiclass": "softmax"}[task]
    p = losses.problem(losses.Dataset("own", x, y, task), model, loss, standardize=standardize, **settings)
    return p, losses.certify(p)


@pytest.mark.parametrize(
    ("x", "y", "loss", "settings"),
    [
        ([0, 2, -1], [-1, -2, -2], "logcosh", {"l1": 10.0, "l2": 0.1}),
        ([[2, 2], [2, -1], [0, 1], [-2, 1], [1, 2]], [1000.1, 1000.0, 999.3, 1000.3, 1000.6],
         "logcosh", {"l1": 0.1}),
        (RNG.normal(size=(6, 2)), 1e6 * RNG.normal(size=6), "huber", {"l1": 1e-6}),
        (1e-6 * RNG.normal(size=6), 1e9 + 1e6 * RNG.normal(size=6), "quantile", {"l1": 0.5, "l2": 1e-6}),
        (1e-6 * RNG.normal(size=6), 1e6 * RNG.normal(size=6), "mae", {"l1": 0.1, "l2": 0.1}),
        ([1.9e6, 3.4e4], [-2e6, 1e6], "huber", {"l1": 10.0}),
    ],
)  # fmt: skip
def test_optimum_has_a_vanishing_dual_residual(x, y, loss, settings):
    """Without it a duality gap of 0 proves nothing, and from far away Newton's steps may not reach it."""
    p, c = certified(x, y, loss, **settings)
    assert c.optimum is not None
    rng = np.random.default_rng(0)
    scales = np.append(np.std(y) / np.std(np.reshape(x, (len(y), -1)), axis=0), np.std(y))
    constant = np.append(np.zeros(p.dim - 1), np.median(y))
    for size in (1.0, 1e-2, 1e-4):
        for center in (c.optimum, constant):
            neighbors = center + size * scales * rng.normal(size=(500, p.dim))
            assert (p.value(neighbors) >= c.loss * (1 - 1e-9)).all()


@pytest.mark.parametrize(
    ("x", "y", "loss", "task", "settings"),
    [
        ([[0.2, -0.7, 0.1], [-0.4, -0.3, -0.1]], [0, 0], "mae", "regression", {"l1": 0.5}),
        ([[1, 2, 2], [1, 2, -2], [-2, -1, -2]], [0, 0, 0], "quantile", "regression",
         {"l1": 10.0, "tau": 0.99}),
        ([[-2, 0, -1], [-2, 0, -1], [2, 2, -1], [1, 1, 1], [-1, -1, -2]], [0, 0, 1, 0, 1],
         "hinge", "binary", {}),
    ],
)  # fmt: skip
def test_minimum_of_0_is_certified(x, y, loss, task, settings):
    _, c = certified(x, y, loss, task, **settings)
    assert c.exists
    assert c.loss == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("x", [[-2, -2, -1, -1], [0, -2, 0, 0]])
def test_unbounded_set_of_minimizers_is_not_unique(x):
    p, c = certified(x, [0, 0, 0, 1], "hinge", "binary")
    assert c.exists
    assert c.unique is not losses.YES
    result = minimize_interior_point(PiecewiseLinearTerms.from_problem(p))
    assert result is None or float(p.value(result.theta)) == pytest.approx(lowest_by_linear_programming(p))


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("exp(r)", (losses.NO, losses.YES, 0.0)),
        ("log(1 + exp(r))", (losses.NO, losses.UNKNOWN, None)),
        ("sqrt(1 + r**2) + r", (losses.UNKNOWN, losses.UNKNOWN, None)),
    ],
)
@pytest.mark.parametrize("data", ["houses", "outlier"])
def test_a_loss_that_falls_for_ever_has_no_minimum_with_a_penalty(text, claims, data):
    """The intercept is not penalized: as it falls, the loss tends to 0, its infimum, and never reaches it."""
    c = losses.certify(losses.problem(data, "line", losses.own_loss(text), standardize=True, l1=0.1))
    assert (c.exists, c.lowest, c.loss) == claims
    assert c.optimum is None


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1.0, 1e12])
@pytest.mark.parametrize("level", [0.0, 1e6])
def test_optimum_with_ties_is_not_unique_in_any_units(unit, level):
    """Two points have y = 0 and two y = 1: every horizontal line between them has the same loss."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 1.0, 0.0])
    p, c = certified(x + level, unit * (y + level), "mae")
    assert c.unique is not losses.YES
    assert c.loss == pytest.approx(unit * lowest_by_linear_programming(certified(x, y, "mae")[0]), rel=1e-9)


def test_optimum_without_ties_is_unique_in_any_units():
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
@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_optimum_with_a_duplicate_input_is_not_unique(x, y, loss, task, settings, factor):
    """The two may share their weight in any proportion; in a smaller unit one weight is cheaper."""
    _, c = certified(np.column_stack([x, factor * np.array(x)]), y, loss, task, **settings)
    assert c.exists
    assert not (factor == 1.0 and c.unique is losses.YES)


def test_optimum_at_a_jump_of_the_curvature_is_not_unique():
    """The squared hinge of a margin of exactly 1 is curved on one side only."""
    x = [[1000.0, 0.0], [-1000.0, -1000.0], [2000.0, 1000.0], [2000.0, -1000.0]]
    _, c = certified(x, [0, 0, 0, 1], "squared_hinge", "binary", l1=1e-3)
    assert c.exists
    assert c.unique is not losses.YES


@pytest.mark.parametrize("text", ["exp(r) - r", "exp(r) - r + abs(r)/9", "exp(abs(r))"])
def test_nothing_is_found_where_losses_are_beyond_all_numbers(text):
    x = np.array([[0.0, -1.0], [2.0, 3.0], [-3.0, -7.0], [2.0, 3.0]])
    data = losses.Dataset("far", x, np.array([-2.0, 4.0, -3.0, 49061.8]), "regression")
    certificate = losses.certify(losses.problem(data, "linear", losses.own_loss(text), l1=0.1))
    assert certificate.loss is None or np.isfinite(certificate.loss)
    raw = losses.problem(data, "linear", losses.own_loss(text), l1=0.1, standardize=False)
    assert losses.certify(raw).optimum is None


def test_a_minimizer_whose_loss_rises_when_it_is_rounded_is_not_called_lowest():
    """Scores of inputs of 8e7 are rounded by 1e-8, a share of 3e-4 of this loss; HiGHS finds a lower one."""
    x = [
        [81211448.92441854, 55824.17934722085, 282592.5767409671],
        [81211450.1467952, 55826.63975274897, 282592.93480898853],
        [81211449.17370264, 55824.71892586113, 282593.5738483599],
        [81211451.36113301, 55825.77647499232, 282591.5917739252],
        [81211448.76808476, 55827.103725305475, 282593.02798502974],
    ]
    data = losses.Dataset("far", x, [1, 0, 0, 1, 0], "binary")
    p = losses.problem(data, "logistic", "hinge", l1=1e-6, standardize=False)
    certificate = losses.certify(p)
    (other,) = linear_programming_points(p)
    assert float(p.value(other)) < certificate.loss * (1 - 1e-4)
    assert (certificate.lowest, certificate.unique) == (losses.UNKNOWN, losses.UNKNOWN)


def test_slopes_beyond_all_numbers_are_no_exception():
    x = np.array([91966.5423, 168104.352, 298844.517, 335726.544])[:, None]
    data = losses.Dataset("tiny", x, [1.81905e-47, 2.30412e-47, 4.38368e-48, 1.92469e-47], "regression")
    loss = losses.own_loss("max(r/where(r > 0.5, 1e-300, 1e-300), 0)")
    assert losses.certify(losses.problem(data, "line", loss)).lowest is not losses.NO
