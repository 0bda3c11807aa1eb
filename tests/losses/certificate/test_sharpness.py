"""The largest curvature at the start, for problems of which no optimum is known."""

from types import SimpleNamespace

import numpy as np
import pytest

import losses
from losses.certificate import sharpness as sharpness_module
from losses.certificate.sharpness import MAX_LANCZOS_STEPS, _by_lanczos, sharpness


@pytest.mark.parametrize(
    "key", [("houses", "mlp", "mse"), ("spam", "mlp", "bce"), ("iris", "softmax", "mse")]
)
def test_certificate_without_optimum_has_the_largest_eigenvalue_at_the_start(key):
    p = losses.problem(*key, standardize=True)
    c = losses.certify(p)
    top = np.linalg.eigvalsh(p.hessian(p.start))[-1]
    assert (c.scope, c.optimum, c.exists) == ("start", None, losses.UNKNOWN)
    assert c.lipschitz == pytest.approx(top, rel=1e-12)
    assert c.critical_rate == pytest.approx(2 / top, rel=1e-12)
    assert (c.strong_convexity, c.condition, c.best_rate) == (None, None, None)
    assert _by_lanczos(p) == pytest.approx(top, rel=1e-3)


def test_sharpness_of_many_parameters_does_not_compute_the_hessian(monkeypatch):
    p = losses.problem("digits", "mlp", "cce", standardize=True)
    top = np.linalg.eigvalsh(p.hessian(p.start))[-1]
    monkeypatch.setattr(type(p), "hessian", lambda self, theta: pytest.fail("computed a Hessian"))
    assert losses.certify(p).lipschitz == pytest.approx(top, rel=1e-3)


def test_distance_grows_exactly_above_the_critical_rate():
    """The distance of two points along the steepest direction grows exactly if the rate is above 2/L."""
    p = losses.problem("digits", "mlp", "cce", standardize=True)
    limit = losses.certify(p).critical_rate
    vectors = np.linalg.eigh(p.hessian(p.start))[1]
    start = p.start - 0.0 * vectors[:, -1]
    neighbor = start + 1e-4 * vectors[:, -1]
    gradient_difference = p.gradient(neighbor) - p.gradient(start)
    for factor, grows in ((0.9, False), (1.1, True)):
        difference = neighbor - start - factor * limit * gradient_difference
        assert (np.linalg.norm(difference) > 1e-4) == grows


def test_sharpness_is_none_without_positive_curvature():
    p = losses.problem("norris", "neuron", "huber", standardize=True)
    top = np.linalg.eigvalsh(p.hessian(p.start))[-1]
    assert sharpness(p) == (top if top > 0 else None)


def test_network_with_a_penalty_has_a_strict_local_minimum():
    p = losses.problem("houses", "mlp", "mse", standardize=True, l2=0.01)
    c = losses.certify(p)
    assert (c.exists, c.scope, c.lowest, c.unique) == (True, "local", losses.UNKNOWN, losses.UNKNOWN)
    assert np.abs(p.gradient(c.optimum)).max() < 1e-8
    assert np.linalg.eigvalsh(p.hessian(c.optimum))[0] == pytest.approx(c.strong_convexity, rel=1e-6)
    assert c.strong_convexity > 0


def test_curvature_at_a_start_that_overflows_is_unknown():
    """In the units of this separable dataset the exponential loss overflows at the default start."""
    x = 1e4 * np.array([[1.0, 3.0], [2.0, -1.0], [3.0, 1.0], [4.0, -3.0]]) + [0.0, 1e9]
    p = losses.problem(losses.Dataset("wild", x, [0.0, 0.0, 1.0, 1.0], "binary"), "logistic", "exponential")
    with np.errstate(over="ignore"):
        assert not np.isfinite(p.hessian(p.start)).all()
    c = losses.certify(p)
    assert (c.exists, c.loss) == (False, 0.0)


@pytest.mark.parametrize(
    ("eigenvalues", "top"),
    [
        (np.linspace(1.0, 2.0, 100), 2.0),
        (np.append(np.linspace(0.0, 1.0, 99), 50.0), 50.0),
        (np.append(np.linspace(-5.0, -1.0, 99), 2.0), 2.0),
        (np.full(100, 3.0), 3.0),
        (np.linspace(-3.0, -0.5, 100), None),
        (np.append(np.linspace(0.0, 1.0, 99), np.inf), None),
    ],
    ids=["many", "one", "one positive", "all equal", "none positive", "infinite"],
)
def test_lanczos_finds_the_largest_eigenvalue_of_a_quadratic(eigenvalues, top):
    def gradient(theta):
        return theta * eigenvalues

    problem = SimpleNamespace(dim=100, start=np.linspace(-0.3, 0.3, 100), gradient=gradient)
    with np.errstate(all="ignore"):
        assert sharpness(problem) == (None if top is None else pytest.approx(top, rel=1e-4))


@pytest.mark.parametrize(("size", "is_affordable"), [(1_000, True), (100_000_000, False)])
def test_lanczos_is_not_tried_where_it_would_take_minutes(size, is_affordable):
    class Asked(Exception):
        pass

    def gradient(theta):
        raise Asked

    problem = SimpleNamespace(dim=size, start=np.zeros(1), gradient=gradient)
    if is_affordable:
        with pytest.raises(Asked):
            sharpness(SimpleNamespace(dim=size, start=np.zeros(size), gradient=gradient))
    else:
        assert sharpness(problem) is None


@pytest.mark.parametrize(("spare", "is_affordable"), [(0, True), (-1, False)])
def test_a_step_of_lanczos_costs_four_products_of_the_size(monkeypatch, spare, is_affordable):
    size = 100
    monkeypatch.setattr(sharpness_module, "MAX_MULTIPLICATIONS", 4 * MAX_LANCZOS_STEPS * size + spare)
    problem = SimpleNamespace(dim=size, start=np.zeros(size), gradient=lambda theta: theta)
    assert (sharpness(problem) is not None) is is_affordable
