"""Every loss over the whole range of float64, compared with mpmath, whose exponents are unlimited."""

import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

import losses
from losses.expression.autodiff import derivative
from losses.expression.parser import CONSTANTS, parse_formula
from losses.loss.base import PREDICTION
from losses.model.output_activation import SIGMOID, SOFTMAX
from losses.problem.loss_of_score import compose
from tests.support.wild_formulas import oracle

VARIANTS = [
    loss.with_settings(**settings)
    for loss in losses.LOSSES.values()
    for settings in ({}, *({s.name: value} for s in loss.settings for value in (s.low, s.high)))
    if loss.expression
]
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCORES = np.concatenate([sign * np.geomspace(1e-320, 1e308, 158) for sign in (-1.0, 1.0)])
SCORES = np.concatenate([SCORES, np.linspace(-800.0, 800.0, 161), [0.0]])
PARTS = ("value", "slope", "curvature")


def to_float(number):
    """Round a number of mpmath to the nearest float; beyond them it is infinite or 0."""
    return float(number) if mpmath.isfinite(number) else float(mpmath.sign(number)) * np.inf


def expressions(loss):
    """Return the nodes of a loss, its slope and its curvature by part, from its formula."""
    settings = {setting.name: setting.default for setting in loss.settings}
    value = parse_formula(loss.expression, ("r", "p", "y", "z"), CONSTANTS | settings)
    slope = derivative(value, frozenset("rpz"))
    return dict(zip(PARTS, (value, slope, derivative(slope, frozenset("rpz"))), strict=True))


def exact(node, z, y):
    with mp.workdps(60):
        residual = mp.mpf(z) - mp.mpf(y)
    return oracle(node, {"z": z, "p": z, "y": y, "r": residual}, 60 + 800 * (abs(z) < 1e4), saturates=True)


def assert_exact(loss, z, y):
    """Assert that the three functions equal their formulas at scores ``z (n,)`` to 12 digits."""
    if loss.space == PREDICTION:
        z = np.array([value for value in z if np.isfinite(value - y)])
    for part, node in expressions(loss).items():
        computed = getattr(loss, part)(z, y)
        expected = np.array([to_float(exact(node, float(value), y)) for value in z])
        # below the normal numbers a product of several factors loses digits to underflow
        close = np.isclose(computed, expected, rtol=2e-12, atol=1e-290) | (computed == expected)
        assert close.all(), (part, z[~close][:3], computed[~close][:3], expected[~close][:3])


def targets(loss):
    return (-1.5, 0.0, 2.0, 1e9) if loss.tasks == ("regression",) else (0.0, 1.0)


def is_comparable(loss, z, y):
    """Whether rounding of z − y does not decide on which side of a kink or a breakpoint z lies."""
    edges = (*loss.kinks, *(loss.breakpoints() if loss.breakpoints else ()))
    places = [y + edge if loss.space == PREDICTION else edge * (2 * y - 1) for edge in edges]
    return all(abs(z - place) > 1e-9 * max(abs(z), abs(place), 1e-9) for place in places)


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, *(pytest.param(i, marks=pytest.mark.thorough) for i in range(1, 4))])
@pytest.mark.parametrize("loss", VARIANTS, ids=lambda x: f"{x.key}{[s.default for s in x.settings]}")
def test_value_slope_and_curvature_are_exact_at_scores_of_all_sizes(loss, first):
    for y in targets(loss):
        assert_exact(loss, np.array([z for z in SCORES[first::4] if is_comparable(loss, z, y)]), y)


@given(st.sampled_from(VARIANTS), st.lists(st.one_of(FLOATS, st.floats(-800, 800)), max_size=3), st.data())
def test_value_slope_and_curvature_are_exact_at_any_score(loss, scores, data):
    y = data.draw(st.sampled_from(targets(loss)))
    assert_exact(loss, np.array([z for z in scores if is_comparable(loss, z, y)]), y)


@pytest.mark.parametrize(
    ("key", "z", "y", "value"),
    [
        ("bce", 36.0, 1.0, 2.3195228302435686e-16),
        ("bce", 30.0, 1.0, 9.357622968839737e-14),
        ("bce", -800.0, 0.0, 0.0),
        ("exponential", -705.0, 1.0, 1.505253833063194e306),
        ("exponential", -1000.0, 1.0, np.inf),
    ],
)
def test_losses_at_large_margins(key, z, y, value):
    assert losses.LOSSES[key].value(z, y) == pytest.approx(value, rel=1e-13, abs=0.0)


@given(st.lists(st.one_of(FLOATS, st.floats(-60.0, 60.0)), min_size=2, max_size=5), st.integers(0, 4))
def test_categorical_cross_entropy_is_exact_at_any_scores(scores, y):
    y %= len(scores)
    loss, z = losses.LOSSES["cce"], np.array([scores])
    with mp.workdps(900):
        terms = [mpmath.exp(max(mp.mpf(s) - mp.mpf(scores[y]), -1e6)) for s in scores]
        expected = to_float(mpmath.log(mpmath.fsum(terms)))
        others = [terms[k] for k in range(len(scores)) if k != y]
        slope = to_float(-mpmath.fsum(others) / mpmath.fsum(terms))
    assert loss.value(z, [y])[0] == pytest.approx(expected, rel=1e-12, abs=1e-290)
    if np.isfinite(expected):
        assert loss.slope(z, [y])[0, y] == pytest.approx(slope, rel=1e-12, abs=1e-290)
        assert np.isfinite(loss.curvature(z, [y])).all()


def test_categorical_cross_entropy_keeps_its_digits_where_the_true_class_is_far_ahead():
    loss, z = losses.LOSSES["cce"], np.array([[0.0, 0.0, 40.0]])
    q = 2.0 * np.exp(-40.0)
    assert loss.value(z, [2]) == pytest.approx([q], rel=1e-14)
    assert loss.slope(z, [2])[0, 2] == pytest.approx(-q, rel=1e-14)
    assert loss.curvature(z, [2])[0, 2, 2] == pytest.approx(q, rel=1e-14)


@pytest.mark.parametrize(("key", "power"), [("mse", 2), ("mae", 1)])
def test_errors_of_probabilities_keep_their_digits(key, power):
    """The error of a probability near 1 is computed as such, not as a difference from 1."""
    loss, q = losses.LOSSES[key], np.exp(-50.0)
    of_score = compose(loss, SIGMOID, np.array([1.0, 0.0]), "binary")
    z = np.array([50.0, -50.0])
    assert of_score.value(z) == pytest.approx([q**power, q**power], rel=1e-13)
    assert of_score.slope(z) == pytest.approx([-power * q**power, power * q**power], rel=1e-13)
    if power == 2:
        of_classes = compose(loss, SOFTMAX, np.array([0.0]), "multiclass")
        assert of_classes.value(np.array([[50.0, 0.0]])) == pytest.approx([2.0 * q**2], rel=1e-13)


@pytest.mark.parametrize("loss", losses.LOSSES.values(), ids=lambda loss: loss.key)
@pytest.mark.parametrize(
    "dtype", [np.uint8, np.int8, np.int16, np.int64, np.float16, np.float32, bool, object]
)
def test_arrays_of_other_types_are_computed_in_float64(loss, dtype):
    is_multiclass = loss.tasks == ("multiclass",)
    z = np.array([[0, 1, 1]] if is_multiclass else [0, 1, 1], dtype=dtype)
    y = np.array([2] if is_multiclass else [1, 0, 1], dtype=dtype if not is_multiclass else np.uint8)
    for part in PARTS:
        function = getattr(loss, part)
        assert function(z, y) == pytest.approx(function(z.astype(float), y.astype(float)), rel=1e-15)


def test_small_integers_do_not_wrap_around():
    assert losses.LOSSES["mae"].value(np.uint8(3), np.uint8(5)) == 2.0
    assert losses.LOSSES["mse"].value(np.int8([100]), np.int8([-100])) == [40_000.0]


@pytest.mark.parametrize("loss", losses.LOSSES.values(), ids=lambda loss: loss.key)
@pytest.mark.parametrize("size", [1e3, 1e200, 1.7e308])
def test_nothing_warns_beyond_float64(loss, size):
    z = np.array([[size, 0.0, -size]])
    y = np.array([0]) if loss.tasks == ("multiclass",) else np.array([[0.0, 1.0, 1.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not np.isnan(loss.value(z, y)).any()
        loss.slope(z, y), loss.curvature(z, y)


def test_an_argument_that_is_no_number_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="must be an array of numbers; not "):
        losses.LOSSES["mse"].value(["a"], 1.0)
