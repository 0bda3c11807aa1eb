"""The real datasets equal the copies in other libraries."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn import datasets as sk

import losses

DATASETS = losses.DATASETS
STORED = json.loads((Path(__file__).parents[1] / "oracles" / "real_datasets.json").read_text())["rows"]
"""Copies from libraries that the tests do not install, stored by ``oracles/make_real_datasets.py``."""
REAL = {data.key for data in DATASETS.values() if not data.made_up}


@pytest.mark.parametrize("key", STORED)
def test_dataset_equals_the_stored_copy(key):
    x, y = np.array(STORED[key]).T
    assert np.array_equal(DATASETS[key].x, x)
    assert np.array_equal(DATASETS[key].y, y)


def test_every_real_dataset_is_compared_with_a_copy():
    assert set(STORED) | {"longley", "spector", "iris", "digits", "tumors"} == REAL


def test_longley_equals_statsmodels():
    expected = sm.datasets.longley.load().data
    assert DATASETS["longley"].x == pytest.approx(expected.drop(columns="TOTEMP").to_numpy(), rel=0)
    assert DATASETS["longley"].y == pytest.approx(expected["TOTEMP"].to_numpy(), rel=0)


def test_spector_equals_statsmodels():
    expected = sm.datasets.spector.load().data
    assert np.array_equal(DATASETS["spector"].x, expected[["GPA", "TUCE", "PSI"]].to_numpy())
    assert np.array_equal(DATASETS["spector"].y, expected["GRADE"].to_numpy())


def test_iris_equals_scikit_learn():
    expected = sk.load_iris()
    assert np.array_equal(DATASETS["iris"].x, expected.data)
    assert np.array_equal(DATASETS["iris"].y, expected.target)
    assert DATASETS["iris"].classes == tuple(expected.target_names)


def test_digits_equal_scikit_learn():
    expected = sk.load_digits()
    assert np.array_equal(DATASETS["digits"].x * 16, expected.data)
    assert np.array_equal(DATASETS["digits"].y, expected.target)


def test_tumors_equal_scikit_learn():
    expected = sk.load_breast_cancer()
    assert np.array_equal(DATASETS["tumors"].x, expected.data[:, :2])
    assert np.array_equal(DATASETS["tumors"].y, 1 - expected.target)


def test_scaling_data_are_badly_conditioned_unless_standardized():
    raw, standardized = (
        losses.certify(losses.problem("scaling", "line", "mse", standardize=standardize))
        for standardize in (False, True)
    )
    assert 2e4 < raw.condition < 5e4
    assert standardized.condition == pytest.approx(1, rel=1e-9)
