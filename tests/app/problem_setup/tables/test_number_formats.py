"""Numbers and dates as people write them."""

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.problem_setup.tables import number_formats
from app.problem_setup.tables.dates import parse_dates
from app.problem_setup.tables.number_formats import COMMA, POINT, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("–5", -5), ("\u20115", -5), ("−5", -5), ("(1234)", -1234), ("12-", -12), ("+5", 5), ("- 5", -5),
        ("-$12", -12), ("$-12", -12), ("($987.65)", -987.65), ("($12.00)", -12), ("CHF 1'200", 1200),
        ("R$ 12", 12), ("¥500", 500), ("5 kr", 5), ("₹1,23,456", 123456), ("5 zł", 5), ("US$ 3", 3),
        ("12 kg", 12), ("12kg", 12), ("5%", 5), ("-3.5 °C", -3.5), ("12 m²", 12), ("5 m/s", 5), ("7V", 7),
        ("1.2×10^3", 1200), ("1.9×10⁴", 19000), ("2·10^-3", 0.002), ("1.2D+03", 1200), ("10^3", 1000),
        ("1 200", 1200), ("1\u2009200", 1200), ("1\u202f200", 1200), ("1’200", 1200),
        ("1'234'567.5", 1234567.5),
        ('="1"', 1), ("\u200e5", 5), ("５．５", 5.5), ("٣٫٥", 3.5), ("१२", 12), ("3504.", 3504), (".5", 0.5),
        ("1,234,567", 1234567), ("1,234.5", 1234.5),
    ],
)  # fmt: skip
def test_a_number_is_read(text, value):
    number = parse_number(text)
    assert number is not None
    assert number.value(POINT) == value


@pytest.mark.parametrize(
    "text",
    ["A+", "A", "<=50K", "+", "-", "", "5a", "9b", "1/2", "12:30", "2024-01-01", "1.2.3", "..", "1,2,3", "(5",
     "5)", "--5", "$", "kg", "1e", "0x10", "1st place today!", "5-6", "3 apples of 4"],
)  # fmt: skip
def test_other_texts_are_no_numbers(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("0,125", 0.125), ("1,5", 1.5), ("1.234,5", 1234.5), ("-,5", -0.5)]
)
def test_a_comma_that_can_only_be_decimal_is_decimal(text, value):
    number = parse_number(text)
    assert (number.value(POINT), number.is_open) == (value, False)


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"), [("1,234", 1234, 1.234), ("1.234", 1.234, 1234)]
)
def test_three_digits_leave_it_open(text, with_point, with_comma):
    number = parse_number(text)
    assert number.is_open
    assert (number.value(POINT), number.value(COMMA)) == (with_point, with_comma)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_of_python_is_read_as_itself(value):
    assert parse_number(repr(value)).value(POINT) == value


@pytest.mark.parametrize(
    ("cells", "first", "days"),
    [
        (["2024-01-01", "2024-01-03"], date(2024, 1, 1), (0, 2)),
        (["2024-01-01T12:00:00Z", "2024-01-01"], date(2024, 1, 1), (0.5, 0)),
        (["1960-01", "1960-02"], date(1960, 1, 1), (0, 31)),
        (["13.2.2020", "1.2.2020"], date(2020, 2, 1), (12, 0)),
        (["3/14/20", "3/15/20"], date(2020, 3, 14), (0, 1)),
        (["14/3/2020", "NA"], date(2020, 3, 14), (0, None)),
        (["Jan 2020", "Mar 2020"], date(2020, 1, 1), (0, 60)),
        (["1 May 2020", "2 May 2020"], date(2020, 5, 1), (0, 1)),
        (["March 1, 2020", "March 2, 2020"], date(2020, 3, 1), (0, 1)),
    ],
)
def test_dates_are_days(cells, first, days):
    dates = parse_dates(cells)
    assert (dates.first, dates.days) == (first, days)


def test_a_date_that_can_be_read_in_two_orders_says_so():
    assert parse_dates(["3/4/2020", "5/6/2020"]).may_swap
    assert not parse_dates(["3/4/2020", "5/16/2020"]).may_swap
    assert parse_dates(["2020-02-30"]) is None


def test_plain_numbers_are_read_as_any_number(monkeypatch):
    letters = random.Random(1)
    cells = ["".join(letters.choices("019.-+,", k=letters.randrange(1, 8))) for _ in range(5000)]
    fast = [number_formats._parse(cell) for cell in cells]
    monkeypatch.setattr(number_formats, "_ONE_READING", re.compile("(?!)"))
    assert fast == [number_formats._parse(cell) for cell in cells]
    assert sum(number is not None and not number.is_open for number in fast) > 1000
