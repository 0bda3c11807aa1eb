"""Codes of classes, and the budget for those who guess."""

import pytest

from app.classroom.codes import ALPHABET, GuessBudget, clean_code, code_of, digest

KEYS = [f"{n:032x}" for n in range(400)]


def test_a_code_has_six_letters_without_vowels_and_look_alikes():
    assert len(ALPHABET) == len(set(ALPHABET)) == 20
    assert not set(ALPHABET) & set("AEIOUY01OIL8B") - {"B", "L"}
    assert {len(code_of(key)) for key in KEYS} == {6}
    assert set("".join(map(code_of, KEYS))) == set(ALPHABET), "every letter is used"


def test_a_key_always_has_the_same_code_and_keys_have_different_ones():
    assert code_of(KEYS[7]) == code_of(KEYS[7])
    assert len({code_of(key) for key in KEYS}) == len(KEYS)


def test_neither_code_nor_digest_contains_the_key():
    key = "0123456789abcdef" * 2
    assert len(digest(key)) == 32
    assert digest(key) != key
    assert not {key[i : i + 6].upper() for i in range(26)} & {code_of(digest(key))}


@pytest.mark.parametrize("text", ["GMRXQV", "gmr xqv", " GMR XQV ", "gmr-xqv", "Gmr\u00a0xqv"])
def test_a_code_may_be_typed_in_any_way(text):
    assert clean_code(text) == "GMRXQV"


@pytest.mark.parametrize("text", ["", "GMRXQ", "GMRXQVV", "GMRXQA", "../../", "GMRXQ1", "ÄÖÜÄÖÜ"])
def test_what_cannot_be_a_code_is_none(text):
    assert clean_code(text) == ""


def test_guesses_are_limited_and_the_budget_fills_again():
    now = [0.0]
    budget = GuessBudget(most=200, per_second=20, clock=lambda: now[0])
    assert sum(budget.take() for _ in range(10_000)) == 200
    now[0] = 1.0
    assert sum(budget.take() for _ in range(10_000)) == 20
    now[0] = 1e6
    assert sum(budget.take() for _ in range(10_000)) == 200
