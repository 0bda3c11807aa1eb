"""Languages of the page and the translation of its texts.

All texts are made in English by ``message`` and ``plural`` of ``losses.core.messages`` and ``Phrase``, which
keep their templates. Just before a response is sent, ``Language.translate`` replaces them by the texts of a
gettext catalogue. English has none.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

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
    PluralMessage,
    capitalized,
    lowercased,
)

from .markdown import render_markdown

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog
    from babel.messages.catalog import Message as CatalogueMessage

AUTO: Final = "auto"
ENGLISH: Final = "en"
_PLURAL_EXAMPLES: Final = (*range(200), 1_000_000)
"""Numbers among which each category of plurals has one: Spanish and French have one for whole millions."""
WRAP_WIDTH: Final = 30
"""Characters in a line of a ``WrappedText``."""


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


class Rendered(str):
    """A text of Markdown as HTML; it keeps the Markdown, so that its translation is rendered, too."""

    __slots__ = ("original",)
    original: str

    def __new__(cls, text: str) -> "Rendered":
        rendered = super().__new__(cls, render_markdown(str(text)))
        rendered.original = text
        return rendered


class LessonText(Message):
    """A text of a lesson with the translations that its file gives, by language; without any the catalogue's.

    Only ``{name}`` of a value that is given is filled, and none inside of a formula, so that a text from
    anywhere can be filled. As a string it is the English one, if its file has that.
    """

    __slots__ = ("translations",)
    translations: Mapping[str, str]

    @classmethod
    def unfilled(cls, text: str, translations: Mapping[str, str]) -> "LessonText":
        """Return a text that is not filled yet."""
        made = cls(translations.get(ENGLISH, text))
        made.template, made.values, made.translations = text, {}, translations
        return made

    def format(self, *_: object, **values: object) -> "LessonText":
        """Fill ``values`` into the text."""
        filled = LessonText(fill(self.translations.get(ENGLISH, self.template), values))
        filled.template, filled.values, filled.translations = self.template, values, self.translations
        return filled


PLACEHOLDER: Final = re.compile(r"\$[^$]*\$|\{(\w+)\}")
"""A formula, in which nothing is filled, or the name of a number in braces."""


def placeholders(text: str) -> Iterator[str]:
    """Yield the names that stand in braces in a text of a lesson."""
    return (match[1] for match in PLACEHOLDER.finditer(text) if match[1])


def fill(text: str, values: Mapping[str, object]) -> str:
    """Return a text of a lesson with its numbers; an unknown name in braces stays as it is."""
    return PLACEHOLDER.sub(lambda match: str(values[match[1]]) if match[1] in values else match[0], text)


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
    """A language of the page: its key in links, by BCP 47, and its own name for itself.

    A text that begins with a capital letter as a sentence begins inside of another with a small one, unless
    the language capitalizes nouns. Babel is imported, and the catalogue read, when the language is first
    needed.
    """

    key: str
    name: str
    capitalizes_nouns: bool = False

    @cached_property
    def locale(self) -> "Locale":
        """The rules of the language for plurals and numbers."""
        from babel import Locale

        return Locale.parse(self.key, sep="-")

    @cached_property
    def decimal_mark(self) -> str:
        """The character between the whole part and the decimals of a number in Latin digits."""
        return str(self.locale.number_symbols["latn"]["decimal"])

    @cached_property
    def catalogue(self) -> "Catalog":
        """The catalogue ``i18n/catalogues/<key>.po``."""
        from babel.messages.pofile import read_po

        path = Path(__file__).parent / "catalogues" / f"{self.key}.po"
        return read_po(BytesIO(path.read_bytes()), ignore_obsolete=True, abort_invalid=True)

    @cached_property
    def translations(self) -> GNUTranslations:
        """The translations, with ``gettext`` and ``ngettext``; a text without one stands for itself."""
        from babel.messages.mofile import write_mo

        compiled = BytesIO()
        write_mo(compiled, self.catalogue)
        compiled.seek(0)
        return GNUTranslations(compiled)

    @cached_property
    def browser_texts(self) -> Mapping[str, str]:
        """Translations of the texts in browser modules, by English template; plurals are not among them."""
        templates = (entry.id for entry in self._browser_messages())
        return {text: self.translations.gettext(text) for text in templates if isinstance(text, str)}

    @cached_property
    def browser_plurals(self) -> Mapping[str, Mapping[str, str]]:
        """The forms of the plurals in browser modules, by the English template for 1.

        The forms are by category, such as ``few``, as ``Intl.PluralRules`` names it.
        """
        example_by_category = {self.locale.plural_form(n): n for n in reversed(_PLURAL_EXAMPLES)}
        return {
            entry.id[0]: {
                category: self.translations.ngettext(entry.id[0], entry.id[1], n)
                for category, n in sorted(example_by_category.items())
            }
            for entry in self._browser_messages()
            if not isinstance(entry.id, str)
        }

    def _browser_messages(self) -> "Iterator[CatalogueMessage]":
        for entry in self.catalogue:
            if any(file.endswith(".mjs") for file, _ in entry.locations):
                yield entry

    def translate(self, value: Any) -> Any:
        """Return a copy of nested structs, dicts and lists with every text of the page in this language.

        Texts are recognized by their types: ``Message``, ``PluralMessage``, ``FormattedNumber``, ``Joined``,
        ``Capitalized``, ``Lowercased``, ``WrappedText``, ``Rendered``, ``LessonText`` and ``Phrase``. Plain
        strings and all other values stay as they are. Tuples become lists. For English the value itself is
        returned.
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
        return self._filled(self._text(message.template), message)

    def _translate_plural(self, message: PluralMessage) -> str:
        one, other = message.templates
        return self._filled(self.translations.ngettext(one, other, message.n), message)

    def _text(self, template: str) -> str:
        return self.translations.gettext(template) if template else ""  # "" is the header of a catalogue

    def _filled(self, template: str, message: Message) -> str:
        values = {name: self._translate(value) for name, value in message.values.items()}
        return template.format_map(values) if values else template

    def _translate_number(self, number: FormattedNumber) -> str:
        return number.replace(".", self.decimal_mark)

    def _translate_joined(self, text: Joined) -> str:
        return text.separator.join(map(self._translate, text.parts))

    def _translate_capitalized(self, text: Capitalized) -> str:
        return str(capitalized(self._translate(text.original)))

    def _translate_lowercased(self, text: Lowercased) -> str:
        original = self._translate(text.original)
        return str(original if self.capitalizes_nouns else lowercased(original))

    def _translate_wrapped(self, text: WrappedText) -> str:
        return str(WrappedText(self._translate(text.original)))

    def _translate_rendered(self, text: Rendered) -> str:
        return str(Rendered(self._translate(text.original)))

    def _translate_lesson_text(self, text: LessonText) -> str:
        template = text.translations.get(self.key)
        if template is None:
            template = text.template if text.translations else self._text(text.template)
        return fill(template, {name: self._translate(value) for name, value in text.values.items()})

    def _translate_phrase(self, phrase: Phrase) -> list[Any]:
        template = self._text(phrase.template)
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
    PluralMessage: Language._translate_plural,
    FormattedNumber: Language._translate_number,
    Joined: Language._translate_joined,
    Capitalized: Language._translate_capitalized,
    Lowercased: Language._translate_lowercased,
    WrappedText: Language._translate_wrapped,
    Rendered: Language._translate_rendered,
    LessonText: Language._translate_lesson_text,
    Phrase: Language._translate_phrase,
}
"""Translation by exact type. A named tuple, for example, is no ``tuple`` here and stays as it is."""

LANGUAGES: Final = {
    language.key: language
    for language in (
        Language(ENGLISH, "English"),
        Language("es", "Español"),
        Language("de", "Deutsch", capitalizes_nouns=True),
        Language("fr", "Français"),
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
