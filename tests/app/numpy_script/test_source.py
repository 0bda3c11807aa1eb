"""Python source as text: variables are found, replaced and dropped by the syntax tree."""

import pytest

from app.numpy_script.source import count_uses, drop_unused, inline_score, replace_variable


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["r = z - y", "return r"], ["r = X @ theta - y", "return r"]),
        (["r = z - y", "return -z"], ["return -(X @ theta)"]),
        (["return np.mean(np.exp(z))"], ["return np.mean(np.exp(X @ theta))"]),
        (["return z**2"], ["return (X @ theta)**2"]),
        (["r = z - y", "return z * r"], ["z = X @ theta", "r = z - y", "return z * r"]),
        (["return np.mean(y)"], ["return np.mean(y)"]),
    ],
)
def test_the_score_is_inlined_only_where_it_is_used_once(lines, expected):
    assert inline_score("X @ theta", *lines) == expected


def test_assignments_that_only_unused_assignments_use_are_dropped_too():
    lines = ["a = y", "b = a", "c = 2", "return c"]
    assert drop_unused(lines) == ["c = 2", "return c"]


def test_attributes_and_parts_of_names_are_no_uses_of_a_variable():
    assert count_uses("z", ["p = z + zz", "return q.z * z"]) == 2


def test_a_variable_is_replaced_in_every_line_of_a_block():
    lines = ["while g @ g > 1:", "    g = g / 2"]
    assert replace_variable("g", "step", lines) == ["while step @ step > 1:", "    step = step / 2"]
