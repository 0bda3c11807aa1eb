"""The declared properties of every loss are true at both ends of its settings; others count as unknown."""

from dataclasses import fields, replace

import numpy as np
import pytest

import losses
from losses.loss.base import (
    BINARY,
    EXP,
    LOG_1P_EXP,
    LOG_COSH,
    LOG_SUM_EXP,
    MULTICLASS,
    PREDICTION,
    REGRESSION,
    Loss,
)
from losses.model.output_activation import SIGMOID, SOFTMAX
from losses.problem.loss_of_score import compose
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid

VARIANTS = [
    loss.with_settings(**settings)
    for loss in losses.LOSSES.values()
    for settings in (
        {},
        *({s.name: value} for s in loss.settings for value in (s.low, s.high)),
    )
]
ALL = pytest.mark.parametrize("loss", VARIANTS, ids=lambda loss: loss.key)
IN_CLASSES = pytest.mark.parametrize(
    ("loss", "task"),
    [(loss, task) for loss in VARIANTS for task in loss.tasks if task != REGRESSION],
    ids=lambda x: getattr(x, "key", x),
)
MARGINS = np.linspace(-20.0, 20.0, 4001)
FACTS = {
    "error_power": None,
    "closed_form": "",
    "vanishes_for_large_margins": (),
    "strictly_decreasing_in_margin": (),
    "zero_beyond_margin": None,
    "counts_mistakes": False,
    "attains_minimum": False,
    "one_signed_slope": False,
    "of_true_probability": None,
}


def of_margin(loss, margins):
    """Return the losses ``(2, n)`` of class 0 and class 1 for margins ``(n,)``."""
    signs = ((0.0, -1.0), (1.0, 1.0))
    return np.array(
        [compose(loss, SIGMOID, np.full(len(margins), y), BINARY).value(s * margins) for y, s in signs]
    )


def of_scores(loss):
    """Return the loss of one example of each of four classes, and random scores ``(m, 4, 4)`` for it."""
    z = np.random.default_rng(0).normal(scale=3.0, size=(500, 4, 4))
    return compose(loss, SOFTMAX, np.arange(4.0), MULTICLASS), z


@IN_CLASSES
def test_vanishes_for_large_margins(loss, task):
    if task == BINARY:
        value = of_margin(loss, MARGINS)
        positive, limit = (value > 0.0).all(), of_margin(loss, np.array([30.0, 35.0]))
    else:
        of_score, z = of_scores(loss)
        positive, limit = (of_score.value(z) > 0.0).all(), of_score.value(35.0 * np.eye(4))
    assert (positive and (limit < 1e-9).all()) == (task in loss.vanishes_for_large_margins)


@IN_CLASSES
def test_strictly_decreasing_in_margin(loss, task):
    """For several classes, a margin grows if the score of another class falls."""
    if task == BINARY:
        is_decreasing = (np.diff(of_margin(loss, MARGINS)) < 0.0).all()
    else:
        of_score, z = of_scores(loss)
        is_decreasing = (of_score.slope(z)[:, ~np.eye(4, dtype=bool)] > 0.0).all()
    assert is_decreasing == (task in loss.strictly_decreasing_in_margin)


@pytest.mark.parametrize("loss", [one for one in VARIANTS if BINARY in one.tasks], ids=lambda loss: loss.key)
def test_zero_beyond_margin(loss):
    edge = loss.zero_beyond_margin
    if edge is None:
        assert (of_margin(loss, MARGINS) > 0.0).all()
    else:
        assert not of_margin(loss, edge + np.geomspace(1e-9, 1e9, 50)).any()
        assert (of_margin(loss, edge - np.geomspace(1e-6, 10.0, 50)) > 0.0).all()


@pytest.mark.parametrize("loss", [one for one in VARIANTS if BINARY in one.tasks], ids=lambda loss: loss.key)
def test_counts_mistakes(loss):
    margins = np.append(MARGINS, 0.0)
    assert bool((of_margin(loss, margins) == (margins <= 0.0)).all()) == loss.counts_mistakes


@pytest.mark.parametrize(
    "loss", [loss for loss in VARIANTS if loss.space == PREDICTION], ids=lambda loss: loss.key
)
def test_error_power(loss):
    z, y = np.meshgrid(np.linspace(-7.0, 7.0, 57), np.linspace(-2.0, 2.0, 9))
    value = loss.value(z, y)
    powers = [p for p in (1, 2, 3, 4) if np.allclose(value, np.abs(z - y) ** p, rtol=1e-12, atol=0.0)]
    assert powers == ([] if loss.error_power is None else [loss.error_power])


def test_only_losses_of_predictions_are_powers_of_an_error():
    assert [loss.key for loss in VARIANTS if loss.error_power and loss.space != PREDICTION] == []


@pytest.mark.parametrize(
    "loss", [loss for loss in losses.LOSSES.values() if loss.closed_form], ids=lambda loss: loss.key
)
def test_closed_form(loss):
    m = np.linspace(-15.0, 15.0, 301)
    if loss.closed_form == LOG_SUM_EXP:
        of_score, z = of_scores(loss)
        expected = np.log(np.exp(z).sum(axis=-1)) - z[:, np.arange(4), np.arange(4)]
        assert of_score.value(z) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    elif loss.closed_form == LOG_COSH:
        assert loss.value(m + 2.0, 2.0) == pytest.approx(np.log(np.cosh(m)), rel=1e-9, abs=1e-12)
        assert loss.space == PREDICTION
    else:
        expected = {LOG_1P_EXP: np.log1p(np.exp(-m)), EXP: np.exp(-m)}[loss.closed_form]
        assert of_margin(loss, m) == pytest.approx(np.stack([expected, expected]), rel=1e-9)


@ALL
def test_attains_minimum(loss):
    """Declared by convex losses: they rise away from a target or for falling margins, and then level off."""
    assert loss.attains_minimum == loss.convex
    if not loss.attains_minimum:
        return
    if REGRESSION in loss.tasks:
        assert loss.slope(np.array(1e3), 0.5) > 0.0 > loss.slope(np.array(-1e3), 0.5)
    elif BINARY in loss.tasks:
        for y, sign in ((0.0, -1.0), (1.0, 1.0)):
            low, high = (float(sign * loss.slope(np.array(sign * m), y)) for m in (-50.0, 50.0))
            assert low < -1e-3
            assert abs(high) < 1e-9
    else:
        of_score, _ = of_scores(loss)
        assert (of_score.slope(-50.0 * np.eye(4))[np.eye(4, dtype=bool)] < -1e-3).all()
        assert np.abs(of_score.slope(50.0 * np.eye(4))).max() < 1e-9


@pytest.mark.parametrize(
    "loss", [one for one in VARIANTS if MULTICLASS in one.tasks], ids=lambda loss: loss.key
)
def test_of_true_probability(loss):
    of_score, z = of_scores(loss)
    p = SOFTMAX.value(z)
    true = np.arange(4), np.arange(4)
    if loss.of_true_probability is not None:
        assert of_score.value(z) == pytest.approx(loss.of_true_probability(p[:, *true]), rel=1e-9, abs=1e-12)
        return
    same_true_probability = np.log(np.array([[[0.4, 0.2, 0.2, 0.2]], [[0.4, 0.5, 0.05, 0.05]]]))
    cost = compose(loss, SOFTMAX, np.zeros(1), MULTICLASS).value(same_true_probability)
    assert abs(cost[0, 0] - cost[1, 0]) > 1e-3


@ALL
def test_lower_bound(loss):
    """It is attained or approached, and never passed."""
    if MULTICLASS in loss.tasks and loss.space != PREDICTION:
        of_score, z = of_scores(loss)
        values = np.append(of_score.value(z), of_score.value(50.0 * np.eye(4)))
    else:
        values = loss.value(*np.meshgrid(np.linspace(-40.0, 40.0, 801), [0.0, 1.0]))
    assert loss.lower_bound <= values.min() <= loss.lower_bound + 1e-9
    assert not loss.one_signed_slope


def test_properties_are_unknown_by_default():
    """A loss made from a formula declares none of them but that it has a minimum."""
    defaults = {field.name: field.default for field in fields(Loss)}
    custom = replace(losses.own_loss("r**2"), attains_minimum=False)
    assert {name: defaults[name] for name in FACTS} == FACTS
    assert {name: getattr(custom, name) for name in FACTS} == FACTS


PAIRS = [
    ("houses", "line", "mse"),
    ("outlier", "line", "mae"),
    ("outlier", "line", "huber"),
    ("outlier", "line", "logcosh"),
    ("spam", "logistic", "bce"),
    ("separable", "logistic", "bce"),
    ("separable", "logistic", "exponential"),
    ("separable", "logistic", "mse"),
    ("spam", "logistic", "mae"),
    ("spam", "logistic", "zero_one"),
    ("separable", "logistic", "hinge"),
    ("moons", "mlp", "squared_hinge"),
    ("iris", "softmax", "cce"),
]
BY_LOSS = pytest.mark.parametrize(("data", "model", "loss"), PAIRS, ids=lambda x: x)


@BY_LOSS
def test_results_do_not_depend_on_the_key_of_a_loss(data, model, loss):
    known = losses.LOSSES[loss]
    original, renamed = (
        losses.problem(data, model, c, standardize=True) for c in (known, replace(known, key="foreign"))
    )
    assert (original.quadratic, original.convex, original.smooth) == (
        renamed.quadratic,
        renamed.convex,
        renamed.smooth,
    )
    a, b = losses.certify(original), losses.certify(renamed)
    assert (a.exists, a.loss, a.unique, a.scope, a.lowest) == (b.exists, b.loss, b.unique, b.scope, b.lowest)
    grids = [Grid(p, p.plane, np.linspace(0, 1, 5), np.linspace(0, 1, 5)) for p in (original, renamed)]
    assert find_kernel(grids[0]) is find_kernel(grids[1])
    run = losses.descend(renamed, rate=0.05, steps=5)
    assert run.outcome.sentence == losses.descend(original, rate=0.05, steps=5).outcome.sentence


@BY_LOSS
def test_results_for_a_loss_without_declared_properties_are_not_wrong(data, model, loss):
    """What the certificate of such a loss states must agree with that of the loss with its properties."""
    known = losses.LOSSES[loss]
    undeclared = replace(known, key="silent", **FACTS)
    problems = [losses.problem(data, model, c, standardize=True) for c in (known, undeclared)]
    a, b = map(losses.certify, problems)
    assert b.exists in (a.exists, losses.UNKNOWN)
    if b.loss is not None and b.lowest is losses.YES:
        assert b.loss == pytest.approx(a.loss, rel=1e-6, abs=1e-9)
    s, t = (losses.surface(p, size=9) for p in problems)
    assert s.z == pytest.approx(t.z, rel=1e-9)
