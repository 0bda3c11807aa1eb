"""Local optima in many dimensions, where the scores of several classes may shift together."""

import numpy as np
import pytest
from scipy.optimize import minimize

import losses
from losses.certificate.local_minimum import shift_free_basis


def mixed(seed=0, classes=3):
    rng = np.random.default_rng(seed)
    y = np.append(np.arange(classes), rng.integers(0, classes, size=57)).astype(float)
    return losses.Dataset("mixed", rng.normal(size=(len(y), 2)), y, "multiclass")


@pytest.mark.parametrize("model", ["softmax", "mlp"])
@pytest.mark.parametrize("penalty", [{}, {"l2": 0.1}])
def test_what_may_shift_changes_nothing_and_all_else_does(model, penalty):
    p = losses.problem(mixed(), model, "cce", **penalty)
    ways = shift_free_basis(p)
    assert ways.T @ ways == pytest.approx(np.eye(ways.shape[1]), abs=1e-12)
    theta = np.random.default_rng(1).normal(size=p.dim)
    away = np.random.default_rng(2).normal(size=p.dim)
    shift = away - ways @ (ways.T @ away)
    columns = {"softmax": 3, "mlp": 5}[model]
    assert p.dim - ways.shape[1] == (1 if penalty else columns)
    assert p.value(theta + 10 * shift) == pytest.approx(float(p.value(theta)), rel=1e-12)
    for way in ways.T:
        assert abs(p.value(theta + 0.1 * way) - p.value(theta)) > 1e-6


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("model", "more"), [("softmax", {}), ("softmax", {"l2": 0.01}), ("mlp", {"l2": 0.02, "width": 2})]
)
def test_squared_error_of_several_classes_has_a_local_optimum(model, more, seed):
    p = losses.problem(mixed(seed), model, "mse", **more)
    c = losses.certify(p)
    assert (c.exists, c.scope, c.lowest, c.unique) == (True, "local", False, False)
    assert np.abs(p.gradient(c.optimum)).max() < 1e-9
    ways = shift_free_basis(p)
    values = np.linalg.eigvalsh(ways.T @ p.hessian(c.optimum) @ ways)
    assert values[0] > 0
    assert (c.lipschitz, c.strong_convexity) == pytest.approx((values[-1], values[0]), rel=1e-9)
    near = c.optimum + 0.02 * np.random.default_rng(0).normal(size=(2000, p.dim))
    assert p.value(near).min() >= c.loss


def test_several_classes_with_a_penalty_are_known_to_their_curvature():
    p = losses.problem("iris", "softmax", "cce", standardize=True, l2=0.01)
    c = losses.certify(p)
    assert (c.exists, c.lowest, c.unique, c.scope) == (True, True, False, "bound")
    assert minimize(p.value, p.start, jac=p.gradient).fun == pytest.approx(c.loss, rel=1e-8)
    assert c.condition > 1
    rate = 0.9 * c.critical_rate
    run = losses.descend(p, rate=rate, steps=400)
    above = run.loss - c.loss
    slowest = (1 - rate * c.strong_convexity) ** 2
    assert above[-1] / above[-21] == pytest.approx(slowest**20, rel=0.05)
