"""Proofs that a loss is strictly convex although its curvature may vanish."""

import pytest

import losses
from losses.expression.analytic import is_strictly_convex

STRICT = (
    *("r**4", "abs(r)**1.5", "abs(r)**3 + r", "cosh(r - 2)", "exp(r) - r", "log(cosh(r))", "sqrt(1 + r**2)"),
    *("where(r > 0, r**4, r**2)", "abs(r) + r**2", "where(r > 0, r**2*(1 + r), r**2)"),
)
NOT_STRICT = (
    *("max(0, r)**2", "max(0, abs(r) - 1)**2", "where(abs(r) < 1, r**2, 2*abs(r) - 1)", "abs(r)"),
    *("r**2 - r**2", "cosh(r)**2 - sinh(r)**2", "y*r**2", "1 - exp(-r**2)"),
)


@pytest.mark.parametrize("text", [*STRICT, *NOT_STRICT])
def test_strictly_convex_formulas(text):
    assert is_strictly_convex(losses.own_loss(text)) == (text in STRICT)


@pytest.mark.parametrize("key", ["mse", "logcosh", "mae", "huber", "quantile"])
def test_strictly_convex_entries_of_the_catalogue(key):
    assert is_strictly_convex(losses.LOSSES[key]) == (key in ("mse", "logcosh"))
