"""Every optimizer and schedule: trajectories of PyTorch, rules, formulas, settings and known rates."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

import losses
from losses.optimizer.base import MemoryArray, StepContext
from tests.support.adadelta import ADADELTA
from tests.support.documented import LION
from tests.support.registries import registered
from tests.support.tex_rule import theta_of_formula

STORED = json.loads((Path(__file__).parents[1] / "oracles" / "trajectories.json").read_text())
HOUSES = losses.problem("houses", "line", "mse", standardize=True)
ILL_CONDITIONED = losses.problem("anscombe1", "line", "mse")


@pytest.mark.parametrize(
    "run", STORED["runs"], ids=lambda run: f"{run['optimizer']}-{run['function']}-{len(run['settings'])}"
)
def test_trajectories_equal_those_of_pytorch(run):
    computed = losses.descend(
        losses.test_function(run["function"]),
        run["optimizer"],
        start=run["path"][0],
        rate=run["rate"],
        steps=50,
        **run["settings"],
    )
    assert len(run["path"]) == 51
    assert np.abs(computed.theta - np.array(run["path"])).max() <= 1e-10


@pytest.mark.parametrize("run", STORED["schedules"], ids=lambda run: run["schedule"])
def test_schedules_equal_those_of_pytorch(run):
    computed = losses.descend(
        losses.test_function("himmelblau"),
        start=run["path"][0],
        rate=run["rate"],
        steps=len(run["path"]) - 1,
        schedule=run["schedule"],
    )
    assert np.abs(computed.theta - np.array(run["path"])).max() <= 1e-10


def test_every_schedule_and_setting_is_compared_with_pytorch():
    assert {run["schedule"] for run in STORED["schedules"]} == set(losses.SCHEDULES)
    for key in {run["optimizer"] for run in STORED["runs"]}:
        stored = {name for run in STORED["runs"] if run["optimizer"] == key for name in run["settings"]}
        assert {s.name for s in losses.OPTIMIZERS[key].settings} - stored <= {"eps"}


def values_of_rule(optimizer, problem, run):
    """Yield for each step of a run a dictionary of all values, computed only by the lines of the rule."""
    theta, rates, gradients = run.theta[0], losses.replay(run).rates, losses.replay(run).pull
    memory = {array.name: np.full(theta.shape, array.initial) for array in optimizer.memory}
    for k, (rate, g) in enumerate(zip(rates, gradients, strict=True), start=1):
        values = {"theta_old": theta, "g": g, "rate": rate, "k": k, **run.settings}
        values |= {f"{name}_old": array for name, array in memory.items()}
        namespace = {"np": np, "loss": problem.value, "hessian": problem.hessian, "theta": theta, **values}
        exec(optimizer.code, namespace)
        values |= {name: namespace[name] for name in ("step", "length") if name in namespace}
        for line in optimizer.lines:
            values[line.target] = line.evaluate(values)
        theta, memory = values["theta"], {name: values[name] for name in memory}
        yield values


def runs_of(optimizer):
    """Yield problems with runs: with default settings, and with other settings and a cosine schedule."""
    default = {s.name: s.default for s in optimizer.settings}
    other = {s.name: s.default / 2 if s.high == 1.0 or s.whole else 0.7 * s.high for s in optimizer.settings}
    for problem, rate in ((HOUSES, 0.1), (losses.test_function("himmelblau"), 0.004)):
        for settings, schedule in ((default, "constant"), (other, "cosine")):
            run = losses.descend(problem, optimizer, rate=rate, steps=12, schedule=schedule, **settings)
            yield problem, run


def _update_with_every_function(gradient, memory, rate, context):
    u = np.maximum(np.abs(gradient), np.minimum(np.exp(-np.abs(gradient)), 0.5))
    return -rate * np.sign(gradient) * np.log(1 + np.sqrt(u)), memory


EVERY_FUNCTION = losses.Optimizer(
    key="every_function",
    name="every function",
    when="Uses every function that a rule may use.",
    update=_update_with_every_function,
    rule=(
        "u = maximum(abs(g), minimum(exp(-abs(g)), 0.5))",
        "theta = theta_old - rate * sign(g) * log(1 + sqrt(u))",
    ),
)
OPTIMIZERS = [
    pytest.param(optimizer, id=optimizer.key)
    for optimizer in (*losses.OPTIMIZERS.values(), ADADELTA, LION, EVERY_FUNCTION)
]


@pytest.fixture
def foreign():
    with registered(losses.OPTIMIZERS, ADADELTA, LION, EVERY_FUNCTION):
        yield


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_lines_of_the_rule_compute_the_same_as_update(optimizer):
    for problem, run in runs_of(optimizer):
        memory = losses.replay(run).memory
        for k, values in enumerate(values_of_rule(optimizer, problem, run), start=1):
            assert values["theta"] == pytest.approx(run.theta[k], rel=1e-9, abs=1e-9)
            for i, array in enumerate(optimizer.memory):
                assert values[array.name] == pytest.approx(memory[k, i], rel=1e-9, abs=1e-9)
        assert k == 12


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("is_generated", [False, True])
def test_formula_computes_the_same_as_the_rule(optimizer, is_generated):
    """Both the formula of the entry and the formula generated from the rule."""
    formula = dataclasses.replace(optimizer, formula="").formula if is_generated else optimizer.formula
    for problem, run in runs_of(optimizer):
        for values in values_of_rule(optimizer, problem, run):
            theta = theta_of_formula(formula, optimizer, values)
            assert theta == pytest.approx(values["theta"], rel=1e-9, abs=1e-12)


def test_adadelta_equals_a_calculation_by_hand():
    """Two steps on x² + y² from x = 1 with ρ = 0.9 and ε = 0.01, calculated to four digits."""
    run = losses.descend(losses.test_function("bowl"), ADADELTA, start=(1.0, 0.0), rate=1.0, steps=2)
    assert run.theta[:, 0] == pytest.approx([1.0, 0.6877, 0.4291], abs=5e-5)
    assert ADADELTA.formula.startswith(r"s \leftarrow \rho s + (1 - \rho) g^2,\quad u \leftarrow")
    assert ADADELTA.formula.endswith(
        r"\theta - \frac{\alpha \sqrt{u_{\mathrm{old}} + \varepsilon}}{\sqrt{s + \varepsilon}}\,g"
    )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"rule": ("theta = theta_old - rate * w",)}, "uses 'w', which is not known there"),
        ({"rule": ("theta = theta_old - rate * v", "v = v_old + g")}, "uses 'v', which is not known there"),
        ({"rule": ("theta = theta_old - rate * g",)}, "the rule does not assign 'v'"),
        ({"rule": ("v = v_old + g",)}, "the rule does not assign 'theta'"),
        ({"rule": ("v = v_old", "v = v_old + g", "theta = theta_old - v")}, "assigns 'v' again"),
        ({"rule": ("v = v_old + g", "g = v", "theta = theta_old - g")}, "assigns 'g' again or may not"),
        ({"rule": ("theta = theta_old + step", "v = v_old")}, "uses 'step'"),
        ({"rule": ("theta - g",)}, "written name = arithmetic"),
        ({"rule": ("theta = g if g else v",)}, "a rule has no 'g if g else v'"),
        ({"rule": ("theta = print(g)",)}, "a rule has no 'print"),
        ({"rule": ("v = v_old", "y = g", "theta = theta_old - y")}, "assigns 'y' again or may not"),
        ({"memory": (MemoryArray("y"),)}, "cannot be called 'y'"),
        ({"memory": (MemoryArray("v_old"),)}, "cannot be called 'v_old'"),
    ],
)
def test_invalid_rules_raise_an_error_that_names_the_problem(change, error):
    with pytest.raises(ValueError, match=re.escape(error)):
        dataclasses.replace(losses.OPTIMIZERS["momentum"], **change)


def test_properties_that_follow_from_the_rule():
    by_key = losses.OPTIMIZERS
    assert [key for key in by_key if by_key[key].is_gradient_descent] == ["gd"]
    assert [key for key in by_key if by_key[key].follows_gradient] == ["gd", "line_search"]
    assert by_key["gd"].momentum({}) == 0.0
    assert by_key["nesterov"].momentum({"momentum": 0.7}) == 0.7
    assert np.isnan(by_key["adam"].momentum({"beta1": 0.9}))


def test_memory_starts_with_the_initial_value_of_its_array():
    optimizer = dataclasses.replace(
        losses.OPTIMIZERS["adagrad"], memory=(MemoryArray("s", "σ", initial=0.5),), init=np.zeros_like
    )
    assert optimizer.init(np.zeros((3, 2))).tolist() == np.full((3, 2), 0.5).tolist()


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS.values(), ids=lambda o: o.key)
def test_every_optimizer_descends_on_a_bowl(optimizer):
    settings = {s.name: s.default for s in optimizer.settings}
    run = losses.descend(HOUSES, optimizer, rate=0.1, steps=300, **settings)
    assert run.loss[-1] < run.loss[0] - 0.9 * (run.loss[0] - losses.certify(HOUSES).loss)


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS.values(), ids=lambda o: o.key)
def test_updates_of_a_batch_equal_updates_of_single_points(optimizer):
    f = losses.test_function("himmelblau")
    starts = np.random.default_rng(0).uniform(-3, 3, (4, 2))
    settings = {s.name: s.default for s in optimizer.settings}

    def two_steps(theta):
        memory = optimizer.init(theta)
        for _ in range(2):
            context = StepContext(theta, f)
            delta, memory = optimizer.update(f.gradient(theta), memory, 0.01, context, **settings)
            theta = theta + delta
        return theta

    batch = two_steps(starts)
    for i in range(4):
        assert batch[i] == pytest.approx(two_steps(starts[i]), rel=1e-12)


def test_newton_reaches_the_optimum_of_a_quadratic_in_one_step():
    run = losses.descend(ILL_CONDITIONED, "newton", rate=1.0, steps=1)
    assert run.theta[1] == pytest.approx(losses.certify(ILL_CONDITIONED).optimum, abs=1e-9)


def test_line_search_never_increases_the_loss():
    f = losses.test_function("himmelblau")
    run = losses.descend(f, "line_search", rate=10.0, steps=60)
    assert (np.diff(run.loss) <= 0).all()
    assert run.outcome.name == "CONVERGED"


def test_seed_determines_mini_batches_and_a_full_batch_equals_gradient_descent():
    runs = [losses.descend(HOUSES, "sgd", rate=0.05, steps=20, seed=s, batch=4).theta for s in (1, 1, 2)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])
    full_batch = losses.descend(HOUSES, "sgd", rate=0.05, steps=20, batch=36).theta
    assert full_batch == pytest.approx(losses.descend(HOUSES, "gd", rate=0.05, steps=20).theta, rel=1e-10)


def test_gradients_of_single_examples_average_to_the_gradient():
    theta = np.array([0.3, -0.2])
    n = len(HOUSES.y)
    mean = np.mean([HOUSES.gradient_on(theta, np.array([i])) for i in range(n)], axis=0)
    assert mean == pytest.approx(HOUSES.gradient(theta), rel=1e-12)


@pytest.mark.parametrize("eigenvalues", [(0.01, 0.1, 1.0)])
def test_optimal_rates_on_quadratics_are_the_published_ones(eigenvalues):
    """Optimal rates and contraction factors of gradient descent and heavy ball (Goh 2017; Polyak 1964)."""
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
        distances = []
        for _ in range(400):
            delta, memory = momentum.update(value * theta, memory, rate, None, momentum=beta)
            theta = theta + delta
            distances.append(abs(float(theta[0])))
        factor = (max(distances[380:]) / max(distances[180:200])) ** (1 / 200)
        assert factor == pytest.approx(0.818182, abs=4e-3)  # a double root r decays as k r^k


@pytest.mark.parametrize(("fraction", "is_stable"), [(0.99, True), (1.01, False)])
def test_heavy_ball_is_stable_up_to_the_rate_2_plus_2_beta_over_l(fraction, is_stable):
    certificate, beta = losses.certify(HOUSES), 0.5
    rate = fraction * (2 + 2 * beta) / certificate.lipschitz
    run = losses.descend(HOUSES, "momentum", rate=rate, steps=2000, momentum=beta)
    assert (run.outcome.name != "DIVERGED") == is_stable


@pytest.mark.parametrize("schedule", losses.SCHEDULES.values(), ids=lambda s: s.key)
def test_schedule_factors_start_at_one_never_increase_and_scale_the_steps(schedule):
    factors = np.array([schedule.factor(k, 90) for k in range(90)])
    assert factors[0] == 1.0
    assert (np.diff(factors) <= 0).all()
    assert (factors > 0).all()
    run = losses.descend(HOUSES, "gd", rate=0.1, steps=90, schedule=schedule)
    step_lengths = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    assert step_lengths == pytest.approx(
        0.1 * factors * np.linalg.norm(run.gradient[:-1], axis=1), rel=1e-9, abs=1e-15
    )


def test_invalid_settings_raise():
    with pytest.raises(ValueError, match="momentum must be from 0 to 0.999; not 2"):
        losses.descend(HOUSES, "momentum", rate=0.1, steps=1, momentum=2)
    with pytest.raises(ValueError, match="gradient descent takes no settings; not momentum"):
        losses.descend(HOUSES, "gd", rate=0.1, steps=1, momentum=0.5)
