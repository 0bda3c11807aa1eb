"""A check of the data in a link, so that a link which was cut does not open other data without a word."""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from losses.core.messages import message, plural

from ..problem_setup import custom_dataset
from .value_types import AFTER_WORD, MAX_ENCODINGS

CHECK_KEY: Final = "rows"
"""Key of the check in links: the number of rows and a checksum of the points."""
_MAX_CHARACTERS_BEHIND: Final = 80
"""Characters of a sentence or of HTML that may have got behind the points."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def points_check(points: str) -> str:
    """Return the check of points: their number of rows and the CRC-32 of their text to base 36."""
    rest, checksum = zlib.crc32(points.encode()), ""
    while rest:
        rest, digit = divmod(rest, 36)
        checksum = _DIGITS[digit] + checksum
    return f"{_row_count(points)}.{checksum or '0'}"


def _row_count(points: str) -> int:
    return max(points.count(custom_dataset.ROW_SEPARATOR) - 1, 0)


def check_points(points: str | None, check: str) -> tuple[str | None, str]:
    """Return the points that can be shown of those that have arrived, and a sentence if they are not as sent.

    Points that were only encoded or that got a text behind them are repaired, which the check proves. Of
    points that were cut so that they are no dataset, the rows before the cut are shown.
    """
    if points is None:
        return None, message("This link was cut: its data are missing. Ask for the link again.")
    for repaired in _repairs(points):
        for end in range(len(repaired), max(len(repaired) - _MAX_CHARACTERS_BEHIND, 0), -1):
            if points_check(repaired[:end]) == check:
                return repaired[:end], ""
    expected, arrived = check.partition(".")[0], _row_count(points)
    notice = message("This link was cut or changed: its data may be wrong. Ask for the link again.")
    if expected.isdecimal() and arrived < int(expected):
        notice = plural(
            "This link was cut: {count} of {n} row has arrived. Ask for the link again.",
            "This link was cut: {count} of {n} rows have arrived. Ask for the link again.",
            n=int(expected),
            count=arrived,
        )
    return _readable_part(points), notice


def repaired_points(points: str) -> str:
    """Return points that came without a check, repaired if they are a dataset only then."""
    for repaired in _repairs(points):
        for candidate in (repaired, repaired.rstrip(AFTER_WORD)):
            try:
                custom_dataset.parse_dataset(candidate)
            except custom_dataset.TableError:
                continue
            return candidate
    return points


def _repairs(points: str) -> Iterator[str]:
    """Yield points as they are, decoded again, composed, and without what cannot be seen."""
    text = points
    for _ in range(MAX_ENCODINGS + 1):
        yield text
        yield unicodedata.normalize("NFC", text)
        yield re.sub(
            r"^[\s\"'“”„«]+|(?<=[_,])\s+|\s+(?=[_,])|\\(?=[\W_])|[\u00ad\u200b\u200e\u200f\u2060\ufeff]",
            "",
            text,
        )
        if text == (text := unquote(text)):
            return


def _readable_part(points: str) -> str:
    """Return the points, or those without the last row if only these are a dataset."""
    without_last = points.rpartition(custom_dataset.ROW_SEPARATOR)[0]
    for part in (points, without_last):
        try:
            custom_dataset.parse_dataset(part)
        except custom_dataset.TableError:
            continue
        return part
    return points
