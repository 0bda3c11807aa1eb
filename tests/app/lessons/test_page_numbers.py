"""The numbers that a lesson of any page can name."""

import math

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.lessons.page_numbers import PAGE_NUMBERS, PAGE_PLACES, map_names, offered_numbers, page_numbers
from app.url_state.state import parse

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
