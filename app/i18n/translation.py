"""Languages of the page and the translation of its texts.

All texts are made in English by ``losses.core.messages.message`` and ``Phrase``, which keep their templates.
Just before a response is sent, ``Language.translate`` replaces them by the texts of a gettext catalogue.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from textwrap import wrap
from typing import Any, Final, NamedTuple

import flask
import msgspec
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from losses.core.lazy import cached_property
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
"""Characters in a line of a ``WrappedText``."""


class CatalogueEntry(NamedTuple):
    """A text of the page: its English template, its translation, the source files that contain it."""

    template: str
    text: str
    references: tuple[str, ...]


def parse_po(text: str) -> Iterator[CatalogueEntry]:
    """Yield the entries of a gettext catalogue (PO file), without its header entry."""
    for block in text.split("\n\n"):
        strings, references, keyword = {"msgid": "", "msgstr": ""}, list[str](), ""
        for line in block.splitlines():
            first_word, _, rest = line.partition(" ")
            if first_word == "#:":
                references += rest.split()
            elif first_word in strings:
                keyword, strings[first_word] = first_word, json.loads(rest)
            elif keyword and line.startswith('"'):  # a continued string
                strings[keyword] += json.loads(line)
        if strings["msgid"]:
            yield CatalogueEntry(strings["msgid"], strings["msgstr"], tuple(references))


class Phrase(list[Any]):
    """A sentence with objects among its words: ``Phrase("Fit {model} to {data}.", model=..., data=...)``.

    Its items are the pieces of text and the objects, such as menus as data, in reading order. An argument
    that is a list contributes each of its items.
    """

    def __init__(self, template: str, /, **arguments: Any) -> None:
        super().__init__(interleave(template, arguments))
        self.template, self.arguments = template, arguments

    def map_arguments(self, function: Callable[[Any], Any]) -> "Phrase":
        """Return the phrase with a function applied to each argument."""
        return type(self)(
            self.template, **{name: function(argument) for name, argument in self.arguments.items()}
        )


class WrappedText(str):
    """A text broken by ``<br>`` into lines of ``WRAP_WIDTH`` characters; Plotly does not wrap text."""

    __slots__ = ("original",)
    original: str

    def __new__(cls, text: str) -> "WrappedText":
        wrapped = super().__new__(cls, "<br>".join(wrap(text, WRAP_WIDTH)))
        wrapped.original = text
        return wrapped


def interleave(template: str, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the texts between the fields of a template and, for its fields, the arguments; flatten lists."""
    for literal_text, name, *_ in Formatter().parse(template):
        if literal_text:
            yield literal_text
        if name:
            yield from _flatten(arguments[name])


def _flatten(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item)
    else:
        yield value


@dataclass(frozen=True)
class Language:
    """A language of the page: its key in links, its own name for itself and its decimal mark."""

    key: str
    name: str
    decimal_mark: str = "."

    @cached_property
    def entries(self) -> tuple[CatalogueEntry, ...]:
        """Entries of the catalogue ``i18n/catalogues/<key>.po``."""
        path = files("app") / "i18n" / "catalogues" / f"{self.key}.po"
        return tuple(parse_po(path.read_text(encoding="utf-8")))

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Translations by English template; a template without a translation stands for itself."""
        return {entry.template: entry.text or entry.template for entry in self.entries}

    @cached_property
    def browser_texts(self) -> Mapping[str, str]:
        """The part of ``texts`` that browser modules use."""
        return {e.template: self.texts[e.template] for e in self.entries if ".mjs" in " ".join(e.references)}

    def translate(self, value: Any) -> Any:
        """Return a copy of nested structs, dicts and lists with every text of the page in this language.

        Texts are recognized by their types: ``Message``, ``FormattedNumber``, ``Joined``, ``Capitalized``,
        ``Lowercased``, ``WrappedText`` and ``Phrase``. Plain strings and all other values stay as they are.
        Tuples become lists. For English the value itself is returned.
        """
        return value if self.key == ENGLISH else self._translate(value)

    def _translate(self, value: Any) -> Any:
        translator = _TRANSLATORS.get(type(value))
        if translator:
            return translator(self, value)
        return self._translate_struct(value) if isinstance(value, msgspec.Struct) else value

    def _translate_struct(self, struct: msgspec.Struct) -> msgspec.Struct:
        fields = {name: self._translate(getattr(struct, name)) for name in _text_fields(type(struct))}
        return msgspec.structs.replace(struct, **fields) if fields else struct

    def _translate_dict(self, values: dict[Any, Any]) -> dict[Any, Any]:
        return {key: self._translate(value) for key, value in values.items()}

    def _translate_sequence(self, values: Sequence[Any]) -> list[Any]:
        return [self._translate(value) for value in values]

    def _translate_message(self, message: Message) -> str:
        template = self.texts.get(message.template, message.template)
        values = {name: self._translate(value) for name, value in message.values.items()}
        return template.format_map(values) if values else template

    def _translate_number(self, number: FormattedNumber) -> str:
        return number.replace(".", self.decimal_mark)

    def _translate_joined(self, text: Joined) -> str:
        return text.separator.join(map(self._translate, text.parts))

    def _translate_capitalized(self, text: Capitalized) -> str:
        return str(capitalized(self._translate(text.original)))

    def _translate_lowercased(self, text: Lowercased) -> str:
        return str(lowercased(self._translate(text.original)))

    def _translate_wrapped(self, text: WrappedText) -> str:
        return str(WrappedText(self._translate(text.original)))

    def _translate_phrase(self, phrase: Phrase) -> list[Any]:
        template = self.texts.get(phrase.template, phrase.template)
        arguments = {name: self._translate(argument) for name, argument in phrase.arguments.items()}
        return list(interleave(template, arguments))


@lru_cache(maxsize=256)
def _text_fields(struct_type: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the names of the fields that can hold texts."""
    info = msgspec.inspect.type_info(struct_type)
    assert isinstance(info, msgspec.inspect.StructType)
    return tuple(field.name for field in info.fields if _can_hold_text(field.type))


def _can_hold_text(kind: msgspec.inspect.Type) -> bool:
    match kind:
        case msgspec.inspect.StrType() | msgspec.inspect.AnyType():
            return True
        case msgspec.inspect.StructType():
            return getattr(kind.cls, "has_texts", True) and any(_text_fields(kind.cls))
        case msgspec.inspect.UnionType():
            return any(map(_can_hold_text, kind.types))
        case msgspec.inspect.TupleType():
            return any(map(_can_hold_text, kind.item_types))
        case msgspec.inspect.DictType():
            return _can_hold_text(kind.value_type)
        case msgspec.inspect.CollectionType():
            return _can_hold_text(kind.item_type)
        case _:
            return False


_TRANSLATORS: Final[Mapping[type, Callable[[Language, Any], Any]]] = {
    dict: Language._translate_dict,
    list: Language._translate_sequence,
    tuple: Language._translate_sequence,
    Message: Language._translate_message,
    FormattedNumber: Language._translate_number,
    Joined: Language._translate_joined,
    Capitalized: Language._translate_capitalized,
    Lowercased: Language._translate_lowercased,
    WrappedText: Language._translate_wrapped,
    Phrase: Language._translate_phrase,
}
"""Translation by exact type. A named tuple, for example, is no ``tuple`` here and stays as it is."""

LANGUAGES: Final = {
    language.key: language
    for language in (
        Language(ENGLISH, "English"),
        Language("es", "Español", ","),
    )
}


def resolve_language(lang: str = AUTO) -> Language:
    """Return the language with the key ``lang``, for ``auto`` the browser's preferred one, else English."""
    if lang == AUTO and flask.has_request_context():
        lang = _best_accepted(flask.request.headers.get("Accept-Language", ""))
    return LANGUAGES.get(lang, LANGUAGES[ENGLISH])


@lru_cache(maxsize=256)
def _best_accepted(accept_language: str) -> str:
    """Return the key of the language that an ``Accept-Language`` header ranks highest among ``LANGUAGES``."""
    return parse_accept_header(accept_language, LanguageAccept).best_match(list(LANGUAGES)) or ENGLISH
