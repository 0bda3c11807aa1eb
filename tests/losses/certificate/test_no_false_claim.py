"""Examples of claims that certificates once made falsely, by kind, and of claims that they failed to make."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize

import losses
from losses.core.ternary import YES
from tests.support.false_claims import false_claims, feasible_exactly, fewer_mistakes
from tools.support.case_selection import covering


def linear(x, y, loss, task="regression", **settings):
    """Return the problem of a linear model on some data."""
    model = {"regression": "linear", "binary": "logistic"}[task]
    return losses.problem(losses.Dataset("own", x, y, task), model, loss, **settings)


# Lowest losses that are not.


@pytest.mark.parametrize(
    ("loss", "seed"), covering(product(["mse", "mae", "huber", "logcosh", "quantile"], range(4)))
)
def test_a_copy_of_an_input_in_single_precision(loss, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=20)
    y = x + rng.standard_t(2, size=20)
    p = linear(np.column_stack([x, x.astype(np.float32)]), y, loss)
    assert losses.certify(p).lowest is losses.YES
    assert false_claims(p) == []


@pytest.mark.parametrize(
    ("loss", "seed"), covering(product(["bce", "squared_hinge", "exponential", "hinge"], range(3)))
)
def test_a_copy_of_an_input_in_single_precision_for_classes(loss, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=20)
    y = (x + 2.0 * rng.normal(size=20) > 0) * 1.0
    p = linear(np.column_stack([x, x.astype(np.float32)]), y, loss, "binary")
    assert false_claims(p) == []
    assert losses.certify(p).exists is losses.YES


@pytest.mark.parametrize("loss", ["exponential", "bce", "squared_hinge", "hinge"])
def test_an_outlier_beside_which_all_other_examples_look_alike(loss):
    x = [437065100.8559059, 0.8216181435011584, 0.33043707618338714]
    assert false_claims(linear(x, [0.0, 0.0, 1.0], loss, "binary", l1=0.1)) == []


@pytest.mark.parametrize("text", ["sqrt(1 + r**2) - 1", "exp(r) - r - 1", "r*tanh(r) + log(1 + r**2) - r**2"])
def test_a_loss_of_errors_so_small_that_its_formula_loses_digits(text):
    x = [0.34558419, 0.82161814, 0.33043708, -1.30315723]
    y = [6.45266568e-06, -1.92365494e-07, 7.69865289e-06, -5.40783470e-06]
    p = linear(x, y, losses.own_loss(text))
    assert false_claims(p) == []
    assert losses.certify(p).lowest is (losses.YES if "sqrt" in text else losses.UNKNOWN)


@pytest.mark.parametrize("text", ["exp(r) - r", "exp(r) - r - 1"])
def test_losses_beyond_float64_on_the_way_to_the_optimum(text):
    p = linear([[1, 2], [-2, 0], [1, -2], [3, 0]], [2e3, 1e3, -4e3, 7e3], losses.own_loss(text), l2=1e-6)
    assert losses.certify(p).lowest is losses.YES
    assert false_claims(p) == []


@pytest.mark.parametrize("loss", ["mse", "huber", "logcosh"])
def test_a_loss_that_rounding_the_scores_makes_too_low(loss):
    certificates = [
        losses.certify(linear(offset + np.arange(5.0), [1, 3, 2, 5, 4], loss)) for offset in (0.0, 1e9, 1e13)
    ]
    assert [c.lowest for c in certificates] == [losses.YES, losses.YES, losses.UNKNOWN]
    assert certificates[1].loss == pytest.approx(certificates[0].loss, rel=1e-6)


@pytest.mark.parametrize("text", ["abs(r) - 0.5*abs(r) + r", "max(0, r) - 0.5*max(0, r)"])
@pytest.mark.parametrize("targets", [[1, 0, 3, 2, 5], [1, 3, 5, 7, 9]])
def test_a_loss_of_two_lines_that_do_not_rise_on_both_sides(text, targets):
    p = linear(np.arange(5.0), targets, losses.own_loss(text))
    assert false_claims(p) == []
    assert losses.certify(p).unique is not losses.YES


def test_weights_of_examples_beyond_float64_are_no_error():
    p = losses.problem("norris", "line", losses.own_loss("sqrt(1 + r**2*1e308)"), standardize=True)
    assert losses.certify(p).critical_rate is None


# Unique minimizers that are not.

ONE_SIDED = [
    "max(0, r)**2",
    "max(0, abs(r) - 0.3)**2",
    "max(0, r - 1)**2 + max(0, -r - 1)**2",
    "max(0, -r)**3",
]


@pytest.mark.parametrize("text", ONE_SIDED)
@pytest.mark.parametrize("data", ["norris", "houses", "anscombe1", "outlier"])
def test_flat_regions_of_own_losses(text, data):
    p = losses.problem(data, "line", losses.own_loss(text), standardize=True)
    c = losses.certify(p)
    if c.unique is losses.YES:
        assert false_claims(p) == []
        assert c.loss > 1e-9
    zero = minimize(p.value, np.zeros(2), jac=p.gradient, method="BFGS").fun < 1e-12
    assert not (zero and c.unique is losses.YES)


def test_strict_own_losses_are_unique():
    p = losses.problem("houses", "line", losses.own_loss("sqrt(1 + r**2) - 1"), standardize=True)
    assert losses.certify(p).unique is losses.YES


def test_curvature_is_none_rather_than_zero_where_it_is_too_small_to_tell():
    rng = np.random.default_rng(0)
    x = rng.normal(size=30)
    c = losses.certify(linear(np.column_stack([x, x + 1e-14 * rng.normal(size=30)]), x, "mse"))
    assert c.strong_convexity is None
    assert c.unique is not losses.YES


TWO_LINES = [[-1.0, -1.0, 1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]]


@pytest.mark.parametrize("outlier", [5.0, 1e9, 1e12])
@pytest.mark.parametrize("text", ["abs(r)", "max(0, abs(r) - 0.1)"])
def test_lines_that_are_equally_good_beside_heavy_outliers(text, outlier):
    inputs, targets = TWO_LINES
    p = linear(inputs, [*targets, outlier, -outlier], losses.own_loss(text))
    c = losses.certify(p)
    assert c.lowest is losses.YES
    assert c.unique is (losses.NO if text == "abs(r)" else losses.UNKNOWN)


@pytest.mark.parametrize(("loss", "unique"), [("mae", losses.NO), ("quantile", losses.UNKNOWN)])
def test_a_tie_is_not_broken_by_the_rounding_of_a_setting(loss, unique):
    assert losses.certify(losses.problem("anscombe4", "line", loss)).unique is unique


@pytest.mark.parametrize("text", ["r**4", "abs(r)**3"])
def test_a_curvature_that_vanishes_at_a_perfect_fit_is_not_known(text):
    c = losses.certify(linear(np.arange(5.0), 2 * np.arange(5.0) + 1, losses.own_loss(text)))
    assert (c.critical_rate, c.strong_convexity, c.condition) == (None, None, None)
    assert c.lowest is losses.YES


# Separability decided by rounding.


def test_classes_that_an_outlier_makes_hard_to_tell_apart():
    p = linear([0.0, 5.00, 5.01, 1e8], [0.0, 1.0, 0.0, 1.0], "bce", "binary")
    c = losses.certify(p)
    assert (c.exists, c.lowest) == (True, True)
    assert c.optimum == pytest.approx([1.37908, -6.90431], rel=1e-5)
    assert c.loss == pytest.approx(0.348551, rel=1e-5)


@pytest.mark.parametrize("gap", [1e-12, 1e-10, 1e-6])
@pytest.mark.parametrize("loss", ["bce", "exponential"])
def test_classes_that_a_tiny_difference_of_inputs_separates(gap, loss):
    t, y = np.array([0.3, -1.2, 0.7, 2.2, -0.4, 1.1]), np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    p = linear(np.column_stack([t, t + gap * y]), y, loss, "binary")
    assert losses.certify(p).exists is not losses.YES
    assert losses.certify(p).lowest is not losses.YES or losses.certify(p).loss == 0.0


@pytest.mark.parametrize("loss", ["bce", "exponential", "mae", "focal", "zero_one"])
@pytest.mark.parametrize("factor", [0.1, 1 / 3])
def test_inputs_that_depend_on_each_other_up_to_rounding_may_separate_classes(loss, factor):
    x = np.arange(4.0)
    p = linear(np.column_stack([factor * x, 0.3 * x]), [0, 1, 0, 1], loss, "binary")
    assert false_claims(p) == []


NEARLY_ON_A_LINE = (
    (
        [
            [0.0, 4.2986369482223e-14],
            [1, 1.0000000000000695],
            [2, 1.9999999999998817],
            [3, 2.999999999999934],
        ],
        0,
    ),
    ([[1.0, -5.0], [1.7, -4.7], [2.4, -4.4], [3.0999999999999996, -4.1]], 0),
    ([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], 1),
)


@pytest.mark.parametrize(("x", "fewest"), NEARLY_ON_A_LINE)
def test_a_line_that_rounding_hides_may_make_fewer_mistakes(x, fewest):
    p = linear(x, [1, 1, 0, 1], "zero_one", "binary")
    c = losses.certify(p)
    assert (fewer_mistakes(p, 1) is None) == bool(fewest)
    assert c.loss == 0.25
    assert c.lowest is (losses.YES if fewest else losses.UNKNOWN)
    assert false_claims(linear(x, [1, 1, 0, 1], "mae", "binary")) == []


def test_different_inputs_that_standardizing_makes_equal():
    x, y = [0.0, 1e-20, 1.0, 2.0], [0, 1, 1, 1]
    assert losses.certify(linear(x, y, "bce", "binary")).exists is losses.NO
    assert losses.certify(linear(x, y, "bce", "binary", standardize=True)).exists is losses.UNKNOWN
    assert losses.certify(linear(x, y, "zero_one", "binary", standardize=True)).lowest is losses.UNKNOWN


@pytest.mark.parametrize("y", [[0, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1], [1, 0, 1, 1, 0, 1]])
@pytest.mark.parametrize("step", [1e-16, 1e-9, 1.0])
def test_order_decides_for_one_input(y, step):
    x = 1.0 + step * np.array([0.0, 3.0, 6.0, 9.0, 12.0, 15.0])
    x[0] = 0.0
    p = linear(x, y, "bce", "binary")
    rows = np.column_stack([x, np.ones(6)]) * np.where(p.y > 0.5, 1.0, -1.0)[:, None]
    assert losses.certify(p).exists == (not feasible_exactly(rows.tolist(), strict=False))


# Curvature without bound.


def test_the_curvature_beside_a_heavy_outlier_is_that_at_the_optimum():
    p = linear([0.0, 5.00, 5.01, 1e8], [0.0, 1.0, 0.0, 1.0], "bce", "binary")
    c = losses.certify(p)
    values = np.linalg.eigvalsh(p.hessian(c.optimum))
    assert c.strong_convexity == pytest.approx(values[0], rel=1e-6)
    assert c.condition == pytest.approx(values[-1] / values[0], rel=1e-6)


def test_infinite_curvature_has_no_critical_rate():
    """The best line of |r|^1.5 passes through the middle of three points, where its curvature is infinite."""
    p = losses.problem(
        losses.Dataset("own", [-1.0, 0.0, 1.0], [1.0, 0.0, -1.0], "regression"),
        "line",
        losses.own_loss("abs(r)**1.5"),
    )
    c = losses.certify(p)
    assert (c.lipschitz, c.critical_rate, c.best_rate) == (None, None, None)
    away = losses.certify(losses.problem("houses", "line", losses.own_loss("abs(r)**1.5"), standardize=True))
    assert away.optimum is not None


def test_curvature_at_a_jump_is_that_of_the_steeper_side():
    """At the optimum, y = 0, one example lies at the jump of 2 max(0, r)² + max(0, −r)²/2."""
    data = losses.Dataset("own", [-1.0, -1.0, 0.0, 1.0, 1.0], [-1.0, 4.0, 0.0, -1.0, 4.0], "regression")
    p = losses.problem(data, "line", losses.own_loss("2*max(0, r)**2 + 0.5*max(0, -r)**2"))
    c = losses.certify(p)
    assert c.optimum == pytest.approx([0.0, 0.0], abs=1e-9)
    sides = [np.linalg.eigvalsh(p.hessian(c.optimum + np.array([0.0, side])))[-1] for side in (-1e-6, 1e-6)]
    assert c.lipschitz >= max(sides) - 1e-9


def test_no_rate_is_critical_where_the_curvature_jumps():
    """At a perfect fit of max(0, r)² rates above 2/L of the steeper side come to rest all the same."""
    rng = np.random.default_rng(23)
    x = rng.normal(size=int(rng.integers(4, 30))) * 10 ** rng.uniform(-2, 2)
    y = rng.normal() * x + rng.normal() + rng.normal(size=len(x)) * rng.uniform(0, 1)
    data, loss = losses.Dataset("own", x, y, "regression"), losses.own_loss("max(0,r)**2")
    c = losses.certify(losses.problem(data, "neuron", loss, standardize=True))
    assert (c.exists, c.loss) == (losses.YES, 0.0)
    assert (c.critical_rate, c.condition, c.strong_convexity) == (None, None, None)


@pytest.mark.parametrize("text", ["r**4", "abs(r)**1.5", "r**6 + r**4"])
def test_a_strictly_convex_loss_has_one_minimizer_at_a_perfect_fit(text):
    """Its curvature there is 0, or has no bound, so that the Hessian tells nothing."""
    x = np.arange(6.0)
    assert losses.certify(linear(x, 2 * x + 1, losses.own_loss(text))).unique is losses.YES
    copies = np.stack([x, x], axis=1)
    assert losses.certify(linear(copies, 2 * x + 1, losses.own_loss(text))).unique is not losses.YES


def test_a_loss_that_is_straight_but_for_rounding_has_no_minimizer_that_is_known_to_be_the_only_one():
    p = linear([2.0, 3.0, 3.0], [-3.0, 1022127.76, 2.0], losses.LOSSES["logcosh"])
    assert losses.certify(p).unique is losses.UNKNOWN


# What is known without finding the minimum.


@pytest.mark.parametrize(
    ("x", "y", "loss"),
    [
        ([-1.5e-6, 5.4e-7, -1.1e-6, -6.8e-8], [-2073.0, -313.0, 569.0, -656.0], "logcosh"),
        ([0.0, 2.0, -3.0, 2.0], [-2e5, 4e5, -3e5, 3e5], losses.own_loss("sqrt(1 + r**2) - 1")),
    ],
)
def test_a_penalized_loss_without_a_rise_beside_its_minimizer_has_no_known_least_curvature(x, y, loss):
    certificate = losses.certify(linear(np.array(x)[:, None], np.array(y), loss, l2=0.1, standardize=False))
    assert certificate.unique is losses.UNKNOWN
    assert certificate.strong_convexity is certificate.condition is certificate.best_rate is None


@pytest.mark.parametrize("model", ["saturation", "power", "neuron"])
@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
@pytest.mark.parametrize("penalty", [{"l2": 0.01}, {"l1": 0.01}])
def test_penalized_curves_have_a_minimum(model, loss, penalty):
    assert losses.certify(losses.problem("norris", model, loss, **penalty)).exists is losses.YES


@pytest.mark.parametrize("loss", ["mse", "focal", "bce", "hinge", "squared_hinge", "exponential"])
@pytest.mark.parametrize("penalty", [{"l2": 0.01}, {"l1": 0.01}])
def test_penalized_classes_have_a_minimum(loss, penalty):
    assert losses.certify(losses.problem("separable", "logistic", loss, **penalty)).exists is losses.YES


@pytest.mark.parametrize("text", ["exp(r)", "softplus(r)", "1/(1 + exp(-r))", "-p", "tanh(r)"])
@pytest.mark.parametrize("model", ["line", "mlp"])
def test_losses_with_a_slope_of_one_sign_have_no_minimum(text, model):
    c = losses.certify(losses.problem("houses", model, losses.own_loss(text), standardize=True, l2=0.1))
    assert (c.exists, c.unique, c.optimum) == (False, False, None)


SQUARE = ([[0.0, 0.0], [2.0, 0.0], [4.0, 2.0], [5.0, 0.0]], [0.0, 0.0, 1.0, 1.0])


@pytest.mark.parametrize("l2", [0.01, 0.1, 1.0])
def test_a_support_vector_machine_of_four_points(l2):
    p = linear(*SQUARE, "hinge", "binary", l2=l2)
    assert losses.certify(p).lowest is losses.YES
    assert false_claims(p) == []


INTEGER_CASES = product(
    ["hinge", "mae", "quantile"], [{"l2": 0.1}, {"l2": 1e-3}, {"l1": 0.1, "l2": 0.1}], range(4)
)


@pytest.mark.parametrize(("loss", "penalty", "seed"), covering(INTEGER_CASES, of=2))
def test_degenerate_integer_data_with_a_penalty(loss, penalty, seed):
    task = "binary" if loss == "hinge" else "regression"
    rng = np.random.default_rng(seed)
    x = rng.integers(-2, 3, size=(8, 2)).astype(float)
    y = rng.integers(0, 2, size=8) if task == "binary" else rng.integers(-3, 4, size=8)
    x[0], y[:2] = [3.0, -3.0], [0, 1]
    p = linear(x, y.astype(float), loss, task, **penalty)
    assert losses.certify(p).lowest is losses.YES
    assert false_claims(p) == []


def test_the_share_of_mistakes_with_a_penalty():
    """Smaller weights of the same rule cost less, so the fewest mistakes are approached, never reached."""
    p = losses.problem("separable", "logistic", "zero_one", l2=0.1)
    c = losses.certify(p)
    assert (c.exists, c.lowest, c.loss) == (losses.UNKNOWN, True, 0.0)
    rule = losses.certify(losses.problem("separable", "logistic", "zero_one")).optimum
    assert 0.0 < float(p.value(1e-6 * rule)) < 1e-6
    coin = losses.Dataset("coin", [0.0, 0.0, 0.0, 1.0, 1.0, 1.0], [0, 1, 1, 0, 1, 1], "binary")
    best = losses.certify(losses.problem(coin, "logistic", "zero_one", l2=0.1))
    assert (best.exists, best.lowest, best.unique) == (True, True, False)
    assert best.loss == pytest.approx(1 / 3)


def line_problem(inputs, targets, formula, **penalty):
    """Return the problem of a line, or plane, through data with an own loss."""
    names = tuple(f"x{i}" for i in range(np.shape(inputs)[1]))
    data = losses.Dataset(
        key="wild",
        x=np.array(inputs, dtype=float),
        y=np.array(targets, dtype=float),
        task="regression",
        name="wild",
        input_names=names,
        target_name="y",
    )
    return losses.problem(data, "linear", losses.own_loss(formula), standardize=False, **penalty)


def test_a_loss_beyond_all_measure_at_zero_hides_no_slope():
    inputs = [[0.12573022], [-0.13210486], [0.64042265], [0.10490012], [-0.53566937]]
    targets = [135.52908181, 84.29248591, -34.21401809, -122.66890146, -97.07366428]
    p = line_problem(inputs, targets, "exp(r)-r")
    c = losses.certify(p)
    if c.lowest == YES:
        assert np.abs(p.gradient(c.optimum)).max() < 1e-6
        assert c.loss == pytest.approx(p.value(c.optimum))
    assert c.optimum is None or c.loss < 1000.0


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        (
            [[2, 3], [2, 3], [1, 1], [2, 3], [3, 5], [3, 5], [2, 3], [1, 1], [0, -1], [1, 1]],
            [-3, -1, 1, 5, 3, 0, -1, -1, 0, 2],
        ),
        (
            [[-3, -7], [-1, -3], [-3, -7], [0, -1], [-2, -5], [2, 3], [-3, -7], [3, 5], [2, 3], [3, 5]],
            [2, 2, -1, 4, 8, 2, 1, -1, 5, -2],
        ),
    ],
)
def test_a_curvature_without_a_bound_proves_no_lowest_loss(inputs, targets):
    p = line_problem(inputs, targets, "abs(r)**1.5", l1=0.01, l2=0.01)
    c = losses.certify(p)
    assert c.lowest != YES or c.loss <= p.value(np.array([0.0715799, 0.03578995, 0.06126012])) + 1e-6


# Kinks of losses that are curved between them, and losses that are flat on one side.


KINKED = ["abs(r) + r**2", "exp(abs(r)/4)", "where(r > 0, r + r**2, -3*r)", "abs(r) + max(r - 1, 0)**2"]
FLAT = ["max(0, r)**2", "where(r > 0, r**2, 0)", "min(0, r)**2", "max(0, min(r, 1))"]
PENALTIES = [{}, {"l1": 0.1}, {"l2": 0.1}]


@pytest.mark.parametrize(("text", "penalty"), covering(product(KINKED, PENALTIES)))
def test_losses_with_kinks_and_curvature_are_certified(text, penalty):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(9, 2))
    p = linear(x, x @ [1.0, -2.0] + rng.standard_t(2, size=9), losses.own_loss(text), **penalty)
    c = losses.certify(p)
    assert (c.lowest, c.unique) == (losses.YES, losses.YES)
    assert false_claims(p) == []


@pytest.mark.parametrize(("text", "penalty"), covering(product(FLAT, PENALTIES)))
def test_losses_that_are_flat_on_one_side_have_many_minimizers(text, penalty):
    x, y = [437065101.0, 0.821618144, 0.330437076], [137.24895431, 0.35793082, 0.14138511]
    p = linear(x, y, losses.own_loss(text), **penalty)
    c = losses.certify(p)
    assert (c.loss, c.exists, c.lowest, c.unique) == (0.0, losses.YES, losses.YES, losses.NO)
    assert c.strong_convexity is None
    assert false_claims(p) == []


@pytest.mark.parametrize(
    ("text", "infimum"), [("softplus(r)", 0.0), ("exp(-r) + 3", 3.0), ("r", None), ("-sigmoid(r)", -1.0)]
)
def test_the_infimum_of_a_loss_that_falls_for_ever_is_its_floor(text, infimum):
    c = losses.certify(linear([1, 2, 3, 4], [1, 3, 2, 5], losses.own_loss(text), l2=0.1))
    assert (c.exists, c.loss) == (losses.NO, infimum)
    assert c.lowest is (losses.UNKNOWN if infimum is None else losses.YES)


def test_a_loss_that_only_rounds_to_its_floor_has_no_minimum_there():
    p = linear([1, 2, 3, 4], [1, 3, 2, 5], losses.own_loss("exp(-r) + max(0, -r)"))
    assert losses.certify(p).exists is not losses.YES


@pytest.mark.parametrize(
    ("text", "x", "y", "way_down"),
    [
        ("exp(p)-p*y", [-1, 0, -1], [0, 2, 0], (1, 0)),
        ("log(1+exp(p))-y*p", [-2, 0, 0, -3], [1, 1, 0, 1], (-1, 0)),
        ("softplus(p)-p*y", [2, 2, -3, 2], [1, 0, 1, 0], (-1, 2)),
        ("sqrt(1+p**2)-p*y", [-1, -3, -3], [-1, 0.5, -1], (-1, -3)),
        ("exp(p)-p*y", [[0, -1], [0, -3], [1, -2]], [0, 0, 1], (1, 0, -1)),
        (
            "log(1+exp(p))-y*p",
            [[-2, -3], [-2, 0], [-3, -3], [-1, 0], [-3, -1], [0, 2], [1, 0]],
            [0, 1, 0, 0, 0, 0, 0],
            (-1, 1, -2),
        ),
    ],
)
def test_no_minimum_is_claimed_where_a_loss_of_predictions_falls_for_ever(text, x, y, way_down):
    """Along a direction the losses of some examples fall for ever and those of the others stay."""
    p = linear(np.array(x, dtype=float), y, losses.own_loss(text))
    values = p.value(np.outer(np.arange(0.0, 3.0, 0.5), way_down))
    assert (np.diff(values) < 0.0).all()
    certificate = losses.certify(p)
    assert (certificate.exists is losses.YES, certificate.optimum) == (False, None)


def test_a_minimum_of_a_loss_of_predictions_around_which_it_rises():
    p = linear([-1.0, 0.0, 1.0, 2.0], [0.0, 2.0, 1.0, 1.0], losses.own_loss("exp(p)-p*y"))
    certificate = losses.certify(p)
    assert (certificate.exists, certificate.lowest, certificate.unique) == (losses.YES,) * 3
    # The equations of a Poisson regression: residuals are orthogonal to the inputs.
    residuals = np.exp(p.score(certificate.optimum)) - p.y
    assert [residuals.sum(), residuals @ p.x[:, 0]] == pytest.approx([0.0, 0.0], abs=1e-9)
