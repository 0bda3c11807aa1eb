"""Losses of a class that fall for ever, and what they fall to."""

import numpy as np
import pytest
from scipy.optimize import minimize

import losses
from losses.certificate.separator_search import find_separator, separates

X = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
APART = losses.Dataset("apart", X, (X > 0) * 1.0, "binary")
TOUCHING = losses.Dataset("touching", [-2.0, -1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0, 1.0], "binary")
MIXED = losses.Dataset("mixed", X, np.array([0.0, 1.0, 0.0, 1.0, 1.0]), "binary")
FALLING = ("mse", "mae", "bce", "focal", "exponential")


@pytest.mark.parametrize("loss", FALLING)
def test_data_apart_leave_no_minimum(loss):
    c = losses.certify(losses.problem(APART, "logistic", loss))
    assert (c.exists, c.loss, c.lowest) == (False, 0.0, True)


@pytest.mark.parametrize("loss", FALLING)
def test_data_apart_in_part_leave_no_minimum(loss):
    c = losses.certify(losses.problem(TOUCHING, "logistic", loss))
    assert c.exists is False
    assert c.loss == (pytest.approx(0.2) if loss == "mae" else None)


@pytest.mark.parametrize("loss", ["mse", "bce", "focal", "exponential"])
def test_mixed_data_have_a_minimum(loss):
    assert losses.certify(losses.problem(MIXED, "logistic", loss)).exists is True


@pytest.mark.parametrize("loss", FALLING)
@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_penalty_ends_the_fall(loss, penalty):
    assert losses.certify(losses.problem(APART, "logistic", loss, **{penalty: 0.01})).exists is not False


@pytest.mark.parametrize("data", ["spam", "moons", "circles", "xor", "tumors"])
def test_the_absolute_error_of_a_probability_comes_near_the_fewest_mistakes_and_never_lower(data):
    p = losses.problem(data, "logistic", "mae", standardize=True)
    c = losses.certify(p)
    assert (c.exists, c.lowest) == (False, True)
    rule = losses.certify(losses.problem(data, "logistic", "zero_one", standardize=True)).optimum
    assert p.value(1e6 * rule) == pytest.approx(c.loss, abs=1e-6)
    for start in np.random.default_rng(0).normal(0, 3, size=(5, p.dim)):
        assert minimize(p.value, start, jac=p.gradient).fun > c.loss


def test_an_absolute_error_that_no_line_can_lower_has_its_minimum_in_the_middle():
    """Where no rule is better than a coin the mean of the two ways to be wrong is as low as anything."""
    data = losses.Dataset("coin", [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0], "binary")
    p = losses.problem(data, "logistic", "mae")
    assert losses.certify(p).exists is not False
    assert p.value((0.0, 0.0)) == 0.5 == losses.certify(losses.problem(data, "logistic", "zero_one")).loss


@pytest.mark.parametrize("relu", [0, 1])
@pytest.mark.parametrize("loss", [*FALLING, "hinge", "squared_hinge", "zero_one"])
def test_a_network_that_tells_all_apart(loss, relu):
    p = losses.problem("moons", "mlp", loss, relu=relu, width=6)
    theta = find_separator(p)
    assert separates(p, p.score(theta))
    c = losses.certify(p)
    ends = loss in ("hinge", "squared_hinge", "zero_one")
    assert (c.exists, c.loss, c.lowest) == (ends, 0.0, True)
    if ends:
        assert p.value(c.optimum) == 0.0
    else:
        wide = theta * np.where([name[0] in "vc" for name in p.parameters], 1e6, 1.0)
        assert p.value(wide) < 1e-3


def test_a_network_that_cannot_is_not_spoken_of():
    double = losses.Dataset("double", [0.0, 0.0, 1.0], [0.0, 1.0, 1.0], "binary")
    assert losses.certify(losses.problem(double, "mlp", "bce")).exists is None


@pytest.mark.parametrize("loss", ["cce", "mse"])
def test_ten_digits_are_told_apart_by_lines(loss):
    p = losses.problem("digits", "softmax", loss)
    theta = find_separator(p)
    assert (p.score(theta).argmax(axis=-1) == p.y).all()
    c = losses.certify(p)
    assert (c.exists, c.loss) == (False, 0.0)
    assert p.value(1e3 * theta) < 1e-2
    assert losses.certify(losses.problem("digits", "softmax", "cce", l2=0.1)).exists is True


def test_many_inputs_of_two_classes_are_told_apart_too():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 70))
    y = (x @ rng.normal(size=70) > 0.2) * 1.0
    p = losses.problem(losses.Dataset("wide", x, y, "binary"), "logistic", "bce")
    theta = find_separator(p)
    assert ((2 * y - 1) * p.score(theta) > 0).all()
    assert losses.certify(p).exists is False


def test_of_several_classes_squared_error_need_not_fall_with_a_margin():
    """Iris is told apart in part: cross-entropy falls for ever, of squared error that is not known."""
    assert losses.certify(losses.problem("iris", "softmax", "cce")).exists is False
    assert losses.certify(losses.problem("iris", "softmax", "mse")).exists is None
