"""The numbers that a lesson of any page can name."""

import math

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.lessons.page_numbers import PAGE_NUMBERS, PAGE_PLACES, map_names, offered_numbers, page_numbers
from app.lessons.quantities import QUANTITIES
from app.url_state.state import parse
from losses.core.messages import format_number_down

LINKS = [f"?data={key}" for key in (*losses.DATASETS, *losses.TEST_FUNCTIONS)]


@pytest.mark.parametrize("link", [*LINKS, "?race=adam&steps=5&fair=0", "?vs=mae", "?rate=9&steps=3"])
def test_every_offered_number_of_a_page_has_a_value_or_is_unknown(link):
    context = Experiment(parse(link)[0])
    numbers = page_numbers(context)
    assert {name for name, _ in offered_numbers(context.prepared.problem)} <= set(numbers)
    for name, value in numbers.items():
        assert value is None or isinstance(value, str | float), name
        assert not isinstance(value, float) or not math.isnan(value), name
    for place in PAGE_PLACES:
        assert set(map_names(place)) <= set(numbers)


def test_numbers_are_those_of_the_page():
    experiment = Experiment(parse("?data=icecream&rate=0.3")[0])
    numbers, run = page_numbers(experiment), experiment.run
    assert numbers["steps"] == run.settled_at
    assert numbers["w"] == numbers["end_u"] == run.theta[-1, 0]
    assert numbers["loss"] == run.loss[-1]
    assert (numbers["rival"], numbers["steps_beside"]) == (None, None)
    assert len({number.name for number in PAGE_NUMBERS}) == len(PAGE_NUMBERS)


def test_the_minimum_in_the_units_of_the_data_is_that_of_data_that_are_not_standardized():
    context = Experiment(parse("?data=houses")[0])
    numbers, data = page_numbers(context), context.prepared.problem.data
    slope, intercept = np.polyfit(data.inputs[:, 0], data.y, 1)
    assert (numbers["data_w"], numbers["data_b"]) == pytest.approx((slope, intercept))
    assert numbers["best_w"] != pytest.approx(slope)
    assert "data_w" in dict(offered_numbers(context.prepared.problem))
    assert "data_w" not in dict(offered_numbers(Experiment(parse("?data=himmelblau")[0]).prepared.problem))


def test_a_run_that_does_not_arrive_takes_more_steps_than_it_has():
    numbers = page_numbers(Experiment(parse("?data=icecream&rate=0.001&steps=9")[0]))
    assert numbers["steps"] == "more than 9"


@pytest.mark.parametrize("link", ["?data=icecream&rate=2", "?data=saddle", "?data=monkey_saddle"])
def test_a_run_that_never_arrives_takes_infinitely_many_steps(link):
    assert page_numbers(Experiment(parse(link)[0]))["steps"] == "∞"


def test_numbers_of_runs_that_do_not_arrive_are_never_a_number_of_steps():
    far, slow = (
        Experiment(parse(f"?s={link}")[0]) for link in ("pace&rate=2", "pace&rate=0.001&ghost=0.002,0,0")
    )
    assert QUANTITIES["run"].compute(far)["steps"] == "∞"
    assert QUANTITIES["run"].compute(slow)["steps"] == "more than 200"
    assert QUANTITIES["around_the_limit"].compute(slow)["earlier"] == "more than 200"
    beyond = Experiment(parse("?data=saddle&rate=0.001&steps=5&start=1,0.001")[0])
    escape = QUANTITIES["saddle_escape"].compute(beyond)
    assert (escape["escape"], escape["closer"], escape["enough"]) == (None, None, None)


@pytest.mark.parametrize(
    ("link", "limit"),
    [
        ("?data=icecream&model=neuron", None),
        ("?data=icecream&loss=mae", None),
        ("?data=spam", "at least 8"),
    ],
)
def test_of_the_largest_stable_rate_no_more_is_told_than_is_known(link, limit):
    """L is a bound for cross-entropy, and that of the start alone for a neuron."""
    assert page_numbers(Experiment(parse(link)[0]))["limit"] == limit


def test_the_largest_stable_rate_is_a_number_where_it_is_exact_or_that_of_the_minimum():
    for link in ("?data=icecream", "?data=himmelblau"):
        context = Experiment(parse(link)[0])
        assert page_numbers(context)["limit"] == format_number_down(
            context.prepared.certificate.critical_rate
        )


@pytest.mark.parametrize(
    ("link", "is_known"),
    [("?data=icecream", True), ("?data=himmelblau", False), ("?data=outlier&model=neuron", False)],
)
def test_the_minimum_is_a_right_place_only_where_no_other_place_is_as_low(link, is_known):
    """A student who clicks another one of several would be told to be wrong."""
    numbers = page_numbers(Experiment(parse(link)[0]))
    assert (numbers["best_u"] is not None, numbers["best_v"] is not None) == (is_known, is_known)
