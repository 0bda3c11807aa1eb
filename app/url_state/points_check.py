"""A check of the data in a link, so that a link which was cut does not open other data without a word."""

import zlib
from typing import Final

from losses.core.messages import message, plural

from ..problem_setup import custom_dataset

CHECK_KEY: Final = "rows"
"""Key of the check in links: the number of rows and a checksum of the points."""
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

    Of points that were cut so that they are no dataset, the rows before the cut are shown.
    """
    if points is None:
        return None, message("This link was cut: its data are missing. Ask for the link again.")
    if points_check(points) == check:
        return points, ""
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
