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


def assert_near(one, other):
    """Assert that two JSON values are equal up to rounding: a batch of runs sums in another order."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key, value in one.items():
            assert_near(value, other[key])
    elif isinstance(one, list):
        for value, there in zip(one, other, strict=True):
            assert_near(value, there)
    else:
        assert one == pytest.approx(other, rel=1e-9) if isinstance(one, float) else one == other
