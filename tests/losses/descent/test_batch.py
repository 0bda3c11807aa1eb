"""Batches of descents agree with single runs."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import losses
from losses.descent.quadratic import QuadraticModel
from tests.support.problem_cases import problem_cases
from tools.support.case_selection import covering

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
SPAM = losses.problem("spam", "logistic", "bce", standardize=True)
SQUARED = losses.problem("spam", "logistic", "mse", standardize=True)
MOONS = losses.problem("moons", "mlp", "bce")
HIMMELBLAU = losses.test_function("himmelblau")
RATES = {
    HOUSES: [0.02, 0.5, 1.4],
    SPAM: [0.3, 4.0, 40.0],
    SQUARED: [0.1, 3.0],
    MOONS: [0.01, 0.3],
    HIMMELBLAU: [1e-3, 0.02, 9.0],
}


STEPS = 25


def relative_error(actual, expected):
    """Return the largest difference, relative to the largest expected number."""
    return np.abs(actual - expected).max() / np.abs(expected).max()


def assert_same_run(many, index, single, start):
    """Assert that a run of a batch equals a single run.

    The tolerance is 1e−12, or ten times the change of the single run when its
    start changes by one rounding error.
    """
    run = many.run(*index)
    settled_at = -1 if single.settled_at is None else single.settled_at
    assert (many.outcome[index], many.settled_at[index]) == (single.outcome.name, settled_at)
    assert (run.outcome.name, run.settled_at, run.rate) == (
        single.outcome.name,
        single.settled_at,
        single.rate,
    )
    perturbed = rerun(single, np.nextafter(start, np.inf))
    for part in ("theta", "loss", "gradient"):
        actual, expected, changed = (getattr(a_run, part) for a_run in (run, single, perturbed))
        assert actual.shape == expected.shape
        limit = 10 * relative_error(changed, expected) if changed.shape == expected.shape else np.inf
        assert relative_error(actual, expected) <= max(1e-12, limit), part


def rerun(run, start):
    """Repeat a run from another start."""
    return losses.descend(
        run.problem, run.optimizer, start=start, rate=run.rate, steps=STEPS, schedule=run.schedule
    )


@pytest.mark.parametrize("problem", RATES, ids=lambda p: p.key)
@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
def test_each_run_of_a_batch_equals_its_single_run(problem, optimizer):
    starts = problem.start + np.random.default_rng(3).normal(0, 0.3, (2, 1, problem.dim))
    rates = np.minimum(RATES[problem], 1.0 if optimizer == "newton" else np.inf)
    more = {"steps": STEPS, "schedule": "cosine"}
    many = losses.descend_many(problem, optimizer, starts=starts, rates=rates, **more)
    assert many.theta.shape == (2, len(rates), STEPS + 1, problem.dim)
    assert many.outcome.shape == many.settled_at.shape == many.last.shape == (2, len(rates))
    for i in range(2):
        for j, rate in enumerate(rates):
            single = losses.descend(problem, optimizer, start=starts[i, 0], rate=rate, **more)
            assert_same_run(many, (i, j), single, starts[i, 0])


def test_rates_and_momenta_make_a_grid():
    rates, betas = np.array([0.05, 0.2]), np.array([0.0, 0.5, 0.9])
    many = losses.descend_many(HOUSES, "momentum", rates=rates[:, None], momentum=betas, steps=60)
    assert many.rate.shape == many.outcome.shape == (2, 3)
    for i, rate in enumerate(rates):
        for j, beta in enumerate(betas):
            single = losses.descend(HOUSES, "momentum", rate=rate, momentum=beta, steps=60)
            assert relative_error(many.theta[i, j], single.theta) <= 1e-12
            assert many.outcome[i, j] == single.outcome.name


def test_one_start_and_one_rate_are_one_run():
    many = losses.descend_many(HOUSES, rates=0.1, steps=30)
    assert many.theta.shape == (31, 2)
    assert many.run().outcome == losses.descend(HOUSES, rate=0.1, steps=30).outcome


@pytest.mark.parametrize("problem", problem_cases(lambda p: p.dim <= 8))
def test_numbers_are_nan_after_the_last_finite_step_of_every_problem(problem):
    """All other numbers are finite, and outcomes are those of single runs."""
    critical = losses.certify(problem).critical_rate or 0.5
    many = losses.descend_many(problem, rates=critical * np.array([0.2, 1.5, 1e3]), steps=30)
    assert np.array_equal(np.isfinite(many.loss).sum(axis=1) - 1, many.last)
    for i in range(3):
        assert np.isnan(many.theta[i, many.last[i] + 1 :]).all()
        single = losses.descend(problem, rate=many.rate[i], steps=30)
        assert (many.outcome[i], many.last[i]) == (single.outcome.name, len(single.theta) - 1)


def test_a_quadratic_model_is_made_only_for_quadratic_problems():
    falsely_quadratic = replace(losses.test_function("rosenbrock"), quadratic=True)
    assert QuadraticModel.from_problem(HOUSES, HOUSES.start) is not None
    for problem in (SPAM, losses.test_function("saddle"), falsely_quadratic):
        assert QuadraticModel.from_problem(problem, problem.start) is None


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
def test_invalid_arguments_are_rejected(more, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.descend_many(HOUSES, **({"steps": 3} | more))


@pytest.mark.parametrize(
    ("shape", "problem", "optimizer", "steps"),
    covering(product([(0,), (3, 0)], RATES, losses.OPTIMIZERS, [0, 5])),
)
def test_a_batch_without_runs_is_empty(shape, problem, optimizer, steps):
    """An axis of length 0 gives empty arrays of the right shape."""
    for arguments in (
        {"rates": np.empty(shape)},
        {"rates": 0.1, "starts": np.empty((*shape, problem.dim))},
        {"rates": np.ones((*shape[:-1], 1)), "starts": np.empty((*shape, problem.dim))},
    ):
        many = losses.descend_many(problem, optimizer, steps=steps, **arguments)
        assert many.theta.shape == many.gradient.shape == (*shape, steps + 1, problem.dim)
        assert many.loss.shape == (*shape, steps + 1)
        assert many.rate.shape == many.outcome.shape == many.settled_at.shape == many.last.shape == shape
    found = losses.basins(problem, optimizer, starts=np.empty((*shape, problem.dim)), rate=0.1, steps=steps)
    assert found.found.shape == found.steps.shape == shape
    assert found.minima.shape == (0, problem.dim)


def test_an_empty_array_of_settings_gives_an_empty_batch():
    many = losses.descend_many(HOUSES, "momentum", rates=0.1, momentum=[], steps=3)
    assert many.theta.shape == (0, 4, 2)


def test_results_are_read_only():
    many = losses.descend_many(HOUSES, rates=[0.1, 0.2], steps=3)
    found = losses.basins(HIMMELBLAU, starts=[(1.0, 2.0)], rate=0.01, steps=30)
    for part in (many.theta, many.loss, many.gradient, many.rate, many.last, many.outcome, many.settled_at):
        assert not part.flags.writeable
    for part in (found.found, found.steps, found.minima):
        assert not part.flags.writeable
