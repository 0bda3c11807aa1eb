"""Optima and rates against published values, of which ``losses.reference_values`` holds many."""

import numpy as np
import pytest

import losses
from losses.certificate.newton import newton, parameter_scales


def lre(computed, certified):
    """Return NIST's log relative error: the number of digits that agree."""
    return np.inf if computed == certified else -np.log10(abs(computed - certified) / abs(certified))


def raw(data, loss="mse"):
    return losses.problem(data, "line", loss)


def test_norris_has_the_certified_line_and_curvature():
    p = raw("norris")
    c = losses.certify(p)
    w, b = c.optimum
    assert lre(b, -0.262323073774029) >= 9
    assert lre(w, 1.00211681802045) >= 9
    residual = np.sqrt(c.loss * 36 / 34)
    assert lre(residual, 0.884796396144373) >= 9
    assert c.loss == pytest.approx(0.739372, rel=1e-6)
    assert c.strong_convexity == pytest.approx(0.8023786, rel=1e-6)
    assert c.lipschitz == pytest.approx(586865.27318, rel=1e-9)
    assert c.condition == pytest.approx(731406.97, rel=1e-6)
    assert c.critical_rate == pytest.approx(3.407937e-6, rel=1e-6)


def test_descent_on_standardized_norris_arrives_in_one_step():
    p = losses.problem("norris", "line", "mse", standardize=True)
    c = losses.certify(p)
    assert np.linalg.eigvalsh(p.hessian(np.zeros(2))) == pytest.approx([2, 2], rel=1e-12)
    assert c.condition == pytest.approx(1, rel=1e-12)
    run = losses.descend(p, "gd", start=(3.0, -2.0), rate=0.5, steps=1)
    assert run.theta[1] == pytest.approx(c.optimum, abs=1e-12)


@pytest.mark.parametrize(
    ("data", "mse"),
    [("anscombe1", 1.251154), ("anscombe2", 1.252390), ("anscombe3", 1.250563), ("anscombe4", 1.249317)],
)
def test_anscombe_datasets_have_the_published_line(data, mse):
    c = losses.certify(raw(data))
    assert round(float(c.optimum[0]), 3) == 0.500
    assert round(float(c.optimum[1]), 2) == 3.00
    assert round(c.loss, 6) == mse
    assert c.strong_convexity == pytest.approx(0.217649, rel=1e-5)
    assert c.lipschitz == pytest.approx(183.782351, rel=1e-8)
    assert c.condition == pytest.approx(844.3988, rel=1e-6)
    assert c.critical_rate == pytest.approx(0.01088244, rel=1e-6)


QUADRATICS = [
    losses.problem(data, "line", "mse", standardize=standardize)
    for data in losses.DATASETS.values()
    if data.task == "regression"
    for standardize in (False, True)
] + [f for f in losses.TEST_FUNCTIONS.values() if f.quadratic and f.convex]
EACH = pytest.mark.parametrize(
    "p", QUADRATICS, ids=lambda p: f"{p.key}-{getattr(p, 'scaling', None) is not None}"
)


@EACH
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_trajectory_equals_its_closed_form(p, share):
    """θ_k − θ* = (1 − α λ_i)^k (θ_0 − θ*) along each eigenvector (Goh, Why momentum really works, 2017)."""
    c = losses.certify(p)
    rate = share * c.critical_rate
    run = losses.descend(p, "gd", rate=rate, steps=200)
    values, vectors = np.linalg.eigh(p.hessian(c.optimum))
    k = np.arange(201)[:, None]
    decay = np.sign(1 - rate * values) ** k * np.exp(k * np.log(np.abs(1 - rate * values) + 1e-300))
    exact = c.optimum + (decay * (vectors.T @ (run.theta[0] - c.optimum))) @ vectors.T
    size = np.abs(run.theta[0] - c.optimum).max()
    assert np.abs(run.theta - exact).max() <= 1e-10 * max(1.0, size)


@EACH
def test_descent_converges_below_the_critical_rate_and_diverges_above(p):
    c = losses.certify(p)
    _, vectors = np.linalg.eigh(p.hessian(c.optimum))
    start = c.optimum + vectors[:, -1]
    below = losses.descend(p, "gd", start=start, rate=0.99 * c.critical_rate, steps=600)
    above = losses.descend(p, "gd", start=start, rate=1.01 * c.critical_rate, steps=600)
    assert np.linalg.norm(below.theta[-1] - c.optimum) < 1e-4
    assert below.outcome.name != "DIVERGED"
    assert above.outcome.name == "DIVERGED"
    assert np.linalg.norm(above.theta[-1] - c.optimum) > 1e4


def test_best_rate_reduces_the_error_by_the_published_factor():
    c = losses.certify(raw("anscombe1"))
    p = raw("anscombe1")
    run = losses.descend(p, "gd", rate=c.best_rate, steps=200)
    error = run.theta - c.optimum
    factor = (c.condition - 1) / (c.condition + 1)
    assert np.linalg.norm(error[-1]) == pytest.approx(factor**200 * np.linalg.norm(error[0]), rel=1e-6)


def test_cross_entropy_at_zero_parameters_is_ln_2():
    assert losses.problem("spam", "logistic", "bce").value(np.zeros(2)) == pytest.approx(np.log(2), rel=1e-12)


def test_cross_entropy_curvature_is_bounded_by_a_quarter():
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    c = losses.certify(p)
    x = np.column_stack([p.x, np.ones(len(p.x))])
    assert c.scope == "bound"
    assert c.lipschitz == pytest.approx(np.linalg.eigvalsh(x.T @ x)[-1] / (4 * len(x)), rel=1e-12)
    everywhere = p.hessian(np.random.default_rng(0).normal(scale=3, size=(500, 2)))
    assert np.linalg.eigvalsh(everywhere)[:, -1].max() <= c.lipschitz


@pytest.mark.parametrize("loss", ["bce", "mse"])
def test_newton_from_another_start_finds_the_same_optimum(loss):
    p = losses.problem("spam", "logistic", loss, standardize=True)
    c = losses.certify(p)
    assert newton(p, c.optimum + 0.3, parameter_scales(p)) == pytest.approx(c.optimum, abs=1e-8)


def test_softmax_curvature_is_bounded_by_a_half():
    """The factor 1/2 is Böhning's (1992); at zero parameters more than 0.6 of it is reached."""
    p = losses.problem("iris", "softmax", "cce", standardize=True)
    x = np.column_stack([p.x, np.ones(len(p.x))])
    limit = losses.certify(p).lipschitz
    assert limit == pytest.approx(np.linalg.eigvalsh(x.T @ x)[-1] / (2 * len(x)), rel=1e-12)
    everywhere = p.hessian(np.random.default_rng(0).normal(scale=2, size=(200, p.dim)))
    assert np.linalg.eigvalsh(everywhere)[:, -1].max() <= limit
    assert np.linalg.eigvalsh(p.hessian(np.zeros(p.dim)))[-1] > 0.6 * limit


def test_squared_error_on_a_sigmoid_has_several_minima_and_cross_entropy_one():
    """P. Auer, M. Herbster and M. Warmuth, Exponentially many local minima for single neurons, 1996.

    A distant example has two local minima: one that classifies it correctly, one that does not.
    """
    x, y = [-23.8, -3.7, -0.2, -0.1, 0.1, 0.3], [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]
    data = losses.Dataset("own", x, y, "binary")
    starts = [(3.7, 1.0), (0.0, 0.5), (1.0, 0.0), (-1.0, 0.0)]
    ends = {}
    for loss in ("mse", "bce"):
        p = losses.problem(data, "logistic", loss)
        minima = [newton(p, np.array(start), np.ones(2)) for start in starts]
        ends[loss] = {tuple(minimum.round(3)) for minimum in minima if minimum is not None}
        for end in ends[loss]:
            assert np.linalg.eigvalsh(p.hessian(end))[0] > 0
    assert len(ends["mse"]) >= 2
    assert len(ends["bce"]) == 1


def test_least_absolute_deviations_may_have_many_minimizers():
    """With two points at each of two inputs, every line between them has the same loss."""
    data = losses.Dataset("own", [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0], "regression")
    p = losses.problem(data, "line", "mae")
    c = losses.certify(p)
    assert (c.exists, c.loss) == (True, 0.5)
    assert c.unique is not losses.YES
    assert p.value([[0.0, 0.5], [0.2, 0.3], [1.0, 0.0]]) == pytest.approx([0.5, 0.5, 0.5])
    assert losses.certify(losses.problem("houses", "line", "mae")).unique


@pytest.mark.parametrize("start", [(500.0, 1e-4), (250.0, 5e-4)])
def test_misra1a_has_the_certified_parameters_from_both_published_starts(start):
    c = losses.certify(losses.problem("misra1a", "saturation", "mse"), start=start)
    assert lre(c.optimum[0], 238.94212918) >= 9
    assert lre(c.optimum[1], 5.5015643181e-4) >= 9
    assert lre(14 * c.loss, 0.12455138894) >= 9
    assert (c.exists, c.scope) == (True, "local")


def test_start_without_a_minimum_gives_an_unknown_certificate():
    c = losses.certify(losses.test_function("saddle"), start=(0.3, 0.2))
    assert (c.optimum, c.exists) == (None, losses.UNKNOWN)


def test_start_of_wrong_shape_or_without_curvature_is_rejected():
    with pytest.raises(ValueError, match="start must have shape"):
        losses.certify(losses.problem("misra1a", "saturation", "mse"), start=(1.0, 2.0, 3.0))
    with pytest.raises(ValueError, match="curvature"):
        losses.certify(losses.problem("houses", "line", "mae"), start=(1.0, 2.0))
