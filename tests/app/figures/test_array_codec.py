"""Arrays as they are sent: the fixture that the browser's decoder reads, and how precise its numbers are."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.figures.array_codec import encode_array
from app.figures.probability_grid import LogisticGrid
from losses.model.mlp import ACTIVATIONS
from tests.support.array_decoding import decode_array
from tests.support.sent import sent

FIXTURE = Path(__file__).parents[2] / "fixtures" / "arrays.json"


@pytest.mark.parametrize("case", json.loads(FIXTURE.read_text()), ids=lambda case: case["encoded"]["kind"])
def test_the_fixture_decodes_to_its_values(case):
    with np.errstate(over="ignore"):
        decoded = np.asarray(decode_array(case["encoded"]), float).ravel()
    expected = np.array([np.nan if value is None else value for value in case["values"]], float)
    finite = np.where(np.isfinite(decoded), decoded, np.nan)
    assert finite == pytest.approx(expected, rel=2**-15, abs=1e-38, nan_ok=True)


@pytest.mark.parametrize("seed", range(3))
def test_sent_arrays_have_the_precision_of_a_screen(seed):
    rng = np.random.default_rng(seed)
    grids = [
        LogisticGrid(np.round(rng.normal(0, 9, (4, 5, 3))), (9, 7), 255.0, np.ones((4, 6)), key)
        for key in ACTIVATIONS
    ]
    tables = [
        rng.normal(size=(5, 7)) * 10.0 ** rng.integers(-30, 30, (5, 7)),
        np.where(rng.random((6, 5)) < 0.3, np.nan, -1950.25),
        rng.integers(0, 256, (9, 6)).astype(np.uint8),
        LogisticGrid(rng.normal(0, 9, (7, 1, 2)), (61,), 1.0),
        *grids,
    ]
    with np.errstate(over="ignore"):
        for table in tables:
            values = np.asarray(decode_array(sent(encode_array(table))), float)
            assert values.ravel() == pytest.approx(
                np.asarray(table, float).ravel(), rel=2**-15, abs=1e-30, nan_ok=True
            )
