"""Every loss: values, derivatives, properties, settings and numerical stability."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

import losses
from losses.expression.autodiff import derivative as symbolic_derivative
from losses.expression.autodiff import evaluate
from losses.expression.parser import CONSTANTS, parse_formula
from losses.loss.base import PREDICTION
from tests.support.difference_quotients import derivative

ALL = pytest.mark.parametrize(
    "loss",
    [loss for loss in losses.LOSSES.values() if loss.tasks != ("multiclass",)],
    ids=lambda loss: loss.key,
)
ALL_MULTICLASS = pytest.mark.parametrize(
    "loss",
    [loss for loss in losses.LOSSES.values() if loss.tasks == ("multiclass",)],
    ids=lambda loss: loss.key,
)
Z = np.linspace(-4.017, 4.013, 201)


def targets(loss):
    return (-1.5, 0.0, 2.0) if loss.tasks == ("regression",) else (0.0, 1.0)


@ALL
def test_value_of_the_worked_example(loss):
    z, y, value = loss.example
    assert loss.value(np.float64(z), np.float64(y)) == pytest.approx(value, rel=1e-12)


def away_from_kinks(loss, y):
    """Return the z at which slope and curvature exist; Huber's curvature jumps, too, at delta = 1."""
    z = Z[np.abs(np.abs(Z - y) - 1) > 0.02]
    excluded = [y + k for k in loss.kinks] + [k * (2 * y - 1) for k in (*loss.kinks, 1.0)]
    return z[np.min(np.abs(z[:, None] - np.array(excluded)), axis=1) > 0.02]


@ALL
def test_slope_and_curvature_are_derivatives(loss):
    for y in targets(loss):
        z = away_from_kinks(loss, y)
        assert loss.slope(z, y) == pytest.approx(derivative(lambda t, y=y: loss.value(t, y), z), abs=2e-7)
        assert loss.curvature(z, y) == pytest.approx(derivative(lambda t, y=y: loss.slope(t, y), z), abs=2e-7)


@ALL
def test_convex_holds_exactly_if_no_value_lies_above_a_chord(loss):
    below_chords = True
    for y in targets(loss):
        value = loss.value(Z, y)
        chord = (value[:, None] + value[None, :]) / 2
        below_chords &= bool((loss.value((Z[:, None] + Z[None, :]) / 2, y) <= chord + 1e-12).all())
    assert below_chords == loss.convex


@ALL
def test_smooth_holds_exactly_if_value_and_slope_are_continuous(loss):
    """Across 2e-9 a continuous function changes little; a jump stays, however small the distance."""
    jump = max(
        (np.abs(part(z + 1e-9, y) - part(z - 1e-9, y)) / (1.0 + np.abs(part(z, y)))).max()
        for part in (loss.value, loss.slope)
        for y in targets(loss)
        for z in (Z, *(np.array(candidate) for candidate in (y, y + 1.0, y - 1.0, 0.0, 1.0, -1.0)))
    )
    assert (jump < 1e-6) == loss.smooth


@ALL
def test_bounded_gradient_holds_exactly_if_slopes_at_large_z_are_small(loss):
    large_z = np.array([-600.0, 600.0])
    steepest = max(np.abs(loss.slope(large_z, y)).max() for y in targets(loss))
    assert (steepest <= 10.0) == loss.bounded_gradient


@ALL
def test_greatest_curvature_is_the_maximum_of_the_curvature(loss):
    largest = max(loss.curvature(np.linspace(-8, 8, 1601), y).max() for y in targets(loss))
    if loss.greatest_curvature is not None:
        assert largest == pytest.approx(loss.greatest_curvature, rel=1e-6)


def test_cross_entropy_is_linear_at_large_scores():
    bce = losses.LOSSES["bce"]
    assert bce.value(np.float64(-1000.0), np.float64(1.0)) == 1000.0
    assert bce.value(np.float64(1000.0), np.float64(1.0)) == 0.0


@pytest.mark.parametrize(("p", "cost"), [(0.99, 0.01005), (0.5, 0.69315), (0.01, 4.60517)])
def test_cross_entropy_of_the_target_one_is_minus_log_p(p, cost):
    assert losses.LOSSES["bce"].value(np.log(p / (1 - p)), 1.0) == pytest.approx(cost, abs=5e-6)


def test_settings_change_the_loss_and_are_validated():
    huber = losses.LOSSES["huber"].with_settings(delta=2.0)
    assert huber.value(np.float64(3.0), np.float64(0.0)) == 4.0
    with pytest.raises(ValueError, match="delta must be from 0.01 to 100; not -1"):
        losses.LOSSES["huber"].with_settings(delta=-1)
    with pytest.raises(ValueError, match="mean squared error takes no settings; not delta"):
        losses.LOSSES["mse"].with_settings(delta=1)


def test_mse_is_a_loss_of_predictions_and_bce_of_scores():
    assert losses.LOSSES["mse"].space == PREDICTION
    assert losses.LOSSES["bce"].space == "score"


@ALL_MULTICLASS
def test_multiclass_losses_have_the_stated_value_derivatives_and_properties(loss):
    z, y, value = loss.example
    scores = np.array([z])
    assert loss.value(scores, np.array([y])) == pytest.approx([value], rel=1e-12)
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(7, 5)), rng.integers(0, 5, 7).astype(float)
    for c in range(5):
        step = 1e-5 * np.eye(5)[c]
        forward, backward = (loss.value(scores + sign * step, y) for sign in (1, -1))
        assert loss.slope(scores, y)[:, c] == pytest.approx((forward - backward) / 2e-5, abs=1e-9)
        forward, backward = (loss.slope(scores + sign * step, y) for sign in (1, -1))
        assert loss.curvature(scores, y)[:, :, c] == pytest.approx((forward - backward) / 2e-5, abs=1e-9)
    assert (np.linalg.eigvalsh(loss.curvature(scores, y)) >= -1e-12).all() == loss.convex
    assert np.linalg.eigvalsh(loss.curvature(scores, y)).max() <= loss.greatest_curvature


@ALL_MULTICLASS
@pytest.mark.parametrize("size", [-1000.0, 1000.0])
def test_multiclass_losses_are_finite_at_large_scores(loss, size):
    scores = np.array([[size, 0.0, -size]])
    for part in (loss.value, loss.slope, loss.curvature):
        assert np.isfinite(part(scores, np.array([1.0]))).all()


def test_categorical_cross_entropy_of_ten_equal_scores_is_log_10():
    cce = losses.LOSSES["cce"]
    assert cce.value(np.zeros((1, 10)), np.array([7.0])) == pytest.approx([2.302585], abs=1e-6)


SETTING_VALUES = [
    (loss, setting.name, value)
    for loss in losses.LOSSES.values()
    for setting in loss.settings
    for value in sorted({setting.low, 0.3, setting.default, setting.high})
    if setting.low <= value <= setting.high
]


@pytest.mark.parametrize(
    ("loss", "setting", "value"),
    SETTING_VALUES,
    ids=[f"{loss.key}-{name}-{value:g}" for loss, name, value in SETTING_VALUES],
)
def test_derivatives_and_bounds_hold_for_every_setting(loss, setting, value):
    """Checked at both ends of the setting's range and between."""
    variant = loss.with_settings(**{setting: value})
    assert [s.default for s in variant.settings if s.name == setting] == [value]
    for y in targets(loss):
        z = Z[(np.abs(np.abs(Z - y) - value) > 0.02) & (np.abs(Z - y) > 0.02)]
        slope = derivative(lambda t, y=y: variant.value(t, y), z)
        assert variant.slope(z, y) == pytest.approx(slope, abs=1e-6)
        curvature = derivative(lambda t, y=y: variant.slope(t, y), z)
        assert variant.curvature(z, y) == pytest.approx(curvature, abs=1e-6)
        if loss.greatest_curvature is not None:
            assert variant.curvature(z, y).max() <= loss.greatest_curvature


def test_quantile_weighs_errors_below_by_tau_and_above_by_one_minus_tau():
    quantile = losses.LOSSES["quantile"].with_settings(tau=0.2)
    assert quantile.value(np.array([3.0, 8.0]), 5.0) == pytest.approx([0.2 * 2, 0.8 * 3])
    assert quantile.slope(np.array([3.0, 5.0, 8.0]), 5.0) == pytest.approx([-0.2, 0.0, 0.8])


def test_focal_loss_with_gamma_0_is_cross_entropy():
    focal, bce = losses.LOSSES["focal"].with_settings(gamma=0.0), losses.LOSSES["bce"]
    for y in (0.0, 1.0):
        for focal_part, bce_part in zip(
            (focal.value, focal.slope, focal.curvature), (bce.value, bce.slope, bce.curvature), strict=True
        ):
            assert focal_part(Z, y) == pytest.approx(bce_part(Z, y), rel=1e-12, abs=1e-14)


@ALL
def test_slope_or_value_jumps_at_kinks(loss):
    """A kink is a residual of a prediction or a margin of a score; smooth losses have none."""
    assert bool(loss.kinks) != loss.smooth
    for y in targets(loss):
        for kink in loss.kinks:
            z = y + kink if loss.space == PREDICTION else kink * (2 * y - 1)
            jumps = [abs(part(z + 1e-9, y) - part(z - 1e-9, y)) for part in (loss.value, loss.slope)]
            assert max(jumps) > 0.1


@ALL
def test_scores_broadcast_against_targets(loss):
    y = np.array([0.0, 1.0, 1.0])
    z = np.random.default_rng(0).normal(size=(2, 4, 3))
    for part in (loss.value, loss.slope, loss.curvature):
        batch = part(z, y)
        assert batch.shape == (2, 4, 3)
        for index in np.ndindex(2, 4, 3):
            assert batch[index] == pytest.approx(float(part(z[index], y[index[-1]])), rel=1e-12)


@ALL
def test_expression_and_its_derivatives_equal_the_functions_in_numpy(loss):
    settings = {setting.name: setting.default for setting in loss.settings}
    variables = frozenset("rpz")
    value = parse_formula(loss.expression, ("r", "p", "y", "z"), CONSTANTS | settings)
    slope = symbolic_derivative(value, variables)
    curvature = symbolic_derivative(slope, variables)
    for y in targets(loss):
        z = away_from_kinks(loss, y)
        values = {"z": z, "p": z, "y": np.float64(y), "r": z - y}
        for node, part in ((value, loss.value), (slope, loss.slope), (curvature, loss.curvature)):
            assert evaluate(node, values) == pytest.approx(part(z, y), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("r", [1e-9, 1e-6, 1e-3, 0.5, 0.999999, 1.0, 1.000001, 5.0, 50.0])
def test_logcosh_is_accurate_to_1e_15(r):
    """At a small residual r the value is about r²/2; computed as a difference it would be rounding errors."""
    with localcontext(prec=60):
        x = Decimal(r)
        exact = float(((x.exp() + (-x).exp()) / 2).ln())
    for error in (r, -r):
        assert losses.LOSSES["logcosh"].value(np.array(error), np.array(0.0)) == pytest.approx(
            exact, rel=1e-15
        )


@pytest.mark.parametrize("loss", [loss for loss in losses.LOSSES.values() if loss.tasks == ("binary",)])
@pytest.mark.parametrize("target", [-1.0, 0.5, 2.0, np.nan])
def test_a_target_that_is_no_class_is_refused(loss, target):
    """Of a target −1 the hinge loss would be that of a margin of three times the score."""
    with pytest.raises(ValueError, match="0 or 1"):
        loss.value([0.5, 1.0], [1.0, target])
    if loss.smooth:
        for part in (loss.slope, loss.curvature):
            with pytest.raises(ValueError, match="0 or 1"):
                part(0.5, target)


@ALL_MULTICLASS
@pytest.mark.parametrize(
    ("z", "y", "sentence"),
    [
        ([0.5, 1.0, 2.0], 0, "scores have shape"),
        ([0.5, 1.0, 2.0], [0], "scores have shape"),
        ([[0.5, 1.0, 2.0]] * 2, [0], "scores have shape"),
        ([[0.5, 1.0, 2.0]], [[0.0, 0.0, 1.0]], "scores have shape"),
        ([[0.5, 1.0, 2.0]], [3], "from 0 to 2"),
        ([[0.5, 1.0, 2.0]], [-1], "from 0 to 2"),
        ([[0.5, 1.0, 2.0]], [1.5], "from 0 to 2"),
        ([[0.5, 1.0, 2.0]], [np.nan], "from 0 to 2"),
    ],
)
def test_scores_and_targets_that_do_not_fit_are_refused(loss, z, y, sentence):
    for part in (loss.value, loss.slope, loss.curvature):
        with pytest.raises(ValueError, match=sentence):
            part(z, y)


def test_a_score_that_is_not_a_number_is_no_right_answer():
    assert np.array_equal(losses.LOSSES["zero_one"].value([np.nan, 1], [1, 1]), [np.nan, 0], equal_nan=True)
