"""Every model with every task it fits: shapes, derivatives, links, names, settings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losses
from losses.model.output_activation import IDENTITY, SIGMOID, SOFTMAX
from tests.support.difference_quotients import derivative, jacobian

CASES = [(model, task) for model in losses.MODELS.values() for task in model.tasks]
ALL = pytest.mark.parametrize(("model", "task"), CASES, ids=lambda x: getattr(x, "key", x))
CLASSES = 3


def bound(model):
    """The model with every setting at its default, and at each end of its range."""
    yield model.with_settings()
    for setting in model.settings:
        for value in {setting.low, min(setting.high, 6)}:
            yield model.with_settings(**{setting.name: value})


def sizes(model, task):
    """Numbers of inputs and of classes that the model takes for a task."""
    return ([model.inputs] if model.inputs else [1, 3]), (CLASSES if task == "multiclass" else 1)


def some(model, task, k, count=7, seed=0):
    """Positive inputs ``(count, k)``, a point, and one weight for each entry of its score."""
    rng = np.random.default_rng(seed)
    _, classes = sizes(model, task)
    x = rng.uniform(0.3, 1.7, (count, k))
    theta = rng.normal(size=len(model.parameters(k, classes)))
    shape = (count, classes) if task == "multiclass" else (count,)
    return x, theta, rng.normal(size=shape)


@ALL
def test_pullback_and_hessian_are_derivatives_of_the_score(model, task):
    ks, _ = sizes(model, task)
    for variant in bound(model):
        for k in ks:
            x, theta, g = some(variant, task, k)
            unit = np.ones(len(theta))
            slope = jacobian(lambda t, v=variant, x=x: v.score(t, x), theta, unit)
            expected = np.tensordot(g, slope, axes=g.ndim)
            assert variant.pullback(theta, x, g) == pytest.approx(expected, rel=1e-7, abs=1e-8)
            bend = jacobian(lambda t, v=variant, x=x, g=g: v.pullback(t, x, g), theta, unit)
            if g.ndim == 1:
                h = np.abs(g)
                outer = np.einsum("na,n,nb->ab", slope, h, slope)
            else:
                h = np.einsum("nc,nd->ncd", g, g)
                outer = np.einsum("nca,ncd,ndb->ab", slope, h, slope)
            got = variant.hessian(theta, x, g, h)
            assert got == pytest.approx(outer + bend, rel=1e-6, abs=1e-7)


@ALL
def test_linear_means_that_the_score_is_linear(model, task):
    """Confirmed where it is claimed and refuted where it is not."""
    ks, _ = sizes(model, task)
    x, one, _ = some(model.with_settings(), task, ks[-1])
    other = some(model.with_settings(), task, ks[-1], seed=1)[1]
    score = model.with_settings().score
    gap = score(2.0 * one - 3.0 * other, x) - (2.0 * score(one, x) - 3.0 * score(other, x))
    assert bool(np.abs(gap).max() < 1e-12) == model.linear


@ALL
def test_smooth_means_that_the_slope_does_not_jump(model, task):
    ks, _ = sizes(model, task)
    for variant in bound(model):
        x, theta, g = some(variant, task, ks[-1], count=3)
        other = some(variant, task, ks[-1], count=3, seed=5)[1]
        line = theta + np.linspace(0.0, 1.0, 2001)[:, None] * (other - theta)
        slopes = np.stack([variant.pullback(at, x, g) for at in line])
        steps = np.abs(np.diff(slopes, axis=0)).max(axis=1)
        jumps = steps.max() > 20 * np.median(steps) + 1e-12
        assert jumps != variant.smooth()


@ALL
def test_one_name_and_one_label_for_each_parameter(model, task):
    ks, classes = sizes(model, task)
    for variant in bound(model):
        for k in ks:
            names, labels = variant.parameters(k, classes), variant.labels(k, classes)
            assert len(set(names)) == len(names) == len(set(labels)) == len(labels)
            x, theta, _ = some(variant, task, k)
            assert variant.score(theta, x).shape == (7, classes)[: 2 if task == "multiclass" else 1]


@ALL
def test_every_parameter_matters(model, task):
    ks, _ = sizes(model, task)
    variant = model.with_settings()
    for k in ks:
        x, theta, _ = some(variant, task, k)
        for i in range(len(theta)):
            moved = theta.copy()
            moved[i] += 0.5
            assert np.abs(variant.score(moved, x) - variant.score(theta, x)).max() > 1e-6


@ALL
@given(lead=st.lists(st.integers(1, 3), max_size=2), count=st.integers(1, 4), seed=st.integers(0, 99))
def test_shapes_and_batches(model, task, lead, count, seed):
    ks, classes = sizes(model, task)
    variant = model.with_settings()
    x, theta, g = some(variant, task, ks[-1], count, seed)
    batch = theta + 0.1 * np.random.default_rng(seed).normal(size=(*lead, len(theta)))
    gs = np.broadcast_to(g, (*lead, *g.shape))
    hs = gs[..., None] * gs[..., None, :] if task == "multiclass" else gs
    assert variant.score(batch, x).shape == (*lead, *g.shape)
    assert variant.pullback(batch, x, gs).shape == batch.shape
    assert variant.hessian(batch, x, gs, hs).shape == (*batch.shape, len(theta))
    for at in np.ndindex(*lead):
        assert variant.score(batch, x)[at] == pytest.approx(variant.score(batch[at], x), rel=1e-12)
        alone = variant.pullback(batch[at], x, gs[at])
        assert variant.pullback(batch, x, gs)[at] == pytest.approx(alone, rel=1e-9, abs=1e-12)
        alone = variant.hessian(batch[at], x, gs[at], hs[at])
        assert variant.hessian(batch, x, gs, hs)[at] == pytest.approx(alone, rel=1e-9, abs=1e-12)


@ALL
def test_links_and_reference_losses_fit_the_task(model, task):
    wanted = {"regression": IDENTITY, "binary": SIGMOID, "multiclass": SOFTMAX}
    assert model.output_activations[task] is wanted[task]
    assert task in losses.LOSSES[model.reference_loss[task]].tasks
    assert model.when[-1] == "."


@pytest.mark.parametrize("link", [IDENTITY, SIGMOID], ids=lambda link: link.key)
def test_slope_and_curvature_of_links_are_derivatives(link):
    z = np.linspace(-5, 5, 101)
    assert link.slope(z) == pytest.approx(derivative(link.value, z), abs=1e-8)
    assert link.curvature(z) == pytest.approx(derivative(link.slope, z), abs=1e-8)


@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_links_are_stable_far_out(z):
    assert SIGMOID.value(np.float64(z)) == (0.0 if z < 0 else 1.0)
    assert SIGMOID.slope(np.float64(z)) == SIGMOID.curvature(np.float64(z)) == 0.0
    assert SOFTMAX.value(np.array([0.0, z, -z])).tolist() == [0.0, float(z > 0), float(z < 0)]


def test_probabilities_sum_to_one_and_do_not_see_a_common_shift():
    z = np.random.default_rng(0).normal(scale=5.0, size=(20, 4))
    p = SOFTMAX.value(z)
    assert (p > 0).all()
    assert p.sum(axis=-1) == pytest.approx(np.ones(20), rel=1e-14)
    assert SOFTMAX.value(z + 300.0) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    ("key", "theta", "x", "score"),
    [
        ("line", [2.0, 1.0], [[3.0]], [7.0]),
        ("linear", [2.0, -1.0, 0.5], [[3.0, 4.0]], [2.5]),
        ("saturation", [10.0, np.log(2.0)], [[1.0], [2.0]], [5.0, 7.5]),
        ("power", [3.0, 2.0], [[2.0]], [12.0]),
        ("neuron", [1.0, 2.0], [[0.5]], [2.0 * np.tanh(0.5)]),
        ("logistic", [2.0, -1.0], [[0.5]], [0.0]),
        ("softmax", [1.0, 0.0, 0.0, 1.0, -1.0, 2.0], [[3.0]], [[3.0, 1.0, -1.0]]),
    ],
)
def test_worked_scores(key, theta, x, score):
    assert losses.MODELS[key].score(np.array(theta), np.array(x)) == pytest.approx(np.array(score), rel=1e-12)


@pytest.mark.parametrize(("relu", "hidden"), [(0, np.tanh([-1.0, 2.0])), (1, np.array([0.0, 2.0]))])
def test_worked_network(relu, hidden):
    """Two hidden neurons that see x − 2 and 2 x, weighed by 3 and −1, plus 0.5."""
    network = losses.MODELS["mlp"].with_settings(width=2, relu=relu)
    theta = np.array([1.0, -2.0, 2.0, 0.0, 3.0, -1.0, 0.5])
    assert network.parameters(1, 1) == ("w1.1", "b1", "w2.1", "b2", "v0.1", "v0.2", "c0")
    assert network.score(theta, np.array([[1.0]])) == pytest.approx([3 * hidden[0] - hidden[1] + 0.5])


def test_settings_are_checked_and_named():
    mlp = losses.MODELS["mlp"]
    with pytest.raises(ValueError, match=r"width must be a whole number from 1 to 32; not 2\.5"):
        mlp.with_settings(width=2.5)
    with pytest.raises(ValueError, match="relu must be a whole number from 0 to 1; not 2"):
        mlp.with_settings(relu=2)
    with pytest.raises(ValueError, match="a line takes no settings; not width"):
        losses.MODELS["line"].with_settings(width=2)
    assert {s.name: s.default for s in mlp.with_settings(width=6).settings} == {"width": 6.0, "relu": 0.0}
