import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import losses
from losses.newton import window_units
from tests.losses.cases import PROBLEMS, name
from tests.losses.quotient import jacobian

ALL = pytest.mark.parametrize("problem", PROBLEMS, ids=name)
SMALL = pytest.mark.parametrize("problem", [p for p in PROBLEMS if p.dim < 100], ids=name)


def some_points(problem, count=5):
    """Points in the window, away from kinks for almost every seed."""
    rng = np.random.default_rng(1)
    (left, right), (low, high) = problem.plane.box
    return problem.plane.points(rng.uniform(left, right, count), rng.uniform(low, high, count))


@SMALL
def test_gradient_is_the_difference_quotient(problem):
    unit = window_units(problem) * (1e-3 if not problem.smooth else 1.0)
    for theta in some_points(problem):
        quotient = jacobian(problem.value, theta, unit)
        scale = np.abs(quotient * window_units(problem)).max() + abs(float(problem.value(theta)))
        error = (problem.gradient(theta) - quotient) * window_units(problem)
        assert np.abs(error).max() <= 1e-5 * scale


@SMALL
def test_hessian_is_the_difference_quotient_of_the_gradient(problem):
    unit = window_units(problem)
    if "huber" in problem.key or not problem.smooth:
        unit = unit * 1e-6  # the curvature jumps between examples
    natural = np.outer(window_units(problem), window_units(problem))
    for theta in some_points(problem):
        hessian = problem.hessian(theta)
        quotient = jacobian(problem.gradient, theta, unit)
        scale = np.abs(hessian * natural).max() + abs(float(problem.value(theta)))
        assert np.abs((hessian - quotient) * natural).max() <= 2e-5 * scale
        assert np.array_equal(hessian, hessian.T) or hessian == pytest.approx(hessian.T)


@SMALL
def test_batches_equal_single_points(problem):
    batch = some_points(problem, 6).reshape(2, 3, problem.dim)
    for f in (problem.value, problem.gradient, problem.hessian):
        together = f(batch)
        assert together.shape[:2] == (2, 3)
        for i, j in np.ndindex(2, 3):
            assert together[i, j] == pytest.approx(f(batch[i, j]), rel=1e-12, abs=1e-12)


@ALL
def test_window_does_not_depend_on_the_loss_and_holds_start_and_optimum(problem):
    (left, right), (low, high) = problem.plane.box
    assert left < problem.start[0] < right
    assert low < problem.start[1] < high
    best = losses.certify(problem).optimum
    if best is not None:
        u, v = problem.plane.coordinates(best)
        assert left < u < right
        assert low < v < high


def test_losses_share_the_window():
    boxes = {
        losses.problem("houses", "line", loss, standardize=True).plane.box for loss in ("mse", "mae", "huber")
    }
    assert len(boxes) == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 4), max_size=3), st.sampled_from(["mse", "mae", "bce"]))
def test_shapes(shape, loss):
    p = losses.problem("spam", "logistic", loss)
    theta = np.zeros((*shape, 2))
    assert p.value(theta).shape == tuple(shape)
    assert p.gradient(theta).shape == (*shape, 2)
    assert p.hessian(theta).shape == (*shape, 2, 2)
    assert p.example_losses(theta).shape == (*shape, 60)
    assert p.predict(theta, [1.0, 2.0, 3.0]).shape == (*shape, 3)


def test_any_number_of_inputs():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3))
    own = losses.Dataset("own", x, (x.sum(axis=1) + rng.normal(size=30) > 0).astype(float), "binary")
    p = losses.problem(own, "logistic", "bce")
    assert p.dim == 4
    assert p.parameters == ("w1", "w2", "w3", "b")
    assert p.plane.is_slice
    theta = rng.normal(size=4)
    assert p.gradient(theta) == pytest.approx(jacobian(p.value, theta, np.ones(4)), abs=1e-8)
    assert losses.surface(p, size=5).z.shape == (5, 5)
    assert losses.descend(p, rate=0.5, steps=10).theta.shape == (11, 4)


@pytest.mark.parametrize(
    ("data", "model", "loss", "sentence"),
    [
        ("houses", "line", "bce", "Cross-entropy scores yes or no; house prices asks for a number"),
        ("houses", "logistic", "mse", "A logistic curve predicts yes or no; house prices asks for a number"),
        ("spam", "line", "mse", "A line predicts a number; spam messages asks for yes or no"),
        ("spam", "logistic", "huber", "Huber loss scores a number"),
    ],
)
def test_senseless_pairings_say_why(data, model, loss, sentence):
    with pytest.raises(losses.Incompatible, match=sentence):
        losses.problem(data, model, loss)


def test_mismatch_is_allowed():
    assert losses.allowed_losses(losses.DATASETS["spam"], "logistic")[:2] == ("mse", "mae")


def test_wrong_shape_is_named():
    p = losses.problem("norris", "line", "mse")
    with pytest.raises(ValueError, match=r"theta must have shape \(\.\.\., 2\); not \(3,\)"):
        p.value(np.zeros(3))


def test_standardized_predictions_are_in_the_units_of_the_data():
    raw = losses.problem("norris", "line", "mse")
    scaled = losses.problem("norris", "line", "mse", standardize=True)
    x = raw.data.x
    best = [losses.certify(p).optimum for p in (raw, scaled)]
    assert scaled.predict(best[1], x) == pytest.approx(raw.predict(best[0], x), rel=1e-9)


def test_one_confident_mistake_203_times_weaker():
    """At z = -6 with y = 1 squared error on the sigmoid pulls 203 times less than cross-entropy."""
    own = losses.Dataset("two", [-1.0, 1.0], [1.0, 0.0], "binary")
    theta = np.array([6.0, 0.0])  # both examples are confidently wrong: z = -6 for y = 1, 6 for y = 0
    pull = {loss: losses.problem(own, "logistic", loss).gradient(theta)[0] for loss in ("bce", "mse")}
    assert pull["bce"] == pytest.approx(0.99753, abs=1e-5)
    assert pull["mse"] == pytest.approx(0.00492, abs=1e-5)
    assert pull["bce"] / pull["mse"] == pytest.approx(203, abs=0.5)


def test_squared_error_on_a_sigmoid_is_concave_below_a_third():
    own = losses.Dataset("two", [-1.0, 1.0], [0.0, 1.0], "binary")
    p = losses.problem(own, "logistic", "mse")

    def bend(share):
        return p.hessian(np.array([np.log(share / (1 - share)), 0.0]))[0, 0]

    assert bend(0.333) < 0 < bend(0.334)
    shares = np.linspace(0.01, 0.99, 9801)
    slope = np.abs(p.gradient(np.stack([np.log(shares / (1 - shares)), 0 * shares], axis=-1))[:, 0])
    assert shares[slope.argmax()] == pytest.approx(1 / 3, abs=1e-3)
    assert slope.max() == pytest.approx(8 / 27, abs=1e-6)
