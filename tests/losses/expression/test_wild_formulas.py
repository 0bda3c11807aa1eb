"""Random formulas over the whole range of float64, compared with mpmath: an adversary for ``make search``."""

import warnings
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert
from mpmath import mp

import losses
from losses.core.special import sigmoid
from losses.expression.autodiff import bounds, derivative, evaluate, is_smooth
from losses.expression.custom_loss import PREDICTION_VARIABLES, VARIABLES
from losses.expression.node import Node, subexpressions
from losses.expression.parser import FormulaError, parse_formula
from losses.expression.printers import numpy_source, tex
from tests.support.wild_formulas import Unanswerable, formulas, numbers, oracle, value_with_rounding

FORMULA, NUMBER = formulas(), numbers()
SMALL_NUMBER = st.floats(-3.0, 3.0).map(lambda x: round(x, 4))
MANY = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
LARGEST = mp.mpf(np.finfo(np.float64).max)


def parsed(text: str) -> Node:
    """Return the expression; formulas that are too long or too deep are rejected."""
    try:
        return parse_formula(text, VARIABLES)
    except FormulaError:
        assume(False)
        raise


def with_derivatives(node):
    slope = derivative(node, PREDICTION_VARIABLES)
    return node, slope, derivative(slope, PREDICTION_VARIABLES)


def rejecting_unanswerable(function, *arguments):
    try:
        return function(*arguments)
    except (Unanswerable, OverflowError, MemoryError):
        assume(False)
        raise


def check_value(node, p, y):
    """Assert that an expression has its exact value, as far as rounding of its steps does not decide it."""
    values = {"p": p, "y": y, "r": p - y}
    exact = rejecting_unanswerable(value_with_rounding, node, values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        computed = float(evaluate(node, values))
    if mpmath.isnan(exact.value) or exact.rounding > 1e-9 * abs(exact.value):
        return
    if mpmath.isinf(exact.value):  # a pole, at which both signs are as good
        assert not np.isfinite(computed)
        return
    if abs(exact.value) >= LARGEST * (1 - 1e-9):
        assert computed * float(mpmath.sign(exact.value)) >= float(LARGEST) * (1 - 1e-6)
        return
    tolerance = 1e4 * exact.rounding + 1e-11 * abs(exact.value) + mp.mpf(10) ** -300
    assert abs(mp.mpf(computed) - exact.value) <= tolerance, (computed, exact)


@MANY
@given(FORMULA, NUMBER, NUMBER)
@example("1/log(1+exp(r))", 800.0, 0.0)
@example("log(cosh(r))", 1e5, 0.0)
@example("exp(-r)*exp(r)*r**2", 800.0, 0.0)
@example("(r*1e300)**2*1e-300*1e-300", 2.0, 0.0)
@example("(r**2+1e-200)**-2", 0.0, 0.0)
@example("max(abs(r),1e-60)**-8", 0.0, 0.0)
@example("sign((r)**-8)", 0.0, 2.8242664523093847e40)
@example("where(exp(-r)>0,1,p)", 800.0, 0.0)
@example("p/(r/p)", -1.0, -1.0)
@example("((y+abs(p))/((7e-12)**1.5/r))", 0.0, 1.0)
@example("(cosh(r)/cosh(r))", 0.0, 572213162549.0)
@example("where(1e300==(r+1e300),r,p)", 0.0, 1.0)
def test_value_and_derivatives_equal_those_of_mpmath(text, p, y):
    for node in with_derivatives(parsed(text)):
        check_value(node, p, y)


@pytest.mark.parametrize(
    ("text", "p", "slope"),
    [
        ("sqrt(r)", -0.0, np.inf),
        ("r**0.5", -0.0, np.inf),
        ("sqrt(-r)", 0.0, -np.inf),
        ("(-r)**0.5", 0.0, -np.inf),
    ],
)
def test_the_slope_of_a_root_has_its_sign_at_negative_zero(text, p, slope):
    assert (
        float(evaluate(derivative(parse_formula(text, VARIABLES), PREDICTION_VARIABLES), {"r": p})) == slope
    )


@MANY
@given(FORMULA, SMALL_NUMBER, SMALL_NUMBER)
@example("r+(1e300)**3", 0.0, 0.0)
@example("((r/(r/1e-300)))**-1", 0.0, 1.0)
def test_symbolic_derivative_is_the_derivative(text, p, y):
    node = parsed(text)
    slope = derivative(node, PREDICTION_VARIABLES)

    def value(x):
        with mp.workdps(700):
            return oracle(node, {"p": x, "y": y, "r": x - mp.mpf(y)}, 700)

    with mp.workdps(700):
        h = mp.mpf(10) ** -15
        around = [rejecting_unanswerable(value, mp.mpf(p) + k * h) for k in (-2, -1, 0, 1, 2)]
        assume(all(abs(v) < mp.mpf(10) ** 600 for v in around))  # else a change by h is lost
        quotients = [(b - a) / h for a, b in pairwise(around)]
        central = (around[3] - around[1]) / (2 * h)
        assume(max(quotients) - min(quotients) <= 1e-9 * abs(central) and abs(central) < 1e12)
        values = {"p": p, "y": y, "r": mp.mpf(p) - mp.mpf(y)}
        symbolic = rejecting_unanswerable(oracle, slope, values, 700)
        beside = mp.mpf(p) + h / 3  # at a single point, such as where(r == 0, ...), a slope has no meaning
        nearby = rejecting_unanswerable(oracle, slope, {"p": beside, "y": y, "r": beside - mp.mpf(y)}, 700)
        assume(abs(symbolic - nearby) <= 1e-9 * abs(nearby))
        tolerance = 1e-6 * abs(central) + 1e-12
        if abs(symbolic - central) > tolerance:  # the slope of r / 1e-300 holds 1e300, rounded
            tolerance += 1e4 * value_with_rounding(slope, values).rounding
        assert abs(symbolic - central) <= tolerance


@MANY
@given(FORMULA, st.lists(st.tuples(NUMBER, NUMBER), min_size=3, max_size=6))
def test_bounds_hold_without_any_tolerance(text, points):
    for node in with_derivatives(parsed(text))[:2]:
        low, high = bounds(node)
        for p, y in points:
            with mp.workdps(400):
                values = {"p": p, "y": y, "r": mp.mpf(p) - mp.mpf(y)}
            exact = rejecting_unanswerable(oracle, node, values, 400)
            assert mpmath.isnan(exact) or low <= exact <= high, (p, y, exact, low, high)


@MANY
@given(FORMULA, st.tuples(NUMBER, NUMBER, NUMBER))
@example("softplus(r)", (0.0, 1.0, 0.5))
@example("abs(r)**1.5", (0.0, 1.0, 0.0))
@example("min(r,(1e300)**2)", (0.0, 0.0, 0.0))
@example("1e16-where(-1e-5<r,2,r)", (0.0, 1.0, 1.0))
@example("(1e16-where(-1e-5<r,2,r))**2", (0.0, 1.0, 1.0))
@example("(min(r,1e-300))**8", (0.0, 1.0, 0.0))
@example("(1e300+(where(r<0.5,0.5,2))**2)", (0.0, 1.0, 0.0))
@example("(min(r,2))**-8", (1.0, -2.0, 0.0))
@example("1e300+exp(where(r<0.5,0.5,2))", (0.0, 1.0, 0.0))
@example("1e30*exp(r-r)+max(0,r)**2+where(r<0.5,0.5,2)", (0.0, 1.0, 0.0))
def test_a_formula_is_called_convex_only_if_it_lies_below_its_chords(text, points):
    try:
        loss = losses.own_loss(text)
    except FormulaError:
        return
    if not loss.convex:
        return
    node, (a, b, y) = parsed(text), points
    with mp.workdps(400):
        middle = (mp.mpf(a) + mp.mpf(b)) / 2
        values = [
            rejecting_unanswerable(oracle, node, {"p": x, "y": y, "r": x - mp.mpf(y)}, 400)
            for x in (mp.mpf(a), middle, mp.mpf(b))
        ]
        assume(all(map(mpmath.isfinite, values)))
        slack = mp.mpf(10) ** -350 * sum(map(abs, values))
        assert 2 * values[1] <= values[0] + values[2] + slack


NAMES_IN_FORMULAS = (
    ("np.logaddexp(0, ", "softplus("),
    ("np.maximum", "max"),
    ("np.minimum", "min"),
    ("np.", ""),
)


def stays_in_range(node, values):
    """Whether no step of an expression is so large or small that plain arithmetic would leave float64."""
    steps = [np.abs(evaluate(step, values)) for step in subexpressions(node)]
    return all((np.isfinite(x) & (x < 1e150) & ((x > 1e-150) | (x == 0.0))).all() for x in steps)


@MANY
@given(FORMULA, SMALL_NUMBER, SMALL_NUMBER)
@example("r*(1e200)**2*1e-300", 1.0, 0.0)
@example("where(r>9,2/0,r)", 1.0, 0.0)
@example("where(r>9,((1e-300)**-1)**2,r)", 1.0, 0.0)
@example("where(r>9,(-1.5)**0.5,r)", 1.0, 0.0)
@example("((1e300)**-8)**-1", 1.0, 0.0)
@example("r+(r+(-1e-5))", 0.0, 0.25)
@example("r/((1e-300)**2*2)", 1.0, 0.0)
@example("r/((1e-200)*(1e-200))", 1.0, 0.0)
@example("4e12*where(r<=r,4e12,2)", 0.0, 0.0)
def test_the_printed_source_has_the_value_of_the_formula(text, p, y):
    node, values = parsed(text), {"p": np.float64(p), "y": np.float64(y), "r": np.float64(p - y)}
    source, computed = numpy_source(node), evaluate(node, values)
    with np.errstate(all="ignore"):
        printed = eval(source, {"np": np, "sigmoid": sigmoid}, values)
    if stays_in_range(node, values):
        assert printed == pytest.approx(computed, rel=1e-9, abs=1e-12)
    for name, name_in_formula in NAMES_IN_FORMULAS:
        source = source.replace(name, name_in_formula)
    if "where" not in source and "float64" not in source:
        again = parsed(source)  # unless it is longer or deeper than a formula may be
        assert np.array_equal(evaluate(again, values), computed, equal_nan=True)


@MANY
@given(FORMULA)
@example("exp(r)**2")
@example("(exp(r)/2)**3")
@example("where(r>0,r,p)**2")
@example("exp(exp(r)**2)**0.5")
def test_every_formula_and_its_derivatives_are_typeset(text):
    for node in with_derivatives(parsed(text))[:2]:
        is_smooth(node)
        assert "<math" in convert(tex(node))


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("where(r>0, sqrt(r), 0)", -1.0),
        ("where(r>0, log(r), 0)*1", -1.0),
        ("sqrt(max(0,r))", -1.0),
        ("max(0,r)**0.5", -2.5),
        ("where(abs(r)<1, log(1-abs(r)), -9)", 3.0),
        ("min(exp(r),5)", 1000.0),
        ("max(0,r)*log(max(0,r)+1e-9)", -1.0),
        ("where(r>0, 1/r, 1)", 0.0),
        ("max(1/(1+r**2), 0.5)", 3.0),
        ("log(max(0, r) + 1)**0.5", -3.0),
    ],
)
def test_slope_and_curvature_are_0_where_a_formula_is_flat(text, flat):
    """A branch that is not taken, or a function at the end of its domain, has no part in the slope."""
    node = parse_formula(text, VARIABLES)
    values = {"p": flat, "y": 0.0, "r": flat}
    value, slope, curvature = (float(evaluate(part, values)) for part in with_derivatives(node))
    assert np.isfinite(value)
    assert (slope, curvature) == (0.0, 0.0)


def test_infinite_curvature_is_infinite():
    loss = losses.own_loss("abs(r)**1.5")
    assert loss.curvature(1.0, 1.0) == np.inf
    assert losses.own_loss("abs(r)**2").curvature(1.0, 1.0) == 2.0


def test_no_elements_are_evaluated_to_none():
    assert losses.own_loss("where(r == sinh(1e300), y, r)").value(np.empty((0, 3)), np.ones(3)).shape == (
        0,
        3,
    )
