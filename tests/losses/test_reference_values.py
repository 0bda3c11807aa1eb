import pytest

from losses.reference_values import REFERENCE_VALUES, ReferenceValue


@pytest.mark.parametrize("check", REFERENCE_VALUES, ids=lambda check: check.quantity)
def test_published_values_are_reproduced(check):
    assert check.agreeing_digits() >= check.digits - 0.01


def test_agreement_counts_digits():
    assert ReferenceValue("x", 100.0, lambda: 100.01, 4, "").agreeing_digits() == pytest.approx(4.0)
    assert ReferenceValue("x", 2.0, lambda: 2.0, 4, "").agreeing_digits() == 15
