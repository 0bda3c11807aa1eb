"""Languages of the page: a catalogue each, put over the English texts just before they leave the house."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from string import Formatter
from textwrap import wrap
from typing import Any, Final, NamedTuple

import flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from losses.core.messages import (
    Capitalized,
    FormattedNumber,
    Joined,
    Lowercased,
    Message,
    capitalized,
    lowercased,
)

AUTO: Final = "auto"
ENGLISH: Final = "en"
WRAP_WIDTH: Final = 30
"""Characters in a line of a figure's text."""


class CatalogueEntry(NamedTuple):
    """A text of the page: its English template, the translation, the files that say it."""

    template: str
    text: str
    references: tuple[str, ...]


def parse_po(text: str) -> Iterator[CatalogueEntry]:
    """The entries of a gettext catalogue, less its head."""
    for block in text.split("\n\n"):
        said, places, at = {"msgid": "", "msgstr": ""}, list[str](), ""
        for line in block.splitlines():
            word, _, rest = line.partition(" ")
            if word == "#:":
                places += rest.split()
            elif word in said:
                at, said[word] = word, json.loads(rest)
            elif at and line.startswith('"'):
                said[at] += json.loads(line)
        if said["msgid"]:
            yield CatalogueEntry(said["msgid"], said["msgstr"], tuple(places))


class Phrase(list[Any]):
    """A sentence with things among its words: ``Phrase("Fit {model} to {data}.", model=..., data=...)``.

    Its items are the words and the things in reading order; a thing may be a list of them.
    """

    def __init__(self, template: str, /, **arguments: Any) -> None:
        super().__init__(interleave(template, arguments))
        self.template, self.things = template, arguments

    def map_arguments(self, change: Callable[[Any], Any]) -> "Phrase":
        """The same words with each thing changed."""
        return type(self)(self.template, **{name: change(thing) for name, thing in self.things.items()})


class WrappedText(str):
    """A text in short lines, for a figure, which breaks none by itself."""

    __slots__ = ("original",)
    original: str

    def __new__(cls, text: str) -> "WrappedText":
        lines = super().__new__(cls, "<br>".join(wrap(text, WRAP_WIDTH)))
        lines.original = text
        return lines


def interleave(template: str, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """The words of a template with things in the places of its fields."""
    for words, name, *_ in Formatter().parse(template):
        yield from [words] if words else []
        yield from _flatten(arguments[name] if name else [])


def _flatten(thing: Any) -> Iterator[Any]:
    if isinstance(thing, list):
        for part in thing:
            yield from _flatten(part)
    else:
        yield thing


@dataclass(frozen=True)
class Language:
    """A language by its key in links, with the name that its speakers give it."""

    key: str
    name: str
    decimal_mark: str = "."
    """Between a number's whole part and the rest."""

    @cached_property
    def entries(self) -> tuple[CatalogueEntry, ...]:
        path = files("app") / "i18n" / "catalogues" / f"{self.key}.po"
        return tuple(parse_po(path.read_text(encoding="utf-8")))

    @cached_property
    def texts(self) -> Mapping[str, str]:
        return {entry.template: entry.text or entry.template for entry in self.entries}

    @cached_property
    def browser_texts(self) -> Mapping[str, str]:
        """What the page's scripts say."""
        return {e.template: self.texts[e.template] for e in self.entries if ".mjs" in " ".join(e.references)}

    def translate(self, value: Any) -> Any:
        """A copy with everything said in this language; what nobody said stays as it is."""
        return value if self.key == ENGLISH else self._translate(value)

    def _translate(self, value: Any) -> Any:
        kind = type(value)
        if kind is dict:
            return {key: self._translate(part) for key, part in value.items()}
        if kind is list or kind is tuple:
            return [self._translate(part) for part in value]
        if kind is Message:
            text = self.texts.get(value.template, value.template)
            given = {name: self._translate(part) for name, part in value.values.items()}
            return text.format_map(given) if given else text
        if kind is FormattedNumber:
            return value.replace(".", self.decimal_mark)
        if kind is Joined:
            return value.separator.join(map(self._translate, value.parts))
        if kind is Capitalized or kind is Lowercased:
            return str((capitalized if kind is Capitalized else lowercased)(self._translate(value.original)))
        if kind is WrappedText:
            return str(WrappedText(self._translate(value.original)))
        if kind is Phrase:
            text = self.texts.get(value.template, value.template)
            return list(
                interleave(text, {name: self._translate(thing) for name, thing in value.things.items()})
            )
        return value


LANGUAGES: Final = {
    language.key: language
    for language in (
        Language(ENGLISH, "English"),
        Language("es", "Español", ","),
    )
}


def resolve_language(lang: str = AUTO) -> Language:
    """The language that a link asks for, or else the browser, or else English."""
    if lang == AUTO and flask.has_request_context():
        lang = _best_accepted(flask.request.headers.get("Accept-Language", ""))
    return LANGUAGES.get(lang, LANGUAGES[ENGLISH])


@lru_cache(maxsize=256)
def _best_accepted(accepted: str) -> str:
    """The language that a browser's header likes best among those of the page."""
    return parse_accept_header(accepted, LanguageAccept).best_match(list(LANGUAGES)) or ENGLISH
