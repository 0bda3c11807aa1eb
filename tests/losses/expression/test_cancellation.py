"""Own losses keep their digits where they subtract nearly equal numbers, or say how many they lose."""

import mpmath
import numpy as np
import pytest

import losses
from losses.expression.cancellation import rounding_error, without_cancellation
from losses.expression.parser import parse_formula
from tests.support.wild_formulas import oracle

REWRITTEN = (
    "sqrt(1+r**2)-1",
    "-1+sqrt(r**2+1)",
    "4*(sqrt(1+(r/2)**2)-1)",
    "4*sqrt(1+r**2)-4",
    "2-sqrt(4-r**2/2)",
    "(1+r**2)**0.5-1",
    "1-exp(-r**2/2)",
    "3-3*exp(-abs(r))",
    "log(1+r**2/2)",
    "log(cosh(r))",
    "cosh(r)-1",
    "1-cos(r)",
    "-log(1-r**2)",
    "-log(1-sigmoid(r))",
    "1-sigmoid(30+r)",
    "1-tanh(20+r)",
    "exp(-exp(-r))-1",
)


@pytest.mark.parametrize("text", REWRITTEN)
def test_formulas_with_known_differences_have_all_digits(text):
    node = parse_formula(text, ("r",))
    for r in (1e-9, -1e-6, 1e-3, -0.4, 0.9):
        exact = oracle(node, {"r": r}, 60)
        computed = float(losses.own_loss(text).value(r, 0.0))
        assert abs(computed - exact) <= 1e-14 * abs(exact), (r, computed)


def test_an_exponential_minus_1_is_right_where_the_exponential_is_0():
    assert losses.own_loss("exp(-exp(-r))-1").value([-200.0, -1e6, 1e6], 0.0).tolist() == [-1.0, -1.0, 0.0]


def test_other_formulas_stay_as_they_are():
    for text in ("sqrt(r**2+2)-1", "exp(r)-2", "r-1", "exp(r)-r", "where(r>0,r,0)**2"):
        node = parse_formula(text, ("r",))
        assert without_cancellation(node) is node


@pytest.mark.skipif(np.finfo(np.longdouble).eps >= np.finfo(float).eps, reason="no extended precision")
def test_rounding_error_is_that_of_the_digits_that_are_lost():
    node, r = parse_formula("exp(r)-r-1", ("r",)), 1e-6
    value = np.exp(r) - r - 1.0
    lost = float(abs(mpmath.mpf(value) - oracle(node, {"r": r}, 60)))
    assert float(rounding_error(node, {"r": np.array(r)})) == pytest.approx(lost, rel=1e-2)
    assert float(rounding_error(node, {"r": np.array(2.0)})) < 1e-15
    assert float(rounding_error(node, {"r": np.array(1e5)})) == 0.0


@pytest.mark.parametrize(
    ("text", "value"), [("exp(exp(r)) - exp(exp(r))", 0.0), ("exp(exp(r)) + r - exp(exp(r))", 1e3)]
)
def test_equal_terms_cancel_however_large_they_are(text, value):
    loss = losses.own_loss(text)
    assert (loss.value(1e3, 0.0), loss.slope(1e3, 0.0)) == (value, value / 1e3)


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("exp(exp(r)) / exp(exp(r))", 1.0, 0.0),
        ("exp(exp(r)) * exp(-exp(r))", 1.0, 0.0),
        ("r**2 + exp(exp(r)) / exp(exp(r) - 2)", 1e6 + np.exp(2.0), 2e3),
    ],
)
def test_exponentials_beyond_all_numbers_are_joined(text, value, slope):
    loss = losses.own_loss(text)
    assert float(loss.value(1e3, 0.0)) == pytest.approx(value, rel=1e-15)
    assert (loss.slope(1e3, 0.0), loss.slope(10.0, 0.0)) == (slope, slope / 100)


def test_equal_terms_that_are_not_defined_stay_so():
    assert np.isnan(losses.own_loss("where(p > -1, r**2, log(p) - log(p))").value(-5.0, 0.0))
