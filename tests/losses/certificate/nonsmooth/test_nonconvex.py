"""Local minima at kinks of nonconvex problems, against their neighbors and a search without derivatives."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

import losses
from losses.certificate.newton import lowest_grid_points, parameter_scales
from losses.certificate.nonsmooth.nonconvex import SMOOTHING_WIDTHS, SmoothedProblem, _ActiveKinks

CURVES = [
    ("houses", "saturation", "mae", {}),
    ("misra1a", "saturation", "mae", {}),
    ("norris", "power", "quantile", {}),
    ("outlier", "power", "quantile", {"tau": 0.3}),
    ("misra1a", "neuron", "mae", {}),
    ("anscombe1", "saturation", "mse", {"l1": 0.1}),
    ("houses", "power", "huber", {"l1": 0.3, "l2": 0.1}),
    ("misra1a", "saturation", "mse", {"l1": 5.0}),
    ("anscombe2", "neuron", "mae", {"l1": 0.05}),
    ("houses", "neuron", "quantile", {"l2": 0.1}),
]


@pytest.mark.parametrize(("data", "model", "loss", "more"), CURVES, ids=str)
def test_no_neighbor_of_a_certified_minimum_is_lower(data, model, loss, more):
    p = losses.problem(data, model, loss, standardize=True, **more)
    c = losses.certify(p)
    assert (c.exists, c.lowest, c.unique, c.scope) == (True, losses.UNKNOWN, losses.UNKNOWN, "none")
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-2, 1e-4, 1e-6):
        near = c.optimum + size * parameter_scales(p) * rng.normal(size=(4000, p.dim))
        assert p.value(near).min() >= c.loss - 1e-13 * (1 + c.loss)
    for start in (p.start, *lowest_grid_points(p, 3)):
        found = minimize(p.value, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
        assert found.fun >= c.loss - 1e-10


def test_strong_l1_penalty_makes_all_parameters_exactly_0():
    c = losses.certify(losses.problem("misra1a", "saturation", "mse", standardize=True, l1=5.0))
    assert c.optimum.tolist() == [0.0, 0.0]


def test_curve_that_fits_best_at_infinity_has_no_optimum():
    """Norris's points lie on a line, which a saturation curve approaches as its height grows."""
    c = losses.certify(losses.problem("norris", "saturation", "mae", standardize=True))
    assert (c.exists, c.optimum) == (losses.UNKNOWN, None)


def test_network_with_a_kinked_loss_has_no_optimum():
    assert losses.certify(losses.problem("houses", "mlp", "mae")).optimum is None


def test_inactive_examples_must_stay_on_their_side_of_the_kink():
    p = losses.problem("houses", "saturation", "mae", standardize=True)
    smoothed = replace(SmoothedProblem.from_problem(p), smoothing=SMOOTHING_WIDTHS[-1])
    optimum = losses.certify(p).optimum
    kinks = _ActiveKinks.nearest(smoothed, optimum, 2)
    assert 0 < kinks.n_examples < len(p.y)
    assert kinks.others_keep_their_side(optimum)
    assert not kinks.others_keep_their_side(2 * optimum)


def test_point_at_which_an_example_has_changed_sides_is_not_certified():
    """Snapping to the kink of one example moves another across its own: the result has lower neighbors."""
    p = losses.problem("scaling", "power", "mae")
    c = losses.certify(p)
    if c.optimum is not None:
        nudges = 1e-6 * parameter_scales(p) * np.random.default_rng(0).normal(size=(4000, p.dim))
        assert p.value(c.optimum + nudges).min() >= c.loss * (1 - 1e-13)
