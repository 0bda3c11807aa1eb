import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losses
from losses.certificate.newton import parameter_scales
from tests.support.difference_quotients import jacobian
from tests.support.problem_cases import PROBLEMS, name

ALL = pytest.mark.parametrize("problem", PROBLEMS, ids=name)
SMALL = pytest.mark.parametrize("problem", [p for p in PROBLEMS if p.dim < 100], ids=name)


def some_points(problem, count=5):
    """Points in the window, away from kinks for almost every seed."""
    rng = np.random.default_rng(1)
    (left, right), (low, high) = problem.plane.box
    return problem.plane.points(rng.uniform(left, right, count), rng.uniform(low, high, count))


@SMALL
def test_gradient_is_the_difference_quotient(problem):
    unit = parameter_scales(problem) * (1e-3 if not problem.smooth else 1.0)
    for theta in some_points(problem):
        quotient = jacobian(problem.value, theta, unit)
        scale = np.abs(quotient * parameter_scales(problem)).max() + abs(float(problem.value(theta)))
        error = (problem.gradient(theta) - quotient) * parameter_scales(problem)
        assert np.abs(error).max() <= 1e-5 * scale


@SMALL
def test_hessian_is_the_difference_quotient_of_the_gradient(problem):
    unit = parameter_scales(problem)
    if "huber" in problem.key or not problem.smooth:
        unit = unit * 1e-6  # the curvature jumps between examples
    natural = np.outer(parameter_scales(problem), parameter_scales(problem))
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


@given(st.lists(st.integers(1, 4), max_size=3), st.sampled_from(["mse", "mae", "bce"]))
def test_shapes(shape, loss):
    p = losses.problem("spam", "logistic", loss)
    theta = np.zeros((*shape, 2))
    assert p.value(theta).shape == tuple(shape)
    assert p.gradient(theta).shape == (*shape, 2)
    assert p.hessian(theta).shape == (*shape, 2, 2)
    assert p.example_losses(theta).shape == (*shape, 60)
    assert p.predict(theta, [1.0, 2.0, 3.0]).shape == (*shape, 3)


@ALL
@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 2)])
def test_no_points_have_no_values(problem, shape):
    theta, d = np.empty((*shape, problem.dim)), problem.dim
    assert problem.value(theta).shape == shape
    assert problem.gradient(theta).shape == (*shape, d)
    assert [part.shape for part in problem.value_and_gradient(theta)] == [shape, (*shape, d)]
    if d <= losses.certificate.certificate.MAX_PARAMETERS:
        assert problem.hessian(theta).shape == (*shape, d, d)


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (1.0, r"x must have shape \(m,\) or \(m, 1\); not \(\)"),
        ([[1.0, 2.0]], r"x must have shape \(m,\) or \(m, 1\); not \(1, 2\)"),
        (["a"], "x must be an array of numbers; not 'a'"),
    ],
)
def test_inputs_to_predict(x, sentence):
    for model in ("line", "power"):
        p = losses.problem("misra1a", model, "mse", standardize=True)
        assert p.predict(p.start, []).shape == (0,)
        with pytest.raises(ValueError, match=sentence):
            p.predict(p.start, x)
    p = losses.problem("iris", "softmax", "cce")
    assert p.predict(p.start, np.empty((0, 4))).shape == (0, 3)
    with pytest.raises(ValueError, match=r"x must have shape \(m, 4\); not \(4,\)"):
        p.predict(p.start, [1.0, 2.0, 3.0, 4.0])


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


WHOLE = losses.Dataset("whole", [1.0, 2.0, 3.0, 4.0], [3.0, 1.0, 4.0, 2.0], "regression")
TWO = losses.Dataset("two", [1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0], "multiclass")


@pytest.mark.parametrize(
    "problem", [*PROBLEMS, losses.problem(WHOLE, "mlp", "mse"), losses.problem(TWO, "mlp", "cce")], ids=name
)
def test_every_parameter_has_a_reach(problem):
    """Whole numbers as targets are no classes, and two classes have two scores."""
    assert problem.reach.shape == problem.start.shape
    assert (problem.reach > 0).all()
    if isinstance(problem, losses.DataProblem):
        plane = losses.parameter_plane(problem, (0, problem.dim - 1))
        assert losses.surface(problem, size=2, plane=plane).z.shape == (2, 2)


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


@pytest.mark.parametrize("problem", PROBLEMS, ids=name)
def test_claims_convex_and_quadratic(problem):
    """Confirmed where claimed and refuted where not: by chords, and by third differences along lines."""
    rng = np.random.default_rng(2)
    (left, right), (low, high) = problem.plane.box
    u, v = rng.uniform(left, right, (400, 2)), rng.uniform(low, high, (400, 2))
    a, b = problem.plane.points(u[:, 0], v[:, 0]), problem.plane.points(u[:, 1], v[:, 1])
    scale = np.abs(problem.value(a)) + np.abs(problem.value(b))
    chord = (problem.value(a) + problem.value(b)) / 2
    assert (problem.value((a + b) / 2) <= chord + 1e-10 * scale).all() == problem.convex
    along = [problem.value(a + t * (b - a)) for t in (0, 1 / 3, 2 / 3, 1)]
    assert (np.abs(np.diff(along, 3, axis=0)) <= 1e-9 * scale).all() == problem.quadratic


@pytest.mark.parametrize("data", losses.DATASETS.values(), ids=lambda data: data.key)
@pytest.mark.parametrize("standardize", [False, True], ids=["raw", "standardized"])
def test_every_allowed_pairing_goes_downhill_as_its_gradient_says(data, standardize):
    """The slope along one random direction, for every model and loss that the page offers."""
    rng = np.random.default_rng(3)
    for model in losses.allowed_models(data):
        for loss in losses.allowed_losses(data, model):
            p = losses.problem(data, model, loss, standardize=standardize)
            unit = parameter_scales(p)
            at = p.start + 0.05 * unit * rng.normal(size=p.dim)
            way = unit * rng.normal(size=p.dim)
            h = 1e-5 if p.smooth else 1e-8
            quotient = float(p.value(at + h * way) - p.value(at - h * way)) / (2 * h)
            size = abs(float(p.value(at))) + np.abs(p.gradient(at) * way).sum()
            assert p.gradient(at) @ way == pytest.approx(quotient, abs=3e-6 * size), (model, loss)


@pytest.mark.parametrize("data", losses.DATASETS.values(), ids=lambda data: data.key)
def test_what_is_not_offered_says_why_and_what_is_offered_works(data):
    for model in losses.MODELS.values():
        for loss in losses.LOSSES.values():
            offered = model.key in losses.allowed_models(data) and loss.key in losses.allowed_losses(
                data, model
            )
            if offered:
                assert np.isfinite(losses.problem(data, model, loss).plane.box).all()
            else:
                with pytest.raises(losses.Incompatible) as refusal:
                    losses.problem(data, model, loss)
                said = str(refusal.value)
                assert said.endswith(".")
                assert data.name in said
                assert said.lower().startswith((model.name.lower(), loss.name.lower()))


def test_curves_that_need_positive_inputs_say_so():
    own = losses.Dataset("own", [-1.5, 1.0, 2.0], [1.0, 2.0, 4.0], "regression")
    with pytest.raises(
        losses.Incompatible, match=r"A power law needs positive inputs; own go down to −1\.5\."
    ):
        losses.problem(own, "power", "mse")
    with pytest.raises(losses.Incompatible, match=r"A power law takes 1 input; Longley's economy has 6\."):
        losses.problem("longley", "power", "mse")
    at_zero = losses.Dataset("own", [0.0, 1.0, 2.0], [1.0, 2.0, 4.0], "regression")
    assert "power" not in losses.allowed_models(at_zero)
    assert "line" in losses.allowed_models(at_zero)


PENALIZED = [
    losses.problem(*keys, standardize=True, **penalty)
    for keys in (
        ("houses", "line", "mse"),
        ("misra1a", "saturation", "mse"),
        ("spam", "logistic", "bce"),
        ("moons", "mlp", "bce"),
        ("blobs", "softmax", "cce"),
    )
    for penalty in ({"l2": 0.3}, {"l1": 0.2}, {"l1": 0.1, "l2": 0.4})
]
WITH_PENALTY = pytest.mark.parametrize("p", PENALIZED, ids=lambda p: f"{name(p)}-{p.l1}-{p.l2}")


@WITH_PENALTY
def test_penalty_is_added_on_all_but_intercepts(p):
    plain = losses.problem(p.data, p.model, p.loss, standardize=True)
    theta = np.random.default_rng(0).normal(size=(2, 3, p.dim))
    names = p.parameters if p.model.centered else ["w"] * p.dim
    weights = theta[..., [n[0] in "wv" for n in names]]
    assert 0 < weights.shape[-1] <= p.dim
    extra = p.l2 * (weights**2).sum(axis=-1) + p.l1 * np.abs(weights).sum(axis=-1)
    assert p.value(theta) == pytest.approx(plain.value(theta) + extra, rel=1e-12)
    assert p.example_losses(theta) == pytest.approx(plain.example_losses(theta), rel=1e-12)


@WITH_PENALTY
def test_penalty_has_a_gradient_and_a_hessian(p):
    theta = np.random.default_rng(1).normal(size=p.dim)
    unit = np.ones(p.dim)
    assert p.gradient(theta) == pytest.approx(jacobian(p.value, theta, unit), abs=1e-8)
    assert p.hessian(theta) == pytest.approx(jacobian(p.gradient, theta, unit), abs=1e-8)
    surface = losses.surface(p, size=4)
    for i, j in np.ndindex(4, 4):
        here = p.plane.points(surface.u[j], surface.v[i])
        assert surface.z[i, j] == pytest.approx(float(p.value(here)), rel=1e-10)


@WITH_PENALTY
def test_absolute_penalties_have_kinks(p):
    assert p.smooth == (p.l1 == 0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"l2": -1.0}, "l2 must be from 0 to 1e\\+06; not -1.0"),
        ({"delta": 2.0}, "mean squared error of a line takes l2, l1; not delta"),
    ],
)
def test_wrong_settings_are_named(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.problem("houses", "line", "mse", **given)


def test_settings_reach_loss_and_model():
    p = losses.problem("norris", "line", "huber", delta=2.0)
    assert p.example_losses([0.0, 0.0]) == pytest.approx(2.0 * (np.abs(p.y) - 1.0), abs=2.0)
    assert losses.problem("moons", "mlp", "bce", width=7).dim == 7 * 4 + 1
    assert losses.problem("moons", "mlp", "bce").smooth
    assert not losses.problem("moons", "mlp", "bce", relu=1).smooth


@pytest.mark.parametrize("model", ["line", "saturation"])
def test_standardized_is_measured_in_population_deviations(model):
    p = losses.problem("misra1a", model, "mse", standardize=True)
    assert p.x.std(axis=0) == pytest.approx([1.0], rel=1e-12)
    assert p.y.std() == pytest.approx(1.0, rel=1e-12)
    moved = model == "line"
    assert bool(abs(p.x.mean()) < 1e-12) == bool(abs(p.y.mean()) < 1e-12) == moved
    assert p.x * p.scaling.x_scale + p.scaling.x_mean == pytest.approx(p.data.inputs, rel=1e-12)
    assert p.y * p.scaling.y_scale + p.scaling.y_mean == pytest.approx(p.data.y, rel=1e-12)


def test_labels_of_classes_are_not_standardized():
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    assert np.array_equal(p.y, p.data.y)
    assert (p.scaling.y_mean, p.scaling.y_scale) == (0.0, 1.0)


def test_rows_of_a_gradient_are_those_asked_for():
    p = losses.problem("moons", "mlp", "bce", l2=0.1)
    rows = np.array([3, 5, 8])
    few = losses.Dataset("few", p.data.x[rows], p.data.y[rows], "binary")
    own = losses.problem(few, "mlp", "bce", l2=0.1)
    assert p.gradient_on(p.start, rows) == pytest.approx(own.gradient(p.start), rel=1e-12)
