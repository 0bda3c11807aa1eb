import numpy as np
import pytest

import losses
from losses.loss import PREDICTION
from tests.losses.quotient import derivative

ALL = pytest.mark.parametrize("loss", losses.LOSSES.values(), ids=lambda loss: loss.key)
Z = np.linspace(-4.017, 4.013, 201)


def targets(loss):
    return (-1.5, 0.0, 2.0) if loss.tasks == ("regression",) else (0.0, 1.0)


@ALL
def test_worked_example(loss):
    z, y, value = loss.example
    assert loss.value(np.float64(z), np.float64(y)) == pytest.approx(value, rel=1e-12)


@ALL
def test_slope_and_curvature_are_derivatives(loss):
    for y in targets(loss):
        z = Z[np.abs(np.abs(Z - y) - 1) > 0.02]  # Huber's curvature jumps at delta = 1
        z = z[np.abs(z - y) > 0.02]
        assert loss.slope(z, y) == pytest.approx(derivative(lambda t, y=y: loss.value(t, y), z), abs=1e-7)
        assert loss.curvature(z, y) == pytest.approx(derivative(lambda t, y=y: loss.slope(t, y), z), abs=1e-7)


@ALL
def test_claim_convex(loss):
    slopes = [loss.slope(Z, y) for y in targets(loss)]
    rises = all((np.diff(slope) >= -1e-12).all() for slope in slopes)
    assert rises == loss.convex


@ALL
def test_claim_smooth(loss):
    """A continuous slope moves little when z moves little; a kink jumps however small the move."""
    jump = max(
        np.abs(loss.slope(z + 1e-9, y) - loss.slope(z - 1e-9, y)).max()
        for y in targets(loss)
        for z in (Z, y, y + 1.0, y - 1.0, 0.0, 1.0)
    )
    assert (jump < 1e-6) == loss.smooth


@ALL
def test_claim_bounded_gradient(loss):
    far = np.array([-1e6, 1e6])
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
