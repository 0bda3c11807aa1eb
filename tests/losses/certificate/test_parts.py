"""Parts of certificates that few problems reach."""

import numpy as np
import pytest

import losses
from losses.certificate.gap import is_curved
from losses.certificate.newton import min_loss_far_away


@pytest.mark.parametrize(
    ("hessian", "expected"),
    [
        ([[2.0, 0.0], [0.0, 1.0]], True),
        ([[2.0, 2.0], [2.0, 2.0]], False),
        ([[2.0, 0.0], [0.0, -1.0]], False),
        ([[2.0, 0.0], [0.0, np.inf]], False),
        (np.diag([1e-12, 1e-12, 1.0]), False),
    ],
)
def test_a_hessian_is_curved_if_it_is_finite_and_positive_definite(hessian, expected):
    assert is_curved(np.array(hessian)) is expected


def test_far_away_is_300_windows():
    saddle = losses.test_function("saddle")
    (left, right), (low, high) = saddle.box
    ends = saddle.value([(300.0 * (right - left), 0.0), (0.0, 300.0 * (high - low))])
    assert min_loss_far_away(saddle) == pytest.approx(ends.min())
    assert ends.min() < 0.0 < ends.max()
