"""Three-valued claims: equality, Kleene's logic, and the refusal to take unknown for no."""

import copy
import itertools
import pickle

import numpy as np
import pytest

from losses.core.ternary import NO, UNKNOWN, YES, Ternary, UnknownClaim

RANK = {NO: 0, UNKNOWN: 1, YES: 2}
"""Kleene's order: ``&`` is the smaller, ``|`` the larger of two claims."""


@pytest.mark.parametrize(("claim", "value"), [(YES, True), (NO, False)])
def test_a_known_claim_equals_its_bool(claim, value):
    assert claim == value
    assert claim != (not value)
    assert claim == np.bool_(value)
    assert claim != int(value)
    assert bool(claim) is value
    assert {claim: 1}[value] == 1


def test_unknown_equals_neither_and_has_no_truth_value():
    assert UNKNOWN not in (True, False, None, YES, NO)
    assert not UNKNOWN.is_known
    assert UNKNOWN.value is None
    with pytest.raises(UnknownClaim):
        bool(UNKNOWN)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(RANK, repeat=2)))
def test_operators_are_those_of_kleene(a, b):
    assert (a & b) is min(a, b, key=RANK.get)
    assert (a | b) is max(a, b, key=RANK.get)
    if b.is_known:
        assert (a & b.value) is (a & b)
        assert (b.value | a) is (a | b)


@pytest.mark.parametrize(("claim", "complement"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_the_complement_is_no_trap_as_that_of_a_bool_is(claim, complement):
    assert ~claim is complement


@pytest.mark.parametrize("claim", RANK)
def test_copies_are_the_same_instance(claim):
    assert pickle.loads(pickle.dumps(claim)) is claim
    assert copy.deepcopy(claim) is claim
    assert Ternary(claim) is claim


@pytest.mark.parametrize("value", [0, 1, "yes", 1.0, ()])
def test_a_claim_is_not_made_of_other_values(value):
    with pytest.raises(TypeError):
        Ternary(value)
