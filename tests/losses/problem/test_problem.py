"""Problems: derivatives, claims, windows, compatibility, standardization and penalties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losses
from losses.certificate.newton import parameter_scales
from tests.support.difference_quotients import jacobian
from tests.support.problem_cases import problem_cases, problem_id

ALL = pytest.mark.parametrize("problem", problem_cases())
SMALL = pytest.mark.parametrize("problem", problem_cases(lambda p: p.dim < 100))


def some_points(problem, count=5):
    """Return points in the window; for almost every seed none is at a kink."""
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
def test_batch_equals_single_points(problem):
    batch = some_points(problem, 6).reshape(2, 3, problem.dim)
    for f in (problem.value, problem.gradient, problem.hessian):
        result = f(batch)
        assert result.shape[:2] == (2, 3)
        for i, j in np.ndindex(2, 3):
            assert result[i, j] == pytest.approx(f(batch[i, j]), rel=1e-12, abs=1e-12)


@ALL
def test_window_contains_start_and_optimum(problem):
    (left, right), (low, high) = problem.plane.box
    assert left < problem.start[0] < right
    assert low < problem.start[1] < high
    optimum = losses.certify(problem).optimum
    if optimum is not None:
        u, v = problem.plane.coordinates(optimum)
        assert left < u < right
        assert low < v < high


def test_window_does_not_depend_on_the_loss():
    boxes = {
        losses.problem("houses", "line", loss, standardize=True).plane.box for loss in ("mse", "mae", "huber")
    }
    assert len(boxes) == 1


@given(st.lists(st.integers(1, 4), max_size=3), st.sampled_from(["mse", "mae", "bce"]))
def test_results_have_the_shape_of_the_batch(shape, loss):
    p = losses.problem("spam", "logistic", loss)
    theta = np.zeros((*shape, 2))
    assert p.value(theta).shape == tuple(shape)
    assert p.gradient(theta).shape == (*shape, 2)
    assert p.hessian(theta).shape == (*shape, 2, 2)
    assert p.example_losses(theta).shape == (*shape, 60)
    assert p.predict(theta, [1.0, 2.0, 3.0]).shape == (*shape, 3)


@ALL
def test_empty_batch_gives_empty_results(problem):
    for shape in ((0,), (3, 0), (0, 2)):
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
def test_predict_accepts_no_inputs_and_rejects_wrong_shapes(x, sentence):
    for model in ("line", "power"):
        p = losses.problem("misra1a", model, "mse", standardize=True)
        assert p.predict(p.start, []).shape == (0,)
        with pytest.raises(ValueError, match=sentence):
            p.predict(p.start, x)
    p = losses.problem("iris", "softmax", "cce")
    assert p.predict(p.start, np.empty((0, 4))).shape == (0, 3)
    with pytest.raises(ValueError, match=r"x must have shape \(m, 4\); not \(4,\)"):
        p.predict(p.start, [1.0, 2.0, 3.0, 4.0])


def test_custom_dataset_may_have_more_than_two_inputs():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3))
    data = losses.Dataset("own", x, (x.sum(axis=1) + rng.normal(size=30) > 0).astype(float), "binary")
    p = losses.problem(data, "logistic", "bce")
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
def test_incompatible_pairing_raises_with_the_reason(data, model, loss, sentence):
    with pytest.raises(losses.Incompatible, match=sentence):
        losses.problem(data, model, loss)


def test_regression_losses_are_allowed_for_classification():
    assert losses.allowed_losses(losses.DATASETS["spam"], "logistic")[:2] == ("mse", "mae")


INTEGER_TARGETS = losses.Dataset("whole", [1.0, 2.0, 3.0, 4.0], [3.0, 1.0, 4.0, 2.0], "regression")
TWO_CLASSES = losses.Dataset("two", [1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0], "multiclass")


@pytest.mark.parametrize(
    "problem",
    [
        *problem_cases(),
        losses.problem(INTEGER_TARGETS, "mlp", "mse"),
        losses.problem(TWO_CLASSES, "mlp", "cce"),
    ],
    ids=problem_id,
)
def test_every_parameter_has_a_reach(problem):
    """Integer targets of a regression are not classes; two classes of a multiclass task have two scores."""
    assert problem.reach.shape == problem.start.shape
    assert (problem.reach > 0).all()
    if isinstance(problem, losses.DataProblem):
        plane = losses.parameter_plane(problem, (0, problem.dim - 1))
        assert losses.surface(problem, size=2, plane=plane).z.shape == (2, 2)


def test_wrong_shape_of_theta_is_named_in_the_error():
    p = losses.problem("norris", "line", "mse")
    with pytest.raises(ValueError, match=r"theta must have shape \(\.\.\., 2\); not \(3,\)"):
        p.value(np.zeros(3))


def test_standardized_predictions_are_in_the_units_of_the_data():
    raw = losses.problem("norris", "line", "mse")
    standardized = losses.problem("norris", "line", "mse", standardize=True)
    x = raw.data.x
    expected = raw.predict(losses.certify(raw).optimum, x)
    assert standardized.predict(losses.certify(standardized).optimum, x) == pytest.approx(expected, rel=1e-9)


def test_squared_error_has_a_203_times_smaller_gradient_at_a_confident_mistake():
    """At a score of −6 for y = 1 the gradient of cross-entropy is 203 times that of squared error."""
    data = losses.Dataset("two", [-1.0, 1.0], [1.0, 0.0], "binary")
    theta = np.array([6.0, 0.0])  # both examples are confidently wrong: z = -6 for y = 1, 6 for y = 0
    slope = {loss: losses.problem(data, "logistic", loss).gradient(theta)[0] for loss in ("bce", "mse")}
    assert slope["bce"] == pytest.approx(0.99753, abs=1e-5)
    assert slope["mse"] == pytest.approx(0.00492, abs=1e-5)
    assert slope["bce"] / slope["mse"] == pytest.approx(203, abs=0.5)


def test_squared_error_on_a_sigmoid_is_concave_below_a_probability_of_a_third():
    data = losses.Dataset("two", [-1.0, 1.0], [0.0, 1.0], "binary")
    p = losses.problem(data, "logistic", "mse")

    def curvature(probability):
        return p.hessian(np.array([np.log(probability / (1 - probability)), 0.0]))[0, 0]

    assert curvature(0.333) < 0 < curvature(0.334)
    probabilities = np.linspace(0.01, 0.99, 9801)
    weights = np.log(probabilities / (1 - probabilities))
    slope = np.abs(p.gradient(np.stack([weights, 0 * weights], axis=-1))[:, 0])
    assert probabilities[slope.argmax()] == pytest.approx(1 / 3, abs=1e-3)
    assert slope.max() == pytest.approx(8 / 27, abs=1e-6)


@ALL
def test_convex_and_quadratic_are_claimed_exactly_if_true(problem):
    """Chords confirm or refute convexity; third differences along lines, that the function is quadratic."""
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
def test_gradient_of_every_allowed_pairing_is_the_slope_along_a_random_direction(data, standardize):
    """This covers every model and loss that the page offers."""
    rng = np.random.default_rng(3)
    for model in losses.allowed_models(data):
        for loss in losses.allowed_losses(data, model):
            p = losses.problem(data, model, loss, standardize=standardize)
            unit = parameter_scales(p)
            theta = p.start + 0.05 * unit * rng.normal(size=p.dim)
            direction = unit * rng.normal(size=p.dim)
            quotients = [
                float(p.value(theta + h * direction) - p.value(theta - h * direction)) / (2 * h)
                for h in ((1e-5, 1e-7) if p.smooth else (1e-8,))  # the second for losses of sharp curvature
            ]
            slope = p.gradient(theta) @ direction
            size = abs(float(p.value(theta))) + np.abs(p.gradient(theta) * direction).sum()
            assert min(abs(slope - quotient) for quotient in quotients) <= 3e-6 * size, (model, loss)


@pytest.mark.parametrize("data", losses.DATASETS.values(), ids=lambda data: data.key)
def test_pairings_are_allowed_exactly_if_they_work(data):
    for model in losses.MODELS.values():
        for loss in losses.LOSSES.values():
            is_allowed = model.key in losses.allowed_models(data) and loss.key in losses.allowed_losses(
                data, model
            )
            if is_allowed:
                assert np.isfinite(losses.problem(data, model, loss).plane.box).all()
            else:
                with pytest.raises(losses.Incompatible) as error:
                    losses.problem(data, model, loss)
                reason = str(error.value)
                assert reason.endswith(".")
                assert data.name in reason
                assert reason.lower().startswith((model.name.lower(), loss.name.lower()))


def test_power_law_requires_one_positive_input():
    negative = losses.Dataset("own", [-1.5, 1.0, 2.0], [1.0, 2.0, 4.0], "regression")
    with pytest.raises(
        losses.Incompatible, match=r"A power law needs positive inputs; own go down to −1\.5\."
    ):
        losses.problem(negative, "power", "mse")
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
WITH_PENALTY = pytest.mark.parametrize("p", PENALIZED, ids=lambda p: f"{problem_id(p)}-{p.l1}-{p.l2}")


@WITH_PENALTY
def test_penalty_is_added_for_all_parameters_but_intercepts(p):
    unpenalized = losses.problem(p.data, p.model, p.loss, standardize=True)
    theta = np.random.default_rng(0).normal(size=(2, 3, p.dim))
    names = p.parameters if p.model.centered else ["w"] * p.dim
    weights = theta[..., [n[0] in "wv" for n in names]]
    assert 0 < weights.shape[-1] <= p.dim
    penalty = p.l2 * (weights**2).sum(axis=-1) + p.l1 * np.abs(weights).sum(axis=-1)
    assert p.value(theta) == pytest.approx(unpenalized.value(theta) + penalty, rel=1e-12)
    assert p.example_losses(theta) == pytest.approx(unpenalized.example_losses(theta), rel=1e-12)


@WITH_PENALTY
def test_gradient_hessian_and_surface_include_the_penalty(p):
    theta = np.random.default_rng(1).normal(size=p.dim)
    unit = np.ones(p.dim)
    assert p.gradient(theta) == pytest.approx(jacobian(p.value, theta, unit), abs=1e-8)
    assert p.hessian(theta) == pytest.approx(jacobian(p.gradient, theta, unit), abs=1e-8)
    surface = losses.surface(p, size=4)
    for i, j in np.ndindex(4, 4):
        theta = p.plane.points(surface.u[j], surface.v[i])
        assert surface.z[i, j] == pytest.approx(float(p.value(theta)), rel=1e-10)


@WITH_PENALTY
def test_problem_with_an_l1_penalty_is_not_smooth(p):
    assert p.smooth == (p.l1 == 0)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"l2": -1.0}, "l2 must be from 0 to 1e\\+06; not -1.0"),
        ({"delta": 2.0}, "mean squared error of a line takes l2, l1; not delta"),
    ],
)
def test_wrong_setting_is_named_in_the_error(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.problem("houses", "line", "mse", **settings)


def test_settings_are_passed_to_loss_and_model():
    p = losses.problem("norris", "line", "huber", delta=2.0)
    assert p.example_losses([0.0, 0.0]) == pytest.approx(2.0 * (np.abs(p.y) - 1.0), abs=2.0)
    assert losses.problem("moons", "mlp", "bce", width=7).dim == 7 * 4 + 1
    assert losses.problem("moons", "mlp", "bce").smooth
    assert not losses.problem("moons", "mlp", "bce", relu=1).smooth


@pytest.mark.parametrize("model", ["line", "saturation"])
def test_standardized_data_are_in_population_standard_deviations(model):
    p = losses.problem("misra1a", model, "mse", standardize=True)
    assert p.x.std(axis=0) == pytest.approx([1.0], rel=1e-12)
    assert p.y.std() == pytest.approx(1.0, rel=1e-12)
    is_centered = model == "line"
    assert bool(abs(p.x.mean()) < 1e-12) == bool(abs(p.y.mean()) < 1e-12) == is_centered
    assert p.x * p.scaling.x_scale + p.scaling.x_mean == pytest.approx(p.data.inputs, rel=1e-12)
    assert p.y * p.scaling.y_scale + p.scaling.y_mean == pytest.approx(p.data.y, rel=1e-12)


def test_labels_of_classes_are_not_standardized():
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    assert np.array_equal(p.y, p.data.y)
    assert (p.scaling.y_mean, p.scaling.y_scale) == (0.0, 1.0)


def test_gradient_on_rows_is_that_of_a_dataset_of_these_rows():
    p = losses.problem("moons", "mlp", "bce", l2=0.1)
    rows = np.array([3, 5, 8])
    data = losses.Dataset("few", p.data.x[rows], p.data.y[rows], "binary")
    few = losses.problem(data, "mlp", "bce", l2=0.1)
    assert p.gradient_on(p.start, rows) == pytest.approx(few.gradient(p.start), rel=1e-12)


@pytest.mark.parametrize(("data", "model"), [("spam", "logistic"), ("iris", "softmax")])
@pytest.mark.parametrize(
    ("formula", "smooth"),
    [
        ("abs(r)", True),
        ("min(abs(r),2)", True),
        ("r**2", True),
        ("-(y*log(p)+(1-y)*log(1-p))", True),
        ("sqrt(abs(r))", True),
        ("where(y>0.5,-log(p),-log(1-p))", True),
        ("where(r>0,-log(1-r),-2*log(1+r))", True),
        ("where(r,p,y)", False),
        ("max(0,abs(r)-0.3)", False),
        ("abs(r)+abs(p-0.5)", False),
        ("where(r>0.1,r,r**2)", False),
    ],
)
def test_an_own_loss_of_probabilities_has_the_kinks_that_errors_can_reach(data, model, formula, smooth):
    assert losses.problem(data, model, losses.own_loss(formula)).smooth == smooth


def test_the_slope_of_a_loss_of_probabilities_jumps_at_a_kink_between_0_and_1():
    p = losses.problem("spam", "logistic", losses.own_loss("max(0,abs(r)-0.3)"))
    changes = np.abs(np.diff(p.gradient(np.linspace([0.5, -3.0], [0.5, 3.0], 20001))[:, 1]))
    assert changes.max() > 30.0 * np.median(changes)
    assert not p.smooth
