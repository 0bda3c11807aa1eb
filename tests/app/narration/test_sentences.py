import pytest

import losses
from app.experiment.experiment import Experiment
from app.narration.sentences import state_title
from app.page.scene import moment
from app.url_state.state import parse
from losses.core.messages import format_number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (1.2345, "1.23"),
        (-0.25, "−0.25"),
        (2.1e-9, "2.1e−9"),
        (3.0e7, "3e7"),
        (843023.0, "843\u202f023"),
        (100.0, "100"),
        (float("inf"), "beyond numbers"),
        (0.0400, "0.04"),
    ],
)
def test_numbers_are_read_aloud(value, text):
    assert format_number(value) == text


def said(link):
    state, _ = parse(link)
    cast = Experiment(state)
    return cast.run, [moment(cast, k) for k in range(len(cast.run.loss))]


def test_the_filled_in_update_is_what_was_computed():
    run, words = said("")
    before, slope, after = run.theta[6, 0], run.gradient[6, 0], run.theta[7, 0]
    assert (
        words[7]["update"]
        == f"w: {format_number(after)} = {format_number(before)} − 0.08 × (−{format_number(-slope)})"
    )
    assert after == pytest.approx(before - 0.08 * slope)


def test_the_verdict_is_true_of_its_step():
    run, words = said("?steps=90")
    assert words[0]["verdict"] == "At the start of 90 steps."
    assert words[7]["verdict"] == "Step 7 of 90 — still going down."
    assert words[run.settled_at]["verdict"].startswith(f"Converged in {run.settled_at} steps")
    assert "Converged" not in words[run.settled_at - 1]["verdict"]
    assert words[7]["tone"] == "running"
    assert words[90]["tone"] == "converged"


def test_a_divergence_is_said_from_the_first_step():
    _, words = said("?rate=1.2")
    assert [words[k]["tone"] for k in (0, 1, 7, 60)] == ["running", "diverged", "diverged", "diverged"]
    assert words[1]["verdict"].startswith("Diverging: the rate is 1.2 times the largest stable one")


def test_overshooting_is_said():
    _, words = said("?loss=mae&rate=2&steps=30")
    assert any("overshot" in moment["verdict"] for moment in words)


def test_status_says_step_and_change():
    run, words = said("")
    fall = run.loss[2] - run.loss[3]
    assert (
        words[3]["status"] == f"Step 3 of 60. Loss {format_number(run.loss[3])}, down {format_number(fall)}."
    )


def test_title_is_the_sentence():
    assert state_title(parse("?data=spam")[0]) == (
        "Fit a logistic curve to spam messages, score it by cross-entropy, walk downhill by gradient descent"
    )
    assert losses.OPTIMIZERS["gd"].name in state_title(parse("")[0])
