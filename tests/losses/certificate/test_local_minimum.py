"""Local minima of problems in which the scores of several classes may shift together."""

import numpy as np
import pytest
from scipy.optimize import minimize

import losses
from losses.certificate.local_minimum import shift_free_basis


def mixed(seed=0, classes=3):
    """Return random data of classes that are not separable."""
    rng = np.random.default_rng(seed)
    y = np.append(np.arange(classes), rng.integers(0, classes, size=57)).astype(float)
    return losses.Dataset("mixed", rng.normal(size=(len(y), 2)), y, "multiclass")


@pytest.mark.parametrize("model", ["softmax", "mlp"])
@pytest.mark.parametrize("penalty", [{}, {"l2": 0.1}])
def test_basis_is_orthogonal_exactly_to_the_shifts_that_change_nothing(model, penalty):
    p = losses.problem(mixed(), model, "cce", **penalty)
    basis = shift_free_basis(p)
    assert basis.T @ basis == pytest.approx(np.eye(basis.shape[1]), abs=1e-12)
    theta = np.random.default_rng(1).normal(size=p.dim)
    direction = np.random.default_rng(2).normal(size=p.dim)
    shift = direction - basis @ (basis.T @ direction)
    columns = {"softmax": 3, "mlp": 5}[model]
    assert p.dim - basis.shape[1] == (1 if penalty else columns)
    assert p.value(theta + 10 * shift) == pytest.approx(float(p.value(theta)), rel=1e-12)
    for vector in basis.T:
        assert abs(p.value(theta + 0.1 * vector) - p.value(theta)) > 1e-6


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("model", "more"), [("softmax", {}), ("softmax", {"l2": 0.01}), ("mlp", {"l2": 0.02, "width": 2})]
)
def test_squared_error_of_several_classes_has_a_proved_local_minimum(model, more, seed):
    p = losses.problem(mixed(seed), model, "mse", **more)
    c = losses.certify(p)
    assert (c.exists, c.scope, c.lowest) == (True, "local", losses.UNKNOWN)
    assert c.unique is not losses.YES
    assert np.abs(p.gradient(c.optimum)).max() < 1e-9
    basis = shift_free_basis(p)
    values = np.linalg.eigvalsh(basis.T @ p.hessian(c.optimum) @ basis)
    assert values[0] > 0
    assert (c.lipschitz, c.strong_convexity) == pytest.approx((values[-1], values[0]), rel=1e-9)
    near = c.optimum + 0.02 * np.random.default_rng(0).normal(size=(2000, p.dim))
    assert p.value(near).min() >= c.loss


def test_descent_of_penalized_classes_has_the_rate_of_the_certified_curvature():
    p = losses.problem("iris", "softmax", "cce", standardize=True, l2=0.01)
    c = losses.certify(p)
    assert (c.exists, c.lowest, c.unique, c.scope) == (True, True, False, "bound")
    assert minimize(p.value, p.start, jac=p.gradient).fun == pytest.approx(c.loss, rel=1e-8)
    assert c.condition > 1
    rate = 0.9 * c.critical_rate
    run = losses.descend(p, rate=rate, steps=400)
    excess = run.loss - c.loss
    factor = (1 - rate * c.strong_convexity) ** 2
    assert excess[-1] / excess[-21] == pytest.approx(factor**20, rel=0.05)
