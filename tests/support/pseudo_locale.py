"""A pseudo-locale with texts in brackets and twice as long, which shows texts that are not translated."""

import re

from app.i18n.translation import Language
from tools.catalogues import english_entries

KEY = "qps"
"""The language key that is reserved for pseudo-locales."""
FIELD = re.compile(r"%?\{[^}]*\}")
MARKED = re.compile("‹[^‹›]*›")
WORD = re.compile(r"[^\W\d_²³½₀-₉]{2,}")


def doubled(template: str) -> str:
    """Return ``loss {n}`` as ``‹loss {n} loss ›``, with each field once."""
    return f"‹{template} {FIELD.sub('', template)}›"


def pseudo_language() -> Language:
    """Return the pseudo-locale as a language of the page."""
    language = Language(KEY, "Pseudo", ",")
    language.__dict__["entries"] = tuple(
        entry._replace(text=doubled(entry.template)) for entry in english_entries()
    )
    return language


def unmarked_words(text: str) -> list[str]:
    """Return the words of a text that are outside of all brackets."""
    while (inner := MARKED.sub(" ", text)) != text:
        text = inner
    return WORD.findall(text)
