import pytest

from losses.reference_values import CHECKS, Check


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.what)
def test_published_values_are_reproduced(check):
    assert check.agreement() >= check.digits - 0.01


def test_agreement_counts_digits():
    assert Check("x", 100.0, lambda: 100.01, 4, "").agreement() == pytest.approx(4.0)
    assert Check("x", 2.0, lambda: 2.0, 4, "").agreement() == 15
