"""Basins of attraction agree with single runs."""

import numpy as np
import pytest

import losses
from losses.descent.basins import HAS_DIVERGED, NOT_CONVERGED

HIMMELBLAU = losses.test_function("himmelblau")
NEURON = losses.problem("outlier", "neuron", "mse", standardize=True)


def start_grid(problem, size):
    u, v = (np.linspace(low, high, size) for low, high in problem.plane.box)
    return np.stack(np.meshgrid(u, v), axis=-1)


@pytest.mark.parametrize(
    ("problem", "optimizer", "rate"),
    [
        (HIMMELBLAU, "gd", 0.01),
        (HIMMELBLAU, "gd", 0.03),
        (HIMMELBLAU, "momentum", 0.003),
        (HIMMELBLAU, "adam", 0.3),
        (NEURON, "gd", 0.3),
        (losses.test_function("ravine"), "gd", 0.041),
    ],
    ids=lambda x: getattr(x, "key", x),
)
def test_every_start_has_the_result_of_its_single_run(problem, optimizer, rate):
    starts = start_grid(problem, 9)
    b = losses.basins(problem, optimizer, starts=starts, rate=rate, steps=120)
    assert b.found.shape == b.steps.shape == (9, 9)
    for index in np.ndindex(9, 9):
        run = losses.descend(problem, optimizer, start=starts[index], rate=rate, steps=120)
        assert (b.found[index] == HAS_DIVERGED) == (run.outcome.name == "DIVERGED")
        assert b.steps[index] == (NOT_CONVERGED if run.settled_at is None else run.settled_at)
        if run.settled_at is not None:
            distance = np.linalg.norm(b.minima - run.theta[-1], axis=1)
            assert b.found[index] == np.argmin(distance)
            assert distance.min() < 0.01


def test_all_four_of_himmelblaus_minima_are_found():
    b = losses.basins(HIMMELBLAU, starts=start_grid(HIMMELBLAU, 30), rate=0.01, steps=100)
    assert np.array_equal(np.unique(b.found), [0, 1, 2, 3])
    assert np.sort(b.minima, axis=0) == pytest.approx(np.sort(HIMMELBLAU.minima, axis=0), abs=1e-9)


def test_minima_are_sorted_by_loss():
    rastrigin = losses.test_function("rastrigin")
    b = losses.basins(rastrigin, starts=start_grid(rastrigin, 21), rate=0.002, steps=100)
    assert len(b.minima) > 20
    assert b.minima[0] == pytest.approx([0, 0], abs=1e-9)
    assert (np.diff(rastrigin.value(b.minima)) > -1e-6).all()


def test_results_do_not_depend_on_the_block_size(monkeypatch):
    import sys

    starts = start_grid(HIMMELBLAU, 7)
    in_one_block = losses.basins(HIMMELBLAU, "momentum", starts=starts, rate=0.002, steps=60)
    monkeypatch.setattr(sys.modules["losses.descent.basins"], "MAX_ELEMENTS_IN_MEMORY", 500)
    in_small_blocks = losses.basins(HIMMELBLAU, "momentum", starts=starts, rate=0.002, steps=60)
    assert np.array_equal(in_small_blocks.found, in_one_block.found)
    assert np.array_equal(in_small_blocks.steps, in_one_block.steps)


def test_a_problem_with_kinks_has_no_basins():
    p = losses.problem("houses", "line", "mae")
    with pytest.raises(ValueError, match="basins need curvature, which mean absolute error"):
        losses.basins(p, starts=[(0.0, 0.0)], rate=0.1, steps=5)


def test_starts_without_a_finite_loss_are_rejected():
    with pytest.raises(ValueError, match="starts must be finite numbers with a finite loss"):
        losses.basins(HIMMELBLAU, starts=[(1e200, 0.0)], rate=0.1, steps=5)


def test_passing_through_a_minimum_is_not_converging():
    """The optimizer is at the minimum at step 3, when convergence is tested, and then leaves it."""

    def visit(gradient, step, rate, context):
        move = {2: -0.5 * gradient, 3: np.ones_like(gradient)}.get(step, 0.0 * gradient)
        return move, step + 1

    visitor = losses.Optimizer(key="visit", name="a visitor", when="", update=visit, init=lambda theta: 0)
    b = losses.basins(losses.test_function("bowl"), visitor, starts=[(1.0, 2.0)], rate=1.0, steps=24)
    assert (b.found.tolist(), b.steps.tolist()) == ([NOT_CONVERGED], [NOT_CONVERGED])


def test_each_run_keeps_its_memory_when_others_stop():
    """Converged runs leave the batch; the velocities of the others must stay with their runs."""
    starts = np.array([(3.0, 2.0), (-5.0, 4.0), (0.3, 5.0), (3.01, 2.0), (5.5, -4.0)])
    b = losses.basins(HIMMELBLAU, "momentum", starts=starts, rate=0.004, momentum=0.8, steps=160)
    runs = [
        losses.descend(HIMMELBLAU, "momentum", start=s, rate=0.004, momentum=0.8, steps=160) for s in starts
    ]
    assert b.steps.tolist() == [run.settled_at for run in runs]


def test_there_are_no_minima_if_no_run_converges():
    p = losses.problem("moons", "mlp", "bce")
    b = losses.basins(p, starts=np.stack([p.start, p.start + 0.1]), rate=1e-3, steps=3)
    assert b.minima.shape == (0, p.dim)
    assert (b.found == -1).all()


def test_connected_minima_count_as_one():
    """Squared hinge on separable data is zero on a whole region, in which each run ends elsewhere."""
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    p = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", "squared_hinge")
    starts = np.random.default_rng(0).normal(0, 3, (20, 2))
    b = losses.basins(p, starts=starts, rate=0.25, steps=600)
    assert (b.found == 0).all()
    assert len(b.minima) == 1


@pytest.mark.parametrize("steps", [160, 300, 800])
@pytest.mark.parametrize("rate", [1.5, 2.08, 3.0, 4.7e10, 1e200])
@pytest.mark.parametrize(
    "problem",
    [
        losses.test_function("bowl"),
        losses.problem("houses", "line", "mse", standardize=True),
        losses.problem("houses", "line", "logcosh", standardize=True, l2=0.01),
    ],
    ids=["bowl", "mse", "logcosh"],
)
def test_a_run_whose_loss_is_beyond_all_numbers_reaches_no_minimum(problem, rate, steps):
    """The loss may be infinite before the parameters are, and its rounding error is infinite, too."""
    starts = np.array([[0.7, 1.6], [-1.1, 0.04], [2.1, -0.7]])
    found = losses.basins(problem, starts=starts, rate=rate, steps=steps)
    for i, start in enumerate(starts):
        run = losses.descend(problem, "gd", start=start, rate=rate, steps=steps)
        assert (found.found[i] == -2) == (run.outcome.name == "DIVERGED")
        assert (found.found[i] >= 0) == (run.settled_at is not None)
        assert found.steps[i] == (-1 if run.settled_at is None else run.settled_at)


@pytest.mark.parametrize("rule", ["rmsprop", "adam"])
def test_a_run_that_leaves_its_minimum_after_a_long_stay_has_not_arrived(rule):
    """RMSprop forgets old slopes, and divides a tiny slope by its tiny size."""
    bowl, starts = losses.TEST_FUNCTIONS["bowl"], np.array([[-0.5412, -0.224], [0.5412, -0.0448], [1.9, 1.2]])
    found = losses.basins(bowl, rule, starts=starts, rate=0.08, steps=619)
    runs = [losses.descend(bowl, rule, start=start, rate=0.08, steps=619) for start in starts]
    assert (found.found >= 0).tolist() == [run.settled_at is not None for run in runs]
    assert found.steps.tolist() == [-1 if run.settled_at is None else run.settled_at for run in runs]
