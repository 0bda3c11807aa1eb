"""The sentence of every outcome, with its numbers and its remedy."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import losses
from losses.descent import outcome
from losses.descent.arrival import arrival_facts

TELLS_WHY = "Newton's method goes wherever the slope vanishes, up as well as down."
BETTER_RATE = "A larger rate is faster: 0.5 comes as low in 1 step."
SADDLE, MAXIMUM = (0.08667750456, 2.88425470175), (-0.270844590667, -0.923038522095)
"""Places of Himmelblau's function at which its slope is zero."""
X = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
SEPARABLE = losses.Dataset("apart", X, (X > 0) * 1.0, "binary")
TOUCHING = losses.Dataset("touching", [-1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0], "binary")
"""No rule tells all apart, but the outer two can be as right as one likes at no cost of the inner two."""
CLASSES = {"apart": SEPARABLE, "touching": TOUCHING}


def problem(name):
    """Return a test function, or the problem of data and loss."""
    if name in losses.TEST_FUNCTIONS:
        return losses.test_function(name)
    data, loss = name.split(" ")
    if data in CLASSES:
        return losses.problem(CLASSES[data], "logistic", loss)
    model = {"houses": "line", "scaling": "line", "misra1a": "saturation"}.get(data, "logistic")
    loss = loss if loss in losses.LOSSES else losses.own_loss(loss)
    return losses.problem(data, model, loss, standardize=data not in ("moons", "scaling"))


@pytest.mark.parametrize(
    ("name", "run", "sentence"),
    [
        ("houses mse", {"rate": 0.3, "steps": 60}, "Arrived after 10 steps. Loss 0.292 – as low as it gets."),
        (
            "himmelblau",
            {"start": (-3.0, 3.0), "rate": 0.01, "steps": 300},
            "Arrived after 11 steps. Loss 0 – as low as it gets.",
        ),
        (
            "rastrigin",
            {"start": (2.1, 0.1), "rate": 0.002, "steps": 300},
            "Arrived after 5 steps at a minimum, loss 3.98, but the lowest is 0. Start elsewhere to find it.",
        ),
        (
            "houses mse",
            {"rate": 0.01, "steps": 5},
            f"Not there after 5 steps: loss 5.19, and 0.292 is the lowest possible. {BETTER_RATE}",
        ),
        (
            "misra1a max(0,abs(r)-0.9)",
            {"rate": 0.3, "steps": 100},
            "Arrived after 36 steps. Loss 0 – as low as it gets.",
        ),
        (
            "houses r**2+1000",
            {"rate": 0.01, "steps": 5},
            "Not there after 5 steps: loss 1\u202f010, and 1\u202f000 is the lowest possible. It is falling: "
            "give it more steps. Rates below 1 are stable.",
        ),
        (
            "houses mse",
            {"rate": 0.01, "steps": 150},
            f"Almost there after 150 steps: 0.306, and 0.292 is the lowest possible. {BETTER_RATE}",
        ),
        (
            "spam mse",
            {"start": (-1.0, 0.0), "rate": 0.5, "steps": 4},
            "Loss 0.36 after 4 steps; the lowest known is 0.16. It is still falling.",
        ),
        (
            "misra1a mse",
            {"rate": 0.1, "steps": 30},
            "Loss 0.228 after 30 steps; the lowest known is 1.84 × 10⁻⁵. It is still falling.",
        ),
        (
            "misra1a mse",
            {"start": (10.87241, 0.115), "rate": 0.004, "steps": 5},
            "Loss 3.54 × 10⁻⁴ after 5 steps; the lowest known is 1.84 × 10⁻⁵. The rate is above the limit, "
            "0.00364: choose a smaller one.",
        ),
        (
            "houses mse",
            {"rate": 1.0, "steps": 100},
            "Jumping to and fro (loss 6.29; 0.292 is the lowest possible). The rate is at the limit, 1: "
            "choose a smaller one.",
        ),
        (
            "houses mse",
            {"start": (0.8914082, 0.05), "rate": 1.0, "steps": 100},
            "Jumping around near the bottom (loss 0.297). The rate is at the limit, 1: choose a smaller one.",
        ),
        (
            "houses mse",
            {"optimizer": "sgd", "rate": 0.5, "steps": 60},
            "Jumping around near the bottom (loss 0.3). A smaller rate makes the jumps smaller.",
        ),
        (
            "houses mse",
            {"optimizer": "momentum", "rate": 1.5, "steps": 60},
            "Almost there after 60 steps: 0.33, and 0.292 is the lowest possible. It jumps to and fro: a "
            "smaller rate jumps less far.",
        ),
        (
            "houses mse",
            {"rate": 1.3, "steps": 40},
            "Flying apart: the rate 1.3 is above the limit, 1. Choose a smaller one.",
        ),
        (
            "houses r**4",
            {"rate": 0.1, "steps": 6},
            "Flying apart: after 4 steps the loss is too large to compute. Choose a smaller rate.",
        ),
        (
            "houses mse",
            {"optimizer": "adam", "rate": 1e160, "steps": 5},
            "After 0 steps the next step leads too far to compute. Choose a smaller rate, or start "
            "elsewhere.",
        ),
        (
            "monkey_saddle",
            {"rate": 0.08, "steps": 60},
            "There is no lowest point: after 25 steps the loss has fallen too far to compute.",
        ),
        (
            "himmelblau",
            {"start": SADDLE, "rate": 1e-4, "steps": 30},
            "Near a saddle: loss 67.7, slope only 3.4 × 10⁻⁸, but it goes down to the sides. "
            "Start elsewhere.",
        ),
        (
            "himmelblau",
            {"start": MAXIMUM, "rate": 1e-4, "steps": 30},
            "Near a maximum: loss 182, and the surface curves down on all sides. Start elsewhere.",
        ),
        (
            "himmelblau",
            {"optimizer": "newton", "start": (-0.5, -0.5), "rate": 1.0, "steps": 20},
            f"Near a maximum: loss 182, and the surface curves down on all sides. {TELLS_WHY} "
            "Start elsewhere, or take another optimizer.",
        ),
        (
            "spam mse",
            {"start": (-6.4, 6.1), "rate": 3.0, "steps": 80},
            "On a plateau: loss 0.532, slope only 0.0011, though the loss can be as low as 0.16. Start "
            "elsewhere, or choose a loss with a slope.",
        ),
        (
            "spam mse",
            {"start": (-6.4, 6.1), "rate": 30.0, "steps": 3},
            "On a plateau: loss 0.532, slope only 0.0015, though the loss can be as low as 0.16. Start "
            "elsewhere, or choose a loss with a slope.",
        ),
        (
            "himmelblau",
            {"start": (SADDLE[0] + 0.02, SADDLE[1]), "rate": 0.002, "steps": 4},
            "Near a saddle: loss 67.7, slope only 0.81, but it goes down to the sides. Start elsewhere.",
        ),
        (
            "houses mse",
            {"rate": 1.001, "steps": 300},
            "Flying apart: the rate is just above the limit, 1. Choose a smaller one.",
        ),
        (
            "houses mse",
            {"optimizer": "momentum", "rate": 4.5, "steps": 12},
            "Flying apart: after 12 steps the loss is 1.38 × 10²¹. Choose a smaller rate.",
        ),
        (
            "saddle",
            {"optimizer": "momentum", "rate": 3.0, "steps": 6},
            "Flying apart: after 6 steps the loss is 4.33 × 10⁷.",
        ),
        (
            "saddle",
            {"start": (1.0, 0.1), "rate": 0.1, "steps": 20},
            "There is no lowest point: the loss falls without end. After 20 steps: −14.7.",
        ),
        (
            "apart bce",
            {"rate": 1.0, "steps": 50},
            "There is no lowest point: the loss can come as near to 0 as you like, but never arrive. "
            "After 50 steps: 0.0137.",
        ),
        (
            "touching bce",
            {"rate": 1.0, "steps": 50},
            "There is no lowest point: the classes can be told apart in part, so some weights can grow for "
            "ever and lower the loss. After 50 steps: 0.383.",
        ),
        (
            "houses -p",
            {"rate": 0.1, "steps": 20},
            "There is no lowest point: the loss can always fall a little further. After 20 steps: −3.67.",
        ),
        (
            "houses mse",
            {"start": (1e200, 0.0), "rate": 0.1, "steps": 5},
            "The loss at the start is too large to compute. Start elsewhere.",
        ),
        (
            "houses mse",
            {"optimizer": "newton", "rate": 1.0, "steps": 1},
            "Arrived after 1 step. Loss 0.292 – as low as it gets.",
        ),
        (
            "misra1a mse",
            {"optimizer": "newton", "start": (11.416, 0.12027), "rate": 1.0, "steps": 30},
            "Arrived after 4 steps. Loss 1.84 × 10⁻⁵, the lowest minimum that is known.",
        ),
        (
            "himmelblau",
            {"optimizer": "newton", "start": (-1.8, -1.9), "rate": 1.0, "steps": 12},
            f"Near a maximum: loss 182, and the surface curves down on all sides. {TELLS_WHY} "
            "Start elsewhere, or take another optimizer.",
        ),
        (
            "misra1a 1e6*r**2",
            {"start": (10.87241, 0.1145413), "rate": 1e-9, "steps": 4},
            "Arrived after 0 steps. Loss 18.4, the lowest minimum that is known.",
        ),
        (
            "himmelblau",
            {"start": (3.0, 2.0), "rate": 0.01, "steps": 5},
            "Arrived after 0 steps. Loss 0 – as low as it gets.",
        ),
        (
            "misra1a max(0,abs(r)-0.9)",
            {"rate": 0.3, "steps": 36},
            "Arrived after 36 steps. Loss 0 – as low as it gets.",
        ),
        (
            "houses r**2+softplus(r)",
            {"rate": 1.2, "steps": 40},
            "Flying apart: the rate 1.2 is above 0.666, the largest that is guaranteed to be stable. "
            "Choose a smaller one.",
        ),
        (
            "houses 0.001*r**2",
            {"rate": 10.0, "steps": 5},
            "Not there after 5 steps: loss 0.00519, and 2.92 × 10⁻⁴ is the lowest possible. It is falling: "
            "give it more steps. Rates below 1\u202f000 are stable.",
        ),
        (
            "scaling quantile",
            {"rate": 0.08, "steps": 60},
            "Not there after 60 steps: loss 16.4, and 0.0451 is the lowest possible. It is falling again, "
            "but still higher than at the start.",
        ),
        (
            "monkey_saddle",
            {"rate": 1e100, "steps": 5},
            "There is no lowest point: after 1 step the loss has fallen too far to compute.",
        ),
        (
            "monkey_saddle",
            {"rate": 1e200, "steps": 5},
            "After 0 steps the next step leads too far to compute. Choose a smaller rate, or start "
            "elsewhere.",
        ),
    ],
)
def test_a_sentence_gives_the_numbers_and_a_remedy(name, run, sentence):
    told = losses.descend(problem(name), **run).outcome.sentence
    assert told.replace("\N{NO-BREAK SPACE}", " ") == sentence


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"loss": None, "lowest": losses.UNKNOWN}, "Arrived after 11 steps at a minimum. Loss 0."),
        ({"loss": 3.0, "lowest": losses.UNKNOWN}, "Arrived after 11 steps at a minimum. Loss 0."),
        (
            {"loss": -5.0, "lowest": losses.UNKNOWN},
            "Arrived after 11 steps at a minimum, loss 0, but another is −5. Start elsewhere to find it.",
        ),
        (
            {"loss": -5.0, "exists": losses.NO},
            "Arrived after 11 steps at a minimum, but not a lowest one: elsewhere the loss comes as near to "
            "−5 as you like. Here it is 0.",
        ),
    ],
)
def test_a_minimum_is_compared_with_what_is_known_of_others(monkeypatch, known, sentence):
    himmelblau = losses.test_function("himmelblau")
    facts = arrival_facts(himmelblau)
    other = replace(facts, certificate=replace(facts.certificate, **known))
    monkeypatch.setattr(outcome, "arrival_facts", lambda _: other)
    run = losses.descend(himmelblau, start=(-3.0, 3.0), rate=0.01, steps=300)
    assert run.outcome.sentence == sentence


@pytest.mark.parametrize(
    ("curvatures", "slope", "kind"),
    [
        ((0.5, -2.0), 0.0, "saddle"),
        ((-1.0, -2.0), 0.01, "maximum"),
        ((2.0, -2.0), 0.5, None),  # it is far away
        ((2.0, 0.5), 0.0, None),
        ((-1.0, -2.0, 3.0), 0.0, "saddle"),
        ((-1.0, -2.0, -3.0), 0.0, "maximum"),
        ((1e8, -1.0), 0.0, None),  # −1 may be a rounding error
        ((np.inf, -1.0), 0.0, None),
    ],
)
def test_curvature_tells_a_maximum_from_a_saddle(curvatures, slope, kind):
    quadratic = SimpleNamespace(
        smooth=True, hessian=lambda _: np.diag(curvatures), gradient=lambda theta: slope + curvatures * theta
    )
    facts = SimpleNamespace(problem=quadratic, half_window=np.ones(len(curvatures)))
    assert outcome._stationary_kind(facts, np.zeros(len(curvatures))) == kind


def test_a_plateau_a_hundredth_of_the_way_from_the_bottom_has_a_way_down():
    """Of the fall from 73 900 to 1 000 this shelf at 1 001 is the last 1/72 900."""
    line = losses.Dataset("line", [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], "regression")
    shelf = losses.own_loss("100*max(0,abs(r)-3)**2+1001-exp(-r**2)")
    run = losses.descend(losses.problem(line, "line", shelf), start=(1.0, 30.0), rate=0.0025, steps=60)
    assert (run.loss[0], run.loss[-1]) == (pytest.approx(73_901), pytest.approx(1001, abs=1e-3))
    assert run.outcome.sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "On a plateau: loss 1\u202f000, slope only 7.4 × 10⁻⁴, though farther on the loss falls. "
        "Start elsewhere, or choose a loss with a slope."
    )


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"loss": None, "lowest": losses.UNKNOWN}, "Jumping to and fro (loss 6.29)."),
        ({"lowest": losses.UNKNOWN}, "Jumping to and fro (loss 6.29; the lowest known is 0.292)."),
    ],
)
def test_jumps_are_compared_with_what_is_known(monkeypatch, known, sentence):
    houses = problem("houses mse")
    facts = arrival_facts(houses)
    less = replace(facts, certificate=replace(facts.certificate, **known))
    monkeypatch.setattr(outcome, "arrival_facts", lambda _: less)
    told = losses.descend(houses, rate=1.0, steps=100).outcome.sentence
    assert told.startswith(sentence)
