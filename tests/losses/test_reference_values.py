"""The library computes the published reference values."""

import pytest

from losses.reference_values import REFERENCE_VALUES, ReferenceValue


@pytest.mark.parametrize("reference", REFERENCE_VALUES, ids=lambda reference: reference.quantity)
def test_published_values_are_reproduced(reference):
    assert reference.agreeing_digits() >= reference.digits - 0.01


def test_agreeing_digits_are_the_log_relative_error_up_to_15():
    assert ReferenceValue("x", 100.0, lambda: 100.01, 4, "").agreeing_digits() == pytest.approx(4.0)
    assert ReferenceValue("x", 2.0, lambda: 2.0, 4, "").agreeing_digits() == 15
