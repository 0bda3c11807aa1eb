"""Numbers with an exponent of their own: in the range of doubles they are what NumPy computes."""

import mpmath
import numpy as np
import pytest
from mpmath import mp

from losses.expression.autodiff import evaluate
from losses.expression.operations import OPERATIONS
from losses.expression.parser import parse_formula
from losses.expression.scaled import Scaled, power, sign_of_difference
from tests.support.wild_formulas import ORACLES

NUMBERS = np.array([-30.0, -3.0, -1.0, -0.3, 0.0, 0.3, 1.0, 3.0, 30.0])


@pytest.mark.parametrize("key", [key for key, operation in OPERATIONS.items() if key != "**"])
@np.errstate(all="ignore")
def test_an_operation_gives_what_it_gives_of_doubles(key):
    operation = OPERATIONS[key]
    arguments = [array.ravel() for array in np.meshgrid(*[NUMBERS] * operation.arity)]
    expected = np.asarray(operation.value(*arguments), dtype=np.float64)
    computed = operation.scaled(*(Scaled.of(array) for array in arguments)).to_float()
    known = np.isfinite(expected)
    assert known.any()
    np.testing.assert_allclose(computed[known], expected[known], rtol=1e-13, atol=1e-15)


@np.errstate(all="ignore")
def test_beyond_doubles_products_come_back():
    huge, tiny = Scaled.of(1e300), Scaled.of(1e-300)
    assert float((huge * huge * tiny).to_float()) == pytest.approx(1e300)
    assert float((huge * huge / (huge * huge)).to_float()) == 1.0
    assert float((huge * huge).to_float()) == np.inf
    assert float((tiny * tiny).to_float()) == 0.0
    assert float((Scaled.of(1.0, -(2.0**60)) * huge).to_float()) == 0.0
    assert float(Scaled.of(-1.0, 2.0**60).to_float()) == -np.inf


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("1e300*r**1.5", 1e-300, 1e-150),
        ("exp(-r)*exp(0.95*r)", 760.0, np.exp(-38.0)),
        ("sqrt(exp(-r))", 800.0, np.exp(-400.0)),
        ("log(exp(-r))", 740.0, -740.0),
        ("exp(-r)/exp(-0.9*r)", 760.0, np.exp(-76.0)),
        ("(exp(-r) + exp(-r))*1e300", 750.0, 2.0 * np.exp(-750.0 + np.log(1e300))),
        ("exp(-r)*0", 800.0, 0.0),
    ],
)
def test_what_underflows_comes_back_where_it_matters(text, at, value):
    assert float(evaluate(parse_formula(text, ("r",)), {"r": at})) == pytest.approx(value, rel=1e-12)


BEYOND = (
    *((0.5, 1.0), (0.75, 5.0), (0.875, -1.0), (0.625, 10.0), (0.7, 11.0), (0.6, 14.0), (0.5, -20.0)),
    *((0.625, -999.0), (0.5, -1000.0), (0.75, -1001.0), (0.6, -1100.0), (0.8, -3000.0), (0.9, -1e5)),
    *((0.625, 999.0), (0.5, 1000.0), (0.75, 1001.0), (0.6, 1100.0), (0.8, 3000.0), (0.9, 1e5)),
)
"""Mantissas and exponents of numbers, most of them beyond float64 or near its end."""
LARGEST_ARGUMENT = 1e5
"""Of functions that grow like exponentials: their values have exponents of 10⁵."""


def scaled(pairs):
    mantissas, exponents = zip(*pairs, strict=True)
    return Scaled.of(np.array(mantissas), np.array(exponents))


def exact(number, i=()):
    """Return a number of mpmath; i chooses it from several."""
    mantissa, exponent = float(number.mantissa[i]), float(number.exponent[i])
    return mp.ldexp(mantissa, int(exponent)) if np.isfinite(mantissa) else mp.mpf(mantissa)


def is_answerable(key, numbers):
    grows = key in ("exp", "sinh", "cosh", "tanh", "sigmoid", "softplus", "sin", "cos")
    return not grows or abs(numbers[0]) < LARGEST_ARGUMENT


@pytest.mark.parametrize("key", [key for key in OPERATIONS if key not in ("where", "negative")])
@np.errstate(all="ignore")
def test_an_operation_has_the_digits_of_mpmath_far_beyond_doubles(key):
    arity = OPERATIONS[key].arity
    numbers = [(0.0, 0.0), *BEYOND, *((-m, e) for m, e in BEYOND)]
    chosen = [scaled([numbers[i] for i in index.ravel()]) for index in np.indices((len(numbers),) * arity)]
    computed = OPERATIONS[key].scaled(*chosen)
    compared = 0
    with mp.workdps(100):
        for i in range(len(numbers) ** arity):
            arguments = [exact(number, i) for number in chosen]
            if not is_answerable(key, arguments):
                continue
            expected = ORACLES[key](*arguments)
            if isinstance(expected, mpmath.mpc) or mpmath.isnan(expected):
                assert np.isnan(computed.mantissa[i]), arguments
            elif mpmath.isinf(expected):
                assert abs(computed.mantissa[i]) == np.inf, arguments
            else:
                error = abs(exact(computed, i) - expected)
                assert error <= mp.mpf(4e-15) * abs(expected), (arguments, exact(computed, i), expected)
            compared += 1
    assert compared >= 20


@pytest.mark.parametrize("exponent", [2.0, 3.0, -1.0, -8.0, 0.5, 1.5, -0.25])
@np.errstate(all="ignore")
def test_powers_have_the_digits_of_mpmath_far_beyond_doubles(exponent):
    computed = power(scaled(BEYOND), exponent)
    with mp.workdps(60):
        for i, pair in enumerate(BEYOND):
            expected = mp.ldexp(mp.mpf(pair[0]), int(pair[1])) ** mp.mpf(exponent)
            assert abs(exact(computed, i) - expected) <= mp.mpf(1e-14) * expected, pair
    negative = power(Scaled.of(-0.75, 3000.0), exponent)
    is_whole = exponent == int(exponent)
    assert np.sign(negative.mantissa) == (-1.0) ** exponent if is_whole else np.isnan(negative.mantissa)


@np.errstate(all="ignore")
def test_infinities_and_what_is_no_number_are_compared_as_doubles_are():
    ends = np.array([-np.inf, -1.0, 0.0, 1.0, np.inf, np.nan])
    a, b = (part.ravel() for part in np.meshgrid(ends, ends))
    sign = sign_of_difference(Scaled.of(a), Scaled.of(b))
    np.testing.assert_array_equal(sign, np.where(a == b, 0.0, np.sign(a - b)))
    for key in ("max", "min", "<", "<=", ">", ">=", "==", "!="):
        computed = OPERATIONS[key].scaled(Scaled.of(a), Scaled.of(b)).to_float()
        np.testing.assert_array_equal(computed, OPERATIONS[key].value(a, b), err_msg=key)


@np.errstate(all="ignore")
def test_numbers_become_doubles_down_to_the_smallest():
    exponents = np.array([1024.0, 1025.0, 2300.0, 1e9, -1021.0, -1073.0, -1074.0, -1075.0, -2300.0, -1e9])
    converted = Scaled.of(np.full(len(exponents), 0.5), exponents).to_float()
    expected = [2.0**1023, np.inf, np.inf, np.inf, 2.0**-1022, 2.0**-1074, 0.0, 0.0, 0.0, 0.0]
    assert converted.tolist() == expected


def test_many_numbers_beyond_doubles_are_each_evaluated():
    """They are evaluated in blocks."""
    r = np.linspace(700.0, 900.0, 9001)
    formula = parse_formula("log(exp(r)*exp(p)+1)", ("r", "p"))
    assert evaluate(formula, {"r": r, "p": 5.0}) == pytest.approx(r + 5.0, rel=1e-14)
    assert evaluate(formula, {"r": r[:, None], "p": np.array([0.0, 7.0])})[-1] == pytest.approx(
        [900.0, 907.0]
    )
