"""The fewest mistakes of a line, against every line through every pair of points."""

from itertools import combinations

import numpy as np
import pytest

import losses
from losses.certificate.zero_one import minimize_zero_one_loss


def by_force(x, y):
    """Fewest mistakes of a rule w·x + b > 0, by lines through pairs of points, shifted and turned a little."""
    n, best = len(y), int(min(y.sum(), len(y) - y.sum()))
    ways = [(1.0,)] if x.shape[1] == 1 else []
    rules = []
    if ways:
        edges = np.sort(x[:, 0])
        rules = [
            np.array([1.0, -c]) for c in (*(0.5 * (edges[1:] + edges[:-1])), edges[0] - 1, edges[-1] + 1)
        ]
    else:
        for i, j in combinations(range(n), 2):
            if (x[i] == x[j]).all():
                continue
            along = x[j] - x[i]
            for turn in (-1e-7, 0.0, 1e-7):
                a = np.arctan2(along[1], along[0]) + turn
                normal = np.array([-np.sin(a), np.cos(a)])
                for pivot in (x[i], x[j]):
                    rules += [np.append(normal, shift - normal @ pivot) for shift in (-1e-10, 1e-10)]
    for rule in rules:
        z = x @ rule[:-1] + rule[-1]
        for sign in (1.0, -1.0):
            best = min(best, int(((2 * y - 1) * sign * z <= 0).sum()))
    return best


def own(x, y):
    return losses.problem(losses.Dataset("own", x, y, "binary"), "logistic", "zero_one")


@pytest.mark.parametrize("inputs", [1, 2])
@pytest.mark.parametrize("kind", ["spread", "grid"])
@pytest.mark.parametrize("seed", range(6))
def test_no_line_makes_fewer(inputs, kind, seed):
    """On a grid there are doubles and many points in a line."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(24, inputs)) if kind == "spread" else rng.integers(0, 4, size=(24, inputs)) * 1.0
    y = (rng.random(24) < 0.5).astype(float)
    p = own(x, y)
    c = losses.certify(p)
    assert c.lowest
    assert c.loss * 24 == pytest.approx(by_force(x, y))
    assert p.value(c.optimum) == c.loss
    assert (c.exists, c.unique, c.critical_rate) == (True, False, None)


def test_a_rule_without_mistakes_is_found_among_many_inputs():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(30, 5))
    y = (x @ [1.0, -2.0, 0.5, 0.0, 1.0] > 0.3) * 1.0
    c = losses.certify(own(x, y))
    assert (c.loss, c.lowest) == (0.0, True)


def test_among_many_inputs_fewer_may_be_possible_and_nothing_else_is_said():
    c = losses.certify(losses.problem("spector", "logistic", "zero_one"))
    assert c.exists
    assert not c.lowest
    assert c.loss == losses.problem("spector", "logistic", "zero_one").value(c.optimum)


def test_all_of_one_side_is_a_rule_too():
    x = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    y = np.array([1.0, 1.0, 0.0, 1.0, 1.0])
    best, share, surely = minimize_zero_one_loss(own(x, y))
    assert (share, surely) == (0.2, True)
    assert own(x, y).value(best) == 0.2
