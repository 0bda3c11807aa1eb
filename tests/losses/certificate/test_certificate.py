"""Certificates of all problems: optimum, curvature, existence and uniqueness."""

from fractions import Fraction

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import losses
from losses.certificate.newton import newton, parameter_scales
from tests.support.problem_cases import problem_cases
from tools.support.case_selection import covering

KNOWN = problem_cases(lambda p: losses.certify(p).optimum is not None)


@pytest.mark.parametrize("problem", KNOWN)
def test_no_point_in_the_window_is_lower_than_the_optimum(problem):
    c = losses.certify(problem)
    z = losses.surface(problem, size=61).z
    assert c.loss <= z.min() + 1e-12 * (1 + abs(c.loss))
    assert c.loss == pytest.approx(float(problem.value(c.optimum)))


def is_flat(problem):
    """Return whether the optimum is proved otherwise than by its Hessian, as for a squared hinge of 0."""
    c = losses.certify(problem)
    return c.unique is not losses.YES and c.lowest is losses.YES


def is_strict(problem):
    return isinstance(problem, losses.TestFunction) or not is_flat(problem)


SMOOTH = [case for case in KNOWN if case.values[0].smooth]


@pytest.mark.parametrize("problem", [case for case in SMOOTH if is_strict(*case.values)])
def test_gradient_vanishes_and_hessian_is_positive_definite_at_the_optimum(problem):
    c = losses.certify(problem)
    hessian = problem.hessian(c.optimum)
    decrement = problem.gradient(c.optimum) @ np.linalg.solve(hessian, problem.gradient(c.optimum))
    assert 0 <= decrement <= 1e-10 * max(1.0, c.loss)
    assert np.linalg.eigvalsh(hessian)[0] > 0


@pytest.mark.parametrize("problem", [case for case in SMOOTH if not is_strict(*case.values)])
def test_minimum_that_is_not_unique_has_loss_0_and_no_condition_number(problem):
    """The squared hinge of separable data is 0 wherever all margins are large."""
    c = losses.certify(problem)
    assert c.loss == pytest.approx(0.0, abs=1e-20)
    assert np.abs(problem.gradient(c.optimum)).max() < 1e-10
    assert (c.exists, c.condition, c.best_rate) == (True, None, None)
    assert c.strong_convexity is None


@pytest.mark.parametrize("data", ["houses", "outlier", "norris", "anscombe3"])
def test_least_absolute_deviations_line_passes_through_two_points_and_no_neighbor_is_lower(data):
    p = losses.problem(data, "line", "mae")
    c = losses.certify(p)
    nudges = np.random.default_rng(0).normal(size=(2000, 2)) * [0.01, 1.0]
    assert (p.value(c.optimum + nudges) >= c.loss).all()
    points_on_line = np.isclose(p.example_losses(c.optimum), 0, atol=1e-9 * np.abs(p.y).max()).sum()
    assert points_on_line >= 2


def test_outlier_changes_the_line_of_squared_error_more_than_that_of_absolute():
    true_slope = 2.1
    slopes = {
        loss: losses.certify(losses.problem("outlier", "line", loss)).optimum[0] for loss in ("mse", "mae")
    }
    assert abs(slopes["mse"] - true_slope) > 3 * abs(slopes["mae"] - true_slope)


def test_logistic_optimum_equals_scikit_learns():
    data = losses.DATASETS["spam"]
    sklearn = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(data.inputs, data.y)
    c = losses.certify(losses.problem(data, "logistic", "bce"))
    assert c.optimum == pytest.approx([sklearn.coef_[0, 0], sklearn.intercept_[0]], rel=1e-4)
    assert c.exists
    assert c.unique


def test_separable_data_have_no_minimum():
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    separable = losses.Dataset("apart", x, (x > 0).astype(float), "binary")
    touching = losses.Dataset("touching", x, np.array([0.0, 0.0, 1.0, 0.0, 1.0]), "binary")
    assert losses.certify(losses.problem(separable, "logistic", "bce")).exists is losses.NO
    assert losses.certify(losses.problem(touching, "logistic", "bce")).exists is losses.YES


def test_quasi_separable_data_have_no_minimum():
    """Both classes share the input 0; all others are separated by it."""
    data = losses.Dataset("quasi", [-2.0, -1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0, 1.0], "binary")
    assert losses.certify(losses.problem(data, "logistic", "bce")).exists is losses.NO


def test_nonconvex_problem_has_local_scope():
    c = losses.certify(losses.problem("spam", "logistic", "mse", standardize=True))
    assert c.scope == "local"
    assert c.unique is not losses.YES
    assert c.lowest is not losses.YES


def test_himmelblau_has_four_minima_of_value_0():
    f = losses.test_function("himmelblau")
    for minimum in f.minima:
        assert f.value(minimum) == pytest.approx(f.lowest, abs=1e-20)
        assert np.abs(f.gradient(minimum)).max() < 1e-10
    assert losses.certify(f).loss == pytest.approx(0, abs=1e-20)


def exact_inverse(rows):
    """Return the inverse of a matrix of fractions, without rounding errors, by Gauss-Jordan elimination."""
    d = len(rows)
    work = [[*map(Fraction, row), *(Fraction(int(i == j)) for j in range(d))] for i, row in enumerate(rows)]
    for i in range(d):
        pivot = next(r for r in range(i, d) if work[r][i])
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [entry / work[i][i] for entry in work[i]]
        for r in range(d):
            if r != i:
                work[r] = [a - work[r][i] * b for a, b in zip(work[r], work[i], strict=True)]
    return [row[d:] for row in work]


def exact_least_squares(p):
    """Return the smallest Hessian eigenvalue of a least-squares problem and its minimizer, from fractions."""
    rows = [[*map(Fraction, row), Fraction(1)] for row in p.x.tolist()]
    d, n = len(rows[0]), len(rows)
    inverse = exact_inverse([[sum(row[i] * row[j] for row in rows) for j in range(d)] for i in range(d)])
    right = [sum(row[i] * Fraction(y) for row, y in zip(rows, p.y.tolist(), strict=True)) for i in range(d)]
    minimizer = [float(sum(a * b for a, b in zip(line, right, strict=True))) for line in inverse]
    return 2 / n / np.linalg.eigvalsh(np.array(inverse, dtype=float))[-1], np.array(minimizer)


FAR_AWAY = losses.Dataset(
    "far", 1e8 + np.array([1.0, 2.0, 3.0, 4.0, 5.0]), [1.0, 2.0, 3.0, 5.0, 4.0], "regression"
)
ERROR_POWERS = losses.Dataset(
    "powers",
    np.stack([np.arange(21.0) ** k for k in range(1, 6)], axis=1),
    np.random.default_rng(0).normal(size=21),
    "regression",
)


@pytest.mark.parametrize(
    "data", ["norris", "longley", FAR_AWAY, ERROR_POWERS], ids=lambda d: getattr(d, "key", d)
)
def test_ill_conditioned_least_squares_is_certified_to_many_digits(data):
    """In Longley's units κ is 10¹⁹: the Hessian's smallest eigenvalue is a rounding error."""
    p = losses.problem(data, "line", "mse")
    smallest_eigenvalue, minimizer = exact_least_squares(p)
    c = losses.certify(p)
    assert c.strong_convexity == pytest.approx(smallest_eigenvalue, rel=1e-6)
    assert c.condition == pytest.approx(c.lipschitz / smallest_eigenvalue, rel=1e-6)
    assert c.unique
    assert c.optimum == pytest.approx(minimizer, rel=1e-11)


@pytest.mark.parametrize("count", [2, 6], ids=["columns that depend on each other", "more inputs than rows"])
def test_rank_deficient_least_squares_is_not_unique(count):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4 if count == 6 else 12, count))
    if count == 2:
        x[:, 1] = -2.0 * x[:, 0]
    p = losses.problem(losses.Dataset("own", x, rng.normal(size=len(x)), "regression"), "linear", "mse")
    c = losses.certify(p)
    assert (c.exists, c.lowest, c.unique, c.condition) == (True, True, False, None)
    assert np.abs(p.gradient(c.optimum)).max() < 1e-12
    assert losses.descend(p, rate=0.5 * c.critical_rate, steps=4000).outcome.name == "CONVERGED"
    assert np.isfinite(losses.surface(p, size=5).z).all()


def test_inputs_that_depend_on_each_other_up_to_rounding_leave_the_lowest_loss_unknown():
    """As stored the inputs are independent, and huge weights, which no double holds, would fit better."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=12)
    data = losses.Dataset("own", np.column_stack([x, 0.3 * x - 1.0]), rng.normal(size=12), "regression")
    c = losses.certify(losses.problem(data, "linear", "mse"))
    assert (c.exists, c.lowest, c.unique) == (True, losses.UNKNOWN, losses.UNKNOWN)


@pytest.mark.parametrize("model", ["line", "saturation", "power", "neuron"])
def test_window_is_finite_if_all_targets_are_zero(model):
    p = losses.problem(losses.Dataset("nil", [1.0, 2.0, 3.0], [0.0, 0.0, 0.0], "regression"), model, "mse")
    assert np.isfinite(p.start).all()
    assert np.isfinite(losses.surface(p, size=5).z).all()


def test_boxbod_has_the_certified_saturation_curve():
    """NIST StRD BoxBOD, which is not in ``losses.reference_values``."""
    x, y = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0], [109.0, 149.0, 149.0, 191.0, 213.0, 224.0]
    p = losses.problem(losses.Dataset("boxbod", x, y, "regression"), "saturation", "mse")
    c = losses.certify(p)
    assert c.optimum == pytest.approx([213.80940889, 0.54723748542], rel=1e-9)
    assert 6 * c.loss == pytest.approx(1168.0088766, rel=1e-9)
    for start in ((1.0, 1.0), (100.0, 0.75)):
        assert newton(p, np.array(start), parameter_scales(p)) is not None


HALF = np.array([759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048])
WAMPLER = np.concatenate([HALF, HALF[-2::-1]])


@pytest.mark.parametrize(("name", "error"), [("1", 0), ("3", 1), ("4", 100), ("5", 10_000)])
def test_wampler_has_the_certified_coefficients(name, error):
    """NIST StRD Wampler 1, 3, 4, 5: polynomials of degree 5 with coefficients 1, and increasing noise."""
    x = np.arange(21.0)
    powers = np.stack([x**k for k in range(1, 6)], axis=1)
    y = 1.0 + powers.sum(axis=1) + error * WAMPLER
    c = losses.certify(losses.problem(losses.Dataset("wampler", powers, y, "regression"), "linear", "mse"))
    assert c.optimum == pytest.approx(np.ones(6), rel=1e-9)
    assert c.unique


@pytest.mark.parametrize(
    ("loss", "more"), [("huber", {}), ("huber", {"delta": 0.01}), ("huber", {"l2": 0.1}), ("logcosh", {})]
)
@pytest.mark.parametrize("data", ["longley", "stocks", FAR_AWAY], ids=lambda d: getattr(d, "key", d))
def test_gradient_of_robust_lines_in_extreme_units_vanishes(data, loss, more):
    """The gradient is taken for standardized inputs, in which rounding errors stay small."""
    p = losses.problem(data, "line", loss, **more)
    c = losses.certify(p)
    assert c.unique
    slopes = p.loss.slope(p.score(c.optimum), p.y)
    z = (p.x - p.x.mean(axis=0)) / p.x.std(axis=0)
    penalty_gradient = 2.0 * p.l2 * c.optimum[:-1] / p.x.std(axis=0)
    tolerance = 1e-7 * np.abs(slopes).mean() + np.spacing(np.abs(p.x * c.optimum[:-1]).max())
    assert np.abs(slopes @ z / len(z) + penalty_gradient).max() <= tolerance
    assert abs(slopes.mean()) <= tolerance


def test_loss_of_a_test_function_is_exact():
    assert losses.certify(losses.test_function("himmelblau")).loss == 0.0


SMALL = {
    "regression": ([0.5, 1.0, 2.0, 3.5, 4.0], [1.0, 3.0, 2.5, 4.0, 4.2]),
    "binary": ([0.5, 1.0, 2.0, 3.5, 4.0], [0, 1, 0, 1, 1]),
    "multiclass": ([0.0, 2.0, -2.0, 1.0, -2.0], [0, 1, 2, 0, 0]),
}
PENALIZED = [
    (task, model, loss, penalty)
    for task, (x, y) in SMALL.items()
    for model in losses.allowed_models(losses.Dataset("small", x, y, task))
    for loss in losses.allowed_losses(losses.Dataset("small", x, y, task), model)
    for penalty in ({"l1": 0.1}, {"l2": 0.1}, {"l1": 0.1, "l2": 0.01})
]


@pytest.mark.parametrize(("task", "model", "loss", "penalty"), covering(PENALIZED, of=2))
def test_no_point_is_lower_than_the_optimum_of_a_penalized_pairing(task, model, loss, penalty):
    more = {"width": 1} if model == "mlp" else {}
    p = losses.problem(losses.Dataset("small", *SMALL[task], task), model, loss, **penalty, **more)
    c = losses.certify(p)
    rng = np.random.default_rng(0)
    if c.optimum is not None:
        near = c.optimum + 1e-4 * p.reach * rng.normal(size=(200, p.dim))
        assert (p.value(near) >= c.loss * (1 - 1e-9)).all()
    if c.lowest is losses.YES:
        anywhere = p.start + p.reach * rng.normal(size=(2000, p.dim))
        assert (p.value(anywhere) >= c.loss * (1 - 1e-9)).all()


@pytest.mark.parametrize("loss", ["huber", "logcosh"])
@pytest.mark.parametrize("size", [1.0, 1e6, 1e9, 1e13])
def test_line_of_a_robust_loss_is_at_least_as_good_as_that_of_absolute_error(loss, size):
    """Far from the targets the loss has no curvature: where Newton's steps end there is no minimum."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=9)
    p = losses.problem(
        losses.Dataset("own", x, size * (x + rng.standard_t(2, size=9)), "regression"), "line", loss
    )
    c = losses.certify(p)
    absolute = losses.certify(losses.problem(p.data, "line", "mae"))
    assert c.exists
    assert c.lowest is losses.YES or size > 1e9
    assert c.loss is None or c.loss <= float(p.value(absolute.optimum)) * (1 + 1e-12)


@pytest.mark.parametrize(
    ("x", "y", "delta"),
    [
        ([-2.0, -1.0, 2.0, 1.0], [-2.0, 6.0, -4.0, -1.0], 1.0),
        ([1.0, 1.0, 1.0, -1.0, -1.0, 2.0, 0.0, -1.0], [-2.0, 2.0, 6.0, 3.0, 2.0, 4.0, -2.0, 4.0], 0.5),
        ([1.0, 2.0, -1.0, -1.0, 0.0, 2.0, -1.0, 2.0], [4.0, 6.0, -4.0, -2.0, 0.0, 1.0, -4.0, -2.0], 0.5),
        ([-1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0], [5.0, 4.0, -4.0, -6.0, 4.0, -2.0, -5.0, 5.0], 0.5),
    ],
)
def test_optimum_at_the_end_of_a_flat_region_is_not_unique(x, y, delta):
    """There the Huber loss is curved on one side, so that its Hessian is positive, and flat on the other."""
    p = losses.problem(losses.Dataset("own", x, y, "regression"), "line", "huber", delta=delta)
    c = losses.certify(p)
    angle = np.linspace(0.0, 2 * np.pi, 7201)
    on_circle = p.value(c.optimum + 1e-3 * np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    assert on_circle.min() == pytest.approx(c.loss, abs=1e-12)
    assert c.unique is not losses.YES


NONLINEAR = {
    "BoxBOD": (
        "saturation",
        [1, 2, 3, 5, 7, 10],
        [109, 149, 149, 191, 213, 224],
        [(1.0, 1.0), (100.0, 0.75)],
        (213.80940889, 0.54723748542),
    ),
    "DanWood": (
        "power",
        [1.309, 1.471, 1.490, 1.565, 1.611, 1.680],
        [2.138, 3.421, 3.597, 4.340, 4.882, 5.660],
        [(1.0, 5.0), (0.7, 4.0)],
        (0.76886226176, 3.8604055871),
    ),
}
"""NIST StRD: model, data, both published starts, certified parameters."""


@pytest.mark.parametrize("name", NONLINEAR)
def test_nist_curves_have_the_certified_parameters_from_both_published_starts(name):
    model, x, y, starts, published = NONLINEAR[name]
    p = losses.problem(losses.Dataset(name, x, y, "regression"), model, "mse")
    for start in (None, *starts):
        optimum = losses.certify(p, start=start).optimum
        assert (-np.log10(np.abs(optimum / published - 1.0)) >= 10.5).all()
