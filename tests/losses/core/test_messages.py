import copy
import json
import pickle
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import losses
from losses.core.messages import (
    FormattedNumber,
    Message,
    capitalized,
    format_number,
    joined,
    lowercased,
    message,
    with_subscripts,
)

TEXTS = st.text(st.characters(exclude_characters="{}"))


@given(TEXTS, TEXTS, st.floats())
def test_what_is_said_is_the_english_text(before, after, value):
    said = message(before + "{n}" + after, n=format_number(value))
    assert said == f"{before}{format_number(value)}{after}"
    assert (said.template, said.values) == (before + "{n}" + after, {"n": format_number(value)})
    assert json.loads(json.dumps(said)) == said
    for again in (pickle.loads(pickle.dumps(said)), copy.deepcopy(said)):
        assert (again, again.template, again.values) == (said, said.template, said.values)


@given(st.lists(TEXTS), TEXTS)
def test_rows_and_beginnings_are_what_strings_make_of_them(texts, text):
    assert joined(", ", iter(texts)) == ", ".join(texts)
    assert joined(", ", iter(texts)).parts == tuple(texts)
    assert capitalized(text) == text[:1].upper() + text[1:]
    assert lowercased(text) == text[:1].lower() + text[1:]


def test_a_text_without_values_may_have_braces():
    assert message("loss %{z:.3g}") == "loss %{z:.3g}"


def test_numbers_know_that_they_are():
    assert all(type(format_number(value)) is FormattedNumber for value in (0, 1.5, -2e-9, 843023.0))
    assert type(format_number(float("inf"))) is Message


def test_saying_costs_little():
    """A run says a thousand sentences an answer."""
    value = format_number(1.5)
    said = min(timeit.repeat(lambda: message("loss {a}, best {b}", a=value, b=value), number=2000, repeat=5))
    plain = min(timeit.repeat(lambda: f"loss {1.5:.3g}, best {2.5:.3g}", number=2000, repeat=5))
    assert said < 8 * plain


@pytest.mark.parametrize(
    ("name", "read"), [("w", "w"), ("w1", "w₁"), ("b12", "b₁₂"), ("w0.37", "w₀\u202f₃₇")]
)
def test_a_name_with_numbers_does_not_read_as_one(name, read):
    assert with_subscripts(name) == read


def test_many_weights_are_named_by_both_their_numbers():
    assert losses.problem(data="iris", model="softmax", loss="cce").labels[0] == "w₀\u202f₁"
    assert losses.problem(data="moons", model="mlp", loss="bce").labels[1] == "w₁\u202f₂"
