"""``--quick`` keeps a few cases of every test; ``covering`` keeps every value, with ``of=2`` every pair."""

from itertools import combinations, product
from types import SimpleNamespace

import pytest

from tools.support.case_selection import QUICK_CASES, covering, quick_items

CASES = list(product("abcd", "xyz", (1, 2)))


def kept(cases):
    return [case.values for case in cases if not case.marks]


@pytest.mark.parametrize("of", [1, 2])
def test_every_value_or_pair_is_kept_by_few_cases(of):
    def parts(cases):
        return {part for case in cases for part in combinations(enumerate(case), of)}

    chosen = covering(CASES, of=of)
    assert [case.values for case in chosen] == CASES, "no case is lost, and their order is the same"
    assert parts(kept(chosen)) == parts(CASES)
    assert len(kept(chosen)) == (4 if of == 1 else 12)


def test_a_value_that_occurs_once_is_kept():
    assert ("e", "x", 1) in kept(covering([*CASES, ("e", "x", 1)]))


def item(nodeid, slow=False):
    return SimpleNamespace(nodeid=nodeid, get_closest_marker=lambda name: slow or None)


def test_a_test_keeps_its_first_cases_evenly_spread_and_slow_tests_go():
    items = [item(f"a.py::test_many[{i}]") for i in range(100)] + [item("a.py::test_one")]
    kept = [x.nodeid for x in quick_items([*items, item("a.py::test_slow", slow=True)])]
    assert kept == [f"a.py::test_many[{i}]" for i in (0, 50)] + ["a.py::test_one"]
    assert len(quick_items(items[:QUICK_CASES])) == QUICK_CASES
