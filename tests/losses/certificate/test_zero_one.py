"""The fewest mistakes of a line, against all lines through pairs of points."""

from itertools import combinations

import numpy as np
import pytest

import losses
from losses.certificate.zero_one import _angle_errors, _off_boundary, minimize_zero_one_loss


def fewest_mistakes_by_brute_force(x, y):
    """Return the fewest mistakes of lines through pairs of points, shifted and turned a little."""
    n, fewest = len(y), int(min(y.sum(), len(y) - y.sum()))
    rules = []
    if x.shape[1] == 1:
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
            fewest = min(fewest, int(((2 * y - 1) * sign * z <= 0).sum()))
    return fewest


def zero_one_problem(x, y):
    return losses.problem(losses.Dataset("own", x, y, "binary"), "logistic", "zero_one")


@pytest.mark.parametrize("inputs", [1, 2])
@pytest.mark.parametrize("kind", ["spread", "grid"])
@pytest.mark.parametrize("seed", range(6))
def test_fewest_mistakes_equal_brute_force(inputs, kind, seed):
    """On a grid some points coincide and many are collinear."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(24, inputs)) if kind == "spread" else rng.integers(0, 4, size=(24, inputs)) * 1.0
    y = (rng.random(24) < 0.5).astype(float)
    p = zero_one_problem(x, y)
    c = losses.certify(p)
    assert c.lowest
    assert c.loss * 24 == pytest.approx(fewest_mistakes_by_brute_force(x, y))
    assert p.value(c.optimum) == c.loss
    assert (c.exists, c.unique, c.critical_rate) == (True, False, None)


def test_rule_without_mistakes_is_found_among_many_inputs():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(30, 5))
    y = (x @ [1.0, -2.0, 0.5, 0.0, 1.0] > 0.3) * 1.0
    c = losses.certify(zero_one_problem(x, y))
    assert (c.loss, c.lowest) == (0.0, True)


def test_rule_with_mistakes_among_many_inputs_is_not_proved_lowest():
    c = losses.certify(losses.problem("spector", "logistic", "zero_one"))
    assert c.exists
    assert c.lowest is not losses.YES
    assert c.loss == losses.problem("spector", "logistic", "zero_one").value(c.optimum)


def test_rule_may_predict_the_same_class_for_all():
    x = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    y = np.array([1.0, 1.0, 0.0, 1.0, 1.0])
    rule, share, is_lowest = minimize_zero_one_loss(zero_one_problem(x, y))
    assert (share, is_lowest) == (0.2, True)
    assert zero_one_problem(x, y).value(rule) == 0.2


def test_a_rule_of_many_inputs_has_no_example_on_its_boundary():
    x = [[3, 5, 1], [0, -1, -1], [2, 3, -3], [-1, -3, -1], [3, 5, 3], [0, -1, -3], [-1, -3, 3]]
    x += [[-2, -5, 3], [-1, -3, -3], [1, 1, -3], [-1, -3, -3], [-1, -3, -2], [3, 5, -1], [-1, -3, -1]]
    y = [0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0]
    p = losses.problem(losses.Dataset("x", x, y, "binary"), "logistic", "zero_one", standardize=False)
    c = losses.certify(p)
    near = c.optimum + 1e-7 * np.random.default_rng(0).normal(size=(2000, p.dim))
    assert (p.value(near) == c.loss).all()
    assert c.lowest is losses.UNKNOWN


@pytest.mark.parametrize(
    ("x", "y", "threshold"),
    [
        ([0.0, 1.0, 10.0, 13.0], [0, 0, 1, 1], 5.5),
        ([0.0, 1.0, 10.0, 13.0], [1, 1, 0, 0], 5.5),
        ([2.0, 2.0, 6.0, 6.0], [0, 0, 1, 1], 4.0),
        ([1e6, 1e6 + 1.0, 1e6 + 4.0], [0, 0, 1], 1e6 + 2.5),
    ],
)
def test_the_threshold_is_midway_between_the_classes(x, y, threshold):
    """Its weight is 3 in units of the standard deviation."""
    for standardize in (False, True):
        p = losses.problem(
            losses.Dataset("own", x, y, "binary"), "logistic", "zero_one", standardize=standardize
        )
        w, b = losses.certify(p).optimum
        shift, scale = (np.mean(x), np.std(x)) if standardize else (0.0, 1.0)
        assert shift - scale * b / w == pytest.approx(threshold, rel=1e-12)
        assert np.sign(w) == np.sign(y[-1] - y[0])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("size", [1e-6, 1e6])
def test_no_example_lies_on_the_best_line(seed, size):
    """Rounding the parameters changes no prediction."""
    rng = np.random.default_rng(seed)
    x = size * (rng.integers(0, 4, size=(14, 2)) + np.array([0.0, 100.0]))
    y = (rng.random(14) < 0.5).astype(float)
    p = zero_one_problem(x, y)
    c = losses.certify(p)
    z = np.abs(p.score(c.optimum)) / (np.abs(x) @ np.abs(c.optimum[:-1]) + abs(c.optimum[-1]))
    assert z.min() > 1e-6
    assert c.loss * 14 == pytest.approx(fewest_mistakes_by_brute_force(x / size - [0.0, 100.0], y))


def test_of_equal_inputs_the_smaller_class_is_mistaken():
    y = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    for first, last in (([0.0], [1.0]), ([3.0, -1.0], [4.0, 0.0])):
        c = losses.certify(zero_one_problem(np.array([first] * 7 + [last]), y))
        assert (c.loss, c.lowest) == (3.0 / 8.0, losses.YES)


def test_more_lines_than_can_be_counted_have_no_known_lowest_share():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(701, 2))
    noisy = (x[:, 0] + rng.normal(size=701) > 0.0) * 1.0
    few, many = (losses.certify(zero_one_problem(x[:n], noisy[:n])) for n in (700, 701))
    assert (few.lowest, many.lowest) == (losses.YES, losses.UNKNOWN)
    assert many.loss >= few.loss * 700 / 701


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_thresholds_are_counted_for_any_number_of_examples(noise):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 1))
    y = (x[:, 0] + noise * rng.normal(size=2000) > 0.3) * 1.0
    c = losses.certify(zero_one_problem(x, y))
    assert c.lowest is losses.YES
    assert c.loss * 2000 == pytest.approx(fewest_mistakes_by_brute_force(x, y), abs=1e-9)


def test_a_rule_moves_off_its_boundary_past_no_other_example():
    """Two examples lie on x₁ = 0; others are as near to it as 0.01 and 0.02."""
    x = np.array([[0.0, 0.0, 0.0], [0.0, -1.0, 1.0], [0.01, 0.0, 0.0], [-0.02, 0.0, 0.0], [1.0, 1.0, 0.0]])
    p = zero_one_problem(x, np.array([1.0, 0.0, 1.0, 0.0, 1.0]))
    moved = _off_boundary(p, np.array([1.0, 0.0, 0.0, 0.0]))
    assert np.sign(p.score(moved)).tolist() == [1.0, -1.0, 1.0, -1.0, 1.0]


def test_the_error_of_an_angle_has_no_unit_and_grows_as_inputs_meet():
    pivot, offset = np.array([3.0, -4.0]), np.array([[1.0, 2.0], [0.5, 1.0], [1e-6, 2e-6]])
    errors = _angle_errors(pivot, offset)
    assert _angle_errors(1e6 * pivot, 1e6 * offset) == pytest.approx(errors, rel=1e-12)
    assert (errors[1] / errors[0], errors[2] / errors[0]) == (
        pytest.approx(2, rel=0.3),
        pytest.approx(1e6, rel=0.3),
    )
    assert _angle_errors(pivot, np.zeros((1, 2))).tolist() == [np.inf]
