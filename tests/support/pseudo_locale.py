"""A pseudo-locale with texts in brackets and twice as long, which shows texts that are not translated."""

import re

from babel import Locale
from babel.messages.catalog import Catalog

from app.i18n.translation import Language
from tools.catalogues import english_messages, entries

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
    language, catalogue = Language(KEY, "Pseudo"), Catalog(locale="es")
    for entry in entries(english_messages()):
        templates = (entry.id,) if isinstance(entry.id, str) else entry.id
        one, *more = map(doubled, templates)
        catalogue.add(entry.id, (one, *more, *more) if more else one, locations=entry.locations)
    language.__dict__.update(catalogue=catalogue, locale=Locale("es"))
    return language


def unmarked_words(text: str) -> list[str]:
    """Return the words of a text that are outside of all brackets."""
    while (inner := MARKED.sub(" ", text)) != text:
        text = inner
    return WORD.findall(text)
