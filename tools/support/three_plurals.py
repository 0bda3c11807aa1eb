"""A made-up language whose words have three plural forms, by the rules of Polish."""

from io import BytesIO
from typing import Final

from babel.messages.pofile import read_po

from app.i18n.translation import Language

KEY: Final = "pl"
"""The key of the language whose rules it has."""
CATALOGUE: Final = """
msgid ""
msgstr ""
"Language: pl\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

#: assets/js/some.mjs losses/some.py
msgid "{n} step in {place}"
msgid_plural "{n} steps in {place}"
msgstr[0] "{n} krok, {place}"
msgstr[1] "{n} kroki, {place}"
msgstr[2] "{n} kroków, {place}"

#: assets/js/some.mjs
msgid "the map"
msgstr "mapa"

#: losses/some.py
msgid "{n} start"
msgid_plural "{n} starts"
msgstr[0] "{n} początek"
msgstr[1] ""
msgstr[2] ""
"""


def three_plurals() -> Language:
    """Return the language."""
    language = Language(KEY, "Made-up")
    language.__dict__["catalogue"] = read_po(BytesIO(CATALOGUE.encode()))
    return language
