"""Every model with every task it fits: shapes, derivatives, output activations, names, settings."""

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


def variants(model):
    """Yield the model with default settings, and with each setting at either end of its range (at most 6)."""
    yield model.with_settings()
    for setting in model.settings:
        for value in {setting.low, min(setting.high, 6)}:
            yield model.with_settings(**{setting.name: value})


def sizes(model, task):
    """Return the numbers of inputs to test and the number of classes."""
    return ([model.inputs] if model.inputs else [1, 3]), (CLASSES if task == "multiclass" else 1)


def random_arguments(model, task, k, count=7, seed=0):
    """Return positive inputs ``x (count, k)``, ``theta`` and weights ``g``, shaped as the score."""
    rng = np.random.default_rng(seed)
    _, classes = sizes(model, task)
    x = rng.uniform(0.3, 1.7, (count, k))
    theta = rng.normal(size=len(model.parameters(k, classes)))
    shape = (count, classes) if task == "multiclass" else (count,)
    return x, theta, rng.normal(size=shape)


@ALL
def test_pullback_and_hessian_are_derivatives_of_the_score(model, task):
    ks, _ = sizes(model, task)
    for variant in variants(model):
        for k in ks:
            x, theta, g = random_arguments(variant, task, k)
            unit = np.ones(len(theta))
            score_jacobian = jacobian(lambda t, v=variant, x=x: v.score(t, x), theta, unit)
            expected = np.tensordot(g, score_jacobian, axes=g.ndim)
            assert variant.pullback(theta, x, g) == pytest.approx(expected, rel=1e-7, abs=1e-8)
            score_curvature = jacobian(lambda t, v=variant, x=x, g=g: v.pullback(t, x, g), theta, unit)
            if g.ndim == 1:
                h = np.abs(g)
                outer_square = np.einsum("na,n,nb->ab", score_jacobian, h, score_jacobian)
            else:
                h = np.einsum("nc,nd->ncd", g, g)
                outer_square = np.einsum("nca,ncd,ndb->ab", score_jacobian, h, score_jacobian)
            hessian = variant.hessian(theta, x, g, h)
            assert hessian == pytest.approx(outer_square + score_curvature, rel=1e-6, abs=1e-7)


@ALL
def test_linear_holds_exactly_if_the_score_is_linear_in_theta(model, task):
    ks, _ = sizes(model, task)
    x, theta, _ = random_arguments(model.with_settings(), task, ks[-1])
    other = random_arguments(model.with_settings(), task, ks[-1], seed=1)[1]
    score = model.with_settings().score
    difference = score(2.0 * theta - 3.0 * other, x) - (2.0 * score(theta, x) - 3.0 * score(other, x))
    assert bool(np.abs(difference).max() < 1e-12) == model.linear


@ALL
def test_smooth_holds_exactly_if_the_gradient_of_the_score_is_continuous(model, task):
    ks, _ = sizes(model, task)
    for variant in variants(model):
        x, theta, g = random_arguments(variant, task, ks[-1], count=3)
        other = random_arguments(variant, task, ks[-1], count=3, seed=5)[1]
        line = theta + np.linspace(0.0, 1.0, 2001)[:, None] * (other - theta)
        gradients = np.stack([variant.pullback(point, x, g) for point in line])
        changes = np.abs(np.diff(gradients, axis=0)).max(axis=1)
        has_jump = changes.max() > 20 * np.median(changes) + 1e-12
        assert has_jump != variant.smooth()


@ALL
def test_names_and_labels_of_parameters_are_unique_and_fit_the_score(model, task):
    ks, classes = sizes(model, task)
    for variant in variants(model):
        for k in ks:
            names, labels = variant.parameters(k, classes), variant.labels(k, classes)
            assert len(set(names)) == len(names) == len(set(labels)) == len(labels)
            x, theta, _ = random_arguments(variant, task, k)
            assert variant.score(theta, x).shape == (7, classes)[: 2 if task == "multiclass" else 1]


@ALL
def test_every_parameter_changes_the_score(model, task):
    ks, _ = sizes(model, task)
    variant = model.with_settings()
    for k in ks:
        x, theta, _ = random_arguments(variant, task, k)
        for i in range(len(theta)):
            moved = theta.copy()
            moved[i] += 0.5
            assert np.abs(variant.score(moved, x) - variant.score(theta, x)).max() > 1e-6


@ALL
@given(batch_shape=st.lists(st.integers(1, 3), max_size=2), count=st.integers(1, 4), seed=st.integers(0, 99))
def test_batches_equal_single_points(model, task, batch_shape, count, seed):
    ks, _ = sizes(model, task)
    variant = model.with_settings()
    x, theta, g = random_arguments(variant, task, ks[-1], count, seed)
    thetas = theta + 0.1 * np.random.default_rng(seed).normal(size=(*batch_shape, len(theta)))
    gs = np.broadcast_to(g, (*batch_shape, *g.shape))
    hs = gs[..., None] * gs[..., None, :] if task == "multiclass" else gs
    assert variant.score(thetas, x).shape == (*batch_shape, *g.shape)
    assert variant.pullback(thetas, x, gs).shape == thetas.shape
    assert variant.hessian(thetas, x, gs, hs).shape == (*thetas.shape, len(theta))
    for i in np.ndindex(*batch_shape):
        assert variant.score(thetas, x)[i] == pytest.approx(variant.score(thetas[i], x), rel=1e-12)
        single = variant.pullback(thetas[i], x, gs[i])
        assert variant.pullback(thetas, x, gs)[i] == pytest.approx(single, rel=1e-9, abs=1e-12)
        single = variant.hessian(thetas[i], x, gs[i], hs[i])
        assert variant.hessian(thetas, x, gs, hs)[i] == pytest.approx(single, rel=1e-9, abs=1e-12)


@ALL
def test_output_activation_and_reference_loss_fit_the_task(model, task):
    expected = {"regression": IDENTITY, "binary": SIGMOID, "multiclass": SOFTMAX}
    assert model.output_activations[task] is expected[task]
    assert task in losses.LOSSES[model.reference_loss[task]].tasks
    assert model.when[-1] == "."


@pytest.mark.parametrize("output_activation", [IDENTITY, SIGMOID], ids=lambda function: function.key)
def test_slope_and_curvature_of_output_activations_are_derivatives(output_activation):
    z = np.linspace(-5, 5, 101)
    slope, curvature = output_activation.slope(z), output_activation.curvature(z)
    assert slope == pytest.approx(derivative(output_activation.value, z), abs=1e-8)
    assert curvature == pytest.approx(derivative(output_activation.slope, z), abs=1e-8)


@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_output_activations_are_exact_at_large_scores(z):
    assert SIGMOID.value(np.float64(z)) == (0.0 if z < 0 else 1.0)
    assert SIGMOID.slope(np.float64(z)) == SIGMOID.curvature(np.float64(z)) == 0.0
    assert SOFTMAX.value(np.array([0.0, z, -z])).tolist() == [0.0, float(z > 0), float(z < 0)]


def test_softmax_sums_to_one_and_is_invariant_to_a_common_shift():
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
def test_scores_of_worked_examples(key, theta, x, score):
    assert losses.MODELS[key].score(np.array(theta), np.array(x)) == pytest.approx(np.array(score), rel=1e-12)


@pytest.mark.parametrize(("relu", "hidden"), [(0, np.tanh([-1.0, 2.0])), (1, np.array([0.0, 2.0]))])
def test_score_of_a_worked_network(relu, hidden):
    """Two hidden neurons with pre-activations x − 2 and 2x, output weights 3 and −1, and bias 0.5."""
    network = losses.MODELS["mlp"].with_settings(width=2, relu=relu)
    theta = np.array([1.0, -2.0, 2.0, 0.0, 3.0, -1.0, 0.5])
    assert network.parameters(1, 1) == ("w1.1", "b1", "w2.1", "b2", "v0.1", "v0.2", "c0")
    assert network.score(theta, np.array([[1.0]])) == pytest.approx([3 * hidden[0] - hidden[1] + 0.5])


def test_invalid_settings_raise_and_valid_ones_become_defaults():
    mlp = losses.MODELS["mlp"]
    with pytest.raises(ValueError, match=r"width must be a whole number from 1 to 32; not 2\.5"):
        mlp.with_settings(width=2.5)
    with pytest.raises(ValueError, match="relu must be a whole number from 0 to 1; not 2"):
        mlp.with_settings(relu=2)
    with pytest.raises(ValueError, match="a line takes no settings; not width"):
        losses.MODELS["line"].with_settings(width=2)
    assert {s.name: s.default for s in mlp.with_settings(width=6).settings} == {"width": 6.0, "relu": 0.0}
