"""Every kernel equals the direct evaluation on all grids that it serves."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import losses
from losses.surface.kernels import exponentials, mlp, piecewise_quadratic
from losses.surface.kernels.catalogue import KERNELS, find_kernel
from losses.surface.kernels.grid import Grid
from losses.surface.surface import evaluate_directly
from tests.support.problem_cases import PAIRINGS

SERVED = [key for key in PAIRINGS if (losses.MODELS[key[1]].linear or key[1] == "mlp") and key[0] != "digits"]
SIZE = 12


def tilted(problem):
    """Return a plane through a point near the start whose directions combine all parameters."""
    rng = np.random.default_rng(5)
    origin = problem.start + rng.normal(0, 0.1, problem.dim)
    width = np.array([high - low for low, high in problem.plane.box]).max()
    directions = rng.normal(0, 1, (2, problem.dim)) / np.sqrt(problem.dim)
    box = ((-0.3 * width, 0.5 * width), (-0.6 * width, 0.2 * width))
    return losses.Plane(origin, directions, box, ("p", "q"))


def widened(plane, factor):
    """Return the plane with a box whose sides are multiplied by a factor."""
    sides = ((0.5 * (low + high), 0.5 * factor * (high - low)) for low, high in plane.box)
    box = tuple((middle - half, middle + half) for middle, half in sides)
    return losses.Plane(plane.origin, plane.directions, box, plane.labels)


PLANES = {
    "default": lambda p: p.plane,
    "tilted": tilted,
    "wide": lambda p: widened(p.plane, 1e4),
    "narrow": lambda p: widened(p.plane, 1e-4),
    "along one parameter": lambda p: replace_directions(p.plane, np.stack([p.plane.directions[1]] * 2)),
}


def replace_directions(plane, directions):
    return losses.Plane(plane.origin, directions, plane.box, plane.labels)


def compare(problem, plane, size=SIZE):
    """Assert that a surface equals the direct evaluation; return the kernel that serves it, or None."""
    s = losses.surface(problem, size=size, plane=plane)
    expected = evaluate_directly(problem, s.plane, s.u, s.v)
    finite = np.isfinite(expected)
    assert np.array_equal(s.z[~finite], expected[~finite], equal_nan=True)
    error = np.abs(s.z[finite] - expected[finite])
    assert error.max(initial=0.0) <= 1e-9 * np.abs(expected[finite]).max(initial=0.0)
    is_normal = finite & (np.abs(expected) > 1e-300)
    relative_error = np.abs(s.z[is_normal] - expected[is_normal]) / np.abs(expected[is_normal])
    assert relative_error.max(initial=0.0) <= 1e-9
    return find_kernel(Grid(problem, s.plane, s.u, s.v))


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("key", SERVED, ids="-".join)
def test_kernels_equal_the_direct_evaluation(key, plane):
    for more in ({}, {"standardize": True}, {"l2": 0.3, "l1": 0.2}):
        problem = losses.problem(*key, **more)
        compare(problem, PLANES[plane](problem))


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
def test_each_kernel_serves_its_losses(key, kernel):
    problem = losses.problem(*key, standardize=True)
    assert compare(problem, problem.plane) is KERNELS[kernel]


def test_every_kernel_is_tested():
    kernels = {
        kernel.key
        for key in SERVED
        if (kernel := compare(p := losses.problem(*key, standardize=True), p.plane, size=3))
    }
    assert kernels == set(KERNELS)


@pytest.mark.parametrize("loss", ["mae", "quantile", "huber"])
def test_breakpoints_on_grid_points(loss):
    """Data on a lattice reach breakpoints exactly at grid points, including the lowest of a column."""
    x, y = np.array([-1.0, 0.0, 1.0, 2.0, 0.0]), np.array([-2.0, 0.0, 1.0, -1.0, 2.0])
    problem = losses.problem(losses.Dataset("lattice", x, y, "regression"), "line", loss)
    for box in (((-2.0, 2.0), (-2.0, 2.0)), ((-1.0, 1.0), (0.0, 4.0))):
        compare(problem, replace(problem.plane, box=box), size=9)


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge"])
def test_margins_of_one_on_grid_points(loss):
    x, y = np.array([-1.0, 0.0, 1.0, 2.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    problem = losses.problem(losses.Dataset("lattice", x, y, "binary"), "logistic", loss)
    compare(problem, replace(problem.plane, box=((-2.0, 2.0), (-1.0, 3.0))), size=9)


def test_breakpoints_that_are_close_together():
    """The two breakpoints of Huber's loss are 0.02 apart, in one cell of a grid that is 100,000 wide."""
    problem = losses.problem("outlier", "line", "huber", delta=0.01)
    compare(problem, replace(problem.plane, box=((-5e4, 5e4), (-5e4, 5e4))), size=41)


def test_no_kernel_serves_breakpoints_a_billionth_apart():
    """Huber's δ is 0.01 and the targets are of the order of 10^12, in the problem's default window."""
    rng = np.random.default_rng(0)
    data = losses.Dataset("billions", rng.normal(size=20) * 1e12, rng.normal(size=20) * 1e12, "regression")
    problem = losses.problem(data, "line", "huber", delta=0.01)
    assert compare(problem, problem.plane) is None


def test_losses_along_a_narrow_valley_are_accurate():
    """Inputs far from zero correlate slope and intercept: 10^13 times the loss beside the valley."""
    rng = np.random.default_rng(0)
    data = losses.Dataset("far", 1e6 + rng.normal(size=20), rng.normal(size=20), "regression")
    problem = losses.problem(data, "line", "mse")
    assert compare(problem, problem.plane, size=21) is KERNELS["statistics"]


def test_small_losses_are_accurate():
    """For large margins m cross-entropy is about e^−m, which is lost to rounding in 1 + e^−m."""
    x = np.array([-3.0, -2.0, 2.0, 3.0])
    problem = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", "bce")
    plane = replace(problem.plane, box=((-3.0, 12.0), (-2.0, 2.0)))
    assert compare(problem, plane, size=41) is KERNELS["logs"]
    assert evaluate_directly(problem, plane, np.array([12.0]), np.array([0.0])).item() < 1e-10


@pytest.mark.parametrize(
    ("module", "limit"),
    [
        (piecewise_quadratic, "MAX_BLOCK_ELEMENTS"),
        (exponentials, "GROUPS_PER_BLOCK"),
        (mlp, "MAX_BLOCK_SCORES"),
    ],
    ids=lambda x: x if isinstance(x, str) else x.__name__.rpartition(".")[2],
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
def test_results_do_not_depend_on_the_block_size(key, module, limit, monkeypatch):
    monkeypatch.setattr(module, limit, 2)
    problem = losses.problem(*key, standardize=True)
    compare(problem, problem.plane)


@pytest.mark.parametrize("loss", [x for x in losses.LOSSES.values() if x.breakpoints], ids=lambda x: x.key)
def test_a_loss_is_quadratic_between_its_breakpoints(loss):
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
