"""Numbers with an exponent of their own: in the range of doubles they are what NumPy computes."""

import numpy as np
import pytest

from losses.expression.autodiff import evaluate
from losses.expression.operations import OPERATIONS
from losses.expression.parser import parse_formula
from losses.expression.scaled import Scaled

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
