"""Planes through a space of many parameters."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

import losses

MOONS = losses.problem("moons", "mlp", "bce", relu=1, width=5)
DIGITS = losses.problem("digits", "softmax", "cce")


def trained(problem, steps=40):
    return losses.descend(problem, "gd", rate=0.3, steps=steps)


def test_the_initial_loss_of_ten_classes_is_ln_10():
    assert losses.descend(DIGITS, "gd", rate=0.3, steps=1).loss[0] == pytest.approx(2.302585, abs=1e-6)


@pytest.mark.parametrize("problem", [MOONS, DIGITS], ids=["mlp", "softmax"])
def test_the_path_plane_contains_the_start_and_most_of_the_path(problem):
    run = trained(problem)
    for path_plane in (losses.path_plane(run), losses.path_plane(run, from_start=True)):
        assert_contains_most_of_path(run, path_plane)


def assert_contains_most_of_path(run, path_plane):
    """Assert that a plane goes through the start and explains 90 % of the variance of the path."""
    assert path_plane.plane.coordinates(run.theta[0]) == pytest.approx([0, 0], abs=1e-12)
    assert path_plane.plane.points(np.float64(0), np.float64(0)) == pytest.approx(run.theta[0], abs=1e-12)
    assert path_plane.plane.directions @ path_plane.plane.directions.T == pytest.approx(np.eye(2), abs=1e-12)
    projected = path_plane.plane.coordinates(run.theta)
    variance = np.square(run.theta - run.theta.mean(axis=0)).sum()
    projected_variance = np.square(projected - projected.mean(axis=0)).sum()
    assert path_plane.explained == pytest.approx(projected_variance / variance, rel=1e-9)
    assert 0.9 < path_plane.explained <= 1
    (left, right), (low, high) = path_plane.plane.box
    assert ((projected >= [left, low]) & (projected <= [right, high])).all()
    assert path_plane.plane.is_slice


def test_a_random_slice_has_the_trained_loss_in_its_middle():
    run = trained(MOONS)
    plane = losses.random_plane(MOONS, run.theta[-1], seed=3)
    middle = losses.surface(MOONS, size=3, plane=plane).z[1, 1]
    assert middle == pytest.approx(run.loss[-1], abs=1e-12)


def test_filter_normalization_is_invariant_to_rescaled_layers():
    """The hidden layer times 10 and the output layer times 0.1 give the same network and the same surface."""
    theta = trained(MOONS).theta[-1].copy()
    scaled = theta.copy()
    for i, name in enumerate(MOONS.parameters):
        scaled[i] *= {"w": 10.0, "b": 10.0, "v": 0.1, "c": 1.0}[name[0]]
    assert MOONS.value(scaled) == pytest.approx(float(MOONS.value(theta)), rel=1e-12)
    z = [
        losses.surface(MOONS, size=9, plane=losses.random_plane(MOONS, at, seed=1)).z
        for at in (theta, scaled)
    ]
    assert z[0] == pytest.approx(z[1], rel=1e-9)
    assert np.ptp(z[0]) > 0.1


def test_random_directions_have_the_norm_of_their_neuron_and_no_bias():
    theta = trained(MOONS).theta[-1]
    plane = losses.random_plane(MOONS, theta, seed=0)
    for neuron in range(1, 6):
        weights = [i for i, name in enumerate(MOONS.parameters) if name.startswith(f"w{neuron}.")]
        norm = np.linalg.norm(plane.directions[0, weights])
        assert norm == pytest.approx(np.linalg.norm(theta[weights]), rel=1e-12)
    biases = [i for i, name in enumerate(MOONS.parameters) if name[0] in "bc"]
    assert not plane.directions[:, biases].any()


def test_a_seed_determines_the_random_plane():
    theta = trained(MOONS).theta[-1]
    seeds = [losses.random_plane(MOONS, theta, seed=s).directions for s in (1, 1, 2)]
    assert np.array_equal(seeds[0], seeds[1])
    assert not np.array_equal(seeds[0], seeds[2])


def test_slices_of_linear_models_equal_the_values_at_their_points():
    """Compares scores that are affine on the plane with one call for each point."""
    plane = losses.path_plane(trained(DIGITS, 5)).plane
    s = losses.surface(DIGITS, size=4, plane=plane)
    for i, j in np.ndindex(4, 4):
        assert s.z[i, j] == pytest.approx(float(DIGITS.value(plane.points(s.u[j], s.v[i]))), rel=1e-9)


def test_two_parameters_vary_and_the_others_are_fixed():
    plane = losses.parameter_plane(MOONS, (2, 7))
    moved = plane.points(np.float64(1.5), np.float64(-2.5)) - MOONS.start
    assert np.flatnonzero(moved).tolist() == [2, 7]
    assert plane.coordinates(MOONS.start) == pytest.approx(MOONS.start[[2, 7]])
    same = losses.parameter_plane(MOONS, np.array([2, 7]))
    assert np.array_equal(plane.directions, same.directions)


@pytest.mark.parametrize(
    "axes",
    [
        (3, 3), (0, 1, 2), (0,), (), (0, 1.0), (0, 1.5), (0, np.nan), (False, True), (-1, 2), (0, 999),
        ("0", "1"), "01", (0, None), None, 3, (0, [1]), [[0, 1], [2, 3]], (0, 1j), np.array(3),
        np.array([True, False]),
    ],
    ids=repr,
)  # fmt: skip
def test_axes_that_are_not_two_positions_are_rejected(axes):
    with pytest.raises(ValueError, match="axes must be two different positions from 0 to .*; not ") as error:
        losses.parameter_plane(MOONS, axes)
    assert repr(axes) in str(error.value)


@pytest.mark.parametrize("optimizer", ["gd", "adam"])
@pytest.mark.parametrize("problem", [MOONS, DIGITS], ids=["mlp", "softmax"])
def test_the_path_plane_is_that_of_principal_components(problem, optimizer):
    run = losses.descend(problem, optimizer, rate=0.05, steps=40)
    pca = PCA(2).fit(run.theta)
    centered = losses.path_plane(run)
    assert centered.explained == pytest.approx(pca.explained_variance_ratio_.sum(), rel=1e-9)
    same = np.abs(centered.plane.directions @ pca.components_.T)
    assert same == pytest.approx(np.eye(2), abs=1e-6)
    from_start = losses.path_plane(run, from_start=True)
    assert from_start.explained <= centered.explained + 1e-12
    displacements = run.theta - run.theta[0]
    error, other_error = (
        np.linalg.norm(displacements - found.plane.coordinates(run.theta) @ found.plane.directions)
        for found in (from_start, centered)
    )
    assert error <= other_error
