"""Turn the bytes of a file into the text of a table: any encoding of text, or a sheet of a workbook."""

import codecs
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from losses.core.messages import message

from ...common import limits
from ..custom_dataset import TableError
from .number_formats import with_clear_point
from .open_document import CONTENT, OpenDocument
from .workbook import Workbook
from .xml_archive import DAMAGES, XmlArchive

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks with the encodings that they tell."""
_LATIN: Final = ("cp1252", "cp1250", "cp1254", "cp1257", "mac_roman", "cp850")
"""Encodings of European languages, in which letters beyond ASCII stand alone among others."""
_OTHER_SCRIPTS: Final = (
    "cp1251", "cp1253", "cp1255", "cp1256", "cp874", "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5",
    "koi8_r",
)  # fmt: skip
"""Encodings of other scripts, in which bytes beyond ASCII follow each other."""
_WESTERN: Final = ("cp1252", "iso8859_15", "mac_roman", "cp850", "cp1250")
"""Encodings of western and central Europe, of Windows, Unix, Macintosh and DOS; the first if more fit."""
_RUN: Final = re.compile(rb"[\x80-\xff]{3}")
_NOT_WESTERN: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SYMBOLS: Final = "°¹²³µ€£§±×·–—…‰½¼¾ªº¿¡®©™•†´\u00a0“”„«»‘’"
"""Characters beyond ASCII that files have besides letters; between letters stands ’ alone."""
_MAX_EMPTY_ROWS: Final = 100
"""Empty rows of a sheet after which it ends."""
_PROBED_BYTES: Final = 20_000
"""Bytes by which western encodings are told apart."""
_MIN_DETECTABLE: Final = 20
"""Bytes beyond ASCII from which on letters tell European encodings apart."""


@dataclass(frozen=True)
class DecodedFile:
    """The text of a file; of a workbook the names of its sheets and the number of the one that is shown.

    ``notes`` are sentences on what a person sees in the workbook and not in the text, or the other way round.
    """

    text: str
    sheets: tuple[str, ...] = ()
    sheet: int = 0
    notes: tuple[str, ...] = ()


def decode_file(content: bytes, sheet: int | None = None) -> DecodedFile:
    """Decode a file. Raises TableError with a sentence for the user if it is neither text nor a workbook.

    ``sheet`` is the number of the sheet of a workbook, from 0; None takes the first that holds anything.
    """
    if len(content) > limits.MAX_PASTE_BYTES:
        raise TableError(message("That is more than 1 MB."))
    if content.startswith((_ZIP, _OLE)):
        return _decode_workbook(content, sheet)
    return DecodedFile(_decode_text(content))


def _decode_text(content: bytes) -> str:
    """Decode text: by its byte order mark, as UTF-8 if it is valid, else by its letters."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if encoding := _unmarked_utf16(content):
        return content.decode(encoding, "replace")
    text = content.decode("utf-8", "replace")
    if wrong := text.count("\ufffd"):
        is_utf8 = sum(ch > "\x7f" for ch in text) >= 3 * wrong  # with some wrong bytes
        text = text if is_utf8 else _decode_legacy(content)
    text = _decoded_once_more(text).rstrip("\x00")
    if text.startswith(("%PDF", "{\\rtf")) or any(
        ch < " " and not ch.isspace() and ch not in "\x1a\x1b" for ch in text[:2000]
    ):
        raise TableError(message("This file is neither text nor a workbook (.xlsx, .ods)."))
    return text


def _unmarked_utf16(content: bytes) -> str:
    """Return the encoding of text in UTF-16 without a mark: every other byte of ASCII is 0."""
    head = content[:400]
    if len(head) >= 4 and len(content) % 2 == 0:
        if head[1::2].count(0) > 0.3 * len(head[1::2]) and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > 0.3 * len(head[::2]) and not head[1::2].count(0):
            return "utf-16-be"
    return ""


def _decoded_once_more(text: str) -> str:
    """Return a text that was encoded in UTF-8 twice, such as ``GrÃ¶ÃŸe``, as it was; others as they are."""
    try:
        return text if text.isascii() else text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _decode_legacy(content: bytes) -> str:
    """Decode text that is not Unicode; with few letters beyond ASCII it is taken as Western European."""
    from charset_normalizer import from_bytes  # as below: the first answer needs neither

    probed = content[:_PROBED_BYTES]
    counts = {encoding: _plausible_letters(probed.decode(encoding, "replace")) for encoding in _WESTERN}
    western = max(counts, key=counts.__getitem__)
    is_certain = counts[western] == sum(byte > 127 for byte in probed)
    is_other_script = _RUN.search(content) or (_NOT_WESTERN.search(content) and not is_certain)
    if is_other_script or (not is_certain and sum(byte > 127 for byte in content) >= _MIN_DETECTABLE):
        best = from_bytes(content, cp_isolation=list(_OTHER_SCRIPTS if is_other_script else _LATIN)).best()
        if best:
            return str(best)
    return content.decode(western, "replace")


def _plausible_letters(text: str) -> int:
    """Return how many characters beyond ASCII stand where they can: no capital letter is among small ones."""
    count = 0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        ch, before, after = (
            match[0],
            text[match.start() - 1 : match.start()],
            text[match.end() : match.end() + 1],
        )
        is_inside = before.isalpha() and after.isalpha()
        if ch.isalpha() and ch not in "ªºµ":
            count += ch.islower() or not (before.islower() or (is_inside and after.islower()))
        else:
            count += ch in _SYMBOLS and is_inside == (ch == "’")
    return count


def _decode_workbook(content: bytes, chosen: int | None) -> DecodedFile:
    """Return a sheet as tab-separated text. Formulas have their values, dates are written as ISO 8601.

    Rows are read one after the other and only so many, as a small file can name a cell far away.
    """
    if content.startswith(_OLE):
        raise TableError(message("This is a workbook of an old kind. Save it as .xlsx, .ods or CSV."))
    try:
        archive = XmlArchive(content)
        workbook = OpenDocument(archive) if CONTENT in archive else Workbook(archive)
        sheets = tuple(workbook.sheets)
        number = chosen if chosen is not None and 0 <= chosen < len(sheets) else workbook.shown
        text, notes = _sheet_text(workbook, sheets[number])
        others = iter(range(len(sheets)))
        while chosen is None and not text and (other := next(others, None)) is not None:
            text, notes = _sheet_text(workbook, sheets[number := other])
        return DecodedFile(text, sheets, number, notes)
    except TableError:
        raise
    except DAMAGES:
        raise TableError(message("This workbook cannot be read. Save the sheet as CSV.")) from None


def _sheet_text(workbook: Workbook | OpenDocument, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the rows of a sheet that hold anything, separated by tabs, and notes on them."""
    lines, notes, last, hidden, used = list[str](), list[str](), 0, False, set[int]()
    for row in workbook.rows(name):
        width = max(row.values, default=-1) + 1
        line = "\t".join(_cell_text(row.values.get(column)) for column in range(width)).rstrip("\t")
        if not line:
            continue
        if last and row.number - last > _MAX_EMPTY_ROWS:
            notes.append(message("What is below row {row} of the sheet is not read.", row=last))
            break
        lines.append(line)
        last, hidden = row.number, hidden or row.is_hidden
        used.update(row.values)
    columns = sorted(used)
    ends = (
        (bisect_left(columns, each.start), bisect_left(columns, each.stop))
        for each in workbook.hidden_columns
    )
    if hidden or any(start < stop for start, stop in ends):
        notes.append(message("Hidden rows and columns of the sheet are read, too."))
    if workbook.lacks_results:
        notes.append(
            message(
                "Formulas without a saved result are empty. Open the workbook in a spreadsheet and save it."
            )
        )
    return "\n".join(lines), tuple(notes)


def _duration_text(value: timedelta) -> str:
    """Write a duration as spreadsheets show it, 26:00:30; as days from a thousand hours on."""
    minutes, seconds = divmod(abs(value), timedelta(minutes=1))
    if minutes >= 60_000:
        return f"{value / timedelta(days=1)!r} d"
    text = f"{'-' if value < timedelta() else ''}{minutes // 60}:{minutes % 60:02d}:{seconds.seconds:02d}"
    return f"{text}.{seconds.microseconds:06d}" if seconds.microseconds else text


def _cell_text(value: object) -> str:
    """Write a cell of a workbook as text; line breaks and tabs in it become blanks."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        is_whole = value.is_integer() and abs(value) < 2**53
        return str(int(value)) if is_whole else with_clear_point(repr(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration_text(value)
    return " ".join(str(value).split()).replace('"', "'")
