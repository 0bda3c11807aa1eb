"""Outcomes on both sides of each boundary between them."""

import gc
import weakref

import numpy as np
import pytest

import losses

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
SPAM = losses.problem("spam", "logistic", "bce", standardize=True)
SQUARED = losses.problem("spam", "logistic", "mse", standardize=True)
ABSOLUTE = losses.problem("houses", "line", "mae", standardize=True)
HIMMELBLAU = losses.test_function("himmelblau")


def outcome(problem, **more):
    return losses.descend(problem, "gd", **more).outcome.name


def test_a_run_converges_at_the_stated_fraction_of_the_loss():
    """On this quadratic loss the remaining decrease shrinks by (1 − 2·rate)² per step."""
    start, best = (-1.15, 1.75), losses.certify(HOUSES).loss
    decrease = HOUSES.value(start) - best
    converged_at = int(np.ceil(np.log(1e-6 * best / decrease) / np.log((1 - 2 * 0.08) ** 2)))
    assert outcome(HOUSES, start=start, rate=0.08, steps=converged_at - 1) == "RUNNING"
    run = losses.descend(HOUSES, "gd", start=start, rate=0.08, steps=converged_at + 5)
    assert run.outcome.name == "CONVERGED"
    assert run.settled_at == converged_at
    assert run.outcome.sentence == f"Arrived after {converged_at} steps. Loss 0.292 – as low as it gets."


def test_a_run_along_the_floor_of_a_ravine_is_not_converged():
    """On raw Norris data 50 steps nearly reach the lowest loss but leave the intercept unchanged."""
    p = losses.problem("norris", "line", "mse")
    rate = 0.9 * losses.certify(p).critical_rate
    run = losses.descend(p, "gd", start=(0.0, 0.0), rate=rate, steps=500)
    assert run.loss[0] - run.loss[-1] > 0.9999 * (run.loss[0] - losses.certify(p).loss)
    assert run.outcome.name == "RUNNING"


def test_a_perfect_fit_can_converge():
    exact = losses.Dataset("exact", [0.0, 1.0, 2.0], [1.0, 3.0, 5.0], "regression")
    p = losses.problem(exact, "line", "mse", standardize=True)
    assert outcome(p, rate=0.4, steps=5) == "RUNNING"
    assert outcome(p, rate=0.4, steps=60) == "CONVERGED"


def test_a_run_from_the_optimum_is_converged_at_step_0():
    optimum = losses.certify(HOUSES).optimum
    run = losses.descend(HOUSES, "gd", start=optimum, rate=0.1, steps=10)
    assert (run.outcome.name, run.settled_at) == ("CONVERGED", 0)


@pytest.mark.parametrize(("rate", "name"), [(0.999, "RUNNING"), (1.0, "OSCILLATING"), (1.01, "DIVERGED")])
def test_outcomes_around_the_largest_stable_rate(rate, name):
    assert outcome(HOUSES, rate=rate, steps=100) == name


def test_the_sentence_compares_a_diverging_rate_with_the_largest_stable_one():
    sentence = losses.descend(HOUSES, "gd", rate=1.3, steps=40).outcome.sentence
    assert sentence == "Flying apart: the rate 1.3 is above the limit, 1. Choose a smaller one."


def test_a_loss_that_falls_to_minus_infinity_is_not_blamed_on_the_rate():
    """On the monkey saddle gradient flow reaches −∞ in finite time, so every rate overflows."""
    run = losses.descend(losses.test_function("monkey_saddle"), "gd", rate=0.08, steps=60)
    assert run.loss[-1] < -1e200
    sentence = "There is no lowest point: after 25 steps the loss has fallen too far to compute."
    assert (run.outcome.name, run.outcome.sentence) == ("DIVERGED", sentence)


def test_absolute_error_oscillates_with_an_amplitude_of_the_order_of_the_rate():
    for rate in (0.3, 0.1, 0.03):
        run = losses.descend(ABSOLUTE, "gd", rate=rate, steps=400)
        assert run.outcome.name == "OSCILLATING"
        amplitude = np.abs(run.theta[-50:] - losses.certify(ABSOLUTE).optimum).max()
        assert 0.05 * rate < amplitude < 2 * rate


def test_absolute_error_far_from_the_optimum_is_running():
    assert outcome(ABSOLUTE, rate=0.01, steps=40) == "RUNNING"


def test_an_almost_constant_loss_is_a_plateau_and_a_slope_is_not():
    assert outcome(SQUARED, start=(-6.4, 6.1), rate=3.0, steps=80) == "PLATEAU"
    assert outcome(SQUARED, start=(-1.0, 0.0), rate=0.5, steps=4) == "RUNNING"


def test_saddle_is_a_plateau_and_never_converged():
    """At a saddle between two of Himmelblau's minima the gradient is zero, so the run does not move."""
    saddle = np.array([0.08667750456, 2.88425470175])
    assert np.abs(HIMMELBLAU.gradient(saddle)).max() < 1e-6
    assert outcome(HIMMELBLAU, start=saddle, rate=1e-4, steps=30) == "PLATEAU"


def test_a_run_can_converge_to_another_minimum():
    run = losses.descend(HIMMELBLAU, "gd", start=(-3.0, 3.0), rate=0.01, steps=300)
    assert run.outcome.name == "CONVERGED"
    assert run.theta[-1] == pytest.approx([-2.805118, 3.131313], abs=1e-4)


def test_a_run_in_many_dimensions_computes_no_hessian(monkeypatch):
    """One Hessian for 650 parameters would take longer than the run."""
    p = losses.problem("digits", "softmax", "cce")
    monkeypatch.setattr(type(p), "hessian", lambda self, theta: pytest.fail("asked for a Hessian"))
    assert outcome(p, rate=0.05, steps=2) == "NO_MINIMUM"
    penalized = losses.problem("digits", "softmax", "cce", l2=0.01)
    assert outcome(penalized, rate=0.05, steps=2) == "RUNNING"


def test_separable_data_never_converge():
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    separable = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", "bce")
    overlapping = losses.problem(
        losses.Dataset("mixed", x, np.array([0, 1, 0, 1.0, 1]), "binary"), "logistic", "bce"
    )
    assert outcome(separable, rate=1.0, steps=20_000) == "NO_MINIMUM"
    assert outcome(overlapping, rate=1.0, steps=2000) == "CONVERGED"


def test_cross_entropy_converges_where_squared_error_is_on_a_plateau():
    options = {"start": (-6.4, 6.1), "rate": 3.0, "steps": 100}
    assert outcome(SPAM, **options) == "CONVERGED"
    assert outcome(SQUARED, **options) == "PLATEAU"


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_outcomes_do_not_depend_on_units(factor):
    data = losses.DATASETS["houses"]
    scaled = losses.Dataset("scaled", data.x, data.y * factor, "regression")
    for steps in (10, 400):
        for fraction in (0.4, 1.2):
            names = set()
            for d in (data, scaled):
                p = losses.problem(d, "line", "mse")
                start = np.array([5.0, 0.0]) * (factor if d is scaled else 1.0)
                names.add(
                    outcome(p, start=start, rate=fraction * losses.certify(p).critical_rate, steps=steps)
                )
            assert len(names) == 1


@pytest.mark.parametrize(
    ("data", "model"), [("misra1a", "saturation"), ("longley", "line"), ("norris", "line")]
)
def test_a_run_from_the_optimum_of_badly_scaled_data_is_converged(data, model):
    """The Hessians have condition numbers of 6·10^13 (Misra) and 2·10^19 (Longley)."""
    p = losses.problem(data, model, "mse")
    c = losses.certify(p)
    run = losses.descend(p, "gd", start=c.optimum, rate=0.1 * c.critical_rate, steps=4)
    assert (run.outcome.name, run.settled_at) == ("CONVERGED", 0)
    assert "not the lowest" not in run.outcome.sentence


@pytest.mark.parametrize(("loss", "far"), [("mse", 8.0), ("mse", 20.0), ("mae", 15.0), ("mae", 30.0)])
def test_an_almost_constant_loss_with_positive_curvature_is_a_plateau(loss, far):
    """Large wrong weights have almost no gradient; all examples together give a tiny positive curvature."""
    x, y = [-2.0, -1.5, -1.0, 1.0, 1.5, 2.0, 9.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    p = losses.problem(losses.Dataset("roof", x, y, "binary"), "logistic", loss)
    run = losses.descend(p, "gd", start=(-far, 0.0), rate=1.0, steps=100)
    assert run.loss[-1] > 0.85
    assert run.outcome.name == "PLATEAU"


def test_a_loss_as_low_as_it_can_be_is_no_plateau():
    """One example is always wrong, so the loss falls towards 1/7 and is almost there."""
    x, y = [-2.0, -1.5, -1.0, 1.0, 1.5, 2.0, 9.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    for loss, name in (("mae", "NO_MINIMUM"), ("mse", "RUNNING")):
        p = losses.problem(losses.Dataset("roof", x, y, "binary"), "logistic", loss)
        run = losses.descend(p, "gd", start=(15.0, 0.0), rate=1.0, steps=100)
        assert abs(run.loss[-1] - 1 / 7) < 1e-6
        assert run.outcome.name == name


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge"])
def test_a_run_to_a_loss_of_zero_is_converged(loss):
    """With large margins the loss and its gradient are zero: a minimum, though not the only one."""
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    p = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", loss)
    assert outcome(p, rate=0.25, steps=400) == "CONVERGED"
    assert outcome(p, rate=0.25, steps=0) == "RUNNING"


def test_several_classes_converge_although_their_scores_may_shift_together():
    p = losses.problem("iris", "softmax", "cce", standardize=True, l2=0.01)
    assert outcome(p, rate=0.5, steps=20) == "RUNNING"
    assert outcome(p, rate=0.5, steps=1500) == "CONVERGED"


@pytest.mark.parametrize("loss", ["bce", "focal", "exponential"])
@pytest.mark.parametrize("optimizer", ["gd", "newton", "adam"])
def test_separable_data_have_no_minimum_for_any_optimizer(loss, optimizer):
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    p = losses.problem(losses.Dataset("apart", x, (x > 0) * 1.0, "binary"), "logistic", loss)
    assert losses.descend(p, optimizer, rate=0.5, steps=60).outcome.name == "NO_MINIMUM"


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("himmelblau", (-0.270844590667, -0.923038522095)),
        ("saddle", (0.0, 0.0)),
        ("monkey_saddle", (0.0, 0.0)),
        ("beale", (0.0, 1.0)),
    ],
)
def test_a_stationary_point_that_is_no_minimum_is_a_plateau(key, start):
    """Runs start at a maximum or a saddle, where the gradient is zero."""
    f = losses.test_function(key)
    start = np.array(start) - np.linalg.pinv(f.hessian(start)) @ f.gradient(start)
    assert np.abs(f.gradient(start)).max() < 1e-9
    assert outcome(f, start=start, rate=1e-4, steps=30) == "PLATEAU"


@pytest.mark.parametrize(("start", "name"), [(60.0, "PLATEAU"), (-1.0, "NO_MINIMUM")])
def test_without_a_minimum_a_run_is_on_a_plateau_or_progresses(start, name):
    """On separable data squared error has no minimum, and it is almost constant for large wrong weights."""
    x = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    p = losses.problem(losses.Dataset("apart", x, (x < 0) * 1.0, "binary"), "logistic", "mse")
    assert outcome(p, start=(start, 0.0), rate=1.0, steps=200) == name


def test_the_fewest_possible_mistakes_are_converged_and_more_are_a_plateau():
    p = losses.problem("moons", "logistic", "zero_one")
    optimum = losses.certify(p).optimum
    assert outcome(p, start=optimum, rate=1.0, steps=5) == "CONVERGED"
    assert outcome(p, start=-optimum, rate=1.0, steps=5) == "PLATEAU"


def test_a_minimum_that_is_not_proved_to_be_the_lowest_is_not_called_the_optimum():
    p = losses.problem("misra1a", "saturation", "mse", standardize=True)
    certificate = losses.certify(p)
    rate = 0.5 * certificate.critical_rate
    run = losses.descend(p, start=certificate.optimum, rate=rate, steps=4)
    assert run.outcome.sentence.endswith("the lowest minimum that is known.")


def test_the_absolute_error_of_a_probability_falls_towards_the_fewest_mistakes():
    p = losses.problem("spam", "logistic", "mae", standardize=True)
    run = losses.descend(p, start=(1.0, 0.0), rate=2.0, steps=50)
    assert run.outcome.name == "NO_MINIMUM"
    least = losses.core.messages.format_number(losses.certify(p).loss)
    assert f"as near to {least} as you like, but never arrive" in run.outcome.sentence


@pytest.mark.parametrize("loss", ["mse", "cce"])
def test_a_minimum_for_several_overlapping_classes_is_converged(loss):
    """Shifting all scores together does not change the loss, and such directions must not make a plateau."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 2)), np.append([0.0, 1.0, 2.0], rng.integers(0, 3, size=57))
    p = losses.problem(losses.Dataset("mixed", x, y, "multiclass"), "softmax", loss)
    assert outcome(p, start=np.zeros(9), rate=0.5, steps=20) == "RUNNING"
    assert outcome(p, start=np.zeros(9), rate=0.5, steps=500) == "CONVERGED"


def test_judging_a_run_does_not_keep_its_problem_alive():
    """What is known of a problem is cached; a server would fill up if that kept the problem and its data."""
    problem = losses.problem("houses", "line", "mse", standardize=True)
    losses.descend(problem, "gd", rate=0.1, steps=5)
    reference = weakref.ref(problem)
    del problem
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize(("data", "start"), [("spam", (-0.079, 33.24)), ("separable", (0.0, 25.0))])
def test_a_flat_tail_is_no_maximum_and_no_saddle(data, start):
    """Newton's steps are equally short all along a tail: there is nothing that they come to."""
    p = losses.problem(data, "logistic", "mse")
    sentence = losses.descend(p, start=start, rate=0.01, steps=20).outcome.sentence
    assert "maximum" not in sentence
    assert "saddle" not in sentence


def test_a_bounded_oscillation_that_still_widens_does_not_fly_apart():
    p = losses.problem("houses", "line", losses.own_loss("r**2 + sqrt(1 + r**2)"), standardize=True)
    assert [outcome(p, rate=0.9, steps=steps) for steps in (40, 400)] == ["RUNNING", "OSCILLATING"]


def test_classes_are_told_apart_only_where_that_is_shown():
    p = losses.problem("spector", "logistic", "mae")
    run = losses.descend(p, rate=1.0, steps=20)
    assert losses.certify(losses.problem("spector", "logistic", "bce")).exists is losses.YES
    assert "told apart" not in run.outcome.sentence
