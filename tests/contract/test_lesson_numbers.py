"""Every number in a lesson's texts is that of the run, the certificate or the data on its answered screen."""

import re

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.lessons import LESSONS, OLD_KEYS
from app.lessons.quantities import PAGE, QUANTITIES
from app.page.scene import scene
from app.url_state.state import parse, to_query
from losses.core.messages import format_number, format_number_down

TEXTS = ("text", "question", "reveal", "aha", "drag")


def answered(key):
    lesson = LESSONS[key]
    answer = str(lesson.correct_choice) if lesson.choices else "0.5,0.5"
    return Experiment(parse(f"?s={key}&a={answer}")[0])


def printed(lesson):
    """Return the names of the numbers that the texts of a lesson print."""
    return set(re.findall(r"\{(\w+)\}", " ".join(getattr(lesson, field) for field in TEXTS)))


def on_the_screen(experiment):
    """Return every number that the screen of an experiment shows or follows from, by name.

    They are computed here from the runs, the certificates and the data, not by the lessons.
    """
    run, certificate, problem = experiment.run, experiment.certificate, experiment.prepared.problem
    slopes = np.linalg.norm(run.gradient, axis=1)
    lengths = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    shown = {
        "rate": run.rate,
        "last": len(run.loss) - 1,
        "steps": run.settled_at,
        "start_loss": run.loss[0],
        "end_loss": run.loss[-1],
        "slope": slopes[0],
        "first": run.rate * slopes[0],
        "tenth": lengths[9] if len(lengths) > 9 else None,
        "limit": certificate.critical_rate,
        "raw_rate": certificate.critical_rate,
        "condition": certificate.condition,
        "raw": certificate.condition,
        "lowest": certificate.loss,
        "parameters": problem.dim,
        "offset": abs(run.theta[0][-1]),
    }
    shown |= {f"from_{name}": value for name, value in zip(problem.parameters, run.theta[0], strict=True)}
    if experiment.competitors:
        rival = experiment.competitors[0].run
        shown |= dict.fromkeys(("rival", "earlier"), rival.settled_at)
        shown |= dict.fromkeys(("rival_rate", "earlier_rate"), rival.rate)
    if experiment.comparison:
        other, second = experiment.comparison.prepared, experiment.comparison.run
        shown |= {"round": other.certificate.condition, "round_rate": other.certificate.critical_rate}
        shown["times"] = slopes[0] / np.linalg.norm(second.gradient[0])
        if getattr(other.problem, "data", None) is not None and other.problem.data.classes:
            says_one = other.problem.score(second.theta[-1]) > 0
            shown |= {"mistakes": np.sum(says_one != (other.problem.y == 1)), "examples": len(says_one)}
    return shown


LIMITS = ("limit", "raw_rate", "round_rate")
"""Largest stable rates, which are rounded down."""
OTHERWISE = {
    "walk": lambda e: dict(zip("wb", e.certificate.optimum, strict=True)),
    "landing": lambda e: {**dict(zip("wb", e.run.theta[1], strict=True)), "arrow": 1.0},
    "pace": lambda e: {
        "slow_rate": 0.03,
        "slow": answered_with(e, "rate=0.03").run.settled_at,
        "fast_rate": 0.66,
        "fast": answered_with(e, "rate=0.66").run.settled_at,
    },
    "typo": lambda e: {
        "typed": e.prepared.problem.y[19],
        "clean_mse": Experiment(parse("?data=icecream")[0]).certificate.optimum[0],
        "bad_mse": e.run.theta[-1][0],
        "bad_mae": e.comparison.run.theta[-1][0],
        "share": share_of_the_typo(e),
    },
    "price": lambda e: {"sure": -np.log(0.99), "wrong": -np.log(0.01), "square": 0.9801},
    "handwriting": lambda e: {"hundred": np.log(100)},
    "mirror": lambda e: dict(zip("wv", e.run.theta[-1], strict=True)),
    "ridge": lambda e: {
        "growth": e.run.theta[1][1] / e.run.theta[0][1],
        "escape": int(np.argmax(abs(e.run.theta[:, 1]) >= 1)),
        "closer": int(np.argmax(abs(answered_with(e, "start=1,0.000001&steps=80").run.theta[:, 1]) >= 1)),
        "enough": 80,
    },
    "units": lambda e: {
        "low": round(e.prepared.problem.data.x.min(), -1),
        "high": round(e.prepared.problem.data.x.max(), -1),
    },
}
"""What a lesson prints besides the numbers that every screen has."""


def answered_with(experiment, change):
    """Return the experiment that a student sees who changes something as the card suggests."""
    return Experiment(parse(f"{to_query(experiment.state)}&{change}")[0])


def share_of_the_typo(experiment):
    old_line = Experiment(parse("?data=icecream")[0]).certificate.optimum
    residuals = old_line[0] * experiment.prepared.problem.data.x.ravel() + old_line[1]
    squares = (residuals - experiment.prepared.problem.y) ** 2
    return 100 * squares[19] / squares.sum()


@pytest.mark.parametrize("key", LESSONS)
def test_the_numbers_of_a_lesson_are_those_of_its_answered_screen(key):
    experiment, lesson = answered(key), LESSONS[key]
    computed = lesson.quantity_values(experiment.lesson_moment)
    shown = on_the_screen(experiment) | OTHERWISE.get(key, lambda e: {})(experiment)
    for name in printed(lesson):
        assert shown[name] is not None, name
        value, is_limit = computed[name], name in LIMITS
        printed_value = value if is_limit else format_number(value)
        assert printed_value == (format_number_down if is_limit else format_number)(float(shown[name])), name
        assert is_limit or value >= 0 or name in ("typed", *(f"from_{x}" for x in "wbvxy")), "it arrives"


@pytest.mark.parametrize("key", LESSONS)
def test_the_answered_screen_shows_the_runs_that_the_card_speaks_of(key):
    experiment = answered(key)
    moment = experiment.lesson_moment
    assert np.array_equal(experiment.run.theta, moment.run.theta)
    assert len(experiment.competitors) == len(moment.competitors)
    for shown, told in zip(experiment.competitors, moment.competitors, strict=True):
        assert np.array_equal(shown.run.theta, told.run.theta)


@pytest.mark.parametrize("key", LESSONS)
def test_a_lesson_is_plain_data(key):
    for value in vars(LESSONS[key]).values():
        assert isinstance(value, str | int | bool) or all(isinstance(part, str) for part in value), value
    assert set(LESSONS[key].quantities) <= set(QUANTITIES)


def test_every_quantity_is_used():
    assert {key for lesson in LESSONS.values() for key in lesson.quantities} == set(QUANTITIES) - {PAGE}


@pytest.mark.parametrize("key", LESSONS)
def test_nothing_in_the_link_or_the_title_says_more_than_the_question(key):
    """The title until the answer shares no word with the conclusion that tells it."""
    lesson = LESSONS[key]
    asked = scene(parse(f"?s={key}")[0]).lesson
    told = scene(answered(key).state).lesson
    assert asked.title == lesson.title
    assert told.title != asked.title
    telling = set(re.findall(r"[a-z]{4,}", lesson.aha.lower())) - {"step", "steps", "rate"}
    assert not telling & set(re.findall(r"[a-z]+", f"{lesson.title} {key}".lower()))


OLD_WORDS = (
    *("bowl", "step", "goldilocks", "outlier"),
    *("confident", "mismatch", "ten"),
    *("twovalleys", "saddle"),
    *("ravine", "scaling", "race"),
)


def test_the_old_word_of_a_lesson_opens_it_and_the_page_writes_the_new_one():
    assert tuple(OLD_KEYS) == OLD_WORDS
    for old, key in OLD_KEYS.items():
        state, notices = parse(f"?s={old}")
        assert notices == ()
        assert (state.lesson, to_query(state)) == (key, f"?s={key}")
        assert state == parse(f"?s={key}")[0]


def test_old_and_new_words_are_all_different():
    words = [*LESSONS, *OLD_KEYS]
    assert len(set(words)) == len(words)
    assert not set(LESSONS) & (set(losses.TEST_FUNCTIONS) | set(losses.LOSSES) | set(losses.DATASETS))
