"""Links and comparisons for the tests of both previews: of a learning rate and of a start."""

import pytest

from app.problem_setup.registry import SUBJECTS

QUERIES = [
    "?k=7",
    "?data=spam&vs=mse&k=60",
    "?data=moons&opt=adam&k=20",
    "?data=ravine&opt=momentum&view=shares",
]
QUERIES += [f"?data={key}&k=5" for key in SUBJECTS]
"""Each dataset and benchmark function, and states with a comparison, a memory or another detail view."""


def assert_near(actual, expected):
    """Assert that two JSON values are equal up to rounding: a batch of runs sums in another order."""
    if isinstance(actual, dict):
        assert actual.keys() == expected.keys()
        for key, value in actual.items():
            assert_near(value, expected[key])
    elif isinstance(actual, list):
        for value, expected_value in zip(actual, expected, strict=True):
            assert_near(value, expected_value)
    elif isinstance(actual, float):
        assert actual == pytest.approx(expected, rel=1e-9)
    else:
        assert actual == expected
