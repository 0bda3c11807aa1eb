from decimal import Decimal, localcontext

import numpy as np
import pytest

import losses
from losses.expression.autodiff import derivative as by_rules
from losses.expression.autodiff import evaluate
from losses.expression.parser import CONSTANTS, parse_formula
from losses.loss.base import PREDICTION
from tests.support.difference_quotients import derivative

ALL = pytest.mark.parametrize(
    "loss",
    [loss for loss in losses.LOSSES.values() if loss.tasks != ("multiclass",)],
    ids=lambda loss: loss.key,
)
CLASS_PARAMETERS = pytest.mark.parametrize(
    "loss",
    [loss for loss in losses.LOSSES.values() if loss.tasks == ("multiclass",)],
    ids=lambda loss: loss.key,
)
Z = np.linspace(-4.017, 4.013, 201)


def targets(loss):
    return (-1.5, 0.0, 2.0) if loss.tasks == ("regression",) else (0.0, 1.0)


@ALL
def test_worked_example(loss):
    z, y, value = loss.example
    assert loss.value(np.float64(z), np.float64(y)) == pytest.approx(value, rel=1e-12)


def away_from_kinks(loss, y):
    """Scores at which every derivative exists: Huber's curvature jumps too, at delta = 1."""
    z = Z[np.abs(np.abs(Z - y) - 1) > 0.02]
    marks = [y + k for k in loss.kinks] + [k * (2 * y - 1) for k in (*loss.kinks, 1.0)]
    return z[np.min(np.abs(z[:, None] - np.array(marks)), axis=1) > 0.02]


@ALL
def test_slope_and_curvature_are_derivatives(loss):
    for y in targets(loss):
        z = away_from_kinks(loss, y)
        assert loss.slope(z, y) == pytest.approx(derivative(lambda t, y=y: loss.value(t, y), z), abs=2e-7)
        assert loss.curvature(z, y) == pytest.approx(derivative(lambda t, y=y: loss.slope(t, y), z), abs=2e-7)


@ALL
def test_claim_convex(loss):
    """No value lies above the chord between two others."""
    sags = True
    for y in targets(loss):
        value = loss.value(Z, y)
        chord = (value[:, None] + value[None, :]) / 2
        sags &= bool((loss.value((Z[:, None] + Z[None, :]) / 2, y) <= chord + 1e-12).all())
    assert sags == loss.convex


@ALL
def test_claim_smooth(loss):
    """Continuous value and slope move little when z moves little; a jump stays however small the move."""
    jump = max(
        (np.abs(part(z + 1e-9, y) - part(z - 1e-9, y)) / (1.0 + np.abs(part(z, y)))).max()
        for part in (loss.value, loss.slope)
        for y in targets(loss)
        for z in (Z, *(np.array(at) for at in (y, y + 1.0, y - 1.0, 0.0, 1.0, -1.0)))
    )
    assert (jump < 1e-6) == loss.smooth


@ALL
def test_claim_bounded_gradient(loss):
    far = np.array([-600.0, 600.0])
    steepest = max(np.abs(loss.slope(far, y)).max() for y in targets(loss))
    assert (steepest <= 10.0) == loss.bounded_gradient


@ALL
def test_greatest_curvature_is_reached_and_never_passed(loss):
    seen = max(loss.curvature(np.linspace(-8, 8, 1601), y).max() for y in targets(loss))
    if loss.greatest_curvature is not None:
        assert seen == pytest.approx(loss.greatest_curvature, rel=1e-6)


@ALL
@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_stable_far_out(loss, z):
    for y in targets(loss):
        for part in (loss.value, loss.slope, loss.curvature):
            assert np.isfinite(part(np.float64(z), np.float64(y)))


def test_cross_entropy_far_out_is_linear():
    bce = losses.LOSSES["bce"]
    assert bce.value(np.float64(-1000.0), np.float64(1.0)) == 1000.0
    assert bce.value(np.float64(1000.0), np.float64(1.0)) == 0.0


@pytest.mark.parametrize(("p", "cost"), [(0.99, 0.01005), (0.5, 0.69315), (0.01, 4.60517)])
def test_cross_entropy_of_a_true_one(p, cost):
    assert losses.LOSSES["bce"].value(np.log(p / (1 - p)), 1.0) == pytest.approx(cost, abs=5e-6)


def test_settings_change_the_loss_and_are_checked():
    huber = losses.LOSSES["huber"].with_settings(delta=2.0)
    assert huber.value(np.float64(3.0), np.float64(0.0)) == 4.0
    with pytest.raises(ValueError, match="delta must be from 0.01 to 100; not -1"):
        losses.LOSSES["huber"].with_settings(delta=-1)
    with pytest.raises(ValueError, match="mean squared error takes no settings; not delta"):
        losses.LOSSES["mse"].with_settings(delta=1)


def test_spaces_are_known():
    assert losses.LOSSES["mse"].space == PREDICTION
    assert losses.LOSSES["bce"].space == "score"


@CLASS_PARAMETERS
def test_losses_of_classes(loss):
    z, y, value = loss.example
    scores = np.array([z])
    assert loss.value(scores, np.array([y])) == pytest.approx([value], rel=1e-12)
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(7, 5)), rng.integers(0, 5, 7).astype(float)
    for c in range(5):
        e = 1e-5 * np.eye(5)[c]
        up, down = (loss.value(scores + sign * e, y) for sign in (1, -1))
        assert loss.slope(scores, y)[:, c] == pytest.approx((up - down) / 2e-5, abs=1e-9)
        up, down = (loss.slope(scores + sign * e, y) for sign in (1, -1))
        assert loss.curvature(scores, y)[:, :, c] == pytest.approx((up - down) / 2e-5, abs=1e-9)
    assert (np.linalg.eigvalsh(loss.curvature(scores, y)) >= -1e-12).all() == loss.convex
    assert np.linalg.eigvalsh(loss.curvature(scores, y)).max() <= loss.greatest_curvature


@CLASS_PARAMETERS
@pytest.mark.parametrize("size", [-1000.0, 1000.0])
def test_losses_of_classes_are_stable_far_out(loss, size):
    scores = np.array([[size, 0.0, -size]])
    for part in (loss.value, loss.slope, loss.curvature):
        assert np.isfinite(part(scores, np.array([1.0]))).all()


def test_only_the_true_class_counts():
    cce = losses.LOSSES["cce"]
    assert cce.value(np.zeros((1, 10)), np.array([7.0])) == pytest.approx([2.302585], abs=1e-6)


SET = [
    (loss, setting.name, value)
    for loss in losses.LOSSES.values()
    for setting in loss.settings
    for value in sorted({setting.low, 0.3, setting.default, setting.high})
    if setting.low <= value <= setting.high
]


@pytest.mark.parametrize(
    ("loss", "setting", "value"), SET, ids=[f"{loss.key}-{name}-{value:g}" for loss, name, value in SET]
)
def test_every_setting_keeps_the_promises(loss, setting, value):
    """Derivatives, stability and bounds at the ends of a setting's range and between."""
    given = loss.with_settings(**{setting: value})
    assert [s.default for s in given.settings if s.name == setting] == [value]
    for y in targets(loss):
        z = Z[(np.abs(np.abs(Z - y) - value) > 0.02) & (np.abs(Z - y) > 0.02)]
        assert given.slope(z, y) == pytest.approx(derivative(lambda t, y=y: given.value(t, y), z), abs=1e-6)
        bend = derivative(lambda t, y=y: given.slope(t, y), z)
        assert given.curvature(z, y) == pytest.approx(bend, abs=1e-6)
        if loss.greatest_curvature is not None:
            assert given.curvature(z, y).max() <= loss.greatest_curvature
        for part in (given.value, given.slope, given.curvature):
            assert np.isfinite(part(np.array([-1000.0, 1000.0]), y)).all()


def test_quantile_costs_its_share_on_either_side():
    quantile = losses.LOSSES["quantile"].with_settings(tau=0.2)
    assert quantile.value(np.array([3.0, 8.0]), 5.0) == pytest.approx([0.2 * 2, 0.8 * 3])
    assert quantile.slope(np.array([3.0, 5.0, 8.0]), 5.0) == pytest.approx([-0.2, 0.0, 0.8])


def test_focal_without_fading_is_cross_entropy():
    focal, bce = losses.LOSSES["focal"].with_settings(gamma=0.0), losses.LOSSES["bce"]
    for y in (0.0, 1.0):
        for mine, theirs in zip(
            (focal.value, focal.slope, focal.curvature), (bce.value, bce.slope, bce.curvature), strict=True
        ):
            assert mine(Z, y) == pytest.approx(theirs(Z, y), rel=1e-12, abs=1e-14)


@ALL
def test_kinks_are_where_the_slope_or_value_jumps(loss):
    """A margin for scores of yes or no, an error for numbers; and no kink where a loss is smooth."""
    assert bool(loss.kinks) != loss.smooth
    for y in targets(loss):
        for kink in loss.kinks:
            at = y + kink if loss.space == PREDICTION else kink * (2 * y - 1)
            jumps = [abs(part(at + 1e-9, y) - part(at - 1e-9, y)) for part in (loss.value, loss.slope)]
            assert max(jumps) > 0.1


@ALL
def test_scores_broadcast_against_targets(loss):
    y = np.array([0.0, 1.0, 1.0])
    z = np.random.default_rng(0).normal(size=(2, 4, 3))
    for part in (loss.value, loss.slope, loss.curvature):
        together = part(z, y)
        assert together.shape == (2, 4, 3)
        for at in np.ndindex(2, 4, 3):
            assert together[at] == pytest.approx(float(part(z[at], y[at[-1]])), rel=1e-12)


@ALL
def test_the_formula_of_a_loss_is_the_loss(loss):
    """Its expression, read and differentiated by the rules of formulas, against the code beside it."""
    given = {setting.name: setting.default for setting in loss.settings}
    of = frozenset("rpz")
    value = parse_formula(loss.expression, ("r", "p", "y", "z"), CONSTANTS | given)
    slope = by_rules(value, of)
    for y in targets(loss):
        z = away_from_kinks(loss, y)
        names = {"z": z, "p": z, "y": np.float64(y), "r": z - y}
        for node, part in ((value, loss.value), (slope, loss.slope), (by_rules(slope, of), loss.curvature)):
            assert evaluate(node, names) == pytest.approx(part(z, y), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("r", [1e-9, 1e-6, 1e-3, 0.5, 0.999999, 1.0, 1.000001, 5.0, 50.0])
def test_logcosh_keeps_its_digits(r):
    """Of a small error half the square is left, and 1 − log 2 + … in floating point would be rounding."""
    with localcontext(prec=60):
        x = Decimal(r)
        exact = float(((x.exp() + (-x).exp()) / 2).ln())
    for error in (r, -r):
        assert losses.LOSSES["logcosh"].value(np.array(error), np.array(0.0)) == pytest.approx(
            exact, rel=1e-15
        )
