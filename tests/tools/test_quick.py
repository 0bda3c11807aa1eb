"""The option ``--quick``: every test keeps a few of its cases, except those that are marked slow."""

from types import SimpleNamespace

from tools.support.quick_selection import QUICK_CASES, quick_items


def item(nodeid, slow=False):
    return SimpleNamespace(nodeid=nodeid, get_closest_marker=lambda name: slow or None)


def test_a_test_keeps_its_first_cases_evenly_spread_and_slow_tests_go():
    items = [item(f"a.py::test_many[{i}]") for i in range(100)] + [item("a.py::test_one")]
    kept = [x.nodeid for x in quick_items([*items, item("a.py::test_slow", slow=True)])]
    assert kept == [f"a.py::test_many[{i}]" for i in (0, 50)] + ["a.py::test_one"]
    assert len(quick_items(items[:QUICK_CASES])) == QUICK_CASES
