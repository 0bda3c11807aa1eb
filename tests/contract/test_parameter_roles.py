"""The roles that a model declares for its parameters are true, and results do not depend on their names."""

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
    (model.with_settings(**settings), task)
    for model in losses.MODELS.values()
    for task in model.tasks
    for settings in ({}, {s.name: s.high if s.high < 5 else 2 for s in model.settings})
]
ALL = pytest.mark.parametrize(("model", "task"), CASES, ids=lambda x: getattr(x, "key", x))


def sample(model, task, count=5):
    """Return random inputs ``(count, k)``, a random point, the roles and the number of scores."""
    rng = np.random.default_rng(0)
    k, scores = model.inputs or 2, CLASSES if task == MULTICLASS else 1
    x = rng.uniform(0.3, 1.7, (count, k))
    theta = rng.uniform(0.2, 1.0, len(model.parameters(k, scores)))
    return x, theta, model.roles_of(k, scores), scores


def gradients(model, task, theta, x, scores):
    """Return the gradient of each score of each example, ``(n, K, d)``."""
    rows = []
    for i in range(len(x)):
        for c in range(scores):
            g = np.zeros((len(x), scores))
            g[i, c] = 1.0
            rows.append(model.pullback(theta, x, g if task == MULTICLASS else g[:, 0]))
    return np.reshape(rows, (len(x), scores, -1))


@ALL
def test_one_role_for_each_parameter(model, task):
    _, theta, roles, _ = sample(model, task)
    assert len(roles) == len(set(roles)) == len(theta)


@ALL
def test_the_score_is_linear_in_the_output_layer(model, task):
    """The score of class c is Σ parameters of unit c × features, which are the same for every class."""
    x, theta, roles, scores = sample(model, task)
    output = np.array([role.is_output for role in roles])
    assert output.any()
    slopes = gradients(model, task, theta, x, scores)
    z = model.score(theta, x).reshape(len(x), scores)
    assert (slopes[..., output] @ theta[output]) == pytest.approx(z, rel=1e-12)
    features = {}
    for i in np.flatnonzero(output):
        others = np.delete(slopes[:, :, i], roles[i].unit, axis=1)
        assert not others.any()
        feature = slopes[:, roles[i].unit, i]
        assert features.setdefault(roles[i].column, feature) == pytest.approx(feature, rel=1e-12)
        if roles[i].is_bias:
            assert feature == pytest.approx(np.ones(len(x)))


@ALL
def test_biases_can_compensate_for_shifted_inputs(model, task):
    x, theta, roles, _ = sample(model, task)
    first = [i for i, role in enumerate(roles) if role.layer == 0]
    biases = {roles[i].unit: i for i in first if roles[i].is_bias}
    assert (
        bool(biases) == model.centered
    )  # the zero of an input may have a meaning; then no bias can compensate
    shift, moved = np.array([0.7, -0.4])[: x.shape[1]], theta.copy()
    for i in first:
        if biases and not roles[i].is_bias:
            moved[biases[roles[i].unit]] -= theta[i] * shift[roles[i].column]
    if biases:
        assert model.score(moved, x + shift) == pytest.approx(model.score(theta, x), rel=1e-12)


def meaningless(names):
    """Return as many names that do not tell the role of a parameter; some look as if they did."""
    samples = ("bread", "coef", "void", "c0.1", "w", "βeta", "0", "v.b.w", "intercept", "b")
    return tuple(samples[i % len(samples)] + "x" * (i // len(samples)) for i in range(len(names)))


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
    ("data", "model", "loss", "options"), PAIRS, ids=lambda x: x if isinstance(x, str) else ""
)
def test_results_do_not_depend_on_names_and_keys_of_models(data, model, loss, options):
    known = losses.MODELS[model]

    def names(k, classes, **settings):
        return meaningless(known.parameters(k, classes, **settings))

    foreign = replace(known, key="foreign", parameters=names)
    original, renamed = (losses.problem(data, m, loss, standardize=True, **options) for m in (known, foreign))
    assert len(set(renamed.parameters)) == renamed.dim
    assert original.penalized.tolist() == renamed.penalized.tolist()
    a, b = losses.certify(original), losses.certify(renamed)
    assert (a.exists, a.loss, a.unique, a.scope, a.lowest) == (b.exists, b.loss, b.unique, b.scope, b.lowest)
    assert (shift_free_basis(original) is None) == (shift_free_basis(renamed) is None)
    if shift_free_basis(original) is not None:
        assert np.array_equal(shift_free_basis(original), shift_free_basis(renamed))
    point = original.start + np.random.default_rng(0).normal(size=original.dim)
    planes = [losses.random_plane(p, point, seed=3) for p in (original, renamed)]
    assert np.array_equal(planes[0].directions, planes[1].directions)
    grids = [Grid(p, p.plane, np.linspace(0, 1, 5), np.linspace(0, 1, 5)) for p in (original, renamed)]
    assert find_kernel(grids[0]) is find_kernel(grids[1])


@pytest.mark.parametrize("names", [("coef", "intercept"), ("bread", "water"), ("b", "c"), ("w", "b")])
def test_a_penalty_excludes_the_bias_whatever_its_name(names):
    model = replace(losses.MODELS["line"], key="foreign", parameters=lambda k, classes: names)
    p = losses.problem("houses", model, "mse", l2=0.5)
    assert p.penalized.tolist() == [True, False]
    assert p.penalty((2.0, 7.0)) == pytest.approx(0.5 * 2.0**2)
    same = losses.problem("houses", "line", "mse", l2=0.5)
    assert np.array_equal(p.gradient((2.0, 7.0)), same.gradient((2.0, 7.0)))


def bounded():
    """Return a model whose scores are in −1 .. 1 and that declares no roles."""
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
def test_nothing_is_claimed_for_a_model_without_roles(loss):
    """The classes are separable, but the scores are bounded, so the loss does not tend to zero."""
    data = losses.Dataset("apart", [-2.0, -1.0, 1.0, 2.0], [0.0, 0.0, 1.0, 1.0], "binary")
    p = losses.problem(data, bounded(), loss)
    assert p.roles == (Role(unit=0), Role(unit=1))
    assert p.penalized.all()
    certificate = losses.certify(p)
    assert certificate.exists is not losses.NO
    assert certificate.loss is None or certificate.loss > 0.0


def test_a_linear_model_need_not_declare_its_biases():
    model = replace(losses.MODELS["softmax"], key="foreign", roles=None)
    p = losses.problem("iris", model, "cce")
    assert [i for i, role in enumerate(p.roles) if role.is_bias] == [4, 9, 14]
    assert {role.unit for role in p.roles} == {0, 1, 2}
