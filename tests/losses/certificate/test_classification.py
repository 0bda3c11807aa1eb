"""Losses of classes that have no minimum, and their infima."""

import numpy as np
import pytest
from scipy.optimize import minimize

import losses
from losses.certificate import separator_search
from losses.certificate.separator_search import find_separator, separates

X = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
SEPARABLE = losses.Dataset("apart", X, (X > 0) * 1.0, "binary")
TOUCHING = losses.Dataset("touching", [-2.0, -1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0, 1.0], "binary")
MIXED = losses.Dataset("mixed", X, np.array([0.0, 1.0, 0.0, 1.0, 1.0]), "binary")
VANISHING = ("mse", "mae", "bce", "focal", "exponential")


@pytest.mark.parametrize("loss", VANISHING)
def test_separable_data_have_no_minimum_and_infimum_0(loss):
    c = losses.certify(losses.problem(SEPARABLE, "logistic", loss))
    assert (c.exists, c.loss, c.lowest) == (False, 0.0, True)


@pytest.mark.parametrize("loss", VANISHING)
def test_partly_separable_data_have_no_minimum(loss):
    c = losses.certify(losses.problem(TOUCHING, "logistic", loss))
    assert c.exists is losses.NO
    assert c.loss == (pytest.approx(0.2) if loss == "mae" else None)


@pytest.mark.parametrize("loss", ["mse", "bce", "focal", "exponential"])
def test_mixed_data_have_a_minimum(loss):
    assert losses.certify(losses.problem(MIXED, "logistic", loss)).exists is losses.YES


@pytest.mark.parametrize("loss", VANISHING)
@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_separable_data_with_a_penalty_may_have_a_minimum(loss, penalty):
    assert (
        losses.certify(losses.problem(SEPARABLE, "logistic", loss, **{penalty: 0.01})).exists is not losses.NO
    )


@pytest.mark.parametrize("data", ["spam", "moons", "circles", "xor", "tumors"])
def test_infimum_of_absolute_error_is_the_fewest_mistakes(data):
    p = losses.problem(data, "logistic", "mae", standardize=True)
    c = losses.certify(p)
    assert (c.exists, c.lowest) == (False, True)
    rule = losses.certify(losses.problem(data, "logistic", "zero_one", standardize=True)).optimum
    assert p.value(1e6 * rule) == pytest.approx(c.loss, abs=1e-6)
    for start in np.random.default_rng(0).normal(0, 3, size=(5, p.dim)):
        assert minimize(p.value, start, jac=p.gradient).fun > c.loss


def test_absolute_error_has_a_minimum_if_no_rule_is_better_than_chance():
    """Half of the examples are wrong for every rule, and the loss is 1/2 everywhere."""
    data = losses.Dataset("coin", [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0], "binary")
    p = losses.problem(data, "logistic", "mae")
    assert losses.certify(p).exists is not losses.NO
    assert p.value((0.0, 0.0)) == 0.5 == losses.certify(losses.problem(data, "logistic", "zero_one")).loss


@pytest.mark.parametrize("relu", [0, 1])
@pytest.mark.parametrize("loss", [*VANISHING, "hinge", "squared_hinge", "zero_one"])
def test_network_with_a_separator_has_infimum_or_minimum_0(loss, relu):
    p = losses.problem("moons", "mlp", loss, relu=relu, width=6)
    theta = find_separator(p)
    assert separates(p, p.score(theta))
    c = losses.certify(p)
    has_minimum = loss in ("hinge", "squared_hinge", "zero_one")
    assert (c.exists, c.loss, c.lowest) == (has_minimum, 0.0, True)
    if has_minimum:
        assert p.value(c.optimum) == 0.0
    else:
        with_large_output = theta * np.where([name[0] in "vc" for name in p.parameters], 1e6, 1.0)
        assert p.value(with_large_output) < 1e-3


def test_network_without_a_separator_is_unknown():
    double = losses.Dataset("double", [0.0, 0.0, 1.0], [0.0, 1.0, 1.0], "binary")
    assert losses.certify(losses.problem(double, "mlp", "bce")).exists is losses.UNKNOWN


@pytest.mark.parametrize("loss", ["cce", "mse"])
def test_digits_are_separable_by_softmax_regression(loss):
    p = losses.problem("digits", "softmax", loss)
    theta = find_separator(p)
    assert (p.score(theta).argmax(axis=-1) == p.y).all()
    c = losses.certify(p)
    assert (c.exists, c.loss) == (False, 0.0)
    assert p.value(1e3 * theta) < 1e-2
    assert losses.certify(losses.problem("digits", "softmax", "cce", l2=0.1)).exists is losses.YES


def test_separator_of_two_classes_is_found_among_many_inputs():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 70))
    y = (x @ rng.normal(size=70) > 0.2) * 1.0
    p = losses.problem(losses.Dataset("wide", x, y, "binary"), "logistic", "bce")
    theta = find_separator(p)
    assert ((2 * y - 1) * p.score(theta) > 0).all()
    assert losses.certify(p).exists is losses.NO


def test_partly_separable_classes_leave_squared_error_unknown():
    """Cross-entropy of iris, separable in part, has no minimum; squared error may rise with a margin."""
    assert losses.certify(losses.problem("iris", "softmax", "cce")).exists is losses.NO
    assert losses.certify(losses.problem("iris", "softmax", "mse")).exists is losses.UNKNOWN


def test_scores_separate_if_every_margin_is_surely_positive():
    two = losses.problem(MIXED, "logistic", "bce")
    sides = 2.0 * two.y - 1.0
    assert separates(two, sides * [1.0, 2.0, 3.0, 1e-9, 5.0])
    assert not separates(two, sides * [1.0, 2.0, 3.0, 0.0, 5.0])
    assert not separates(two, sides * [1.0, 2.0, 3.0, -1.0, 5.0])
    assert not separates(two, sides * [1.0, 2.0, 3.0, 1e-9, 1e6]), "1e-9 may be a rounding error beside 10⁶"
    assert not separates(two, sides * 1e-11)
    three = losses.problem(
        losses.Dataset("three", X, [0.0, 1.0, 2.0, 0.0, 1.0], "multiclass"), "softmax", "cce"
    )
    z = np.eye(3)[[0, 1, 2, 0, 1]] + [[5.0], [-5.0], [0.0], [0.5], [1.0]]
    assert separates(three, z)
    z[3, 2] = 1.5
    assert not separates(three, z)


@pytest.mark.parametrize(("data", "model"), [("digits", "softmax"), ("moons", "mlp")])
def test_a_problem_too_large_to_search_has_no_known_separator(data, model, monkeypatch):
    p = losses.problem(data, model, "cce" if data == "digits" else "bce")
    assert find_separator(p) is not None
    monkeypatch.setattr(separator_search, "MAX_MULTIPLICATIONS", 1e4)
    assert find_separator(p) is None


def test_the_share_of_mistakes_with_a_penalty_is_that_of_one_class_if_no_rule_is_better():
    """A rule without weights is free; any other that makes as few mistakes costs more."""
    alternating = losses.Dataset("own", [1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 0.0, 1.0, 0.0, 1.0], "binary")
    opposite = losses.Dataset("own", [1.0, 1.0, 2.0], [0.0, 1.0, 0.0], "binary")
    better = losses.certify(losses.problem(alternating, "logistic", "zero_one", l2=0.1))
    assert (better.exists, better.loss) == (losses.YES, pytest.approx(0.4))
    alike = losses.problem(opposite, "logistic", "zero_one", l2=0.1)
    c = losses.certify(alike)
    assert (c.exists, c.lowest, c.loss) == (losses.YES, losses.YES, pytest.approx(1.0 / 3.0))
    assert alike.score(c.optimum).max() < 0.0
    apart = losses.certify(losses.problem(SEPARABLE, "logistic", "zero_one", l2=0.1))
    assert (apart.exists, apart.loss, apart.lowest) == (losses.UNKNOWN, 0.0, losses.YES)
