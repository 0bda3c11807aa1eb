"""Parse columns of dates and of clock times as people write them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from .number_formats import COMMA, POINT, is_missing_number, split_words, visible_text

_TIME: Final = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d(?:[.,]\d+)?))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?)?"
)
_QUARTER: Final = re.compile(r"(?P<year>\d{4})[- ]?[Qq](?P<quarter>[1-4])|[Qq]([1-4])[- /]?(\d{4})")
_CLOCK: Final = re.compile(
    r"(?P<sign>[-−]?)(?P<first>\d{1,3}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d))?(?:[.,](?P<fraction>\d+))?"
    r" ?(?P<half>[AaPp])?(?(half)\.?[Mm]\.?)"
)
"""Hours, minutes and perhaps seconds, or minutes and seconds."""
_MONTHS: Final = {
    name: i
    for i, names in enumerate(
        (
            "jan ene gen", "feb fev", "mar maa mrt", "apr avr abr", "may mai mag mei maj", "jun juin giu",
            "jul juil lug", "aug aou ago", "sep sett sete", "oct okt ott out", "nov", "dec dez dic des",
        ),
        1,
    )
    for name in split_words(names)
}  # fmt: skip
"""How the names of the months begin in western European languages, without accents."""
_MONTH: Final = r"(?P<month>[^\W\d_]{3,10})\.?"
_WEEKDAY: Final = r"(?:[^\W\d_]{2,10}\.?,? )?"
_COMPACT_MONTH: Final = r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])"
_COMPACT: Final = (
    _COMPACT_MONTH + r"(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:T?(?P<hour>[01]\d|2[0-4])(?:(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?)?"
)
# Of the notations that fit a column the first is taken: where both fit, the month is read before the day.
_DATE_PATTERNS: Final = tuple(
    (order, re.compile(pattern))
    for order, pattern in (
        ("ymd", _COMPACT),
        ("ym", _COMPACT_MONTH),
    )
) + tuple(
    (order, re.compile(pattern + _TIME))
    for order, pattern in (
        ("ymd", r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
        ("ymd", r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
        ("ym", r"(?P<year>\d{4})[-/](?P<month>\d{1,2})"),
        ("dmy", _WEEKDAY + r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d\d)"),
        ("mdy", _WEEKDAY + r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<year>\d{4}|\d\d)"),
        ("dmy", _WEEKDAY + r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4}|\d\d)"),
        (
            "dmy",
            _WEEKDAY
            + rf"(?P<day>\d{{1,2}})(?:er|º)?\.?(?:[ -]| de ){_MONTH},?(?:[ -]| de )(?P<year>\d{{4}}|\d\d)",
        ),
        ("mdy", rf"{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"),
        ("my", rf"{_MONTH}(?:[ -]| de )(?P<year>\d{{4}})"),
        ("my", r"(?P<month>[^\W\d_]{3,4})-(?P<year>\d\d)"),
        ("ym", rf"(?P<year>\d{{4}})[ -]{_MONTH}"),
    )
)


def is_clock_time(cell: str) -> bool:
    """Tell whether a cell is a time of day or a duration, such as 12:30."""
    return bool(_CLOCK.fullmatch(visible_text(cell)))


def parse_clock_times(cells: Sequence[str]) -> tuple[float | None, ...] | None:
    """Parse a column of times of day or of durations that are all written alike; None if it is not one.

    0:12:30 and 12:30.0 become seconds, 12:30 sixty times its first number and its second, so minutes or
    seconds. Missing cells give None.
    """
    texts = [None if is_missing_number(cell) else visible_text(cell) for cell in cells]
    matches = [text and _CLOCK.fullmatch(text) for text in texts]
    found = [match for match in matches if match]
    forms = {
        (bool(match["third"]), bool(match["fraction"] and not match["third"]), bool(match["half"]))
        for match in found
    }
    if len(found) < len(texts) - texts.count(None) or len(forms) != 1:
        return None
    return tuple(_clock_value(match) if match else None for match in matches)


def _clock_value(match: re.Match[str]) -> float:
    first, second = int(match["first"]), int(match["second"])
    if match["half"]:
        first = first % 12 + 12 * (match["half"] in "pP")
    value = 60 * first + second
    if match["third"]:
        value = 60 * value + int(match["third"])
    return (-1 if match["sign"] else 1) * (value + float(f"0.{match['fraction'] or 0}"))


@dataclass(frozen=True)
class Dates:
    """A column of dates as days since the first of them."""

    first: date
    days: tuple[float | None, ...]
    may_swap: bool
    """Whether the day can be read before the month, too, which is read first."""


def _quarter_as_month(text: str) -> str:
    """Return ``2020-Q2`` and ``Q2 2020`` as its first month, ``2020-04``; other texts as they are."""
    match = _QUARTER.fullmatch(text)
    if not match:
        return text
    year, quarter = match["year"] or match[4], match["quarter"] or match[3]
    return f"{year}-{3 * int(quarter) - 2:02d}"


def are_compact_dates(cells: Sequence[str]) -> bool:
    """Tell whether cells are dates such as 20240131, 2024013118 or 202401, which are numbers, too."""
    return bool(cells) and (
        all(re.fullmatch(_COMPACT, cell, re.ASCII) for cell in cells)
        or (len(set(cells)) > 2 and all(re.fullmatch(_COMPACT_MONTH, cell, re.ASCII) for cell in cells))
    )


def parse_dates(cells: Sequence[str]) -> Dates | None:
    """Parse a column of dates in one notation; None if it is not one.

    Missing cells give None, and so does one in four that is no date in the notation of the others.
    """
    texts = [None if is_missing_number(cell) else _quarter_as_month(visible_text(cell)) for cell in cells]
    present = [text for text in texts if text is not None]
    fitting = [
        (len(present) - times.count(None), order, times)
        for order, pattern in _DATE_PATTERNS
        if present and (times := _parse_times(present, pattern)) is not None
    ]
    if not fitting:
        return None
    count, _, times = max(fitting, key=lambda each: each[0])
    first = min(filter(None, times)).date()
    origin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    days = iter([None if time is None else (time - origin) / timedelta(days=1) for time in times])
    return Dates(
        first,
        tuple(None if text is None else next(days) for text in texts),
        any(other == count and other_times != times for other, _, other_times in fitting),
    )


def _parse_times(texts: list[str], pattern: re.Pattern[str]) -> list[datetime | None] | None:
    """Return the times of texts; None if more than one in four does not fit the pattern or is no date."""
    times, misfits = list[datetime | None](), 0
    for text in texts:
        match = pattern.fullmatch(text)
        time = _time_of(match.groupdict()) if match else None
        misfits += time is None
        if 4 * misfits > len(texts):
            return None
        times.append(time)
    return times


def _month_number(name: str) -> int:
    """Return the number of a month of which a name or its beginning is given; 0 if it is none."""
    plain = "".join(ch for ch in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(ch))
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3], 0)


def _time_of(parts: dict[str, str | None]) -> datetime | None:
    month = parts["month"] or ""
    number = int(month) if month.isdecimal() else _month_number(month)
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 69 else 1900  # as POSIX strptime reads two digits
    second = float((parts.get("second") or "0").replace(COMMA, POINT))
    try:
        day = datetime(year, number, int(parts.get("day") or 1), tzinfo=_zone(parts.get("zone")))
        hour, half = int(parts.get("hour") or 0), (parts.get("half") or "").lower()[:1]
        if half:
            hour = hour % 12 + 12 * (half == "p")
        time = timedelta(hours=hour, minutes=int(parts.get("minute") or 0), seconds=second)
        return day + time
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text or text in ("Z", "UTC"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
