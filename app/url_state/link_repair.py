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
from .url_parameters import FIELDS_BY_KEY
from .value_types import AFTER_WORD

Pairs = tuple[tuple[str, str], ...]

_TRACKERS: Final = re.compile(
    r"(utm|hsa|mtm|pk|piwik|matomo|at|stm)_\w+|\w*clid|[gw]braid|mc_[ce]id|igshid|igsh|mkt_tok|vero_id|_hs\w+"
    r"|_g[al]|ref|ref_src|ref_url|s_cid|li_fat_id|oly_\w+|wickedid|spm|cmpid|trk|si|feature|share_id|source",
    re.I,
)
"""Keys that programs add to follow a reader."""
_AMPERSAND: Final = re.compile(r"&(amp;|#38;|#x26;)+", re.I)
_SECOND_QUERY: Final = re.compile(r"[?#](?=[\w.-]+=)")
_EQUALS: Final = re.compile(r"=3[dD]")
_ESCAPED: Final = re.compile(r"\\([_*~.,()\[\]-])")


@lru_cache(maxsize=512)
def repaired_pairs(query: str) -> Pairs:
    """Return the keys and texts of a query string, repaired and without trackers."""
    query = query.strip().lstrip("?#&")
    if "=" not in query and re.search(r"%3d", query, re.I):
        query = unquote(query)  # the whole query was encoded once too often
    query = _SECOND_QUERY.sub("&", _AMPERSAND.sub("&", query))
    pairs = tuple(pair for pair in parse_qsl(query, keep_blank_values=True) if not _is_tracker(pair[0]))
    if pairs and all(text[:2] in ("3D", "3d") for _, text in pairs) and _EQUALS.search(query):
        pairs = tuple((key, text[2:]) for key, text in pairs)
    return tuple(_repaired(pairs))


@lru_cache(maxsize=512)
def is_mangled(query: str) -> bool:
    """Return whether a query string is not one that this page writes, because something changed it."""
    return repaired_pairs(query) != tuple(parse_qsl(query, keep_blank_values=True))


def _is_tracker(key: str) -> bool:
    return key not in FIELDS_BY_KEY and bool(_TRACKERS.fullmatch(key))


def _repaired(pairs: Pairs) -> Iterator[tuple[str, str]]:
    for i, (key, text) in enumerate(pairs):
        name = _repaired_key(key)
        field = FIELDS_BY_KEY.get(name)
        if field is None:
            yield key, text
        elif field.is_text or field.is_text_of(text):
            yield name, _without_escapes(text)
        else:
            yield name, _repaired_word(name, text, is_last=i == len(pairs) - 1)


def _repaired_key(key: str) -> str:
    """Return the key without marks that cannot be seen, in lower case if only that is a key."""
    visible = "".join(_visible(key)).strip().removeprefix("amp;")
    return visible if visible in FIELDS_BY_KEY else visible.lower().replace("\\", "")


def _without_escapes(text: str) -> str:
    """Return a text without the backslashes that Markdown editors put before each underscore."""
    underscores = text.count("_")
    return text.replace("\\_", "_") if underscores and text.count("\\_") == underscores else text


def _repaired_word(key: str, text: str, is_last: bool) -> str:
    """Return the value of a key that holds a word or numbers."""
    text = _ESCAPED.sub(r"\1", "".join(_visible(text)))
    if re.search(r"%[0-9A-Fa-f]{2}", text):
        text = unquote(text)
    text = "".join("-" if unicodedata.category(ch) == "Pd" or ch == "−" else ch for ch in text)
    text = text.rstrip(AFTER_WORD) if is_last else text.strip().strip("\"'`“”")
    if (
        key == "lang"
        and text not in LANGUAGES
        and (language := re.split("[-_]", text)[0].lower()) in LANGUAGES
    ):
        return language
    return text.lower()


def _visible(text: str) -> Iterable[str]:
    return (ch for ch in text if unicodedata.category(ch) not in ("Cf", "Cc"))
