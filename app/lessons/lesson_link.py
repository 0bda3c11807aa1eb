"""A lesson as a word of a link: deflated JSON with a check, in the alphabet of URLs.

The word begins with ``own.``, which no key does. Everything in it comes from anywhere: it is bounded before
it is unpacked, and every text of it is only a text.
"""

import binascii
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from losses.core.messages import message

from ..common import limits
from ..figures.views.detail_card_views import DETAIL_VIEWS
from ..i18n.translation import LessonText
from .course_file import MAX_SENTENCE, MAX_TEXT, MAX_TITLE, MOST_CHOICES, VIEWS, source_of
from .file_values import is_plain_text
from .lesson import Lesson

PREFIX: Final = "own."
_CHECK_BYTES: Final = 4
_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]+")
Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
Sentence = Annotated[str, Meta(max_length=MAX_SENTENCE)]
Choice = Annotated[str, Meta(min_length=1, max_length=MAX_SENTENCE)]
Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Coordinate = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[\w.+-]+$")]
View = Annotated[str, Meta(pattern=f"^({'|'.join(VIEWS)})$")]


class LinkError(ValueError):
    """A lesson of a link cannot be read; its argument is a sentence for the user."""


_LETTERS: Final = {
    "link": "l",
    "title": "t",
    "question": "q",
    "text": "x",
    "choices": "c",
    "right": "r",
    "target": "p",
    "aha": "a",
    "reveal": "e",
    "drag": "d",
    "note": "n",
    "hero": "h",
    "views": "v",
    "asking_view": "w",
}


class PackedLesson(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename=_LETTERS
):
    """What a link holds of a lesson, under keys of one letter."""

    link: Annotated[str, Meta(max_length=limits.MAX_LINK_CHARACTERS)]
    title: Title
    question: Annotated[str, Meta(min_length=1, max_length=MAX_SENTENCE)]
    text: Text = ""
    choices: Annotated[tuple[Choice, ...], Meta(max_length=MOST_CHOICES)] = ()
    right: Annotated[int, Meta(ge=0, lt=MOST_CHOICES)] = 0
    target: Annotated[tuple[Coordinate, ...], Meta(max_length=2)] = ()
    aha: Sentence = ""
    reveal: Text = ""
    drag: Sentence = ""
    note: Text = ""
    hero: View = "landscape"
    views: Annotated[tuple[View, ...], Meta(min_length=1, max_length=len(VIEWS))] = (
        "landscape",
        "map",
        "data",
    )
    asking_view: Annotated[str, Meta(max_length=20)] = ""


def is_packed(key: str) -> bool:
    """Return whether the key of a lesson is a lesson itself."""
    return key.startswith(PREFIX)


def pack_lesson(lesson: Lesson) -> str:
    """Return a lesson as the word of a link; what a link has no room for, such as a picture, is left out."""
    packed = PackedLesson(
        **{
            name: source_of(getattr(lesson, name))
            for name in PackedLesson.__struct_fields__
            if name != "right"
        },
        right=lesson.correct_choice,
    )
    content = msgspec.json.encode(packed)
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = compressor.compress(content) + compressor.flush()
    checked = zlib.crc32(content).to_bytes(_CHECK_BYTES, "big") + deflated
    return PREFIX + urlsafe_b64encode(checked).decode().rstrip("=")


@lru_cache(maxsize=64)
def unpack_lesson(key: str) -> Lesson:
    """Return the lesson of a link. Raises LinkError."""
    packed = _decoded(_inflated(key))
    if bool(packed.choices) == bool(packed.target) or len(packed.choices) == 1 or len(packed.target) == 1:
        raise LinkError(message("It has neither choices nor a place."))
    if packed.choices and packed.right >= len(packed.choices):
        raise LinkError(message("None of its choices is right."))
    if packed.asking_view and packed.asking_view not in DETAIL_VIEWS:
        raise LinkError(message("It shows a view that does not exist."))
    texts = {name: LessonText.unfilled(getattr(packed, name), {}) for name in _TEXTS if getattr(packed, name)}
    if not all(map(is_plain_text, (*texts.values(), *packed.choices))):
        raise LinkError(message("Its texts have letters that cannot be seen."))
    needed = (packed.hero, *(("map",) if packed.target else ()))
    views = tuple(dict.fromkeys((*packed.views, *needed)))
    lesson = Lesson(
        key=key,
        title=texts["title"],
        question=texts["question"],
        block=0,
        link=packed.link,
        choices=tuple(LessonText.unfilled(choice, {}) for choice in packed.choices),
        correct_choice=packed.right,
        target=packed.target,
        hero=packed.hero,
        views=views,
        asking_view=packed.asking_view,
        is_custom=True,
    )
    return replace(lesson, **texts)  # type: ignore[arg-type]  # all of them are texts


_TEXTS: Final = ("title", "text", "question", "aha", "reveal", "drag", "note")


def _inflated(key: str) -> bytes:
    """Return the JSON of a lesson. Raises LinkError if it was cut, changed or would be too long."""
    if len(key) > limits.MAX_LESSON_CHARACTERS:
        raise LinkError(
            message("A lesson in a link has at most {most} characters.", most=limits.MAX_LESSON_CHARACTERS)
        )
    cut = LinkError(
        message("This link was cut or changed: its lesson cannot be read. Ask for the link again.")
    )
    word = key.removeprefix(PREFIX)
    if not _ALPHABET.fullmatch(word):
        raise cut
    try:
        checked = urlsafe_b64decode(word + "=" * (-len(word) % 4))
        inflater = zlib.decompressobj(-15)
        content = inflater.decompress(checked[_CHECK_BYTES:], limits.MAX_LESSON_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise cut from None
    is_whole = inflater.eof and not inflater.unused_data
    if not is_whole or zlib.crc32(content).to_bytes(_CHECK_BYTES, "big") != checked[:_CHECK_BYTES]:
        raise cut
    return content


def _decoded(content: bytes) -> PackedLesson:
    try:
        return msgspec.json.decode(content, type=PackedLesson)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise LinkError(message("This lesson was not written by this page.")) from None
