"""Every kernel equals the plain way, wherever it says that it serves."""

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import losses
from losses.surface.kernels.catalogue import KERNELS, find_kernel
from losses.surface.kernels.grid import Grid
from losses.surface.surface import evaluate_directly
from tests.support.problem_cases import PAIRINGS

SERVED = [key for key in PAIRINGS if (losses.MODELS[key[1]].linear or key[1] == "mlp") and key[0] != "digits"]
SIZE = 12


def tilted(problem):
    """A plane whose directions mix all the parameters, through a point beside the start."""
    rng = np.random.default_rng(5)
    origin = problem.start + rng.normal(0, 0.1, problem.dim)
    spread = np.array([high - low for low, high in problem.plane.box]).max()
    directions = rng.normal(0, 1, (2, problem.dim)) / np.sqrt(problem.dim)
    box = ((-0.3 * spread, 0.5 * spread), (-0.6 * spread, 0.2 * spread))
    return losses.Plane(origin, directions, box, ("p", "q"))


def widened(plane, factor):
    sides = ((0.5 * (low + high), 0.5 * factor * (high - low)) for low, high in plane.box)
    box = tuple((middle - half, middle + half) for middle, half in sides)
    return losses.Plane(plane.origin, plane.directions, box, plane.labels)


WINDOWS = {
    "own": lambda p: p.plane,
    "tilted": tilted,
    "wide": lambda p: widened(p.plane, 1e4),
    "narrow": lambda p: widened(p.plane, 1e-4),
    "along one parameter": lambda p: replace_directions(p.plane, np.stack([p.plane.directions[1]] * 2)),
}


def replace_directions(plane, directions):
    return losses.Plane(plane.origin, directions, plane.box, plane.labels)


def compare(problem, plane, size=SIZE):
    s = losses.surface(problem, size=size, plane=plane)
    expected = evaluate_directly(problem, s.plane, s.u, s.v)
    assert np.abs(s.z - expected).max() <= 1e-9 * np.abs(expected).max()
    seen = np.abs(expected) > 1e-300
    assert (np.abs(s.z - expected)[seen] / np.abs(expected)[seen]).max(initial=0.0) <= 1e-9
    return find_kernel(Grid(problem, s.plane, s.u, s.v))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("key", SERVED, ids="-".join)
def test_a_kernel_changes_no_value(key, window):
    for more in ({}, {"standardize": True}, {"l2": 0.3, "l1": 0.2}):
        problem = losses.problem(*key, **more)
        compare(problem, WINDOWS[window](problem))


@pytest.mark.parametrize("model", ["softmax", "mlp"])
def test_slices_of_digits(model):
    problem = losses.problem("digits", model, "cce", standardize=True)
    compare(problem, losses.random_plane(problem, problem.start + 0.1), size=4)


@pytest.mark.parametrize(
    ("key", "kernel"),
    [
        (("houses", "line", "mse"), "statistics"),
        (("houses", "line", "mae"), "breaks"),
        (("houses", "line", "quantile"), "breaks"),
        (("houses", "line", "huber"), "breaks"),
        (("spam", "logistic", "hinge"), "breaks"),
        (("houses", "line", "logcosh"), "logs"),
        (("spam", "logistic", "bce"), "logs"),
        (("spam", "logistic", "exponential"), "product"),
        (("spam", "logistic", "mse"), "sigmoid"),
        (("iris", "softmax", "cce"), "classes"),
        (("moons", "mlp", "bce"), "layers"),
    ],
)
def test_each_serves_what_it_was_made_for(key, kernel):
    problem = losses.problem(*key, standardize=True)
    assert compare(problem, problem.plane) is KERNELS[kernel]


def test_every_kernel_is_tested():
    found = {
        kernel.key
        for key in SERVED
        if (kernel := compare(p := losses.problem(*key, standardize=True), p.plane, size=3))
    }
    assert found == set(KERNELS)


@pytest.mark.parametrize("loss", ["mae", "quantile", "huber"])
def test_breaks_on_grid_points(loss):
    """Data on a lattice meet their breaks exactly at points of the grid, the foot of a column included."""
    x, y = np.array([-1.0, 0.0, 1.0, 2.0, 0.0]), np.array([-2.0, 0.0, 1.0, -1.0, 2.0])
    problem = losses.problem(losses.Dataset("lattice", x, y, "regression"), "line", loss)
    for box in (((-2.0, 2.0), (-2.0, 2.0)), ((-1.0, 1.0), (0.0, 4.0))):
        compare(problem, replace(problem.plane, box=box), size=9)


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge"])
def test_margins_of_one_on_grid_points(loss):
    x, y = np.array([-1.0, 0.0, 1.0, 2.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    problem = losses.problem(losses.Dataset("lattice", x, y, "binary"), "logistic", loss)
    compare(problem, replace(problem.plane, box=((-2.0, 2.0), (-1.0, 3.0))), size=9)


def test_a_sliver_between_two_breaks():
    """Huber's two breaks, 0.02 apart, in one cell of a window as wide as a hundred thousand."""
    problem = losses.problem("outlier", "line", "huber", delta=0.01)
    compare(problem, replace(problem.plane, box=((-5e4, 5e4), (-5e4, 5e4))), size=41)


def test_a_sliver_of_a_billionth_is_left_to_the_plain_way():
    """Huber's δ of a cent beside prices of billions, in the problem's own window."""
    rng = np.random.default_rng(0)
    data = losses.Dataset("billions", rng.normal(size=20) * 1e12, rng.normal(size=20) * 1e12, "regression")
    problem = losses.problem(data, "line", "huber", delta=0.01)
    assert compare(problem, problem.plane) is None


def test_the_floor_of_a_thin_valley_keeps_its_digits():
    """Inputs far from zero tie slope and intercept together: beside the valley the loss is 10^13 times as high."""
    rng = np.random.default_rng(0)
    data = losses.Dataset("far", 1e6 + rng.normal(size=20), rng.normal(size=20), "regression")
    problem = losses.problem(data, "line", "mse")
    assert compare(problem, problem.plane, size=21) is KERNELS["statistics"]


def test_small_losses_keep_their_digits():
    """Far on the right side a cross-entropy is e^−m: nothing of it is left beside a one."""
    x = np.array([-3.0, -2.0, 2.0, 3.0])
    problem = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", "bce")
    plane = replace(problem.plane, box=((-3.0, 12.0), (-2.0, 2.0)))
    assert compare(problem, plane, size=41) is KERNELS["logs"]
    assert evaluate_directly(problem, plane, np.array([12.0]), np.array([0.0])).item() < 1e-10


@pytest.mark.parametrize(
    "name",
    [
        "losses.surface.kernels.piecewise_quadratic",
        "losses.surface.kernels.exponentials",
        "losses.surface.kernels.mlp",
    ],
)
@pytest.mark.parametrize(
    "key",
    [
        ("houses", "line", "huber"),
        ("spam", "logistic", "bce"),
        ("iris", "softmax", "cce"),
        ("iris", "mlp", "cce"),
    ],
)
def test_small_blocks_change_nothing(key, name, monkeypatch):
    monkeypatch.setattr(sys.modules[name], "BLOCK", 2)
    problem = losses.problem(*key, standardize=True)
    compare(problem, problem.plane)


@pytest.mark.parametrize("loss", [x for x in losses.LOSSES.values() if x.breakpoints], ids=lambda x: x.key)
def test_a_loss_is_quadratic_between_its_breaks(loss):
    loss = loss.with_settings()
    target = 0.0 if loss.space == "prediction" else 1.0
    edges = [-9.0, *loss.breakpoints(), 9.0]
    for low, high in pairwise(edges):
        r = np.linspace(low, high, 7)
        assert np.abs(np.diff(loss.value(r, target), 3)).max() <= 1e-9
        middle = 0.5 * (low + high)
        taylor = loss.value(middle, target) + (r - middle) * loss.slope(middle, target)
        taylor += 0.5 * np.square(r - middle) * loss.curvature(middle, target)
        assert taylor == pytest.approx(loss.value(r, target), abs=1e-12)
