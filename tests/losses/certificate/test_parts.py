"""Parts of certificates that few problems reach."""

from types import SimpleNamespace

import numpy as np
import pytest

import losses
from losses.certificate import newton
from losses.certificate.certificate import _is_unique, certificate_without_optimum, finite_ratio
from losses.certificate.curvature import equilibrate, is_positive_definite, jumps_at
from losses.certificate.existence import existence_of_minimum
from losses.certificate.floor import certify_at_floor, infimum_at_floor
from losses.certificate.gap import gap_of_gradient, is_curved
from losses.certificate.newton import min_loss_far_away, newton_iterates, parameter_scales
from losses.problem.curvature_range import _tolerance
from losses.problem.standardized_coordinates import StandardizedProblem


@pytest.mark.parametrize(
    ("hessian", "expected"),
    [
        ([[2.0, 0.0], [0.0, 1.0]], True),
        ([[2.0, 2.0], [2.0, 2.0]], False),
        ([[2.0, 0.0], [0.0, -1.0]], False),
        ([[2.0, 0.0], [0.0, np.inf]], False),
        (np.diag([1e-12, 1e-12, 1.0]), False),
    ],
)
def test_a_hessian_is_curved_if_it_is_finite_and_positive_definite(hessian, expected):
    assert is_curved(np.array(hessian)) is expected


def test_far_away_is_300_windows():
    saddle = losses.test_function("saddle")
    (left, right), (low, high) = saddle.box
    ends = saddle.value([(300.0 * (right - left), 0.0), (0.0, 300.0 * (high - low))])
    assert min_loss_far_away(saddle) == pytest.approx(ends.min())
    assert ends.min() < 0.0 < ends.max()


@pytest.mark.parametrize("function", losses.TEST_FUNCTIONS.values(), ids=lambda function: function.key)
def test_a_test_function_has_one_minimizer_if_one_is_listed(function):
    unique = losses.certify(function).unique
    assert unique == (len(function.minima) == 1)


def test_a_penalty_adds_its_own_curvature_to_a_bound():
    plain, penalized = (
        losses.certify(losses.problem("spam", "logistic", "bce", standardize=True, l2=l2)).lipschitz
        for l2 in (0.0, 0.3)
    )
    assert penalized == pytest.approx(plain + 0.6)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (losses.test_function("saddle"), "no minimum; "),
        (losses.problem("separable", "logistic", "bce"), "no minimum, infimum 0; "),
        (losses.problem("houses", "mlp", "mse"), "optimum not known; "),
        (losses.problem("norris", "line", "mae"), "curvature not known"),
        (losses.problem("norris", "line", "mse", standardize=True), "; stable below rate 1"),
    ],
)
def test_a_description_says_what_is_known(problem, text):
    assert text in repr(losses.certify(problem))


def test_a_description_is_silent_about_unknown_rates():
    certificate = losses.certify(losses.problem("houses", "line", "mae"))
    assert certificate.critical_rate is None
    assert "rate" not in repr(certificate)


@pytest.mark.parametrize("operations", [1e3, 1e5, 1e6, 1e9])
def test_a_grid_has_an_odd_number_of_points_along_each_side(operations, monkeypatch):
    monkeypatch.setattr(newton, "MAX_GRID_OPERATIONS", operations)
    sizes = {newton.grid_size(losses.problem(data, "line", "mae")) for data in ("houses", "norris")}
    assert all(size % 2 for size in sizes)


@pytest.mark.parametrize(
    ("numerator", "denominator", "ratio"),
    [
        *((2.0, 4.0, 0.5), (1.0, 1e-308, 1e308), (2.0, 1e-308, None), (2.0, 0.0, None), (2.0, -1.0, None)),
        *((2.0, None, None), (2.0, np.inf, None), (2.0, np.nan, None)),
    ],
)
def test_a_ratio_is_none_beyond_doubles(numerator, denominator, ratio):
    assert finite_ratio(numerator, denominator) == ratio


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (
            "ravine",
            "minimum 0 at (0, 0), lowest, unique; L = 50 (exact); condition 50; stable below rate 0.04",
        ),
        ("saddle", "no minimum; curvature not known"),
    ],
)
def test_a_certificate_of_a_quadratic_is_described_in_full(key, text):
    assert repr(losses.certify(losses.test_function(key))) == f"<certificate: {text}>"


def test_a_certificate_without_an_optimum_has_a_bound_or_the_curvature_at_the_start():
    """The greatest curvature of Huber's loss is 1, and of standardized inputs the largest eigenvalue is 1."""
    huber, mae = (losses.problem("houses", "line", loss, standardize=True) for loss in ("huber", "mae"))
    bounded = certificate_without_optimum(huber, losses.NO, 0.5, start_curvature=0.1)
    assert (bounded.scope, bounded.lipschitz, bounded.critical_rate) == (
        "bound",
        pytest.approx(1),
        pytest.approx(2),
    )
    assert (bounded.exists, bounded.unique, bounded.lowest) == (losses.NO, losses.NO, losses.YES)
    at_start = certificate_without_optimum(mae, losses.UNKNOWN, start_curvature=0.5)
    assert (at_start.scope, at_start.lipschitz, at_start.critical_rate) == ("start", 0.5, 4.0)
    assert (at_start.unique, at_start.lowest) == (losses.UNKNOWN, losses.UNKNOWN)
    nothing = certificate_without_optimum(mae, losses.UNKNOWN)
    assert (nothing.scope, nothing.lipschitz, nothing.critical_rate) == ("none", None, None)


def test_an_equilibrated_hessian_has_a_diagonal_of_ones_and_zeros():
    matrix = np.array([[[4.0, 2.0], [2.0, 9.0]], [[0.0, 0.0], [0.0, -4.0]], [[np.inf, 1.0], [1.0, 2.0]]])
    scaled, scale = equilibrate(matrix)
    assert scaled[0] == pytest.approx(np.array([[1.0, 1.0 / 3.0], [1.0 / 3.0, 1.0]]), rel=1e-15)
    assert (scaled[1].tolist(), scaled[2].tolist()) == ([[0.0, 0.0], [0.0, -1.0]], [[0.0, 0.0], [0.0, 0.0]])
    assert scale.tolist() == [[2.0, 3.0], [1.0, 2.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("text", "at_target", "beside_it"), [("where(r > 0, 3*r**2, r**2)", True, False), ("r**2", False, False)]
)
def test_a_curvature_jumps_only_where_an_error_is_0(text, at_target, beside_it):
    data = losses.Dataset("two", [0.0, 1.0], [1.0, 2.0], "regression")
    p = losses.problem(data, "line", losses.own_loss(text))
    assert (jumps_at(p, np.array([1.0, 1.0])), jumps_at(p, np.array([1.0, 1.1]))) == (at_target, beside_it)


@pytest.mark.parametrize(("share", "jumps"), [(0.9, True), (1.5, False)])
def test_a_curvature_jumps_where_rounding_may_have_moved_an_error_to_0(share, jumps):
    data = losses.Dataset("two", [0.0, 1.0], [1.0, 2.0], "regression")
    p = losses.problem(data, "line", losses.own_loss("where(r > 0, 3*r**2, r**2)"))
    tolerance = _tolerance(p, p.score(np.array([1.0, 1.0]))).max()
    assert jumps_at(p, np.array([1.0, 1.0 + share * tolerance])) is jumps


@pytest.mark.parametrize(("lowest", "unique"), [(losses.YES, losses.YES), (losses.UNKNOWN, losses.UNKNOWN)])
def test_only_a_proved_lowest_point_is_the_only_one(lowest, unique):
    p = losses.problem("spector", "logistic", "bce")
    optimum = losses.certify(p).optimum
    assert _is_unique(p, optimum, lowest, True, StandardizedProblem.from_problem(p)) is unique


@pytest.mark.parametrize("standardize", [False, True])
def test_the_gap_of_a_quadratic_is_its_height_above_the_minimum(standardize):
    p = losses.problem("houses", "line", "mse", standardize=standardize)
    frame, phi = StandardizedProblem.from_problem(p), np.array([0.7, -2.0])
    gap = gap_of_gradient(frame, frame.hessian(phi), frame.gradient(phi), phi)
    assert gap == pytest.approx(float(frame.value(phi)) - losses.certify(p).loss, rel=1e-12)
    assert gap_of_gradient(frame, np.full((2, 2), np.inf), frame.gradient(phi), phi) == np.inf
    assert gap_of_gradient(frame, frame.hessian(phi), np.array([np.nan, 0.0]), phi) == np.inf


def test_the_gap_of_classes_is_unknown_if_newtons_step_is_long():
    p = losses.problem("spam", "logistic", "bce")
    frame = StandardizedProblem.from_problem(p)

    def gap(phi):
        return gap_of_gradient(frame, frame.hessian(phi), frame.gradient(phi), phi)

    optimum = frame.to_local(losses.certify(p).optimum)
    near, far = optimum + 0.01, optimum + 3.0
    assert gap(near) == pytest.approx(float(frame.value(near)) - losses.certify(p).loss, rel=0.05)
    assert gap(far) == np.inf


def test_newtons_first_step_on_rosenbrocks_function_is_the_published_one():
    """From the published start (−1.2, 1) the classical step leads to (−1.1753, 1.3807) and is accepted."""
    f = losses.test_function("rosenbrock")
    points = [p.copy() for p in newton_iterates(f, np.array([[-1.2, 1.0]]), np.ones(2), 50)]
    assert points[1][0] == pytest.approx([-1.17528, 1.38067], abs=1e-5)
    values = f.value(np.concatenate(points))
    assert (np.diff(values) <= 0.0).all()
    assert points[-1][0] == pytest.approx([1.0, 1.0], abs=1e-15)
    assert len(points) < 30


@pytest.mark.parametrize("key", ["bowl", "ravine"])
def test_one_newton_step_minimizes_a_quadratic_from_anywhere(key):
    f = losses.test_function(key)
    starts = np.array([[1e3, -2e4], [0.5, 0.25], [-3.0, 1e-6]])
    points = [p.copy() for p in newton_iterates(f, starts, np.array([3.0, 0.1]), 50)]
    assert np.abs(points[1]).max() < 1e-10


@pytest.mark.parametrize("unit", [(1.0, 1.0), (6.0, 0.1)])
def test_newtons_method_never_climbs_and_ends_at_a_minimum(unit):
    f = losses.test_function("himmelblau")
    starts = np.stack(np.meshgrid(np.linspace(-5.0, 5.0, 6), np.linspace(-4.7, 5.3, 6)), -1).reshape(-1, 2)
    points = np.stack([p.copy() for p in newton_iterates(f, starts, np.array(unit), 100)])
    assert (np.diff(f.value(points), axis=0) <= 0.0).all()
    distance = np.linalg.norm(points[-1][:, None] - np.array(f.minima), axis=-1).min(axis=1)
    assert (distance < 1e-7).all()
    assert len(points) < 40


def flat_valley(theta):
    """Return value, gradient and Hessian of x² + y⁴, whose curvature at its minimum is 0 along y."""
    x, y = theta[..., 0], theta[..., 1]
    zero = np.zeros_like(x)
    hessian = np.stack([np.stack([zero + 2.0, zero], -1), np.stack([zero, 12.0 * y**2], -1)], -2)
    return x**2 + y**4, np.stack([2.0 * x, 4.0 * y**3], -1), hessian


def test_a_flat_minimum_is_returned_only_if_it_may_be_flat():
    valley = SimpleNamespace(
        value=lambda theta: flat_valley(theta)[0],
        gradient=lambda theta: flat_valley(theta)[1],
        hessian=lambda theta: flat_valley(theta)[2],
    )
    assert newton.newton(valley, np.array([1.0, 1.0]), np.ones(2)) is None
    end = newton.newton(valley, np.array([1.0, 1.0]), np.ones(2), allow_flat=True)
    assert np.abs(end).max() < 1e-3


def test_the_lowest_points_of_a_grid_are_those_of_all_its_points():
    f = losses.test_function("himmelblau")
    axis = np.linspace(-6.0, 6.0, newton.grid_size(f))
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    found = newton.lowest_grid_points(f, 7)
    assert len(axis) == 31
    assert f.value(found) == pytest.approx(np.sort(f.value(grid))[:7])
    assert len(np.unique(found, axis=0)) == 7
    assert parameter_scales(losses.test_function("ravine")).tolist() == [3.0, 1.5]


def test_a_search_of_a_large_problem_takes_fewer_steps():
    small, large = losses.problem("spam", "mlp", "bce"), losses.problem("digits", "mlp", "cce")
    assert [newton.newton_steps(p, 1) for p in (small, large)] == [100, 10]
    assert newton.newton_steps(small, 1, 20) == 20
    assert newton.grid_size(large) < newton.grid_size(small) == 31
    runs = [newton.newton_steps(losses.problem("iris", "mlp", "cce"), n) for n in (1, 10, 100, 1000)]
    assert runs == sorted(runs, reverse=True)


@pytest.mark.parametrize(
    ("data", "model", "loss", "plain", "penalized"),
    [
        ("houses", "line", "mse", losses.UNKNOWN, losses.YES),
        ("houses", "line", "mae", losses.UNKNOWN, losses.YES),
        ("houses", "line", "exp(r)", losses.NO, losses.NO),
        ("houses", "line", "-p", losses.NO, losses.NO),
        ("houses", "line", "1-exp(-r**2)", losses.UNKNOWN, losses.UNKNOWN),
        ("houses", "power", "mse", losses.UNKNOWN, losses.YES),
        ("houses", "mlp", "mse", losses.UNKNOWN, losses.UNKNOWN),
        ("separable", "logistic", "bce", losses.UNKNOWN, losses.YES),
        ("spam", "logistic", "mse", losses.UNKNOWN, losses.YES),
        ("spam", "logistic", "hinge", losses.UNKNOWN, losses.YES),
        ("spam", "mlp", "bce", losses.UNKNOWN, losses.UNKNOWN),
        ("iris", "softmax", "cce", losses.UNKNOWN, losses.YES),
    ],
)
@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_penalty_proves_a_minimum_unless_the_intercept_falls_for_ever(
    data, model, loss, plain, penalized, penalty
):
    loss = loss if loss in losses.LOSSES else losses.own_loss(loss)
    assert existence_of_minimum(losses.problem(data, model, loss)) is plain
    assert existence_of_minimum(losses.problem(data, model, loss, **{penalty: 0.1})) is penalized


@pytest.mark.parametrize(
    ("text", "infimum", "is_attained"),
    [
        *(
            ("exp(r)", 0.0, False),
            ("exp(-r)", 0.0, False),
            ("softplus(-r)+1", 1.0, False),
            ("r", None, False),
        ),
        *(("max(0,r)", 0.0, True), ("max(0,-r)+2", 2.0, True), ("max(0,r)**2", 0.0, True)),
        *(("max(0,abs(r)-1)", None, False), ("r**2", None, False)),
    ],
)
def test_far_constant_predictions_reach_a_floor_or_come_near_it(text, infimum, is_attained):
    p = losses.problem("houses", "line", losses.own_loss(text))
    assert infimum_at_floor(p) == infimum
    certificate = certify_at_floor(p)
    assert (certificate is not None) == is_attained
    if is_attained:
        assert (certificate.loss, certificate.unique, certificate.lowest) == (infimum, losses.NO, losses.YES)
        assert p.value(certificate.optimum) == infimum


@pytest.mark.parametrize(
    ("second", "expected"), [([1.0, 2.0, 4.0, 8.0], True), ([2.0, 4.0, 6.0, 8.0], False)]
)
def test_a_hessian_of_inputs_that_depend_on_each_other_is_not_positive_definite(second, expected):
    data = losses.Dataset(
        "own", np.column_stack([[1.0, 2.0, 3.0, 4.0], second]), [1.0, 3.0, 2.0, 5.0], "regression"
    )
    p = losses.problem(data, "linear", "mse")
    assert is_positive_definite(p, np.zeros(3), StandardizedProblem.from_problem(p)) is expected


def test_a_minimizer_beside_which_others_are_very_near_is_not_the_only_one():
    """A line may be shifted by 1e-5 until an error is 1/2, from which on the loss rises."""
    y = (0.5 - 1e-5) * np.array([1.0, -1.0, 1.0, -1.0])
    data = losses.Dataset("band", [0.0, 0.0, 1.0, 1.0], y, "regression")
    p = losses.problem(data, "line", losses.own_loss("max(0, abs(r) - 0.5)**2"))
    c = losses.certify(p)
    assert p.value(c.optimum + 1e-6) == p.value(c.optimum) == 0.0
    assert p.value(c.optimum + 1e-3) > 0.0
    assert (c.lowest, c.unique is losses.YES) == (losses.YES, False)
