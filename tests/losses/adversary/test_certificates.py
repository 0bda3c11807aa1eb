"""Search for false claims of certificates on wild data; ``make search`` does so for long."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import losses
from tests.support.false_claims import false_claims
from tests.support.wild_data import PENALTIES, binaries, classes, regressions

OWN = (
    "abs(r)",
    "max(0, r)**2",
    "max(-0.3*r, 0.7*r)",
    "max(0, abs(r) - 0.3)",
    "sqrt(1 + r**2) - 1",
    "abs(r)**1.5",
    "r**4",
    "exp(r) - r",
    "softplus(r)",
    "max(0, r)**2 + abs(r)/10",
)
SHORT = settings(
    max_examples=max(4, settings.default.max_examples // 25),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""A few examples in ``make test``; a profile of many examples runs as many more."""


def claims_of(data, model, loss, standardize, penalty):
    """Return the false claims about a problem, with the problem for the report."""
    return false_claims(losses.problem(data, model, loss, standardize=standardize, **penalty))


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "logcosh", "quantile"])
@SHORT
@given(data=regressions(), penalty=PENALTIES, standardize=st.booleans())
def test_regressions(loss, data, penalty, standardize):
    assert claims_of(data, "linear", loss, standardize, penalty) == []


@pytest.mark.parametrize("text", OWN)
@SHORT
@given(data=regressions(max_inputs=2), penalty=PENALTIES, standardize=st.booleans())
def test_own_losses(text, data, penalty, standardize):
    assert claims_of(data, "linear", losses.own_loss(text), standardize, penalty) == []


@pytest.mark.parametrize("loss", ["bce", "hinge", "squared_hinge", "exponential", "zero_one"])
@SHORT
@given(data=binaries(), penalty=PENALTIES, standardize=st.booleans())
def test_two_classes(loss, data, penalty, standardize):
    assert claims_of(data, "logistic", loss, standardize, penalty) == []


@pytest.mark.slow
@SHORT
@given(data=classes(), penalty=PENALTIES, standardize=st.booleans())
def test_three_classes(data, penalty, standardize):
    assert claims_of(data, "softmax", "cce", standardize, penalty) == []
