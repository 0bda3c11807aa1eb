"""Tables of probabilities that travel as what a model's units receive at a grid's corners."""

import numpy as np
import pytest

from app.experiment.run import run_descent
from app.figures.array_codec import encode_array
from app.figures.probability_grid import LogisticGrid, predict_on_grid
from app.url_state.state import parse
from tests.support.array_decoding import received

BY_CORNERS = ["?data=spam", "?data=spam&standardize=0&loss=mse", "?data=moons", "?data=tumors&rate=3"]
BY_NEURONS = [
    "?data=moons&model=mlp",
    "?data=circles&model=mlp&relu=1&rate=1&width=6",
    "?data=spam&model=mlp&standardize=0",
]
BY_PLACES = ["?data=houses", "?data=misra1a", "?data=houses&model=mlp"]


def told(link, side):
    state = parse(link)[0]
    data = state.problem.data
    sides = [np.linspace(column.min(), column.max(), side) for column in data.inputs.T]
    theta, across = run_descent(state).theta, np.meshgrid(*sides)
    said = state.problem.predict(theta, np.stack([one.ravel() for one in across], axis=-1))
    return predict_on_grid(state.problem, theta, sides, 3.0), 3.0 * said


@pytest.mark.parametrize(
    ("link", "close"), [*((link, 1e-5) for link in BY_CORNERS), *((link, 3e-4) for link in BY_NEURONS)]
)
def test_what_units_receive_at_corners_tells_what_the_model_says_everywhere(link, close):
    table, said = told(link, 17)
    assert isinstance(table, LogisticGrid)
    assert np.asarray(table) == pytest.approx(said, rel=1e-9, abs=1e-12)
    assert received(encode_array(table)) == pytest.approx(said, abs=close)


@pytest.mark.parametrize("link", BY_CORNERS)
def test_a_linear_score_travels_as_three_numbers_a_step(link):
    table, said = told(link, 17)
    assert table.corner_inputs.size <= 3 * len(said)


@pytest.mark.parametrize("link", [BY_CORNERS[0], BY_NEURONS[0]])
def test_one_of_each_is_a_row_of_each(link):
    (one, said), (other, too) = told(link, 9), told(f"{link}&rate=0.3&steps=20", 9)
    rows = np.asarray(one.stack_steps([one, other], [3, 99]))
    assert rows == pytest.approx(np.stack([said[3], too[-1]]))


@pytest.mark.parametrize("link", BY_PLACES)
def test_what_is_bent_otherwise_is_told_place_by_place(link):
    table, said = told(link, 5)
    assert not isinstance(table, LogisticGrid)
    assert np.array_equal(table, said)
