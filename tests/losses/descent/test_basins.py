import numpy as np
import pytest

import losses
from losses.descent.basins import HAS_DIVERGED, NOT_CONVERGED

HIMMELBLAU = losses.test_function("himmelblau")
NEURON = losses.problem("outlier", "neuron", "mse", standardize=True)


def grid(problem, size):
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
def test_every_start_ends_as_its_own_run_does(problem, optimizer, rate):
    starts = grid(problem, 9)
    b = losses.basins(problem, optimizer, starts=starts, rate=rate, steps=120)
    assert b.found.shape == b.steps.shape == (9, 9)
    for at in np.ndindex(9, 9):
        run = losses.descend(problem, optimizer, start=starts[at], rate=rate, steps=120)
        assert (b.found[at] == HAS_DIVERGED) == (run.outcome.name == "DIVERGED")
        assert b.steps[at] == (NOT_CONVERGED if run.settled_at is None else run.settled_at)
        if run.settled_at is not None:
            away = np.linalg.norm(b.minima - run.theta[-1], axis=1)
            assert b.found[at] == np.argmin(away)
            assert away.min() < 0.01


def test_all_four_of_himmelblaus_minima_are_found():
    b = losses.basins(HIMMELBLAU, starts=grid(HIMMELBLAU, 30), rate=0.01, steps=100)
    assert np.array_equal(np.unique(b.found), [0, 1, 2, 3])
    assert np.sort(b.minima, axis=0) == pytest.approx(np.sort(HIMMELBLAU.minima, axis=0), abs=1e-9)


def test_minima_are_numbered_from_the_lowest():
    eggs = losses.test_function("rastrigin")
    b = losses.basins(eggs, starts=grid(eggs, 21), rate=0.002, steps=100)
    assert len(b.minima) > 20
    assert b.minima[0] == pytest.approx([0, 0], abs=1e-9)
    assert (np.diff(eggs.value(b.minima)) > -1e-6).all()


def test_small_blocks_change_nothing(monkeypatch):
    import sys

    starts = grid(HIMMELBLAU, 7)
    whole = losses.basins(HIMMELBLAU, "momentum", starts=starts, rate=0.002, steps=60)
    monkeypatch.setattr(sys.modules["losses.descent.basins"], "MAX_ELEMENTS_IN_MEMORY", 500)
    parts = losses.basins(HIMMELBLAU, "momentum", starts=starts, rate=0.002, steps=60)
    assert np.array_equal(parts.found, whole.found)
    assert np.array_equal(parts.steps, whole.steps)


def test_a_problem_with_kinks_has_no_basins():
    p = losses.problem("houses", "line", "mae")
    with pytest.raises(ValueError, match="basins need curvature, which mean absolute error"):
        losses.basins(p, starts=[(0.0, 0.0)], rate=0.1, steps=5)


def test_senseless_starts_are_refused():
    with pytest.raises(ValueError, match="starts must be finite numbers with a finite loss"):
        losses.basins(HIMMELBLAU, starts=[(1e200, 0.0)], rate=0.1, steps=5)


def test_passing_through_a_minimum_is_not_arriving():
    """A rule that is at the bowl's minimum at step 3, where a look falls, and leaves at the next."""

    def visit(gradient, step, rate, here):
        move = {2: -0.5 * gradient, 3: np.ones_like(gradient)}.get(step, 0.0 * gradient)
        return move, step + 1

    visitor = losses.Optimizer(key="visit", name="a visitor", when="", update=visit, init=lambda theta: 0)
    b = losses.basins(losses.test_function("bowl"), visitor, starts=[(1.0, 2.0)], rate=1.0, steps=24)
    assert (b.found.tolist(), b.steps.tolist()) == ([NOT_CONVERGED], [NOT_CONVERGED])


def test_memories_follow_their_runs():
    """Runs that have arrived leave the batch; those that go on keep their own velocity."""
    starts = np.array([(3.0, 2.0), (-5.0, 4.0), (0.3, 5.0), (3.01, 2.0), (5.5, -4.0)])
    b = losses.basins(HIMMELBLAU, "momentum", starts=starts, rate=0.004, momentum=0.8, steps=160)
    runs = [
        losses.descend(HIMMELBLAU, "momentum", start=s, rate=0.004, momentum=0.8, steps=160) for s in starts
    ]
    assert b.steps.tolist() == [run.settled_at for run in runs]


def test_where_nothing_arrives_there_are_no_minima():
    p = losses.problem("moons", "mlp", "bce")
    found = losses.basins(p, starts=np.stack([p.start, p.start + 0.1]), rate=1e-3, steps=3)
    assert found.minima.shape == (0, p.dim)
    assert (found.found == -1).all()


def test_a_flat_valley_is_one_valley():
    """Squared hinge on data that can be told apart: every start ends somewhere else at the same loss of nothing."""
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    p = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", "squared_hinge")
    starts = np.random.default_rng(0).normal(0, 3, (20, 2))
    found = losses.basins(p, starts=starts, rate=0.25, steps=600)
    assert (found.found == 0).all()
    assert len(found.minima) == 1
