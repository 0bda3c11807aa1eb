"""Shipped facts equal their libraries' copies."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn import datasets as sk

import losses

D = losses.DATASETS
STORED = json.loads((Path(__file__).parents[1] / "oracles" / "real_datasets.json").read_text())["rows"]
"""Copies of libraries that the tests do not install, with the script that read them."""
REAL = {data.key for data in D.values() if not data.made_up}


@pytest.mark.parametrize("key", STORED)
def test_a_stored_copy(key):
    x, y = np.array(STORED[key]).T
    assert np.array_equal(D[key].x, x)
    assert np.array_equal(D[key].y, y)


def test_every_fact_has_a_copy():
    assert set(STORED) | {"longley", "spector", "iris", "digits", "tumors"} == REAL


def test_longley():
    theirs = sm.datasets.longley.load().data
    assert D["longley"].x == pytest.approx(theirs.drop(columns="TOTEMP").to_numpy(), rel=0)
    assert D["longley"].y == pytest.approx(theirs["TOTEMP"].to_numpy(), rel=0)


def test_spector():
    theirs = sm.datasets.spector.load().data
    assert np.array_equal(D["spector"].x, theirs[["GPA", "TUCE", "PSI"]].to_numpy())
    assert np.array_equal(D["spector"].y, theirs["GRADE"].to_numpy())


def test_iris():
    theirs = sk.load_iris()
    assert np.array_equal(D["iris"].x, theirs.data)
    assert np.array_equal(D["iris"].y, theirs.target)
    assert D["iris"].classes == tuple(theirs.target_names)


def test_digits():
    theirs = sk.load_digits()
    assert np.array_equal(D["digits"].x * 16, theirs.data)
    assert np.array_equal(D["digits"].y, theirs.target)


def test_tumors():
    theirs = sk.load_breast_cancer()
    assert np.array_equal(D["tumors"].x, theirs.data[:, :2])
    assert np.array_equal(D["tumors"].y, 1 - theirs.target)


def test_scaling_is_a_ravine_of_units():
    raw, scaled = (
        losses.certify(losses.problem("scaling", "line", "mse", standardize=s)) for s in (False, True)
    )
    assert 2e4 < raw.condition < 5e4
    assert scaled.condition == pytest.approx(1, rel=1e-9)
