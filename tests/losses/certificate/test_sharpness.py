"""The curvature at the start, where no optimum is known."""

import numpy as np
import pytest

import losses
from losses.certificate.sharpness import _by_lanczos, sharpness


@pytest.mark.parametrize(
    "key", [("houses", "mlp", "mse"), ("spam", "mlp", "bce"), ("iris", "softmax", "mse")]
)
def test_it_is_the_largest_eigenvalue_there_and_called_so(key):
    p = losses.problem(*key, standardize=True)
    c = losses.certify(p)
    top = np.linalg.eigvalsh(p.hessian(p.start))[-1]
    assert (c.scope, c.optimum, c.exists) == ("start", None, None)
    assert c.lipschitz == pytest.approx(top, rel=1e-12)
    assert c.critical_rate == pytest.approx(2 / top, rel=1e-12)
    assert (c.strong_convexity, c.condition, c.best_rate) == (None, None, None)
    assert _by_lanczos(p) == pytest.approx(top, rel=1e-3)


def test_of_many_parameters_it_takes_no_hessian(monkeypatch):
    p = losses.problem("digits", "mlp", "cce", standardize=True)
    top = np.linalg.eigvalsh(p.hessian(p.start))[-1]
    monkeypatch.setattr(type(p), "hessian", lambda self, theta: pytest.fail("asked for a Hessian"))
    assert losses.certify(p).lipschitz == pytest.approx(top, rel=1e-3)


def test_a_step_longer_than_it_allows_climbs_at_first_and_a_shorter_falls():
    p = losses.problem("digits", "mlp", "cce", standardize=True)
    limit = losses.certify(p).critical_rate
    vectors = np.linalg.eigh(p.hessian(p.start))[1]
    flat = p.start - 0.0 * vectors[:, -1]
    ahead = flat + 1e-4 * vectors[:, -1]
    pull = p.gradient(ahead) - p.gradient(flat)
    for share, grows in ((0.9, False), (1.1, True)):
        moved = ahead - flat - share * limit * pull
        assert (np.linalg.norm(moved) > 1e-4) == grows


def test_where_the_ground_only_bends_down_there_is_no_limit():
    p = losses.problem("norris", "neuron", "huber", standardize=True)
    top = np.linalg.eigvalsh(p.hessian(p.start))[-1]
    assert sharpness(p) == (top if top > 0 else None)


def test_a_network_with_a_penalty_has_a_local_optimum():
    p = losses.problem("houses", "mlp", "mse", standardize=True, l2=0.01)
    c = losses.certify(p)
    assert (c.exists, c.scope, c.lowest, c.unique) == (True, "local", False, False)
    assert np.abs(p.gradient(c.optimum)).max() < 1e-8
    assert np.linalg.eigvalsh(p.hessian(c.optimum))[0] == pytest.approx(c.strong_convexity, rel=1e-6)
    assert c.strong_convexity > 0


def test_a_start_beyond_numbers_has_no_curvature():
    """Two classes apart in wild units: at the usual start the exponential loss is larger than any number squared."""
    x = 1e4 * np.array([[1.0, 3.0], [2.0, -1.0], [3.0, 1.0], [4.0, -3.0]]) + [0.0, 1e9]
    p = losses.problem(losses.Dataset("wild", x, [0.0, 0.0, 1.0, 1.0], "binary"), "logistic", "exponential")
    with np.errstate(over="ignore"):
        assert not np.isfinite(p.hessian(p.start)).all()
    c = losses.certify(p)
    assert (c.exists, c.loss) == (False, 0.0)
