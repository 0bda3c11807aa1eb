"""The test functions: their minima, claims and expressions."""

import numpy as np
import pytest

import losses
from losses.expression.autodiff import derivative, evaluate
from losses.expression.parser import parse_formula

ALL = pytest.mark.parametrize("f", losses.TEST_FUNCTIONS.values(), ids=lambda f: f.key)


@ALL
def test_known_minima_are_strict_and_global(f):
    z = losses.surface(f, size=121).z
    for minimum in f.minima:
        assert f.value(minimum) == pytest.approx(f.lowest, abs=1e-20)
        assert np.abs(f.gradient(minimum)).max() <= 1e-10
        assert np.linalg.eigvalsh(f.hessian(minimum))[0] > 0
        assert f.lowest <= z.min()
    assert bool(f.minima) == f.bounded


@ALL
def test_quadratic_and_convex_are_true_of_the_hessian(f):
    theta = np.random.default_rng(0).uniform(-1.5, 1.5, (300, 2))
    hessians = f.hessian(theta)
    assert bool(np.ptp(hessians, axis=0).max() < 1e-12) == f.quadratic
    assert bool((np.linalg.eigvalsh(hessians) >= 0).all()) == f.convex


def test_certificate_of_rosenbrock_is_that_of_its_minimum():
    c = losses.certify(losses.test_function("rosenbrock"))
    assert c.optimum == pytest.approx([1, 1])
    assert c.strong_convexity == pytest.approx(0.39936077, abs=1e-8)
    assert c.lipschitz == pytest.approx(1001.60063923, abs=1e-7)
    assert c.critical_rate == pytest.approx(0.00199680, abs=1e-8)
    assert c.scope == "local"


def test_descent_leaves_the_saddle_from_a_tiny_offset():
    """From an offset of 1e-6 it takes twice as many steps as from 1e-3."""
    f = losses.test_function("saddle")
    steps = {}
    for offset in (1e-6, 1e-3):
        run = losses.descend(f, "gd", start=(-1.0, offset), rate=0.1, steps=200)
        steps[offset] = int(np.argmax(np.abs(run.theta[:, 1]) > 1.0))
    assert steps == {1e-6: 76, 1e-3: 38}
    assert losses.certify(f).exists is losses.NO


def test_momentum_is_three_times_faster_in_the_ravine():
    f = losses.test_function("ravine")
    c = losses.certify(f)
    assert c.condition == pytest.approx(50)
    root = np.sqrt(c.condition)
    rate, beta = (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2
    gradient_descent = losses.descend(f, "gd", rate=c.best_rate, steps=400)
    momentum = losses.descend(f, "momentum", rate=rate, momentum=beta, steps=400)
    assert momentum.settled_at < gradient_descent.settled_at / 3


def test_run_on_an_unbounded_function_never_converges():
    f = losses.test_function("saddle")
    assert losses.descend(f, "gd", start=(-1.0, 1e-9), rate=0.1, steps=30).outcome.name in (
        "PLATEAU",
        "NO_MINIMUM",
    )


@ALL
def test_expression_equals_the_function_and_its_derivatives(f):
    node = parse_formula(f.expression, f.parameters)
    points = np.random.default_rng(0).uniform(-1.5, 1.5, (40, 2))
    values = dict(zip(f.parameters, points.T, strict=True))
    assert evaluate(node, values) == pytest.approx(f.value(points), rel=1e-12, abs=1e-12)
    for i, a in enumerate(f.parameters):
        slope = derivative(node, frozenset(a))
        assert evaluate(slope, values) == pytest.approx(f.gradient(points)[:, i], rel=1e-9, abs=1e-9)
        for j, b in enumerate(f.parameters):
            second = evaluate(derivative(slope, frozenset(b)), values)
            assert second == pytest.approx(f.hessian(points)[:, i, j], rel=1e-9, abs=1e-9)
