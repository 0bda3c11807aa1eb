"""Parameters of a standardized problem can be had in the units of the data; claims are truth values."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

import losses

STANDARDIZED = [
    losses.problem(data, model, model_loss, standardize=True)
    for data in ("norris", "houses", "growth", "digits", "moons", "iris", "longley")
    if data in losses.DATASETS
    for model in losses.allowed_models(data)
    for model_loss in [losses.MODELS[model].reference_loss[losses.DATASETS[data].task]]
]
CASES = [pytest.param(problem, id=problem.key) for problem in STANDARDIZED]


def test_every_model_is_among_the_cases():
    assert {problem.model.key for problem in STANDARDIZED} == set(losses.MODELS)


@pytest.mark.parametrize("problem", CASES)
def test_parameters_in_data_units_give_the_same_predictions(problem):
    theta = problem.start + np.random.default_rng(0).normal(0.0, 0.3, (3, problem.dim))
    own_units = replace(problem.data, standardize=False)
    raw = losses.DataProblem(own_units, problem.model, problem.loss, standardize=False)
    x = problem.data.inputs
    assert raw.predict(problem.in_data_units(theta), x) == pytest.approx(
        problem.predict(theta, x), rel=1e-9, abs=1e-9
    )


def test_the_optimum_in_data_units_is_that_of_an_independent_solver():
    problem = losses.problem("norris", "line", "mse", standardize=True)
    slope, intercept = problem.in_data_units(losses.certify(problem).optimum)
    expected = sm.OLS(problem.data.y, sm.add_constant(problem.data.inputs)).fit().params
    assert (intercept, slope) == pytest.approx(tuple(expected), rel=1e-9)


def test_without_standardization_parameters_stay():
    problem = losses.problem("norris", "line", "mse")
    theta = np.array([[1.0, 2.0]])
    assert np.array_equal(problem.in_data_units(theta), theta)
    assert problem.in_data_units(theta) is not theta


def test_a_model_that_does_not_tell_its_units_is_refused():
    model = replace(losses.MODELS["power"], in_data_units=None, name="my curve")
    problem = losses.DataProblem(losses.DATASETS["norris"], model, losses.LOSSES["mse"], standardize=True)
    with pytest.raises(ValueError, match="^theta of my curve cannot be told in the units of the data"):
        problem.in_data_units([1.0, 1.0])


@pytest.mark.parametrize("odd", ["no", "yes", "", 0, 1, None, np.array([True])], ids=repr)
def test_only_a_truth_value_says_whether_to_standardize(odd):
    with pytest.raises(TypeError, match="^standardize must be True or False; not "):
        losses.problem("norris", "line", "mse", standardize=odd)
    with pytest.raises(TypeError, match="^standardize must be True or False; not "):
        losses.Dataset("own", [1, 2], [1, 2], "regression", standardize=odd)
    run = losses.descend(losses.problem("norris", "line", "mse"), rate=1e-6, steps=2)
    with pytest.raises(TypeError, match="^from_start must be True or False; not "):
        losses.path_plane(run, from_start=odd)


def test_a_truth_value_of_numpy_is_one():
    assert losses.problem("norris", "line", "mse", standardize=np.True_).scaling is not None


@pytest.mark.parametrize(
    ("entry", "claim"),
    [
        (losses.LOSSES["mse"], "convex"),
        (losses.LOSSES["mse"], "counts_mistakes"),
        (losses.MODELS["line"], "centered"),
        (losses.OPTIMIZERS["gd"], "has_inertia"),
        (losses.SCHEDULES["constant"], "is_constant"),
        (losses.DATASETS["norris"], "made_up"),
        (losses.TEST_FUNCTIONS["bowl"], "smooth"),
    ],
)
def test_a_claim_of_an_entry_is_a_truth_value(entry, claim):
    with pytest.raises(TypeError, match=f"^{claim} must be True or False; not 'no'"):
        replace(entry, **{claim: "no"})
