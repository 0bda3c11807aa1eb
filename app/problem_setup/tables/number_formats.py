"""Parse numbers as people write them: with units, separated thousands, any minus, any digits."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

POINT: Final = "."
COMMA: Final = ","


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


MISSING_NUMBERS: Final = frozenset(
    (
        "",
        *split_words("na n/a n.a. #n/a <na> nan null none nil ? - -- --- . .. ... *"),
        *split_words(r"n.d. n.d n/d s/d s.d. n.v. k.a. … : \n missing unknown unbekannt inconnu desconocido"),
        *(
            "k. a.",
            "n. d.",
            "n. v.",
            "keine angabe",
            "no data",
            "not available",
            "sin datos",
            "non disponible",
            "n. a.",
            "no value",
            "not reported",
            "not applicable",
            "-nan(ind)",
        ),
        *split_words(
            "(null) <null> [null] (blank) (leer) (vide) (empty) nodata n.b. nc tbd fehlt manquant falta"
        ),
        *split_words("-nan 1.#qnan 1.#ind -1.#ind"),
    )
)
"""Cells of a column of numbers that say that there is no number, in lower case."""
MISSING_LABELS: Final = frozenset(
    ("", *split_words("NA N/A n/a <NA> NaN nan null NULL ? (null) <null> [null] (blank) (leer) (vide)"))
)
"""Cells of a column of labels that say that there is no label."""
_SHEET_ERROR: Final = re.compile(r"#[¡¿]?[^\W\d_][\w/]*[!?]|#(N/[A-Z]|Н/Д|NV)!?|#{3,}|Err:\d{3}")
"""What a spreadsheet shows where a formula fails, in the words of its language: ``#DIV/0!``, ``#WERT!``."""

_BELOW_LIMIT: Final = re.compile(r"[<≤⩽]\s?\d+([.,]\d+)?")
_REPEATED_SIGN: Final = re.compile(r"([-*./?])\1+")
"""A sign that fills a cell without a value: ``***``."""

_CACHED_CHARACTERS: Final = 64
"""Length of a cell up to which its number is remembered: a cell may be as long as a file."""
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT_POWER: Final = re.compile(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_MINUS_SIGNS: Final = "\u2212\u02d7\u207b\u2796"
_APOSTROPHES: Final = "'\u2019\u2018\u02bc\u00b4`\u066c"
_CURRENCY_NAMES: Final = split_words(
    "CHF EUR USD GBP JPY CNY RMB INR SEK NOK DKK ISK PLN CZK HUF RON BGN TRY RUB UAH BRL MXN CLP COP ARS ZAR "
    "AUD CAD NZD HKD SGD KRW THB IDR MYR PHP VND ILS SFr. SFr Fr. Fr kr. kr Kr zł Kč Ft lei лв руб. руб р. "
    "Rs. Rs TL R"
)
_LETTERS_BEFORE_DOLLAR: Final = "(?:US|AU|CA|NZ|HK|NT|MX|[ACRS])?"
_CURRENCY: Final = (
    rf"{_LETTERS_BEFORE_DOLLAR}\$|[£€¥₹₽₩₺₪₫₴₦₱฿₡₲₵₸₾¢円元원]"
    rf"|(?:{'|'.join(map(re.escape, _CURRENCY_NAMES))})(?![^\W\d])"
)
_EXPONENT: Final = r"[eEdD][+-]?\d+|\ ?[x×·⋅*]\ ?10\ ?\^?\ ?\(?[+-]?\d+\)?"
_NUMBER: Final = re.compile(
    rf"""(?:(?P<money>{_CURRENCY})\ ?(?=\())?(?P<open>\()?\ ?
    (?P<sign>[+-])?\ ?(?P<currency>{_CURRENCY})?\ ?(?P<inner_sign>[+-])?\ ?
    (?P<digits>[\d.,][\d.,' ]*)(?P<exponent>{_EXPONENT})?
    (?:/[-=]|(?<=[.,])--?|(?P<trailing_minus>-)(?![^\W\d_]))?\ ?(?P<close>\))?\ ?
    (?P<unit>[^\d\s.,'()+-][^\d]*[23]?)?(?P<late_close>\))?""",
    re.VERBOSE,
)
_ONE_READING: Final = re.compile(r"[+-]?(?:\d+|\d*(?P<decimals>\.(?:\d{1,2}|\d{4,})))", re.ASCII)
"""Digits without a unit whose point, if there is one, cannot separate thousands."""
_BEGINNING: Final = re.compile(rf"(?:{_CURRENCY})? ?[^\w\s]{{0,2}}\d")
_POWER_OF_TEN: Final = re.compile(r"(?P<sign>[+-]?)10\^\(?(?P<exponent>[+-]?\d+)\)?")
_UNCERTAINTY: Final = re.compile(r" ?(±|\+/-|\+-) ?[\d.,]+ ?(?=\D*$)")
"""What follows a measured number: ±0.1."""
_MARK: Final = re.compile(
    r"(?:(?<=[\d%‰]) ?(?:[*†‡§#+]{1,3}|\[[^\[\]]{1,20}\]|\([^()]{1,40}\))"
    r"|(?:(?<=[.,]\d)|(?<=[.,]\d\d)) ?[¹²³])$"
)
"""What may follow a number and does not belong to it: signs of notes, and what stands in brackets."""
_FRACTION: Final = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d*) ?(?P<fraction>[¼½¾⅐-⅞])")
_PLAIN: Final = {
    mark: re.compile(rf"\d+{re.escape(mark)}?|\d*{re.escape(mark)}\d+") for mark in (POINT, COMMA)
}
_GROUPED: Final = {
    POINT: re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?|[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?"),  # also Indian groups
    COMMA: re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?"),
}
_SPACED: Final = {
    mark: re.compile(rf"\d{{1,3}}([ ']\d{{3}})+({re.escape(mark)}\d*)?") for mark in (POINT, COMMA)
}
_POWERS: Final = {
    word: power
    for power, words in (
        (3, "k tsd thousand tausend"),
        (5, "lakh lakhs lac"),
        (6, "mio mln million millions millionen millones"),
        (7, "Cr cr crore crores"),
        (9, "mrd bn billion billions milliard milliarde milliarden milliards"),
    )
    for word in split_words(words)
}
"""Powers of ten behind a number; kelvins are K, and no unit is k alone."""
_POWERS_OF_MONEY: Final = {"K": 3, "M": 6, "m": 6, "B": 9, "b": 9}
"""Powers of ten behind an amount of money, besides the others."""
_POWER: Final = re.compile(rf"(?P<word>[^\W\d_]+)\.? ?(?P<currency>{_CURRENCY})?")
_SYMBOL_UNITS: Final = frozenset("%‰°")
_SHORT_UNITS: Final = frozenset(split_words("m g s h d l L t V A W K C F N J T Ω"))
"""Units of one letter that may follow a digit without a blank; others would be labels such as 5a."""


@dataclass(frozen=True)
class Number:
    """The readings of a cell: its value with a decimal point and with a decimal comma, and its unit.

    A reading is None where the cell is no number that way. ``mark`` is what follows the number and is not
    read. ``is_rewritten`` tells of a sign or a power of ten that may have meant something else: 3- and 1.2k.
    """

    with_point: float | None
    with_comma: float | None
    unit: str = ""
    mark: str = ""
    is_rewritten: bool = False

    def value(self, mark: str) -> float | None:
        """Return the reading with the decimal mark, or the only one that there is."""
        readings = (self.with_point, self.with_comma) if mark == POINT else (self.with_comma, self.with_point)
        return readings[0] if readings[0] is not None else readings[1]

    @property
    def is_open(self) -> bool:
        """Whether the two readings differ: 1,234 is 1234 or 1.234."""
        return None not in (self.with_point, self.with_comma) and self.with_point != self.with_comma


def visible_text(cell: str) -> str:
    """Return a text without marks that cannot be seen, with blanks of any width as one blank.

    Letters stay what they are: joiners that change how letters of some scripts are written are kept.
    """
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    kept = (
        ch
        for ch in cell
        if ch in "\u200c\u200d" or unicodedata.category(ch) not in ("Cf", "Cc") or ch.isspace()
    )
    return " ".join("".join(kept).split())


def parse_number(cell: str) -> Number | None:
    """Parse a number in any usual notation; None if it is none.

    Known are digits of every script, typographic minus signs, ``(12)`` and ``12-`` for −12, currencies and
    units, thousands separated by commas, points, blanks or apostrophes, ``1.2×10^3``, ``1.2D+03``, ``="1"``,
    ``1½``, ``12.–`` and ``12/-`` for an amount without cents, ``1.2k`` and ``$1.2K`` for 1200, and signs of
    notes behind a number.
    """
    return _parse_short(cell) if len(cell) <= _CACHED_CHARACTERS else _parse(cell)


def _parse(cell: str) -> Number | None:
    text = without_uncertainty(_ascii_notation(cell))
    if plain := _ONE_READING.fullmatch(text):  # most cells are written so, and it is much faster
        value = _to_float(text)
        return None if value is None else Number(value, None if plain["decimals"] else value)
    if power := _POWER_OF_TEN.fullmatch(text):
        value = _to_float(f"{power['sign']}1e{power['exponent']}")
        return None if value is None else Number(value, value)
    if part := _FRACTION.fullmatch(text):
        value = float(part["whole"] or 0) + unicodedata.numeric(part["fraction"])
        value = -value if part["sign"] == "-" else value
        return Number(value, value)
    mark = found[0].strip() if (found := _MARK.search(text)) else ""
    text = text[: found.start()] if found else text
    match = _NUMBER.fullmatch(text)
    if not match or not any(ch.isdigit() for ch in match["digits"]):
        return None
    signs = [match[name] for name in ("sign", "inner_sign", "trailing_minus") if match[name]]
    in_brackets = bool(match["open"])
    if in_brackets != bool(match["close"] or match["late_close"]) or len(signs) + in_brackets > 1:
        return None
    unit = " ".join((match["unit"] or "").split())
    currency = match["money"] or match["currency"] or ""
    thousands, after = _power_of_ten(unit, currency) if unit and not match["exponent"] else (0, "")
    if unit and re.search(r"[.,]$", match["digits"]) and text.endswith(match["digits"] + match["unit"]):
        return None  # 1,a and 2.b
    if unit and not thousands and (currency or not _may_be_unit(unit, text)):
        return None
    prefix = "-" if in_brackets or "-" in signs else ""
    exponent = (
        re.sub(r"^[dD]|^ ?[x×·⋅*] ?10 ?\^? ?", "e", match["exponent"] or "").strip("()").replace("(", "")
    )
    if thousands:
        unit, exponent = after, f"e{thousands}"
    with_point, with_comma = (
        _reading(match["digits"].strip(), mark, prefix, exponent) for mark in (POINT, COMMA)
    )
    if with_point is None and with_comma is None:
        return None
    is_rewritten = bool(thousands or in_brackets or match["trailing_minus"])
    return Number(with_point, with_comma, unit or currency, mark, is_rewritten)


def _power_of_ten(unit: str, currency: str) -> tuple[int, str]:
    """Return the power of ten that a unit stands for, 0 if for none, and the currency behind it."""
    match = _POWER.fullmatch(unit)
    if not match or (currency and match["currency"]):
        return 0, ""
    word, after = match["word"], match["currency"] or ""
    power = _POWERS.get(word) or (_POWERS.get(word.lower(), 0) if len(word) > 2 else 0)
    return power or (_POWERS_OF_MONEY.get(word, 0) if currency or after else 0), after


def without_uncertainty(text: str) -> str:
    """Return a number without the uncertainty behind it: 5.0 ± 0.1 as 5.0."""
    return _UNCERTAINTY.sub(" ", text).strip() if "±" in text or "+" in text[1:] else text


_parse_short = lru_cache(maxsize=32_768)(_parse)


def _ascii_notation(cell: str) -> str:
    """Return a cell with ASCII digits, minus signs, blanks and apostrophes, without invisible marks."""
    text = visible_text(cell)
    if re.fullmatch(r'=".*"', text):  # how spreadsheets keep a number as a text
        text = text[2:-1].strip()
    elif text.startswith("'"):  # the same, or quoted
        text = text.strip("' ")
    if text.isascii():
        return text
    text = _SUPERSCRIPT_POWER.sub(lambda match: "^" + match[0].translate(_SUPERSCRIPTS), text)
    return "".join(map(_ascii_character, text))


@lru_cache(maxsize=4096)
def _ascii_character(ch: str) -> str:
    if ch.isascii():
        return ch
    digit = unicodedata.decimal(ch, None)
    if digit is not None:
        return str(digit)
    if ch in _APOSTROPHES:
        return "'"
    if ch in _MINUS_SIGNS or unicodedata.category(ch) == "Pd":
        return "-"
    if ch == "\u066b":  # the Arabic decimal separator
        return "."
    is_wide = "\uff00" <= ch <= "\uffef" or "\u3300" <= ch <= "\u33ff" or ch in "℃℉"  # also ㎏
    return unicodedata.normalize("NFKC", ch) if is_wide else ch


def _may_be_unit(unit: str, text: str) -> bool:
    """Tell whether what follows a number is a unit: a word after a blank, a symbol, a currency, or known."""
    if len(unit) > 12:
        return False
    if unit[0] in _SYMBOL_UNITS or re.fullmatch(_CURRENCY, unit):
        return True
    follows_blank = text.removesuffix(")").removesuffix(unit).endswith(" ")
    is_word = bool(re.match(r"[^\W\d_]|µ|μ|Ω", unit))
    return is_word and (follows_blank or len(unit) > 1 or unit in _SHORT_UNITS)


def _reading(digits: str, mark: str, prefix: str, exponent: str) -> float | None:
    """Return the value of digits with separators if ``mark`` is decimal, or None."""
    if _SPACED[mark].fullmatch(digits):
        digits = digits.replace(" ", "").replace("'", "")
    if _GROUPED[mark].fullmatch(digits) and not (exponent and re.fullmatch(r"\d[.,]\d{3}", digits)):
        digits = digits.replace(COMMA if mark == POINT else POINT, "")
    elif not _PLAIN[mark].fullmatch(digits):
        return None
    return _to_float(prefix + digits.replace(mark, POINT) + exponent)


def _to_float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) != float("inf") else None


def with_clear_point(number: str) -> str:
    """Return a decimal number so that its point cannot separate thousands: 1.250 as 1.2500."""
    return number + "0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", number) else number


def is_missing_number(cell: str) -> bool:
    """Tell whether a cell of a column of numbers says that there is no number."""
    return _is_missing_short(cell) if len(cell) <= _CACHED_CHARACTERS else _is_missing(cell)


def _is_missing(cell: str) -> bool:
    text = _ascii_notation(cell)
    return (
        text.lower() in MISSING_NUMBERS
        or bool(_REPEATED_SIGN.fullmatch(text))
        or _is_sheet_error(text)
        or is_below_limit(cell)
    )


_is_missing_short = lru_cache(maxsize=32_768)(_is_missing)


def is_below_limit(cell: str) -> bool:
    """Tell whether a cell says that a number is below what was measured: <0.05."""
    return bool(_BELOW_LIMIT.fullmatch(cell))


def is_missing_label(cell: str) -> bool:
    """Tell whether a cell of a column of labels says that there is no label."""
    return cell in MISSING_LABELS or _is_sheet_error(cell)


def _is_sheet_error(text: str) -> bool:
    is_upper = text[:1] == "#" and text == text.upper()
    return (is_upper or text[:4] == "Err:") and bool(_SHEET_ERROR.fullmatch(text))


def decimal_mark(numbers: Iterable[Number]) -> str:
    """Return the decimal mark that numbers prove; empty if they prove none, or both."""
    proved = {
        POINT if number.with_comma is None else COMMA
        for number in numbers
        if (number.with_comma is None) != (number.with_point is None)
    }
    return proved.pop() if len(proved) == 1 else ""


def begins_like_number(cell: str) -> bool:
    """Tell whether a cell begins as a number does: with a digit, at most behind a currency and signs."""
    return bool(_BEGINNING.match(cell))
