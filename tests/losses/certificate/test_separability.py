"""Separability against linear programming, an independent proof of whether a minimum exists."""

import numpy as np
import pytest
from scipy.optimize import linprog

import losses
from losses.certificate.separability import (
    _step_length,
    classify_separation,
    is_separable,
    margin_matrix,
    margin_rows,
    matrix_rank,
)


def is_separable_by_linear_programming(a):
    """Return whether the largest sum of margins between 0 and 1 is positive; it is 0 or at least 1."""
    count = len(a)
    solution = linprog(
        -a.sum(axis=0),
        A_ub=np.concatenate([-a, a]),
        b_ub=np.repeat([0.0, 1.0], count),
        bounds=[(None, None)] * a.shape[1],
        method="highs",
    )
    return -solution.fun > 0.5


def random_data(kind, rng):
    """Return inputs and labels: separable, nearly so, mixed, touching on a lattice, or in extreme units."""
    n, k = int(rng.integers(5, 30)), int(rng.integers(1, 4))
    x = rng.normal(size=(n, k))
    if kind == "lattice":
        x = np.round(x)
    z = x @ np.sign(rng.normal(size=k))
    noise = {"apart": 0.0, "nearly": 0.2, "mixed": 3.0, "lattice": 0.0, "units": 0.1}[kind]
    y = (z + rng.normal(0.0, noise, n) > 0).astype(float)
    y[z == 0] = rng.integers(0, 2, (z == 0).sum())
    if kind == "units":
        x = x * 10.0 ** rng.integers(-6, 7, k) + 10.0 ** rng.integers(0, 5)
    return x, y


@pytest.mark.parametrize("kind", ["apart", "nearly", "mixed", "lattice", "units"])
def test_separation_of_two_classes_equals_linear_programming(kind):
    rng = np.random.default_rng(7)
    answers = set()
    for _ in range(40):
        x, y = random_data(kind, rng)
        if np.ptp(y) == 0 or (np.ptp(x, axis=0) == 0).any():
            continue
        p = losses.problem(losses.Dataset("own", x, y, "binary"), "logistic", "bce")
        expected = is_separable_by_linear_programming(margin_matrix(p))
        assert is_separable(p) == expected
        assert losses.certify(p).exists != expected
        answers.add(expected)
        complete = linprog(
            np.zeros(k := p.dim),
            A_ub=-margin_matrix(p),
            b_ub=-np.ones(len(x)),
            bounds=[(None, None)] * k,
            method="highs",
        )
        assert classify_separation(p).complete == (complete.status == 0)
        assert losses.certify(p).loss == 0.0 or complete.status != 0
    assert answers == ({True} if kind in ("apart", "lattice") else {True, False})


@pytest.mark.parametrize("gap", [1e-1, 1e-4, 1e-8])
def test_tiny_gap_between_classes_decides(gap):
    for side in (1.0, -1.0):
        x = np.array([-2.0, -1.0, -side * gap, side * gap, 1.0, 2.0])
        p = losses.problem(
            losses.Dataset("own", x, [0.0, 0.0, 0.0, 1.0, 1.0, 1.0], "binary"), "logistic", "bce"
        )
        assert losses.certify(p).exists == (side < 0)


@pytest.mark.parametrize("loss", ["bce", "focal", "exponential"])
def test_penalty_gives_separable_data_a_minimum(loss):
    assert losses.certify(losses.problem("separable", "logistic", loss)).exists is losses.NO
    penalized = losses.certify(losses.problem("separable", "logistic", loss, l2=0.1))
    assert penalized.exists
    assert penalized.optimum is not None


@pytest.mark.parametrize(("data", "infimum"), [("iris", None), ("blobs", 0.0)])
def test_separation_of_several_classes_equals_linear_programming(data, infimum):
    """Iris is separable in part, the three clouds completely; mixed clouds have a minimum."""
    p = losses.problem(data, "softmax", "cce")
    assert is_separable(p) is losses.YES
    assert is_separable_by_linear_programming(margin_matrix(p))
    assert losses.certify(p).exists is losses.NO
    run = losses.descend(p, rate=0.05, steps=20)
    assert run.outcome.name == "NO_MINIMUM"
    assert ("told apart in part" in run.outcome.sentence) == (infimum is None)
    assert losses.certify(p).loss == infimum
    mixed = losses.problem(losses.DATASETS["blobs"].sample(noise=2.0), "softmax", "cce")
    assert is_separable(mixed) is losses.NO
    assert not is_separable_by_linear_programming(margin_matrix(mixed))
    c = losses.certify(mixed)
    assert (c.exists, c.unique) == (True, False)
    assert np.abs(mixed.gradient(c.optimum)).max() < 1e-12


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (
            [[-0.78, -2.388, -0.223], [-1.809, 1.162, 0.416], [1.762, -0.467, -0.204],
             [1.763, 0.489, 0.145], [0.196, -0.508, -0.965], [-0.08, -0.587, -1.191],
             [-0.677, -0.608, -1.46], [-0.124, 0.76, -0.976],
             [0.243, -0.522, -0.827], [0.058, -1.634, 0.33], [-0.55, -0.535, 0.008]],
            [0, 1, 2, 3, 2, 1, 3, 0, 2, 1, 1],
        ),
        (
            [[1.096, -0.243], [-0.175, -0.639], [-0.72, -0.641], [-0.761, 0.801], [-1.832, 0.71],
             [0.169, -0.557], [0.528, -0.017], [0.038, -1.558], [0.134, 0.151]],
            [0, 1, 2, 3, 1, 3, 0, 3, 0],
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stretch", [1.0, 3.0])
def test_separation_of_ill_conditioned_classes(x, y, stretch):
    """One direction raises some margins far more than those that a second direction must leave unchanged."""
    x = np.sign(x) * np.abs(x) ** stretch
    p = losses.problem(losses.Dataset("own", x, y, "multiclass"), "softmax", "cce")
    expected = is_separable_by_linear_programming(margin_matrix(p))
    assert is_separable(p) == expected
    assert (losses.certify(p).exists is losses.NO) == expected


@pytest.mark.parametrize(
    ("x", "y", "exists", "complete"),
    [
        ([1.0, 2.0, 3.0, 4.0], [0, 0, 1, 1], True, True),
        ([1.0, 2.0, 3.0, 4.0], [1, 1, 0, 0], True, True),
        ([1.0, 2.0, 2.0, 3.0], [0, 0, 1, 1], True, False),
        ([3.0, 2.0, 2.0, 1.0], [0, 0, 1, 1], True, False),
        ([1.0, 2.0, 3.0, 4.0], [0, 1, 0, 1], False, False),
    ],
)
def test_one_input_separates_by_its_order(x, y, exists, complete):
    """A second input that repeats the first changes nothing; it is decided by Newton's method."""
    for inputs in (np.array(x)[:, None], np.column_stack([x, x])):
        p = losses.problem(losses.Dataset("own", inputs, y, "binary"), "logistic", "bce")
        separation = classify_separation(p)
        assert (separation.exists, separation.complete) == (exists, complete)


def test_margins_of_two_classes_are_signed_scores_and_of_several_differences_of_scores():
    x = np.array([[2.0], [3.0], [5.0]])
    two = losses.problem(losses.Dataset("two", x, [0.0, 1.0, 1.0], "binary"), "logistic", "bce")
    assert margin_rows(two, x).tolist() == [[-2.0, -1.0], [3.0, 1.0], [5.0, 1.0]]
    three = losses.problem(losses.Dataset("three", x, [0.0, 1.0, 2.0], "multiclass"), "softmax", "cce")
    theta = np.array([0.5, -1.0, 2.0, 0.25, -0.75, 1.5])
    z, rows = three.score(theta), margin_rows(three, x)
    expected = [z[i, i] - z[i, k] for i in range(3) for k in range(3) if k != i]
    assert rows @ theta == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("rows", "rank"),
    [
        (np.zeros((0, 3)), 0),
        ([[1.0, 2.0], [2.0, 4.0]], 1),
        ([[1.0, 2.0], [2.0, 4.001]], 2),
        ([[1.0, 0.0], [0.0, 1e-9]], 2),
        ([[1.0, 0.0], [0.0, 1e-11]], 1),
        (np.vander(np.arange(1.0, 6.0)), 5),
    ],
)
def test_a_rank_counts_no_rounding_errors(rows, rank):
    assert matrix_rank(np.array(rows)) == rank


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("classes", [2, 3])
def test_classes_are_separated_layer_by_layer(seed, classes):
    """All examples on a wall between classes but one pair can be raised in turn, by one direction each."""
    rng = np.random.default_rng(seed)
    x = np.concatenate([rng.normal(size=(8, 2)) + np.array([6.0 * k, 0.0]) for k in range(classes)])
    y = np.repeat(np.arange(classes), 8).astype(float)
    wall = np.array([[3.0, -1.0], [3.0, 1.0], [3.0, 0.0], [3.0, 0.0]])
    kind, model = ("binary", "logistic") if classes == 2 else ("multiclass", "softmax")
    loss = "bce" if classes == 2 else "cce"
    x[:, 0] = np.where(y == 0, np.minimum(x[:, 0], 2.9), np.maximum(x[:, 0], 3.1))

    def separation(count):
        inputs = np.concatenate([x, wall[:count]])
        labels = np.append(y, [0.0, 1.0, 0.0, 1.0][:count])
        p = losses.problem(losses.Dataset("layers", inputs, labels, kind), model, loss)
        assert is_separable_by_linear_programming(margin_matrix(p)) == bool(is_separable(p))
        return classify_separation(p)

    assert (separation(0).exists, separation(0).complete) == (True, True)
    assert (separation(2).exists, separation(2).complete) == (True, True)
    assert (separation(4).exists, separation(4).complete) == (True, False)


def test_a_step_is_halved_until_the_cross_entropy_does_not_grow():
    """The cross-entropy of the margins 1 − t and t − 1 is symmetric about its minimum at t = 1."""
    a, z = np.array([[1.0], [-1.0]]), np.array([1.0, -1.0])
    assert _step_length(a, z, np.array([-1.0]), 1.0) == 1.0
    assert _step_length(a, z, np.array([-1.0]), 3.5) == 1.75
    assert _step_length(a, z, np.array([1.0]), 1.0) < 1e-9
