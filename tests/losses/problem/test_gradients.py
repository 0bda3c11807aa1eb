"""Every pairing of a model with a loss against automatic differentiation, stored with its script."""

import json
from pathlib import Path

import numpy as np
import pytest

import losses
from tests.support.problem_cases import PAIRINGS

ROWS = json.loads((Path(__file__).parents[1] / "oracles" / "gradients.json").read_text())["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row["problem"]))
def test_gradient_is_the_automatic_one(row):
    p = losses.problem(*row["problem"], standardize=True)
    if row["problem"][2] != "zero_one":
        assert p.value(row["at"]) == pytest.approx(row["value"], rel=1e-9)
    theirs = np.array(row["gradient"])
    assert np.abs(p.gradient(row["at"]) - theirs).max() <= 1e-9 * np.abs(theirs).max()


def test_every_pairing_is_there():
    small = [list(keys) for keys in PAIRINGS if losses.problem(*keys).dim <= 100]
    assert [row["problem"] for row in ROWS[::2]] == small, "run oracles/make_gradients.py"


LARGE = json.loads((Path(__file__).parents[1] / "oracles" / "large.json").read_text())


def sine(dim, turn):
    """The points of ``oracles/make_large.py``."""
    return np.round(0.4 * np.sin(turn * np.arange(1.0, dim + 1.0)), 3)


def entries(dim, count):
    return [round(i * (dim - 1) / (count - 1)) for i in range(count)]


@pytest.mark.parametrize(
    "row", LARGE["gradients"], ids=lambda row: f"{'-'.join(row['problem'])}-{row['turn']}"
)
def test_a_gradient_of_hundreds_of_parameters_is_the_automatic_one(row):
    p = losses.problem(*row["problem"])
    at = sine(p.dim, row["turn"])
    value, gradient = p.value_and_gradient(at)
    assert value == pytest.approx(row["value"], rel=1e-9)
    assert np.linalg.norm(gradient) == pytest.approx(row["size"], rel=1e-9)
    some = gradient[entries(p.dim, len(row["entries"]))]
    assert np.abs(some - row["entries"]).max() <= 1e-9 * np.abs(gradient).max()


@pytest.mark.parametrize(
    "row", LARGE["paths"], ids=lambda row: f"{'-'.join(row['problem'])}-{row['optimizer']}"
)
def test_a_path_through_hundreds_of_parameters_is_pytorchs(row):
    p, steps = losses.problem(*row["problem"]), len(row["losses"])
    run = losses.descend(p, row["optimizer"], start=sine(p.dim, 1.0), rate=row["rate"], steps=steps)
    assert run.loss[:-1] == pytest.approx(row["losses"], rel=1e-9)
    end = run.theta[-1, entries(p.dim, len(row["end"]))]
    assert np.abs(end - row["end"]).max() <= 1e-10 * np.abs(run.theta[-1]).max()


def test_every_pairing_is_stored_small_or_large():
    assert {tuple(row["problem"]) for row in (*ROWS, *LARGE["gradients"])} >= set(PAIRINGS)
