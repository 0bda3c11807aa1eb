"""Repair links that mail, chat and writing programs changed, where only one reading is possible.

Names, labels, own data and formulas are never touched, as anything can stand in them; see ``Field.is_text``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote

from ..i18n.translation import LANGUAGES
from .points_check import CHECK_KEY
from .url_parameters import FIELDS_BY_KEY
from .value_types import AFTER_WORD, MAX_ENCODINGS

Pairs = tuple[tuple[str, str], ...]

_TRACKERS: Final = re.compile(
    r"(utm|hsa|mtm|pk|piwik|matomo|at|stm|gad|ef|fb|tw|vero|oly|ml|bsft|guce|guc|sca|sc|ns|rb|wt|ck|rdt)_\w+"
    r"|msclkid|wt\.\w+|_\w+|\w*(clid|clickid|campaign|campaignid|tracking|trackid|referrer|sess(ion)?id|kwcid)"
    r"|[gw]braid|mc_[ce]id|igshid|igsh|mkt_tok|ref|ref_src|ref_url|s_cid|li_fat_id|wickedid|spm|cmp|cmpid|trk|si"
    r"|feature|share|share_id|shared?id|source|sourceid|medium|hscta\w+|epik|srsltid|ved|usg|ust|opi|ncid|ranmid"
    r"|awc|zanpid|guccounter|lipi|midtoken|otracker|redirected|usp|authuser|gws_rd|tid|cid|vgo_ee|mibextid|elq\w+"
    r"|xtor|nsukey|isappinstalled|outputtype|cachebuster|nocache|safelinks|sdata|reserved|recruiter|amp|sa|hl",
    re.I,
)
"""Keys that programs add to follow a reader."""
_AMPERSAND: Final = re.compile(r"&(amp;|#0*38;|#x0*26;)+", re.I)
_ENTITY: Final = re.compile(
    r"&#(?:0*(?P<decimal>\d{2,3})|x0*(?P<hex>[0-9a-f]{2}));|(?:\\|%)u00(?P<code>[2-7][0-9a-f])", re.I
)
"""A character as HTML, JSON and JavaScript write it."""
_ENCODED_EQUALS: Final = re.compile(r"%(?:25)*3d|%EF%BC%9D|＝", re.I)
_OTHER_AMPERSAND: Final = re.compile(r"%(?:25)*26(?:amp%(?:25)*3b)*|;(?=[a-z]\w*=)", re.I)
"""What stands between keys where no & does."""
_BRACKET_BEHIND: Final = re.compile(r"&(gt|lt|quot);.*", re.I | re.S)
"""What follows a link in HTML that was escaped once more."""
_QUOTES: Final = " \t\"'`“”„«»‘’<([{*\\"
"""What may stand before a link, a key or a value."""
_TEXT_BEHIND: Final = re.compile(r"""["“”<>#]|\]\(|https?:""")
"""Where the text of a sentence or the rest of an HTML element begins behind a value."""
_SECOND_QUERY: Final = re.compile(r"[?#](?=[\w.-]+=)")
_EQUALS: Final = re.compile(r"=3[dD]")
_ESCAPED: Final = re.compile(r"\\([_*~.,()\[\]-])")


@lru_cache(maxsize=512)
def repaired_pairs(query: str) -> Pairs:
    """Return the keys and texts of a query string, repaired and without trackers."""
    query = query.strip().lstrip("?#&" + _QUOTES)
    for _ in range(MAX_ENCODINGS):
        if "=" in query or not _ENCODED_EQUALS.search(query):
            break
        # All of it was encoded once too often.
        decoded = unquote(query)
        query = decoded if "%" in query and "＝" not in decoded else unicodedata.normalize("NFKC", decoded)
    if "&" not in query and "http" not in query:
        query = _OTHER_AMPERSAND.sub("&", query)
    query = _BRACKET_BEHIND.sub("", query)
    query = _ENTITY.sub(_character, _AMPERSAND.sub("&", query))
    query = _SECOND_QUERY.sub("&", query)
    pairs = tuple(pair for pair in parse_qsl(query, keep_blank_values=True) if not _is_tracker(pair[0]))
    if pairs and all(text[:2] in ("3D", "3d") for _, text in pairs) and _EQUALS.search(query):
        pairs = tuple((key, text[2:]) for key, text in pairs)
    return tuple(_repaired(pairs))


def _character(match: re.Match[str]) -> str:
    code = int(match["decimal"]) if match["decimal"] else int(match["hex"] or match["code"], 16)
    return chr(code)


@lru_cache(maxsize=512)
def is_mangled(query: str) -> bool:
    """Return whether a query string is not one that this page writes, because something changed it."""
    return repaired_pairs(query) != tuple(parse_qsl(query, keep_blank_values=True))


def _is_tracker(key: str) -> bool:
    return key not in FIELDS_BY_KEY and bool(_TRACKERS.fullmatch(key))


def _repaired(pairs: Pairs) -> Iterator[tuple[str, str]]:
    for key, text in pairs:
        name = _repaired_key(key)
        field = FIELDS_BY_KEY.get(name)
        if name == CHECK_KEY:
            yield name, _repaired_word(name, text)
        elif field is None:
            yield key, text
        elif field.is_text or field.is_text_of(text):
            yield name, _without_escapes(text)
        else:
            yield name, _repaired_word(name, text)


def _repaired_key(key: str) -> str:
    """Return the key without marks that cannot be seen, in lower case if only that is a key."""
    visible = "".join(_visible(key)).strip().strip(_QUOTES).removeprefix("amp;")
    return visible if visible in FIELDS_BY_KEY else visible.lower().replace("\\", "")


def _without_escapes(text: str) -> str:
    """Return a text without the backslashes that Markdown editors put before each underscore."""
    underscores = text.count("_")
    return text.replace("\\_", "_") if underscores and text.count("\\_") == underscores else text


def _repaired_word(key: str, text: str) -> str:
    """Return the value of a key that holds a word or numbers; these are ASCII but for digits."""
    text = _ESCAPED.sub(r"\1", "".join(_visible(text)))
    for _ in range(MAX_ENCODINGS):
        text = unquote(text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join("-" if unicodedata.category(ch) == "Pd" or ch == "−" else ch for ch in text)
    text = _TEXT_BEHIND.split(text.strip().lstrip(_QUOTES), maxsplit=1)[0]
    while text and (text[-1] in AFTER_WORD or not (text[-1].isascii() or text[-1].isdecimal())):
        text = text[:-1]
    if (
        key == "lang"
        and text not in LANGUAGES
        and (language := re.split("[-_]", text)[0].lower()) in LANGUAGES
    ):
        return language
    return text.lower()


def _visible(text: str) -> Iterable[str]:
    return (ch for ch in text if unicodedata.category(ch) not in ("Cf", "Cc"))
