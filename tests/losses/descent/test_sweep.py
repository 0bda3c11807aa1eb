"""Sweeps over learning rates."""

import numpy as np
import pytest

import losses

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
SPAM = losses.problem("spam", "logistic", "bce", standardize=True)


def test_steps_to_convergence_fall_to_the_best_rate_and_rise_beyond_it():
    """On a quadratic loss the fewest steps are near the best rate, and no rate above 2/L converges."""
    c = losses.certify(losses.problem("anscombe1", "line", "mse", standardize=True, l2=0.3))
    p = losses.problem("anscombe1", "line", "mse", standardize=True, l2=0.3)
    rates = np.geomspace(0.01, 1.3, 60) * c.critical_rate
    s = losses.sweep(p, rates=rates, steps=400)
    unstable = rates > c.critical_rate
    assert (s.outcome[unstable] == "DIVERGED").all()
    assert (s.steps[unstable] == -1).all()
    assert (s.steps[~unstable] >= 0).any()
    (best,) = s.best
    assert s.rate[best] == pytest.approx(c.best_rate, rel=0.1)
    steps = s.steps[(s.steps >= 0)]
    fewest = int(np.argmin(steps))
    assert (np.diff(steps[: fewest + 1]) <= 0).all()
    assert (np.diff(steps[fewest:]) >= 0).all()


def test_the_lowest_loss_is_best_if_no_run_converges():
    s = losses.sweep(SPAM, rates=[0.01, 0.1, 1e-4], steps=5)
    assert (s.steps == -1).all()
    assert s.best == (1,)


def test_the_final_loss_of_a_run_that_overflows_is_infinite():
    s = losses.sweep(HOUSES, rates=[0.1, 1e6], steps=200)
    assert np.isfinite(s.loss[0])
    assert s.loss[1] == np.inf
    assert s.outcome[1] == "DIVERGED"


def test_a_grid_of_rates_and_momenta():
    s = losses.sweep(HOUSES, "momentum", rates=np.array([[0.01], [0.3]]), momentum=[0.0, 0.5, 0.9], steps=200)
    assert s.steps.shape == s.outcome.shape == (2, 3)
    i, j = s.best
    assert s.steps[i, j] == s.steps[s.steps >= 0].min()
    single = losses.descend(HOUSES, "momentum", rate=0.01, momentum=0.9, steps=200)
    assert s.steps[0, 2] == single.settled_at


def test_a_sweep_without_rates_has_no_best():
    s = losses.sweep(SPAM, rates=[], steps=5)
    assert s.steps.shape == s.loss.shape == s.outcome.shape == (0,)
    with pytest.raises(ValueError, match=r"rates must hold one at least .* not shape \(0,\)"):
        _ = s.best
