"""Verdicts of runs drawn at random against an oracle that goes on from their ends by other means."""

import numpy as np
import pytest

import losses
from tests.support.problem_cases import PROBLEMS
from tests.support.verdict_oracle import false_claims

SHIPPED = [p for p in PROBLEMS if p.dim <= 9 and getattr(p, "x", np.zeros(1)).size <= 1500]
FORMULAS = (
    *("r**2+58", "abs(r)+1e4", "max(0,abs(r)-0.3)", "r**4", "1-exp(-r**2)", "log(1+r**2)", "min(r**2,1)"),
    *("abs(r)**1.5", "max(0,r)**2", "r**2-1e4", "sqrt(1+r**2)", "log(1+r**2)+1000", "cosh(r)", "softplus(r)"),
    *("where(abs(r)<1,r**2,2*abs(r)-1)", "r**2/(1+r**2)", "exp(-r)", "max(r,0)"),
)
GRADIENT_MULTIPLES = ("gd", "momentum", "nesterov", "sgd")
CRITICAL_SHARES = (0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0, 1.001, 1.01, 1.1, 2.0, 10.0)


def curve(rng):
    """Return a problem of a nonlinear model on own data near a line."""
    x = rng.normal(size=rng.integers(4, 30)) * 10 ** rng.uniform(-2, 2)
    y = rng.normal() * x + rng.normal() + rng.normal(size=len(x)) * rng.uniform(0, 1)
    model = rng.choice(["neuron", "neuron", "saturation", "power"])
    if model != "neuron":
        x, y = np.abs(x) + 0.1, np.abs(y) + 0.1
    loss = rng.choice(["mse", "mse", "mae", "huber", "logcosh", "quantile"])
    data = losses.Dataset("own", x, y, "regression")
    return losses.problem(data, model, loss, standardize=bool(rng.integers(2)))


def classes(rng):
    """Return a problem of a logistic model on two own classes, overlapping or not."""
    x = rng.normal(size=rng.integers(4, 30)) * 10 ** rng.uniform(-2, 2)
    y = (rng.random(len(x)) < 1 / (1 + np.exp(-3 * rng.normal() * x / x.std()))).astype(float)
    y[:2] = [0, 1]
    loss = rng.choice(["bce", "hinge", "squared_hinge", "focal", "zero_one", "mse", "mae", "exponential"])
    data = losses.Dataset("own", x, y, "binary")
    return losses.problem(data, "logistic", loss, standardize=bool(rng.integers(2)))


def own_loss(rng):
    """Return a problem of an own loss, some with a constant added."""
    data = rng.choice(["norris", "houses", "misra1a", "icecream", "anscombe1", "outlier"])
    model = rng.choice(["line", "line", "neuron"])
    loss = losses.own_loss(str(rng.choice(FORMULAS)))
    return losses.problem(str(data), str(model), loss, standardize=bool(rng.integers(2)))


def shipped(rng):
    """Return one of the small problems of the contract tests."""
    return SHIPPED[rng.integers(len(SHIPPED))]


def test_function(rng):
    """Return a test function."""
    return list(losses.TEST_FUNCTIONS.values())[rng.integers(len(losses.TEST_FUNCTIONS))]


test_function.__test__ = False


def draw_rate(rng, problem, optimizer):
    """Return a rate for an optimizer, around the critical one where it is known."""
    critical = losses.certify(problem).critical_rate
    if optimizer in GRADIENT_MULTIPLES and critical:
        return float(critical * rng.choice(CRITICAL_SHARES))
    if optimizer == "newton":
        return float(rng.choice([0.1, 0.5, 1.0, 1.5]))
    if optimizer in ("adam", "rmsprop", "adagrad"):
        return float(problem.plane.width.min() * 10 ** rng.uniform(-4, -0.5))
    return float(10 ** rng.uniform(-4, 1))


@pytest.mark.parametrize("draw", [curve, classes, own_loss, shipped, test_function])
@pytest.mark.parametrize("seed", range(4))
def test_no_claim_of_a_verdict_is_refuted(draw, seed):
    rng = np.random.default_rng([seed, len(draw.__name__)])
    for _ in range(8):
        problem = draw(rng)
        optimizer = str(rng.choice([*GRADIENT_MULTIPLES, "gd", "adam", "newton", "rmsprop", "line_search"]))
        start = problem.plane.points(*(rng.uniform(low, high) for low, high in problem.plane.box))
        start = problem.start if rng.random() < 0.5 else start
        rate, steps = draw_rate(rng, problem, optimizer), int(rng.choice([1, 2, 5, 10, 30, 60, 200]))
        with np.errstate(all="ignore"):
            if not np.isfinite(problem.value(start)):
                continue
        run = losses.descend(problem, optimizer, start=start, rate=rate, steps=steps)

        def again(other_rate, steps, problem=problem, optimizer=optimizer, start=start, rate=rate):
            return losses.descend(problem, optimizer, start=start, rate=other_rate or rate, steps=steps)

        assert false_claims(problem, run, again) == [], (problem.name, optimizer, rate, steps, run.outcome)


@pytest.mark.parametrize("sentence", ["Arrived after 3 steps. Loss 9 – as low as it gets."])
def test_the_oracle_refutes_a_planted_claim(sentence):
    """A run that stops far up a bowl is said to have arrived."""
    problem = losses.test_function("bowl")
    run = losses.descend(problem, start=(3.0, 0.0), rate=1e-9, steps=3)
    object.__setattr__(run, "outcome", losses.Outcome("CONVERGED", sentence))
    assert false_claims(problem, run, lambda rate, steps: run)
