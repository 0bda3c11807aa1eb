"""Rates on quadratic functions (Goh 2017): limits of stability, and the convergence of optimal rates."""

import numpy as np
import pytest

from losses.descent.quadratic_rates import optimal_momentum, optimal_rate, spectral_radius

CURVATURES = (0.01, 0.1, 1.0)


@pytest.mark.parametrize("curvature", CURVATURES)
def test_gradient_descent_is_stable_below_two_over_the_curvature(curvature):
    assert spectral_radius(curvature, 1.99 / curvature) < 1 < spectral_radius(curvature, 2.01 / curvature)
    assert spectral_radius(curvature, 1 / curvature) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("curvature", CURVATURES)
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
def test_the_heavy_ball_is_stable_below_two_plus_two_beta_over_the_curvature(curvature, beta):
    limit = (2 + 2 * beta) / curvature
    assert (
        spectral_radius(curvature, 0.999 * limit, beta) < 1 < spectral_radius(curvature, 1.001 * limit, beta)
    )


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_an_oscillating_heavy_ball_shrinks_by_the_square_root_of_beta(beta):
    """Complex eigenvalues are conjugate with the product β. (The article states twice the root, wrongly.)"""
    low, high = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
    for fraction in (0.01, 0.3, 0.7, 0.99):
        radius = spectral_radius(low + fraction * (high - low), 1.0, beta)
        assert radius == pytest.approx(np.sqrt(beta), rel=1e-9)
    assert spectral_radius(0.9 * low, 1.0, beta) > np.sqrt(beta) + 1e-3
    assert spectral_radius(1.1 * high, 1.0, beta) > np.sqrt(beta) + 1e-3


def slowest(rate, beta=None):
    """Return the convergence factor of the slowest direction."""
    return max(spectral_radius(curvature, rate, beta) for curvature in CURVATURES)


def test_no_other_rate_is_better():
    rate, kappa = optimal_rate(0.01, 1.0), 100.0
    assert slowest(rate) == pytest.approx((kappa - 1) / (kappa + 1), rel=1e-12)
    assert all(slowest(rate * factor) > slowest(rate) for factor in (0.5, 0.99, 1.01, 1.2))
    ball = optimal_momentum(0.01, 1.0)
    assert slowest(*ball) == pytest.approx((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1), rel=1e-6)
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert slowest(ball[0] * factor, ball[1]) > slowest(*ball) - 1e-6
        assert slowest(ball[0], min(ball[1] * factor, 0.999)) > slowest(*ball) - 1e-6
