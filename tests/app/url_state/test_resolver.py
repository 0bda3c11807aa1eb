"""The resolver of a link's fields: its order, what replaces invalid values, and the sentences about them."""

import pytest

from app.url_state.resolver import FieldResolver, default_value
from app.url_state.url_parameters import FIELDS_BY_KEY

RATE = FIELDS_BY_KEY["rate"]


def resolved(texts, key, previous=None):
    """Return the value of a key and the sentences about invalid values by key."""
    resolver = FieldResolver(texts, previous)
    value = resolver[key]
    return value, {name: str(sentence) for name, sentence in resolver.errors.items()}


def test_a_valid_text_is_parsed_and_a_missing_one_is_the_default():
    assert resolved({"rate": "0.25"}, "rate") == (0.25, {})
    assert resolved({}, "loss") == ("mse", {})
    assert resolved({"data": "spam"}, "loss") == ("bce", {})


def test_a_value_is_resolved_once_and_kept():
    resolver = FieldResolver({"rate": "0.25"})
    assert resolver["rate"] == 0.25
    resolver.texts = {"rate": "0.5"}
    assert resolver["rate"] == 0.25


@pytest.mark.parametrize(
    ("previous", "used"), [(None, 0.08), ({"rate": "0.3"}, 0.3), ({"rate": "x"}, 0.08), ({"k": "1"}, 0.08)]
)
def test_an_invalid_text_takes_the_previous_value_if_that_is_valid(previous, used):
    sentence = f"This link asked for rate=abc. Using {used} instead. That is not a number."
    assert resolved({"rate": "abc"}, "rate", previous) == (used, {"rate": sentence})


def test_the_nearest_valid_value_is_taken_before_the_previous_one():
    value, errors = resolved({"steps": "99999"}, "steps", {"steps": "30"})
    assert value == 1000
    assert errors["steps"].startswith("This link asked for steps=99999. Using 1000 instead. It is a whole")


def test_zero_is_named_as_the_value_in_use_and_nothing_is_not():
    _, errors = resolved({"k": "-3"}, "k")
    assert "Using 0 instead." in errors["k"]
    for key in ("s", "vs"):
        value, errors = resolved({key: "nope"}, key)
        assert value == ""
        assert errors[key].startswith(f"This link asked for {key}=nope. ")
        assert "Using" not in errors[key]


def test_a_lesson_sets_what_the_link_does_not():
    assert resolved({"s": "pace"}, "rate") == (0.8, {})
    assert resolved({"s": "pace", "rate": "0.1"}, "rate") == (0.1, {})
    assert resolved({"s": "pace", "rate": "abc"}, "rate")[0] == 0.8
    assert resolved({"s": "pace"}, "opt") == ("gd", {})


def test_a_lesson_does_not_set_itself():
    assert default_value(FIELDS_BY_KEY["s"], FieldResolver({"s": "pace"})) == ""


def test_a_value_of_the_lesson_that_does_not_suit_the_link_is_left_out_silently():
    value, errors = resolved({"s": "units", "data": "spam"}, "vs")
    assert (value, errors) == ("", {})
    assert default_value(RATE, FieldResolver({"s": "walk"})) == default_value(
        RATE, FieldResolver({"data": "icecream"})
    )
