"""Gradients of every pair of a model and a loss against PyTorch's, which ``tests/losses/oracles`` holds."""

import json
from pathlib import Path

import numpy as np
import pytest

import losses
from tests.support.problem_cases import pairings

STORED = json.loads((Path(__file__).parents[1] / "oracles" / "gradients.json").read_text())
ROWS = STORED["rows"]
PAIRINGS = list(pairings(**STORED["made_for"]))
"""The pairs of the entries for which the gradients were stored.

Later entries are compared with difference quotients, which needs no PyTorch (``tests/losses``).
"""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row["problem"]))
def test_gradient_equals_automatic_differentiation(row):
    p = losses.problem(*row["problem"], standardize=True)
    if row["problem"][2] != "zero_one":
        assert p.value(row["at"]) == pytest.approx(row["value"], rel=1e-9)
    expected = np.array(row["gradient"])
    assert np.abs(p.gradient(row["at"]) - expected).max() <= 1e-9 * np.abs(expected).max()


def test_every_small_pairing_has_a_stored_gradient():
    small = [list(keys) for keys in PAIRINGS if losses.problem(*keys).dim <= 100]
    assert [row["problem"] for row in ROWS[::2]] == small, "run oracles/make_gradients.py"


LARGE = json.loads((Path(__file__).parents[1] / "oracles" / "large.json").read_text())


def sine(dim, turn):
    """Return the points that ``oracles/make_large.py`` uses, ``(dim,)``."""
    return np.round(0.4 * np.sin(turn * np.arange(1.0, dim + 1.0)), 3)


def entries(dim, count):
    """Return the indices of the entries of a gradient that are stored."""
    return [round(i * (dim - 1) / (count - 1)) for i in range(count)]


@pytest.mark.parametrize(
    "row", LARGE["gradients"], ids=lambda row: f"{'-'.join(row['problem'])}-{row['turn']}"
)
def test_large_gradient_equals_automatic_differentiation(row):
    p = losses.problem(*row["problem"])
    value, gradient = p.value_and_gradient(sine(p.dim, row["turn"]))
    assert value == pytest.approx(row["value"], rel=1e-9)
    assert np.linalg.norm(gradient) == pytest.approx(row["size"], rel=1e-9)
    stored = gradient[entries(p.dim, len(row["entries"]))]
    assert np.abs(stored - row["entries"]).max() <= 1e-9 * np.abs(gradient).max()


@pytest.mark.parametrize(
    "row", LARGE["paths"], ids=lambda row: f"{'-'.join(row['problem'])}-{row['optimizer']}"
)
def test_large_trajectory_equals_pytorchs(row):
    p, steps = losses.problem(*row["problem"]), len(row["losses"])
    run = losses.descend(p, row["optimizer"], start=sine(p.dim, 1.0), rate=row["rate"], steps=steps)
    assert run.loss[:-1] == pytest.approx(row["losses"], rel=1e-9)
    end = run.theta[-1, entries(p.dim, len(row["end"]))]
    assert np.abs(end - row["end"]).max() <= 1e-10 * np.abs(run.theta[-1]).max()


def test_every_pairing_is_stored():
    assert {tuple(row["problem"]) for row in (*ROWS, *LARGE["gradients"])} >= set(PAIRINGS)
