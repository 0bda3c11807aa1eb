import json
from pathlib import Path

import numpy as np
import pytest

import losses

STORED = json.loads((Path(__file__).parents[1] / "oracles" / "trajectories.json").read_text())
HOUSES = losses.problem("houses", "line", "mse", standardize=True)
RAVINE = losses.problem("anscombe1", "line", "mse")


@pytest.mark.parametrize(
    "run", STORED["runs"], ids=lambda run: f"{run['optimizer']}-{run['function']}-{len(run['settings'])}"
)
def test_trajectories_are_pytorchs(run):
    ours = losses.descend(
        losses.test_function(run["function"]),
        run["optimizer"],
        start=run["path"][0],
        rate=run["rate"],
        steps=50,
        **run["settings"],
    )
    assert len(run["path"]) == 51
    assert np.abs(ours.theta - np.array(run["path"])).max() <= 1e-10


@pytest.mark.parametrize("run", STORED["schedules"], ids=lambda run: run["schedule"])
def test_schedules_are_pytorchs(run):
    ours = losses.descend(
        losses.test_function("himmelblau"),
        start=run["path"][0],
        rate=run["rate"],
        steps=len(run["path"]) - 1,
        schedule=run["schedule"],
    )
    assert np.abs(ours.theta - np.array(run["path"])).max() <= 1e-10


def test_every_schedule_and_setting_has_an_oracle():
    assert {run["schedule"] for run in STORED["schedules"]} == set(losses.SCHEDULES)
    for optimizer in losses.OPTIMIZERS.values():
        given = {
            name for run in STORED["runs"] if run["optimizer"] == optimizer.key for name in run["settings"]
        }
        if optimizer.key != "sgd":  # a mini-batch is tested below
            assert {s.name for s in optimizer.settings} - given <= {"eps"}


def test_every_optimizer_has_an_oracle():
    theirs = {run["optimizer"] for run in STORED["runs"]}
    own = {"sgd", "newton", "line_search"}  # tested below by what defines them
    assert theirs | own == set(losses.OPTIMIZERS)


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS.values(), ids=lambda o: o.key)
def test_every_optimizer_descends_on_a_bowl(optimizer):
    settings = {s.name: s.default for s in optimizer.settings}
    run = losses.descend(HOUSES, optimizer, rate=0.1, steps=300, **settings)
    assert run.loss[-1] < run.loss[0] - 0.9 * (run.loss[0] - losses.certify(HOUSES).loss)


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS.values(), ids=lambda o: o.key)
def test_updates_work_along_batch_axes(optimizer):
    from losses.optimizer import Here

    f = losses.test_function("himmelblau")
    theta = np.random.default_rng(0).uniform(-3, 3, (4, 2))
    settings = {s.name: s.default for s in optimizer.settings}

    def two_steps(at):
        memory = optimizer.init(at)
        for _ in range(2):
            delta, memory = optimizer.update(f.gradient(at), memory, 0.01, Here(at, f), **settings)
            at = at + delta
        return at

    together = two_steps(theta)
    for i in range(4):
        assert together[i] == pytest.approx(two_steps(theta[i]), rel=1e-12)


def test_newton_lands_in_one_step_on_a_bowl():
    run = losses.descend(RAVINE, "newton", rate=1.0, steps=1)
    assert run.theta[1] == pytest.approx(losses.certify(RAVINE).optimum, abs=1e-9)


def test_line_search_never_rises():
    f = losses.test_function("himmelblau")
    run = losses.descend(f, "line_search", rate=10.0, steps=60)
    assert (np.diff(run.loss) <= 0).all()
    assert run.outcome.name == "CONVERGED"


def test_mini_batches_are_seeded_and_whole_ones_are_gradient_descent():
    runs = [losses.descend(HOUSES, "sgd", rate=0.05, steps=20, seed=s, batch=4).theta for s in (1, 1, 2)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])
    whole = losses.descend(HOUSES, "sgd", rate=0.05, steps=20, batch=36).theta
    assert whole == pytest.approx(losses.descend(HOUSES, "gd", rate=0.05, steps=20).theta, rel=1e-10)


def test_a_mini_batch_is_unbiased():
    theta = np.array([0.3, -0.2])
    n = len(HOUSES.y)
    mean = np.mean([HOUSES.gradient_on(theta, np.array([i])) for i in range(n)], axis=0)
    assert mean == pytest.approx(HOUSES.gradient(theta), rel=1e-12)


@pytest.mark.parametrize("eigenvalues", [(0.01, 0.1, 1.0)])
def test_published_rates_on_quadratics(eigenvalues):
    """Best rates and factors of gradient descent and heavy ball (Goh 2017; Polyak 1964)."""
    low, high = min(eigenvalues), max(eigenvalues)
    assert 2 / (low + high) == pytest.approx(1.980198, abs=1e-6)
    kappa = high / low
    assert (kappa - 1) / (kappa + 1) == pytest.approx(0.980198, abs=1e-6)
    rate = (2 / (np.sqrt(low) + np.sqrt(high))) ** 2
    beta = ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2
    assert (rate, beta) == pytest.approx((3.305785, 0.669421), abs=1e-6)
    momentum = losses.OPTIMIZERS["momentum"]
    for value in eigenvalues:
        theta, memory = np.ones(1), np.zeros(1)
        sizes = []
        for _ in range(400):
            delta, memory = momentum.update(value * theta, memory, rate, None, momentum=beta)
            theta = theta + delta
            sizes.append(abs(float(theta[0])))
        factor = (max(sizes[380:]) / max(sizes[180:200])) ** (1 / 200)
        assert factor == pytest.approx(0.818182, abs=4e-3)  # a double root shrinks as k r^k


@pytest.mark.parametrize(("share", "stable"), [(0.99, True), (1.01, False)])
def test_heavy_ball_is_stable_up_to_two_and_two_beta(share, stable):
    c, beta = losses.certify(HOUSES), 0.5
    rate = share * (2 + 2 * beta) / c.lipschitz
    run = losses.descend(HOUSES, "momentum", rate=rate, steps=2000, momentum=beta)
    assert (run.outcome.name != "DIVERGED") == stable


@pytest.mark.parametrize("schedule", losses.SCHEDULES.values(), ids=lambda s: s.key)
def test_schedules_start_whole_and_never_rise(schedule):
    factors = np.array([schedule.factor(k, 90) for k in range(90)])
    assert factors[0] == 1.0
    assert (np.diff(factors) <= 0).all()
    assert (factors > 0).all()
    run = losses.descend(HOUSES, "gd", rate=0.1, steps=90, schedule=schedule)
    moved = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    assert moved == pytest.approx(
        0.1 * factors * np.linalg.norm(run.gradient[:-1], axis=1), rel=1e-9, abs=1e-15
    )


def test_settings_are_checked():
    with pytest.raises(ValueError, match="momentum must be from 0 to 0.999; not 2"):
        losses.descend(HOUSES, "momentum", rate=0.1, steps=1, momentum=2)
    with pytest.raises(ValueError, match="gradient descent takes no settings; not momentum"):
        losses.descend(HOUSES, "gd", rate=0.1, steps=1, momentum=0.5)
