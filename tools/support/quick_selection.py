"""The tests that the option ``--quick`` runs."""

from collections import defaultdict
from collections.abc import Iterable

import pytest

QUICK_CASES = 2
"""Cases of a parametrized test that ``--quick`` keeps; ``make test`` runs all."""


def quick_items(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the items that are not marked slow, and of each parametrized test a few evenly spread cases."""
    by_test: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if not item.get_closest_marker("slow"):
            by_test[item.nodeid.partition("[")[0]].append(item)
    return [item for cases in by_test.values() for item in cases[:: -(-len(cases) // QUICK_CASES)]]
