"""A number that several places of the page tell is the same in all of them."""

import re
from dataclasses import replace

import numpy as np
import pytest

import losses
from app.common import ids
from app.controls.sliders import rate_slider
from app.experiment.experiment import Experiment
from app.experiment.rate_limit import rate_limit
from app.figures.views.step_tables import certificate_tables
from app.lessons import page_numbers
from app.narration.alt_text import alt_texts
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import RunTexts, run_text
from app.url_state.state import parse
from losses.core.messages import format_number, format_number_down

TINY_TARGETS = "?data=own&points=regression_x,y_0,1e-9_1,2.1e-9_2,2.9e-9_3,4e-9&standardize=0&rate=0.2"
STEEP_START = "?data=anscombe2&standardize=0&loss=own&formula=exp(r)-r&seed=3"
LINKS = (
    "?data=norris&rate=0.5&steps=300",
    "?data=houses&loss=own&formula=-exp(-r**2)",
    "?data=houses&loss=own&formula=r**2-5",
    "?data=circles&standardize=0&loss=squared_hinge&steps=100",
    "?data=stocks&l1=10&seed=3",
    "?data=tumors&loss=exponential&opt=line_search&steps=30",
    "?data=own&points=regression_x,y_-34e10,-313e10_-155e10,-40e10_31e10,2e10&standardize=0&loss=huber&l2=1000",
    f"{TINY_TARGETS}&steps=300",
    f"{TINY_TARGETS}&steps=40",
    STEEP_START,
)


def experiment_of(link):
    return Experiment(parse(link)[0])


def known_rows(experiment, k):
    """Return the rows of the table of what is known at a step, by name."""
    problem, certificate = experiment.prepared.problem, experiment.certificate
    (table,) = certificate_tables(problem, experiment.run, certificate, None, [k])
    return {str(name): str(value) for name, value in table.rows}


def number_after(words, text):
    """Return the number that follows some words of a text, as it is written."""
    power = "10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"
    found = re.search(rf"{words} (−?(?:{power}|[\d.\u202f]+(?:\u00a0×\u00a0{power})?))", text)
    return found[1].rstrip(".") if found else None


@pytest.mark.parametrize("link", [*LINKS, "?data=bowl", "?data=outlier&vs=mae"])
def test_a_hovered_point_of_the_loss_curve_tells_the_loss_of_the_sentences(link):
    """Also in a comparison, where the axis is not that of the loss."""
    experiment = experiment_of(link)
    hovered = next(
        part for part in figure_set(experiment)[ids.DETAIL][1]().moving if part.trace.get("hovertemplate")
    )
    assert "%{customdata:.3~g}" in hovered.trace["hovertemplate"]
    told = np.asarray(run_arrays(experiment)[hovered.arrays["customdata"]])
    for k in {0, len(told) // 2, len(told) - 1}:
        sentence = run_text(experiment).render(k)["numbers"]
        assert format_number(float(told[k])) in sentence, (k, sentence)


@pytest.mark.parametrize("link", LINKS)
def test_table_sentence_and_description_tell_the_same_numbers(link):
    experiment = experiment_of(link)
    k = len(experiment.run.theta) - 1
    rows, moment = known_rows(experiment, k), RunTexts(experiment).moment(k)
    described = alt_texts(experiment)
    best = rows.get("Lowest loss", rows.get("Lowest loss found"))
    assert number_after("Slope here", moment.numbers) == rows["Slope here"]
    assert number_after("lowest (?:possible|known)", moment.numbers) == best
    assert number_after("(?:One minimum|minimum found),", described[ids.LANDSCAPE]) == best
    assert number_after("steps? is at", described[ids.LANDSCAPE]) == number_after("Loss", moment.numbers)
    assert number_after(r"by step: .* to", described[ids.DETAIL]) == number_after("Loss", moment.numbers)
    places = re.findall(r"\bat w (.*?), b (.*?)\. ", described[ids.LANDSCAPE])
    if places:
        optimum = rows.get("Optimum", rows.get("Best minimum found"))
        assert optimum == f"w = {places[0][0]}, b = {places[0][1]}"


@pytest.mark.parametrize("link", LINKS)
def test_no_loss_is_told_to_be_below_the_lowest(link):
    experiment = experiment_of(link)
    for k in range(len(experiment.run.theta)):
        assert not known_rows(experiment, k)["Above it by"].startswith("−")


def test_the_race_tells_the_losses_of_the_sentences():
    """Of a perfect fit the last loss is a rounding error of 0."""
    link = "?data=own&points=regression_x,y_0,0.1_1,0.4_2,0.7&race=newton&fair=0&rate=0.3&steps=300&view=race"
    experiment = experiment_of(link)
    assert 0.0 < experiment.run.loss[-1] < 1e-25
    first, second = experiment.race_table.rows
    assert first.cells[1] == "0"
    assert "loss 0," in RunTexts(experiment).moment(300).compared[0].text
    assert second.cells[1] == "0"


@pytest.mark.parametrize("link", [STEEP_START, "?data=tumors&loss=exponential&opt=line_search&steps=30"])
def test_a_slope_is_not_told_to_be_0_because_the_start_was_very_steep(link):
    run = experiment_of(link).run
    assert np.linalg.norm(run.gradient[0]) > 1e9
    slope = float(np.linalg.norm(run.gradient[-1]))
    assert slope > 0.1
    moment = RunTexts(experiment_of(link)).moment(len(run.theta) - 1)
    assert f"Slope here {format_number(slope)}." in moment.numbers


def test_small_targets_have_a_minimum_that_is_not_0():
    problem = experiment_of(TINY_TARGETS).prepared.problem
    assert isinstance(problem, losses.DataProblem)
    slope, intercept = np.polyfit(problem.x[:, 0], problem.y, 1)
    text = alt_texts(experiment_of(TINY_TARGETS))[ids.LANDSCAPE]
    assert f"at w {format_number(slope)}, b {format_number(intercept)}." in text
    assert f"One minimum, {format_number(float(problem.value([slope, intercept])))}," in text


@pytest.mark.parametrize(
    ("rate", "outcome"), [("0.010888&steps=5", "RUNNING"), ("0.0112&steps=500", "DIVERGED")]
)
def test_a_run_is_above_the_limit_that_it_is_told(rate, outcome):
    """2/L is 0.0108824, which is not 0.0109."""
    experiment = experiment_of(f"?data=anscombe1&standardize=0&rate={rate}")
    assert experiment.run.rate > experiment.certificate.critical_rate
    assert experiment.run.outcome.name == outcome
    assert "above the limit, 0.0108" in experiment.run.outcome.sentence


def test_what_a_lesson_guarantees_of_the_rate_is_guaranteed():
    limit = page_numbers.stable_rate(experiment_of("?data=moons").certificate)
    assert limit == "at least 5.73"  # 2/L is 5.7351
    limit = page_numbers.stable_rate(replace(experiment_of("?data=moons").certificate, critical_rate=5.7399))
    assert limit == "at least 5.73"


@pytest.mark.parametrize(
    "link", ["?data=norris&standardize=0", "?data=anscombe1&standardize=0", "?s=pace", "?"]
)
def test_a_limit_and_a_best_rate_are_rounded_down_wherever_they_are_told(link):
    """A rate that reads "2/L" in a table would diverge if it were rounded up."""
    experiment = experiment_of(link)
    certificate, state = experiment.prepared.certificate, experiment.state
    best, limit = (format_number_down(rate) for rate in (certificate.best_rate, certificate.critical_rate))
    table = certificate_tables(experiment.prepared.problem, experiment.run, certificate, None, [0])[0]
    assert dict(table.rows)["Best rate"] == best
    assert dict(table.rows)["Largest stable rate 2/L"] == limit
    assert page_numbers.page_numbers(experiment)["limit"] == limit
    assert limit in rate_limit(certificate, losses.OPTIMIZERS["gd"], state.schedule).sentence
    marks = [mark.text for mark in rate_slider(state, certificate).marks]
    texts = [f"best {format_number_down(certificate.best_rate, 2)}"]
    assert marks == [*texts, f"limit {format_number_down(certificate.critical_rate, 2)}"]
