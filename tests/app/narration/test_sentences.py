"""Sentences of each step and titles: their numbers and verdicts are true of the run."""

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.i18n.translation import ENGLISH, LANGUAGES
from app.narration.sentences import state_title, step_text
from app.url_state.state import parse
from losses.core.messages import format_number
from tests.support.sent import moment


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (1.2345, "1.23"),
        (-0.25, "−0.25"),
        (2.1e-9, "2.1\u00a0×\u00a010⁻⁹"),
        (3.0e7, "3\u00a0×\u00a010⁷"),
        (1e-4, "10⁻⁴"),
        (843023.0, "8.43\u00a0×\u00a010⁵"),
        (26751.0, "26\u202f800"),
        (100.0, "100"),
        (float("inf"), "too large to compute"),
        (0.0400, "0.04"),
    ],
)
def test_numbers_have_three_digits_a_true_minus_and_grouped_thousands(value, text):
    assert format_number(value) == text


def run_and_texts(link):
    """Return the run of a link and its texts by step."""
    experiment = Experiment(parse(link)[0])
    return experiment.run, [moment(experiment, k) for k in range(len(experiment.run.loss))]


def test_rounding_errors_are_not_read_out():
    """At the optimum the slope is 0, and no step is shown that moves nothing."""
    run, texts = run_and_texts("?data=icecream&rate=0.4&steps=200&start=-1,2.5")
    assert 0 < abs(run.gradient[150]).max() < 1e-12
    assert "Slope here 0." in texts[150]["numbers"]
    assert texts[150]["update"] == f"w: {format_number(run.theta[150, 0])}"
    assert " = " in texts[3]["update"]
    ravine, texts = run_and_texts("?data=ravine&rate=0.039&steps=400")
    assert 0 < ravine.loss[400] < 1e-12
    assert texts[400]["numbers"].startswith("Loss 0, lowest possible 0.")
    assert "Loss 0 – as low as it gets" in texts[400]["verdict"]


def test_a_run_that_flies_apart_does_not_make_its_first_numbers_zero():
    run, texts = run_and_texts("?data=icecream&rate=0.8&steps=200&start=-1,2.5")
    assert run.loss[-1] > 1e50
    assert texts[0]["numbers"].startswith("Loss 14.3, lowest possible 0.119. Slope here 8.65.")


def test_a_rounding_error_of_a_competitor_is_not_read_out():
    state = parse("?s=memory&a=2&k=400")[0]
    assert 0 < Experiment(state).competitors[0].run.loss[-1] < 1e-50
    assert moment(Experiment(state), 400)["compared"][0]["text"].endswith("loss 0, slope 0.")


def test_a_loss_that_is_never_reached_is_not_written_as_zero():
    _, texts = run_and_texts("?data=separable&rate=20&steps=200")
    assert "Loss 0," not in texts[200]["numbers"]


def test_the_update_text_shows_the_computed_step():
    run, texts = run_and_texts("")
    before, slope, after = run.theta[6, 0], run.gradient[6, 0], run.theta[7, 0]
    assert (
        texts[7]["update"]
        == f"w: {format_number(after)} = {format_number(before)} − 0.08 × (−{format_number(-slope)})"
    )
    assert after == pytest.approx(before - 0.08 * slope)


def test_convergence_is_stated_from_the_step_at_which_it_is_reached():
    run, texts = run_and_texts("?steps=90")
    assert texts[0]["verdict"] == "Ready: 90 steps to go."
    assert texts[7]["verdict"] == "Step 7 of 90 — still going down."
    assert texts[run.settled_at]["verdict"].startswith(f"Arrived after {run.settled_at} steps")
    assert "Arrived" not in texts[run.settled_at - 1]["verdict"]
    assert texts[7]["tone"] == "running"
    assert texts[90]["tone"] == "converged"


def test_divergence_is_stated_from_the_first_step():
    _, texts = run_and_texts("?rate=1.2")
    assert [texts[k]["tone"] for k in (0, 1, 7, 60)] == ["running", "diverged", "diverged", "diverged"]
    assert texts[1]["verdict"].startswith("Flying apart: the rate 1.2 is above the limit, 1.")


def test_a_step_that_raises_the_loss_is_called_overshooting():
    _, texts = run_and_texts("?loss=mae&rate=2&steps=30")
    assert any("overshot" in text["verdict"] for text in texts)


@pytest.mark.parametrize(
    "link",
    [
        "?data=himmelblau&opt=newton&rate=0.1&steps=50",
        "?data=rastrigin&opt=newton&rate=0.5&start=0.4,0.3&steps=40",
        "?data=spam&opt=sgd&rate=3&steps=40",
        "?data=bowl&opt=adamw&rate=0.1&steps=60",
        "?data=ravine&opt=momentum&rate=0.03&steps=60",
        "?data=himmelblau&opt=rmsprop&rate=0.508&steps=60",
        "?loss=mae&rate=1&steps=60",
        "?data=ravine&rate=0.039&steps=40",
    ],
)
def test_a_step_that_overshot_began_downhill_and_one_that_jumped_across_ends_uphill(link):
    run, texts = run_and_texts(link)
    for k in range(1, len(texts)):
        step, verdict = run.theta[k] - run.theta[k - 1], texts[k]["verdict"]
        if "overshot" in verdict:
            assert run.loss[k] > run.loss[k - 1]
            assert run.gradient[k - 1] @ step < 0
        elif "jumps across the valley, and comes lower" in verdict:
            assert run.loss[k] < run.loss[k - 1]
            assert run.gradient[k] @ step > 0
        elif "the loss went up" in verdict:
            assert run.loss[k] > run.loss[k - 1]
            assert run.gradient[k - 1] @ step >= 0
        elif "still going down" in verdict:
            assert run.loss[k] < run.loss[k - 1]


def test_newtons_method_on_its_way_up_to_a_maximum_does_not_overshoot():
    run, texts = run_and_texts("?data=himmelblau&opt=newton&rate=0.1&steps=50")
    assert (np.diff(run.loss) > 0).all()
    assert texts[3]["verdict"] == "Step 3 of 50 — the loss went up."


@pytest.mark.parametrize(
    "link",
    [
        "?data=himmelblau&opt=newton&rate=1&start=1e9,1e9&steps=60",
        "?loss=own&formula=r**4&opt=newton&rate=1&start=1e9,1e9&steps=60",
    ],
)
def test_a_slope_is_not_called_zero_beside_that_of_a_start_far_away(link):
    run, texts = run_and_texts(link)
    slopes = np.linalg.norm(run.gradient, axis=1)
    steep = np.flatnonzero((slopes > 1.0) & (slopes < 1e-10 * slopes[0]))
    assert len(steep)
    for k in steep:
        assert texts[k]["numbers"].endswith(f"Slope here {format_number(slopes[k])}.")


def test_a_loss_that_stays_as_it_is_is_not_down():
    run, texts = run_and_texts("?data=spam&loss=zero_one&steps=5")
    assert (np.diff(run.loss) == 0).all()
    assert texts[3]["status"].endswith(f"Loss {format_number(run.loss[3])}.")


def test_the_status_gives_the_step_and_the_change_of_the_loss():
    run, texts = run_and_texts("")
    fall = run.loss[2] - run.loss[3]
    assert (
        texts[3]["status"] == f"Step 3 of 60. Loss {format_number(run.loss[3])}, down {format_number(fall)}."
    )


def test_the_title_is_the_sentence_at_the_top_of_the_page():
    assert state_title(parse("?data=spam")[0]) == (
        "Fit a logistic curve to spam messages, score it by cross-entropy, walk downhill by gradient descent"
    )
    assert losses.OPTIMIZERS["gd"].name in state_title(parse("")[0])


@pytest.mark.parametrize(
    ("link", "compared"),
    [
        ("?data=scaling&vs=standardized", "a badly scaled input, in raw units and standardized, score"),
        ("?data=scaling&standardize=1&vs=raw", "a badly scaled input, standardized and in raw units, score"),
        ("?data=scaling&vs=norris", "a badly scaled input compared with Norris's ozone monitors, score"),
    ],
)
def test_the_title_names_both_sides_of_a_comparison_in_every_language(link, compared):
    title = state_title(parse(link)[0])
    assert compared in title
    texts = {key: language.translate(title) for key, language in LANGUAGES.items()}
    assert all("standardized" not in text for key, text in texts.items() if key != ENGLISH)


def test_a_start_far_off_makes_no_loss_a_rounding_error():
    data = losses.Dataset("scattered", [0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 2.0, 5.0], "regression")
    problem = losses.problem(data, "line", "mse")
    run, certificate = losses.descend(problem, start=[1e8, 1e8], rate=0.1, steps=900), losses.certify(problem)
    text = step_text(problem, run, certificate).render(900)
    assert "Loss 0.675, lowest possible 0.675." in text["numbers"]
