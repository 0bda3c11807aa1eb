"""Predictions on a grid that are stored and sent as values at the corners of the grid."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from app.figures.array_codec import encode_array
from app.figures.probability_grid import LogisticGrid, predict_on_grid
from app.figures.views import decision_boundary
from app.url_state.state import parse
from tests.support.array_decoding import decode_array
from tests.support.sent import sent

LINEAR_SCORES = ["?data=spam", "?data=spam&standardize=0&loss=mse", "?data=moons", "?data=tumors&rate=3"]
NETWORKS = [
    "?data=moons&model=mlp",
    "?data=circles&model=mlp&relu=1&rate=1&width=6",
    "?data=spam&model=mlp&standardize=0",
]
NOT_LOGISTIC = ["?data=houses", "?data=misra1a", "?data=houses&model=mlp"]


def predict(link, side):
    """Return three times the predictions of a link's run on a grid with ``side`` points along each input.

    Once as ``predict_on_grid`` represents them, once computed directly.
    """
    state = parse(link)[0]
    data = state.problem.data
    grid_axes = [np.linspace(column.min(), column.max(), side) for column in data.inputs.T]
    theta, mesh = state.descend().theta, np.meshgrid(*grid_axes)
    direct = state.problem.predict(theta, np.stack([column.ravel() for column in mesh], axis=-1))
    return predict_on_grid(state.problem, theta, grid_axes, 3.0), 3.0 * direct


@pytest.mark.parametrize(
    ("link", "tolerance"), [*((link, 1e-5) for link in LINEAR_SCORES), *((link, 3e-4) for link in NETWORKS)]
)
def test_values_at_the_corners_give_the_predictions_on_the_whole_grid(link, tolerance):
    table, direct = predict(link, 17)
    assert isinstance(table, LogisticGrid)
    assert np.asarray(table) == pytest.approx(direct, rel=1e-9, abs=1e-12)
    assert decode_array(sent(encode_array(table))) == pytest.approx(direct, abs=tolerance)


@pytest.mark.parametrize("link", LINEAR_SCORES)
def test_a_linear_score_is_at_most_three_numbers_a_step(link):
    table, direct = predict(link, 17)
    assert table.corner_inputs.size <= 3 * len(direct)


@pytest.mark.parametrize("link", [LINEAR_SCORES[0], NETWORKS[0]])
def test_stack_steps_returns_the_row_of_a_step_of_each_table(link):
    first, first_direct = predict(link, 9)
    second, second_direct = predict(f"{link}&rate=0.3&steps=20", 9)
    rows = np.asarray(first.stack_steps([first, second], [3, 99]))
    assert rows == pytest.approx(np.stack([first_direct[3], second_direct[-1]]))


@pytest.mark.parametrize("link", NOT_LOGISTIC)
def test_other_predictions_are_an_array_of_all_grid_points(link):
    table, direct = predict(link, 5)
    assert not isinstance(table, LogisticGrid)
    assert np.array_equal(table, direct)


@pytest.mark.parametrize("link", ["?data=tumors&rate=100&steps=500", "?data=moons&rate=100&steps=500"])
def test_a_steep_straight_boundary_is_drawn_where_the_probability_is_one_half(link):
    """Between points of the grid the probability jumps, so that its contour would be a staircase."""
    state = parse(link)[0]
    problem, run = state.problem, state.descend()
    found = decision_boundary.arrays(problem, run)
    at = [np.unique(found[name]) for name in ("up", "across")]
    score = np.asarray(found["score"])[-1].reshape(len(at[0]), len(at[1]))
    drawn = RegularGridInterpolator(at, score)(problem.data.inputs[:, ::-1])
    assert ((drawn > 0.0) == (problem.predict(run.theta[-1], problem.data.inputs) > 0.5)).all()
    contour = decision_boundary.figure(problem, None).moving[-1]
    assert contour.arrays["z"] == "score"
    assert contour.trace["contours"]["start"] == contour.trace["contours"]["end"] == 0.0
