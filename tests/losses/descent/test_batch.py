from dataclasses import replace

import numpy as np
import pytest

import losses
from losses.descent.quadratic import QuadraticModel
from tests.support.problem_cases import PROBLEMS, name

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
SPAM = losses.problem("spam", "logistic", "bce", standardize=True)
FLAT = losses.problem("spam", "logistic", "mse", standardize=True)
MOONS = losses.problem("moons", "mlp", "bce")
HIMMELBLAU = losses.test_function("himmelblau")
RATES = {
    HOUSES: [0.02, 0.5, 1.4],
    SPAM: [0.3, 4.0, 40.0],
    FLAT: [0.1, 3.0],
    MOONS: [0.01, 0.3],
    HIMMELBLAU: [1e-3, 0.02, 9.0],
}


def far(ours, theirs):
    """The largest difference, as a share of the largest number."""
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


def same(many, index, one, start):
    """Equal to 1e−12, or to what one rounding at the start does to the run on its own."""
    run = many.run(*index)
    settled = -1 if one.settled_at is None else one.settled_at
    assert (many.outcome[index], many.settled_at[index]) == (one.outcome.name, settled)
    assert (run.outcome.name, run.settled_at, run.rate) == (one.outcome.name, one.settled_at, one.rate)
    for part in ("theta", "loss", "gradient"):
        ours, theirs = getattr(run, part), getattr(one, part)
        assert ours.shape == theirs.shape
        shaken = getattr(again(one, np.nextafter(start, np.inf)), part)
        limit = 10 * far(shaken, theirs) if shaken.shape == theirs.shape else np.inf
        assert far(ours, theirs) <= max(1e-12, limit), part


def again(one, start):
    steps = STEPS
    return losses.descend(
        one.problem, one.optimizer, start=start, rate=one.rate, steps=steps, schedule=one.schedule
    )


STEPS = 25


@pytest.mark.parametrize("problem", RATES, ids=lambda p: p.key)
@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
def test_a_batch_is_its_single_runs(problem, optimizer):
    starts = problem.start + np.random.default_rng(3).normal(0, 0.3, (2, 1, problem.dim))
    rates = np.minimum(RATES[problem], 1.0 if optimizer == "newton" else np.inf)
    more = {"steps": STEPS, "schedule": "cosine"}
    many = losses.descend_many(problem, optimizer, starts=starts, rates=rates, **more)
    assert many.theta.shape == (2, len(rates), STEPS + 1, problem.dim)
    assert many.outcome.shape == many.settled_at.shape == many.last.shape == (2, len(rates))
    for i in range(2):
        for j, rate in enumerate(rates):
            one = losses.descend(problem, optimizer, start=starts[i, 0], rate=rate, **more)
            same(many, (i, j), one, starts[i, 0])


def test_rates_and_momenta_make_a_grid():
    rates, betas = np.array([0.05, 0.2]), np.array([0.0, 0.5, 0.9])
    many = losses.descend_many(HOUSES, "momentum", rates=rates[:, None], momentum=betas, steps=60)
    assert many.rate.shape == many.outcome.shape == (2, 3)
    for i, rate in enumerate(rates):
        for j, beta in enumerate(betas):
            one = losses.descend(HOUSES, "momentum", rate=rate, momentum=beta, steps=60)
            assert far(many.theta[i, j], one.theta) <= 1e-12
            assert many.outcome[i, j] == one.outcome.name


def test_one_start_and_one_rate_are_one_run():
    many = losses.descend_many(HOUSES, rates=0.1, steps=30)
    assert many.theta.shape == (31, 2)
    assert many.run().outcome == losses.descend(HOUSES, rate=0.1, steps=30).outcome


@pytest.mark.parametrize("problem", [p for p in PROBLEMS if p.dim <= 8], ids=name)
def test_fans_of_every_problem(problem):
    """What follows a run's last finite step is NaN, all else is finite, and outcomes are those of single runs."""
    critical = losses.certify(problem).critical_rate or 0.5
    many = losses.descend_many(problem, rates=critical * np.array([0.2, 1.5, 1e3]), steps=30)
    assert np.array_equal(np.isfinite(many.loss).sum(axis=1) - 1, many.last)
    for i in range(3):
        assert np.isnan(many.theta[i, many.last[i] + 1 :]).all()
        one = losses.descend(problem, rate=many.rate[i], steps=30)
        assert (many.outcome[i], many.last[i]) == (one.outcome.name, len(one.theta) - 1)


def test_a_bowl_is_used_only_where_it_is_exact():
    liar = replace(losses.test_function("rosenbrock"), quadratic=True)
    assert QuadraticModel.from_problem(HOUSES, HOUSES.start) is not None
    for other in (SPAM, losses.test_function("saddle"), liar):
        assert QuadraticModel.from_problem(other, other.start) is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"rates": [0.1, 0.0]}, "rate must be a positive finite number; not 0.0"),
        ({"rates": [0.1, np.nan]}, "rate must be a positive finite number; not nan"),
        ({"rates": 0.1, "starts": [(1, 2, 3)]}, r"starts must have shape \(\.\.\., 2\); not \(1, 3\)"),
        ({"rates": 0.1, "starts": [(1, np.inf)]}, "starts must be finite numbers with a finite loss"),
        ({"rates": 0.1, "steps": -1}, "steps must be from 0 to 1000000; not -1"),
        ({"rates": np.ones(10_000), "steps": 1_000_000}, "10000 runs of 1000000 steps are too many at once"),
        (
            {"rates": 0.1, "optimizer": "momentum", "momentum": [0.5, 2.0]},
            "momentum must be from 0 to 0.999; not",
        ),
        (
            {"rates": 0.1, "optimizer": "sgd", "batch": [2, 4]},
            "share their mini-batches; give one batch size",
        ),
        ({"rates": 0.1, "optimizer": "sgd", "batch": []}, "give one batch size"),
        ({"rates": 0.1, "optimizer": "momentum", "momentum": ["a"]}, "momentum must be an array of numbers"),
        (
            {"rates": 0.1, "optimizer": "momentum", "momentum": "a"},
            "momentum must be from 0 to 0.999; not 'a'",
        ),
        ({"rates": 0.1, "optimizer": "momentum", "momentum": [0.5, np.nan]}, "from 0 to 0.999; not nan"),
        (
            {"rates": [0.1, 0.2], "starts": np.ones((3, 2))},
            r"batch axes must broadcast together; not starts \(3,\), rates \(2,\)",
        ),
    ],
)
def test_senseless_batches_are_refused(more, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.descend_many(HOUSES, **({"steps": 3} | more))


@pytest.mark.parametrize("steps", [0, 5])
@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
@pytest.mark.parametrize("problem", RATES, ids=lambda p: p.key)
@pytest.mark.parametrize("shape", [(0,), (3, 0)])
def test_a_batch_without_runs_is_empty(problem, optimizer, steps, shape):
    """As NumPy has it: no rates and no starts are no runs, of the right shape."""
    for given in (
        {"rates": np.empty(shape)},
        {"rates": 0.1, "starts": np.empty((*shape, problem.dim))},
        {"rates": np.ones((*shape[:-1], 1)), "starts": np.empty((*shape, problem.dim))},
    ):
        many = losses.descend_many(problem, optimizer, steps=steps, **given)
        assert many.theta.shape == many.gradient.shape == (*shape, steps + 1, problem.dim)
        assert many.loss.shape == (*shape, steps + 1)
        assert many.rate.shape == many.outcome.shape == many.settled_at.shape == many.last.shape == shape
    found = losses.basins(problem, optimizer, starts=np.empty((*shape, problem.dim)), rate=0.1, steps=steps)
    assert found.found.shape == found.steps.shape == shape
    assert found.minima.shape == (0, problem.dim)


def test_no_settings_are_no_runs():
    many = losses.descend_many(HOUSES, "momentum", rates=0.1, momentum=[], steps=3)
    assert many.theta.shape == (0, 4, 2)


def test_what_comes_out_cannot_be_written_to():
    many = losses.descend_many(HOUSES, rates=[0.1, 0.2], steps=3)
    found = losses.basins(HIMMELBLAU, starts=[(1.0, 2.0)], rate=0.01, steps=30)
    for part in (many.theta, many.loss, many.gradient, many.rate, many.last, many.outcome, many.settled_at):
        assert not part.flags.writeable
    for part in (found.found, found.steps, found.minima):
        assert not part.flags.writeable
