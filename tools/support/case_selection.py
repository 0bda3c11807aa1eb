"""Which cases of tests ``make quick`` and ``make test`` run; ``make thorough`` runs the others."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pytest

QUICK_CASES = 2
"""Cases of a parametrized test that ``--quick`` keeps."""


def quick_items(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return of each test a few evenly spread cases, of those that are marked neither slow nor thorough."""
    by_test: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if not any(map(item.get_closest_marker, ("slow", "thorough"))):
            by_test[item.nodeid.partition("[")[0]].append(item)
    return [item for cases in by_test.values() for item in cases[:: -(-len(cases) // QUICK_CASES)]]


def covering(cases: Iterable[Iterable[Any]], *, of: int = 1) -> list[Any]:
    """Return cases ``(value, ...)`` as parameters; those marked thorough are not needed to cover the values.

    The others have every value of every argument, and with ``of=2`` every pair of values of two arguments.
    Values are equal if their ``repr`` is. Each case chosen has most of those that are still missing.
    """
    cases = [tuple(case) for case in cases]
    parts = [set(combinations(enumerate(map(repr, case)), of)) for case in cases]
    missing = set().union(*parts)
    kept = set()
    while missing:
        best = max(range(len(cases)), key=lambda i: len(parts[i] & missing))
        kept.add(best)
        missing -= parts[best]
    return [
        pytest.param(*case, marks=() if i in kept else pytest.mark.thorough) for i, case in enumerate(cases)
    ]
