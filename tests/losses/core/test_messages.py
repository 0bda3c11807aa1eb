"""Translatable messages and formatted numbers."""

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
    plural,
    with_subscripts,
)

TEXTS = st.text(st.characters(exclude_characters="{}"))


@given(TEXTS, TEXTS, st.floats())
def test_message_is_its_english_text_and_survives_serialization(before, after, value):
    text = message(before + "{n}" + after, n=format_number(value))
    assert text == f"{before}{format_number(value)}{after}"
    assert (text.template, text.values) == (before + "{n}" + after, {"n": format_number(value)})
    assert json.loads(json.dumps(text)) == text
    for restored in (pickle.loads(pickle.dumps(text)), copy.deepcopy(text)):
        assert (restored, restored.template, restored.values) == (text, text.template, text.values)


@given(st.integers(0, 3), TEXTS)
def test_plural_keeps_both_templates_and_its_number(n, name):
    text = plural("{n} step of {name}", "{n} steps of {name}", n=n, name=name)
    assert text == (f"1 step of {name}" if n == 1 else f"{n} steps of {name}")
    for restored in (text, pickle.loads(pickle.dumps(text)), copy.deepcopy(text)):
        assert restored == text
        assert (restored.templates, restored.n) == (("{n} step of {name}", "{n} steps of {name}"), n)
        assert restored.values == {"n": n, "name": name}


@given(st.lists(TEXTS), TEXTS)
def test_joined_and_recased_texts_equal_those_of_str_methods(texts, text):
    assert joined(", ", iter(texts)) == ", ".join(texts)
    assert joined(", ", iter(texts)).parts == tuple(texts)
    assert capitalized(text) == text[:1].upper() + text[1:]
    assert lowercased(text) == text[:1].lower() + text[1:]


def test_message_without_values_may_contain_braces():
    assert message("loss %{z:.3g}") == "loss %{z:.3g}"


def test_format_number_returns_a_formatted_number_or_a_message_for_infinity():
    assert all(type(format_number(value)) is FormattedNumber for value in (0, 1.5, -2e-9, 843023.0))
    assert type(format_number(float("inf"))) is Message


def test_message_is_at_most_8_times_slower_than_an_f_string():
    """One response may contain a thousand messages."""
    value = format_number(1.5)
    message_time = min(
        timeit.repeat(lambda: message("loss {a}, best {b}", a=value, b=value), number=2000, repeat=5)
    )
    f_string_time = min(timeit.repeat(lambda: f"loss {1.5:.3g}, best {2.5:.3g}", number=2000, repeat=5))
    assert message_time < 8 * f_string_time


@pytest.mark.parametrize(
    ("name", "expected"), [("w", "w"), ("w1", "w₁"), ("b12", "b₁₂"), ("w0.37", "w₀\u202f₃₇")]
)
def test_digits_of_a_name_become_subscripts(name, expected):
    assert with_subscripts(name) == expected


def test_labels_of_weights_have_both_numbers_as_subscripts():
    assert losses.problem(data="iris", model="softmax", loss="cce").labels[0] == "w₀\u202f₁"
    assert losses.problem(data="moons", model="mlp", loss="bce").labels[1] == "w₁\u202f₂"
