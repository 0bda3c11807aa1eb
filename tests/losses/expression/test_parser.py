"""The limits of formulas: what is just allowed, what is just too much, and where an error is."""

import math

import pytest

from losses.expression.parser import FormulaError, parse_formula

VARIABLES = ("r", "p", "y")
DEEP = {
    "signs": ("-", "r", ""),
    "plus signs": ("+", "r", ""),
    "calls": ("ln(", "r", ")"),
    "sums on the left": ("(", "r", "+1)"),
    "sums on the right": ("(1+", "r", ")"),
    "conditions on the left": ("(", "r", "<1)"),
    "conditions on the right": ("(1<", "r", ")"),
    "powers": ("(", "r", ")^2"),
}


def error_of(text):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text, VARIABLES)
    return caught.value


@pytest.mark.parametrize(("before", "inner", "after"), DEEP.values(), ids=DEEP)
def test_a_formula_may_be_24_deep(before, inner, after):
    assert parse_formula(23 * before + inner + 23 * after, VARIABLES)
    assert "at most 24 deep" in str(error_of(24 * before + inner + 24 * after))


def test_a_formula_may_have_50_parts_and_120_characters():
    assert parse_formula(f"max({','.join('r' * 49)})", VARIABLES)
    error = error_of(f"max({','.join('r' * 50)})")
    assert (error.position, "at most 50 parts" in str(error)) == (103, True)
    assert parse_formula("r".ljust(120), VARIABLES) is parse_formula("r", VARIABLES)
    error = error_of("r".ljust(121))
    assert (error.position, "at most 120 characters" in str(error)) == (121, True)


@pytest.mark.parametrize(
    ("exponent", "value"),
    [
        *(
            ("8", 8.0),
            ("-8", -8.0),
            ("1/2", 0.5),
            ("-(1/2)", -0.5),
            ("8/1", 8.0),
            ("1.5", 1.5),
            ("pi", math.pi),
        ),
        *(("--2", 2.0), ("-(3/2)", -1.5), ("-3/2", -1.5), ("16/2", 8.0)),
    ],
)
def test_exponents_are_numbers_and_fractions_up_to_8(exponent, value):
    assert parse_formula(f"r**({exponent})", VARIABLES).number == value


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("r**8.001", 4, "an exponent is at most 8"),
        ("r**-8.001", 5, "an exponent is at most 8"),
        ("r**(17/2)", 5, "an exponent is at most 8"),
        ("r**(1/0)", 5, "an exponent is at most 8"),
        ("r**(p/2)", 5, "an exponent is a plain number"),
        ("r**(2/p)", 5, "an exponent is a plain number"),
        ("r**(1+1)", 5, "an exponent is a plain number"),
        ("r**True", 4, "this is not a number"),
        ("  1 + r^2 + [r]", 13, "only round brackets are used"),
        ("1 + {r}", 5, "only round brackets are used"),
        ("r²", 2, "a square is written r**2"),
        ("r³", 2, "a cube is written r**3"),
        ("r > 0 & p > 0", 7, "conditions are written where(r > 0, ..., ...)"),
        ("r % 2", 3, "there is no remainder here"),
        ("r + 'p'", 5, "there is no text here"),
        ('r + "p"', 5, "there is no text here"),
        ("r + ?", 5, "'?' means nothing in a formula"),
        ("3pi*r", 2, "a product is written 2*r"),
        ("r + 2.5e3(r)", 10, "a product is written 2*r"),
        ("r^2 + 2^3 + q", 13, "q is unknown; there are r, p, y, pi"),
        ("r^2 + abs", 7, "abs is a function, written abs(...)"),
        ("abs()", 1, "abs takes one argument; not 0"),
        ("max(r)", 1, "max takes 2 arguments; not 1"),
        ("where(r, 1, 2, 3)", 1, "where takes 3 arguments; not 4"),
        ("r + min()", 5, "min takes 2 arguments; not 0"),
        ("r + foo(p)", 5, "the functions are abs, exp,"),
        ("r + (p)(y)", 6, "the functions are abs, exp,"),
        ("r + max(r, p=1)", 5, "max takes plain arguments"),
        ("p + (0 < r < 1)", 6, "only two things are compared at a time"),
        ("p + (r is p)", 6, "only two things are compared at a time"),
        ("r + (p or y)", 6, "only arithmetic, comparisons and functions are understood here"),
        ("r + 1e400", 5, "this number is too large"),
    ],
)
def test_an_error_tells_the_place_and_the_reason(text, position, reason):
    error = error_of(text)
    assert (error.position, reason in str(error)) == (position, True), str(error)


def test_more_than_two_numbers_have_a_largest_and_a_smallest():
    assert parse_formula("max(r, p, y)", VARIABLES) is parse_formula("max(max(r, p), y)", VARIABLES)
    assert parse_formula("min(r, p, y, 1)", VARIABLES) is parse_formula(
        "min(min(min(r, p), y), 1)", VARIABLES
    )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("r−p", "r-p"),
        ("r·p", "r*p"),
        ("2×r", "2*r"),
        ("r÷p", "r/p"),
        ("+r", "r"),
        (" r ", "r"),
        ("1e-3*r", ".001*r"),
    ],
)
def test_signs_of_print_are_understood(text, same):
    assert parse_formula(text, VARIABLES) is parse_formula(same, VARIABLES)
