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


def problem(name):
    """Return a test function, or the problem of data and loss."""
    if name in losses.TEST_FUNCTIONS:
        return losses.test_function(name)
    data, loss = name.split(" ")
    if data == "apart":
        return losses.problem(SEPARABLE, "logistic", loss)
    model = {"houses": "line", "misra1a": "saturation"}.get(data, "logistic")
    loss = loss if loss in losses.LOSSES else losses.own_loss(loss)
    return losses.problem(data, model, loss, standardize=data != "moons")


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
            "give it more steps. Rates up to 1 are stable.",
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
            "Loss 0.228 after 30 steps; the lowest known is 1.84 × 10⁻⁵. The rate is above the limit, "
            "0.00365: choose a smaller one.",
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
            "After 0 steps the next step leads too far to compute.",
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
        ((1e8, -1.0), 0.0, None),  # −1 may be a rounding error
        ((np.inf, -1.0), 0.0, None),
    ],
)
def test_curvature_tells_a_maximum_from_a_saddle(curvatures, slope, kind):
    stationary = SimpleNamespace(smooth=True, hessian=lambda _: np.diag(curvatures))
    facts = SimpleNamespace(problem=stationary, half_window=np.ones(2))
    assert outcome._stationary_kind(facts, np.zeros(2), np.full(2, slope)) == kind


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
