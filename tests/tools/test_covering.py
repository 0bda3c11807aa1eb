"""The cases that ``make test`` runs have every value, and with ``of=2`` every pair of values."""

from itertools import combinations, product

import pytest

from tests.support.covering import covering

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
