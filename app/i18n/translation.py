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

from losses.core.messages import Capital, Listed, Number, Said, Small, capital, small

AUTO: Final = "auto"
ENGLISH: Final = "en"
WIDTH: Final = 30
"""Characters in a line of a figure's text."""


class Entry(NamedTuple):
    """A text of the page: its English template, the translation, the files that say it."""

    template: str
    text: str
    places: tuple[str, ...]


def read_po(text: str) -> Iterator[Entry]:
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
            yield Entry(said["msgid"], said["msgstr"], tuple(places))


class Phrase(list[Any]):
    """A sentence with things among its words: ``Phrase("Fit {model} to {data}.", model=..., data=...)``.

    Its items are the words and the things in reading order; a thing may be a list of them.
    """

    def __init__(self, template: str, /, **things: Any) -> None:
        super().__init__(laid_out(template, things))
        self.template, self.things = template, things

    def over(self, change: Callable[[Any], Any]) -> "Phrase":
        """The same words with each thing changed."""
        return type(self)(self.template, **{name: change(thing) for name, thing in self.things.items()})


class Wrapped(str):
    """A text in short lines, for a figure, which breaks none by itself."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Wrapped":
        lines = super().__new__(cls, "<br>".join(wrap(text, WIDTH)))
        lines.text = text
        return lines


def laid_out(template: str, things: Mapping[str, Any]) -> Iterator[Any]:
    """The words of a template with things in the places of its fields."""
    for words, name, *_ in Formatter().parse(template):
        yield from [words] if words else []
        yield from _flat(things[name] if name else [])


def _flat(thing: Any) -> Iterator[Any]:
    if isinstance(thing, list):
        for part in thing:
            yield from _flat(part)
    else:
        yield thing


@dataclass(frozen=True)
class Language:
    """A language by its key in links, with the name that its speakers give it."""

    key: str
    name: str
    mark: str = "."
    """Between a number's whole part and the rest."""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        path = files("app") / "i18n" / "catalogues" / f"{self.key}.po"
        return tuple(read_po(path.read_text(encoding="utf-8")))

    @cached_property
    def texts(self) -> Mapping[str, str]:
        return {entry.template: entry.text or entry.template for entry in self.entries}

    @cached_property
    def of_scripts(self) -> Mapping[str, str]:
        """What the page's scripts say."""
        return {e.template: self.texts[e.template] for e in self.entries if ".mjs" in " ".join(e.places)}

    def of(self, value: Any) -> Any:
        """A copy with everything said in this language; what nobody said stays as it is."""
        return value if self.key == ENGLISH else self._of(value)

    def _of(self, value: Any) -> Any:
        kind = type(value)
        if kind is dict:
            return {key: self._of(part) for key, part in value.items()}
        if kind is list or kind is tuple:
            return [self._of(part) for part in value]
        if kind is Said:
            text = self.texts.get(value.template, value.template)
            given = {name: self._of(part) for name, part in value.values.items()}
            return text.format_map(given) if given else text
        if kind is Number:
            return value.replace(".", self.mark)
        if kind is Listed:
            return value.separator.join(map(self._of, value.parts))
        if kind is Capital or kind is Small:
            return str((capital if kind is Capital else small)(self._of(value.text)))
        if kind is Wrapped:
            return str(Wrapped(self._of(value.text)))
        if kind is Phrase:
            text = self.texts.get(value.template, value.template)
            return list(laid_out(text, {name: self._of(thing) for name, thing in value.things.items()}))
        return value


LANGUAGES: Final = {
    language.key: language
    for language in (
        Language(ENGLISH, "English"),
        Language("es", "Español", ","),
    )
}


def spoken(lang: str = AUTO) -> Language:
    """The language that a link asks for, or else the browser, or else English."""
    if lang == AUTO and flask.has_request_context():
        lang = _preferred(flask.request.headers.get("Accept-Language", ""))
    return LANGUAGES.get(lang, LANGUAGES[ENGLISH])


@lru_cache(maxsize=256)
def _preferred(accepted: str) -> str:
    """The language that a browser's header likes best among those of the page."""
    return parse_accept_header(accepted, LanguageAccept).best_match(list(LANGUAGES)) or ENGLISH
