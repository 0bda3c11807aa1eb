"""Descents, their arguments and their replays."""

import sys

import numpy as np
import pytest

import losses
from losses.descent.convergence import OUTCOMES
from tests.support.problem_cases import PROBLEMS, problem_cases
from tools.support.case_selection import covering

HOUSES = losses.problem("houses", "line", "mse", standardize=True)

FEW = [p for p in PROBLEMS if p.key in ("spam logistic mse", "moons mlp bce", "himmelblau")]


@pytest.mark.parametrize("problem", problem_cases())
def test_a_run_holds_the_losses_and_gradients_of_its_iterates(problem):
    assert_a_run_holds_its_numbers(problem, "gd")


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
def test_a_run_of_every_optimizer_holds_the_losses_and_gradients_of_its_iterates(optimizer):
    for problem in FEW:
        assert_a_run_holds_its_numbers(problem, optimizer)


def assert_a_run_holds_its_numbers(problem, optimizer):
    critical = losses.certify(problem).critical_rate
    run = losses.descend(problem, optimizer, rate=0.1 * critical if critical else 0.1, steps=30)
    is_complete = len(run.theta) == 31
    assert is_complete or run.outcome.name == "DIVERGED"
    assert run.theta.shape == run.gradient.shape == (len(run.loss), problem.dim)
    assert run.loss == pytest.approx(problem.value(run.theta), rel=1e-12)
    assert run.gradient == pytest.approx(problem.gradient(run.theta), rel=1e-9, abs=1e-9)
    assert run.outcome.name in OUTCOMES
    assert run.outcome.sentence.endswith(".")
    assert run.theta[0] == pytest.approx(problem.start)


@pytest.mark.parametrize("rate", [0.5, 1e3, 1.7e308])
def test_a_run_that_overflows_has_the_gradients_of_its_finite_iterates(rate):
    himmelblau = losses.TEST_FUNCTIONS["himmelblau"]
    run = losses.descend(himmelblau, "gd", start=(3.0, -3.0), rate=rate, steps=90)
    assert run.outcome.name == "DIVERGED"
    assert 1 <= len(run.theta) == len(run.loss) < 91
    with np.errstate(all="ignore"):
        assert run.gradient == pytest.approx(himmelblau.gradient(run.theta), rel=1e-12)


@pytest.mark.parametrize("optimizer", ["gd", "newton", "line_search", "momentum", "sgd"])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_stopping_early_at_a_stationary_iterate_gives_the_same_run(optimizer, schedule, monkeypatch):
    def run():
        return losses.descend(HOUSES, optimizer, rate=0.7, steps=300, schedule=schedule)

    stopped = run()
    monkeypatch.setattr(sys.modules["losses.descent.descent"], "STATIONARY_CHECK_INTERVAL", 10**9)
    complete = run()
    assert np.array_equal(stopped.theta, complete.theta)
    assert stopped.gradient == pytest.approx(complete.gradient, rel=1e-12, abs=1e-15)
    assert stopped.outcome == complete.outcome


def test_gradient_descent_steps_against_the_gradient():
    run = losses.descend(HOUSES, "gd", start=(2.0, -1.0), rate=0.1, steps=5)
    assert np.diff(run.theta, axis=0) == pytest.approx(-0.1 * run.gradient[:-1], rel=1e-12)


def test_a_run_that_overflows_keeps_its_finite_iterates():
    run = losses.descend(HOUSES, "gd", rate=1e6, steps=1000)
    assert 2 < len(run.theta) < 1001
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss).all()
    assert len(run.theta) == len(run.loss) == len(run.gradient)
    assert run.outcome.name == "DIVERGED"


def test_iterates_are_not_clipped():
    run = losses.descend(HOUSES, "gd", rate=1.5, steps=30)
    growth = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    assert growth[1:] / growth[:-1] == pytest.approx(np.full(29, 2.0), rel=1e-6)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"rate": 0.0}, "rate must be a positive finite number; not 0.0"),
        ({"rate": np.nan}, "rate must be a positive finite number; not nan"),
        ({"rate": 1.0, "start": (1, 2, 3)}, r"start must have shape \(\.\.\., 2\); not \(3,\)"),
        ({"rate": 1.0, "start": (1, np.inf)}, "start must be 2 finite numbers"),
        ({"rate": 1.0, "steps": -1}, "steps must be from 0 to 1000000; not -1"),
        ({"rate": 1.0, "steps": 2.5}, "steps must be a whole number from 0 to 1000000; not 2.5"),
        ({"rate": 1.0, "steps": "3"}, "steps must be a whole number from 0 to 1000000; not '3'"),
        ({"rate": "fast"}, "rate must be an array of numbers; not str"),
        ({"rate": None}, "rate must be an array of numbers; not NoneType"),
        ({"rate": [0.1, 0.2]}, r"rate must be a positive finite number; not \[0.1, 0.2\]"),
        ({"rate": 1.0, "start": "here"}, "start must be an array of numbers; not str"),
        ({"rate": 1.0, "optimizer": "sgd", "seed": -1}, "seed must be from 0 to"),
        (
            {"rate": 1.0, "optimizer": "sgd", "batch": "8"},
            "batch must be a whole number from 1 to 500; not '8'",
        ),
        (
            {"rate": 1.0, "optimizer": "momentum", "momentum": None},
            "momentum must be from 0 to 0.999; not None",
        ),
    ],
)
def test_invalid_arguments_are_rejected(more, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.descend(HOUSES, **({"steps": 3} | more))


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
def test_a_replay_holds_the_inputs_of_each_step(optimizer):
    p = losses.problem("norris", "line", "mse", standardize=True)
    run = losses.descend(p, optimizer, rate=0.05, steps=9, schedule="cosine", seed=3)
    replayed = losses.replay(run)
    memory_arrays = losses.OPTIMIZERS[optimizer].memory
    assert replayed.pull.shape == (9, 2)
    assert replayed.memory.shape == (10, len(memory_arrays), 2)
    assert replayed.rates == pytest.approx([0.05 * losses.SCHEDULES["cosine"].factor(k, 9) for k in range(9)])
    if optimizer == "sgd":
        assert run.theta[1:] == pytest.approx(
            run.theta[:-1] - replayed.rates[:, None] * replayed.pull, abs=1e-15
        )
        assert not np.allclose(replayed.pull, run.gradient[:-1])
    else:
        assert replayed.pull == pytest.approx(run.gradient[:-1], rel=1e-12)


def test_numbers_of_other_types_are_converted():
    run = losses.descend(HOUSES, rate=np.float32(0.5), steps=3.0)
    assert (len(run.theta), type(run.rate), type(run.steps)) == (4, float, int)


def test_a_start_with_an_infinite_loss_has_an_outcome_and_no_warning():
    run = losses.descend(HOUSES, rate=0.1, steps=3, start=(1e308, 1e308))
    assert (run.outcome.name, len(run.theta)) == ("DIVERGED", 1)
    assert "Start elsewhere" in run.outcome.sentence


NETWORKS = [
    (data, loss, standardize)
    for data in losses.DATASETS
    for loss in losses.allowed_losses(losses.DATASETS[data], "mlp")
    for standardize in (False, True)
]


@pytest.mark.parametrize(("data", "loss", "standardize"), covering(NETWORKS))
def test_networks_run_on_every_dataset_with_every_loss(data, loss, standardize):
    """Some datasets have integer targets."""
    p = losses.problem(data, "mlp", loss, standardize=standardize)
    assert losses.descend(p, rate=1e-3, steps=2).outcome.name in OUTCOMES
