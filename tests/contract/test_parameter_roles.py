"""What each parameter is stands on its model, never in its name; and what a model says of its parameters is true."""

from dataclasses import replace

import numpy as np
import pytest

import losses
from losses.certificate.local_minimum import shift_free_basis
from losses.loss.base import BINARY, MULTICLASS
from losses.model.base import Role
from losses.model.curves import Curve
from losses.model.output_activation import SIGMOID
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid

CLASSES = 3
CASES = [
    (model.with_settings(**given), task)
    for model in losses.MODELS.values()
    for task in model.tasks
    for given in ({}, {s.name: s.high if s.high < 5 else 2 for s in model.settings})
]
ALL = pytest.mark.parametrize(("model", "task"), CASES, ids=lambda x: getattr(x, "key", x))


def some(model, task, count=5):
    """Inputs ``(count, k)``, a point, the roles and the number of scores."""
    rng = np.random.default_rng(0)
    k, scores = model.inputs or 2, CLASSES if task == MULTICLASS else 1
    x = rng.uniform(0.3, 1.7, (count, k))
    theta = rng.uniform(0.2, 1.0, len(model.parameters(k, scores)))
    return x, theta, model.roles_of(k, scores), scores


def gradients(model, task, theta, x, scores):
    """The gradient of each score of each example, ``(n, K, d)``."""
    rows = []
    for i in range(len(x)):
        for c in range(scores):
            g = np.zeros((len(x), scores))
            g[i, c] = 1.0
            rows.append(model.pullback(theta, x, g if task == MULTICLASS else g[:, 0]))
    return np.reshape(rows, (len(x), scores, -1))


@ALL
def test_one_role_for_each_parameter(model, task):
    _, theta, roles, _ = some(model, task)
    assert len(roles) == len(set(roles)) == len(theta)


@ALL
def test_the_score_is_linear_in_the_output_layer(model, task):
    """The score of class c is the sum of unit c's parameters times features that are the same for every class."""
    x, theta, roles, scores = some(model, task)
    output = np.array([role.is_output for role in roles])
    assert output.any()
    slopes = gradients(model, task, theta, x, scores)
    z = model.score(theta, x).reshape(len(x), scores)
    assert (slopes[..., output] @ theta[output]) == pytest.approx(z, rel=1e-12)
    features = {}
    for i in np.flatnonzero(output):
        others = np.delete(slopes[:, :, i], roles[i].unit, axis=1)
        assert not others.any()
        own = slopes[:, roles[i].unit, i]
        assert features.setdefault(roles[i].column, own) == pytest.approx(own, rel=1e-12)
        if roles[i].is_bias:
            assert own == pytest.approx(np.ones(len(x)))


@ALL
def test_biases_make_up_for_inputs_that_are_all_shifted(model, task):
    x, theta, roles, _ = some(model, task)
    first = [i for i, role in enumerate(roles) if role.layer == 0]
    biases = {roles[i].unit: i for i in first if roles[i].is_bias}
    assert bool(biases) == model.centered  # a zero that has a meaning is no bias to move
    shift, moved = np.array([0.7, -0.4])[: x.shape[1]], theta.copy()
    for i in first:
        if biases and not roles[i].is_bias:
            moved[biases[roles[i].unit]] -= theta[i] * shift[roles[i].column]
    if biases:
        assert model.score(moved, x + shift) == pytest.approx(model.score(theta, x), rel=1e-12)


def strangers(names):
    """As many names, of which none says what its parameter is; some look as if they did."""
    odd = ("bread", "coef", "void", "c0.1", "w", "βeta", "0", "v.b.w", "intercept", "b")
    return tuple(odd[i % len(odd)] + "x" * (i // len(odd)) for i in range(len(names)))


PAIRS = [
    ("outlier", "line", "huber", {"l2": 0.1}),
    ("misra1a", "saturation", "mse", {}),
    ("spam", "logistic", "bce", {"l2": 0.1, "l1": 0.05}),
    ("separable", "logistic", "bce", {}),
    ("iris", "softmax", "cce", {"l2": 0.01}),
    ("iris", "softmax", "mse", {}),
    ("moons", "mlp", "hinge", {"width": 6}),
    ("blobs", "mlp", "cce", {"width": 2}),
]


@pytest.mark.parametrize(
    ("data", "model", "loss", "given"), PAIRS, ids=lambda x: x if isinstance(x, str) else ""
)
def test_names_and_keys_of_models_mean_nothing(data, model, loss, given):
    known = losses.MODELS[model]

    def names(k, classes, **settings):
        return strangers(known.parameters(k, classes, **settings))

    foreign = replace(known, key="foreign", parameters=names)
    one, other = (losses.problem(data, m, loss, standardize=True, **given) for m in (known, foreign))
    assert len(set(other.parameters)) == other.dim
    assert one.penalized.tolist() == other.penalized.tolist()
    a, b = losses.certify(one), losses.certify(other)
    assert (a.exists, a.loss, a.unique, a.scope, a.lowest) == (b.exists, b.loss, b.unique, b.scope, b.lowest)
    assert (shift_free_basis(one) is None) == (shift_free_basis(other) is None)
    if shift_free_basis(one) is not None:
        assert np.array_equal(shift_free_basis(one), shift_free_basis(other))
    at = one.start + np.random.default_rng(0).normal(size=one.dim)
    planes = [losses.random_plane(p, at, seed=3) for p in (one, other)]
    assert np.array_equal(planes[0].directions, planes[1].directions)
    grids = [Grid(p, p.plane, np.linspace(0, 1, 5), np.linspace(0, 1, 5)) for p in (one, other)]
    assert find_kernel(grids[0]) is find_kernel(grids[1])


@pytest.mark.parametrize("names", [("coef", "intercept"), ("bread", "water"), ("b", "c"), ("w", "b")])
def test_a_penalty_spares_the_bias_whatever_its_name(names):
    model = replace(losses.MODELS["line"], key="foreign", parameters=lambda k, classes: names)
    p = losses.problem("houses", model, "mse", l2=0.5)
    assert p.penalized.tolist() == [True, False]
    assert p.penalty((2.0, 7.0)) == pytest.approx(0.5 * 2.0**2)
    same = losses.problem("houses", "line", "mse", l2=0.5)
    assert np.array_equal(p.gradient((2.0, 7.0)), same.gradient((2.0, 7.0)))


def bounded():
    """A model whose score is never above one in size, and that says nothing of its parameters."""
    curve = Curve(
        lambda a, b, x: np.tanh(a * x + b),
        lambda a, b, x: tuple((1.0 - np.tanh(a * x + b) ** 2) * part for part in (x, 1.0 + 0.0 * x)),
        lambda a, b, x: tuple(
            -2.0 * np.tanh(a * x + b) * (1.0 - np.tanh(a * x + b) ** 2) * part
            for part in (x * x, x, 1.0 + 0.0 * x)
        ),
    )
    return replace(
        losses.MODELS["neuron"],
        key="bounded",
        output_activations={BINARY: SIGMOID},
        reference_loss={BINARY: "bce"},
        parameters=lambda k, classes: ("voice", "coda"),
        roles=None,
        score=curve.score,
        pullback=curve.pullback,
        hessian=curve.hessian,
        expression="",
    )


@pytest.mark.parametrize("loss", ["bce", "exponential", "focal", "mse", "squared_hinge"])
def test_of_a_model_that_says_nothing_nothing_is_claimed(loss):
    """Its classes can be told apart, but no part of it can grow for ever, so the loss does not fall to nothing."""
    data = losses.Dataset("apart", [-2.0, -1.0, 1.0, 2.0], [0.0, 0.0, 1.0, 1.0], "binary")
    p = losses.problem(data, bounded(), loss)
    assert p.roles == (Role(unit=0), Role(unit=1))
    assert p.penalized.all()
    found = losses.certify(p)
    assert found.exists is not False
    assert found.loss is None or found.loss > 0.0


def test_a_linear_model_need_not_say_which_of_its_parameters_are_biases():
    model = replace(losses.MODELS["softmax"], key="foreign", roles=None)
    p = losses.problem("iris", model, "cce")
    assert [i for i, role in enumerate(p.roles) if role.is_bias] == [4, 9, 14]
    assert {role.unit for role in p.roles} == {0, 1, 2}
