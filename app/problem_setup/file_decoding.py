"""Turn the bytes of a file into the text of a table: any encoding of text, or a sheet of a workbook."""

import codecs
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from losses.core.messages import message

from ..common import limits
from .custom_dataset import TableError

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
_LEGACY: Final = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5", "koi8_r", "mac_roman", "cp437", "cp850",
)  # fmt: skip
"""Encodings of files that are not Unicode."""
_WESTERN: Final = "cp1252"
_MIN_DETECTABLE: Final = 20
"""Bytes above 127 below which an encoding cannot be told from its letters."""


@dataclass(frozen=True)
class DecodedFile:
    """The text of a file; of a workbook the names of its sheets and the number of the one that is shown."""

    text: str
    sheets: tuple[str, ...] = ()
    sheet: int = 0


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
    """Decode text: by its byte order mark, as UTF-8 if it is valid, else by the letters that it would have."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if encoding := _unmarked_utf16(content):
        return content.decode(encoding, "replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_legacy(content)
    if any(ch < " " and not ch.isspace() and ch not in "\x1a\x1b" for ch in text[:2000]):
        raise TableError(message("This is not a table: it is neither text nor a workbook (.xlsx, .xls, .ods)."))
    return text


def _unmarked_utf16(content: bytes) -> str:
    """Return the encoding of text in UTF-16 without a mark: every other byte of Latin letters is 0."""
    head = content[:400]
    if len(head) >= 4 and len(content) % 2 == 0:
        if head[1::2].count(0) > 0.8 * len(head[1::2]) and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > 0.8 * len(head[::2]) and not head[1::2].count(0):
            return "utf-16-be"
    return ""


def _decode_legacy(content: bytes) -> str:
    """Decode text that is not Unicode; with few letters beyond ASCII it is taken as Western European."""
    if sum(byte > 127 for byte in content) >= _MIN_DETECTABLE and (
        best := from_bytes(content, cp_isolation=list(_LEGACY)).best()
    ):
        return str(best)
    try:
        return content.decode(_WESTERN)
    except UnicodeDecodeError:
        best = from_bytes(content).best()
        return str(best) if best else content.decode("latin-1")


def _decode_workbook(content: bytes, sheet: int | None) -> DecodedFile:
    """Return a sheet as tab-separated text. Formulas have their values, dates are written as ISO 8601."""
    _check_unpacked_size(content)
    unreadable = TableError(message("This workbook cannot be read. Save the sheet as CSV."))
    try:
        with load_workbook(io.BytesIO(content)) as workbook:
            sheets = tuple(workbook.sheet_names)
            if not sheets:
                raise unreadable
            return _decode_sheet(workbook, sheets, sheet)
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile):
        raise unreadable from None


def _check_unpacked_size(content: bytes) -> None:
    """Raise TableError for an archive that is no workbook, or would be too large when it is unpacked."""
    if not content.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise TableError(message("This file is damaged.")) from None
    if size > limits.MAX_UNPACKED_BYTES:
        raise TableError(message("This workbook is too large. Save the sheet as CSV."))


def _decode_sheet(workbook: CalamineWorkbook, sheets: tuple[str, ...], chosen: int | None) -> DecodedFile:
    candidates = range(len(sheets)) if chosen is None or not 0 <= chosen < len(sheets) else (chosen,)
    text, number = "", candidates[0]
    for number in candidates:
        sheet = workbook.get_sheet_by_index(number)
        if sheet.total_height * sheet.total_width > limits.MAX_SHEET_CELLS:
            raise TableError(message("This workbook is too large. Save the sheet as CSV."))
        text = "\n".join("\t".join(map(_cell_text, row)) for row in sheet.to_python())
        if text.strip():
            break
    return DecodedFile(text, sheets, number)


def _cell_text(value: object) -> str:
    """Write a cell of a workbook as text; line breaks and tabs in it become blanks."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return repr(value / timedelta(days=1))
    return " ".join(str(value).split()).replace('"', "'")
