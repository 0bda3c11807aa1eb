"""Write the catalogues of translations, ``app/i18n/catalogues/*.po``, from the texts in the source, by Babel.

``make generate`` adds new texts without a translation, which the page shows in English, and removes unused
ones. ``make translations`` lists texts without a translation and fails if there are any. ``python -m
tools.catalogues es more.json`` adds the translations of a JSON file, ``{English: translation}``, with a list
of forms for a plural; ``python -m tools.catalogues es other.po`` adds those of another catalogue.
"""

import contextlib
import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.i18n.translation import ENGLISH, LANGUAGES
from losses import __version__

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "app" / "i18n" / "catalogues"
CHANGING_HEADER: Final = re.compile(
    r'^"(?:Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Generated-By): .*\n', re.MULTILINE
)
"""Headers that are left out: two machines, or two branches, would write them differently."""
KEYWORDS: Final = {"message": None, "Phrase": None, "plural": (1, 2)}
"""Functions whose first argument, or first two, are translatable texts of the page."""

Translations = Mapping[str, str | tuple[str, ...]]
"""Translations by English template; that of a plural, by the template for 1, is a tuple of forms."""


@lru_cache
def english_messages(root: Path = ROOT) -> Catalog:
    """Return a catalogue of all texts in the source below a folder, without translations."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"][
        "mappings"
    ]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: mapping for mapping in mappings}
    folders = {mapping["pattern"].partition("/")[0] for mapping in mappings}

    def holds_sources(path: str) -> bool:
        parts = Path(path).relative_to(root).parts
        return parts[0] in folders and parts[-1] != "__pycache__"

    catalogue = Catalog()
    # Babel says of each f-string among the values that it cannot be translated, which is right.
    with contextlib.redirect_stderr(io.StringIO()):
        for file, line, template, comments, context in extract_from_dir(
            root, methods, options, KEYWORDS, directory_filter=holds_sources
        ):
            catalogue.add(template, locations=[(file, line)], auto_comments=comments, context=context)
    return catalogue


def new_catalogue(key: str) -> Catalog:
    """Return an empty catalogue with the headers of a language."""
    return Catalog(
        locale=LANGUAGES[key].locale,
        project="Losslab",
        version=__version__,
        last_translator="Losslab",
        language_team=LANGUAGES[key].locale.english_name,
        header_comment=f"# {LANGUAGES[key].locale.english_name} texts of Losslab.",
        fuzzy=False,
    )


def parse(text: str) -> Catalog:
    """Parse a gettext catalogue (PO file). Raises babel.messages.pofile.PoFileError."""
    return read_po(io.BytesIO(text.encode()), ignore_obsolete=True, abort_invalid=True)


def write(catalogue: Catalog) -> str:
    """Return a catalogue in gettext's format."""
    for entry in catalogue:
        entry.flags.discard("python-format")  # "50 % of" looks like one; templates have fields in braces
    file = io.BytesIO()
    write_po(file, catalogue, width=0, ignore_obsolete=True, include_lineno=False)
    return CHANGING_HEADER.sub("", file.getvalue().decode())


def key_of(entry: Message) -> str:
    """Return the English template of an entry, of a plural that for 1."""
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def forms_of(entry: Message) -> tuple[str, ...]:
    """Return the translations of an entry: one, or the forms of a plural."""
    forms = entry.string or ""
    return (forms,) if isinstance(forms, str) else tuple(forms)


def entries(catalogue: Catalog) -> Iterator[Message]:
    """Yield the entries of a catalogue without its header."""
    return (entry for entry in catalogue if entry.id)


def translations_in(file: Path) -> Translations:
    """Return the translations in a JSON file or a catalogue."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".po":
        translated = (entry for entry in entries(parse(text)) if all(forms_of(entry)))
        return {
            key_of(entry): forms_of(entry)[0] if isinstance(entry.id, str) else forms_of(entry)
            for entry in translated
        }
    return {
        template: tuple(translation) if isinstance(translation, list) else translation
        for template, translation in json.loads(text).items()
    }


def translate(catalogue: Catalog, translations: Translations) -> None:
    """Put translations into a catalogue; those of texts that it does not have are left out."""
    for entry in entries(catalogue):
        translation = translations.get(key_of(entry))
        if translation and isinstance(translation, str) == isinstance(entry.id, str):
            entry.string = translation


def catalogues(more: Mapping[str, Translations] | None = None) -> dict[Path, str]:
    """Return the text of each catalogue by its path, with further translations by language."""
    texts, english = {}, english_messages()
    for key in LANGUAGES.keys() - {ENGLISH}:
        path = FOLDER / f"{key}.po"
        catalogue = parse(path.read_text(encoding="utf-8")) if path.exists() else new_catalogue(key)
        catalogue.update(english, no_fuzzy_matching=True, update_creation_date=False)
        translate(catalogue, (more or {}).get(key, {}))
        texts[path] = write(catalogue)
    return texts


def untranslated() -> dict[str, list[str]]:
    """Return the texts without a translation for each language that has some."""
    missing_by_language = {}
    for path, text in catalogues().items():
        if missing := [key_of(entry) for entry in entries(parse(text)) if not all(forms_of(entry))]:
            missing_by_language[path.stem] = missing
    return missing_by_language


def main(arguments: list[str]) -> int:
    """Add the translations of a file if one is given; list missing ones and return 1 if there are any."""
    if arguments:
        language, file = arguments
        for path, text in catalogues({language: translations_in(Path(file))}).items():
            path.write_text(text, encoding="utf-8")
    missing = untranslated()
    for language, texts in missing.items():
        print(f"{language}: {len(texts)} texts are not translated", *texts, sep="\n  ")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
