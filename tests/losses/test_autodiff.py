"""Every pairing of a model with a loss against automatic differentiation, stored with its script."""

import json
from pathlib import Path

import numpy as np
import pytest

import losses
from tests.losses.cases import PAIRINGS

ROWS = json.loads((Path(__file__).parent / "oracles" / "gradients.json").read_text())["rows"]


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
