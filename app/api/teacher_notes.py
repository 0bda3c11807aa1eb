"""The teacher's notes: every lesson with its answer and advice, on a page to print."""

from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import dash
import flask
from markupsafe import Markup

from losses.core.messages import message

from ..common.routes import route
from ..experiment.experiment import Experiment
from ..i18n.translation import AUTO, ENGLISH, LANGUAGES, Language, resolve_language
from ..lessons import LESSONS, lesson_card
from ..lessons.lesson import Lesson
from ..protocol.narration import LessonCard
from ..url_state.state import parse

NOTES_TITLE: Final = message("Teacher's notes")
USE_TEXT: Final = message(
    "{n} lessons in {blocks} blocks of a quarter of an hour. Each lesson asks before it shows. Shift + → "
    "goes to the next lesson. On a projector add {theme}: everything is large, and a clicker's Page keys "
    "change the lesson, too. Start over brings back the link as you opened it."
)
PREPARE_TEXT: Final = message(
    "To prepare a link of your own, set everything up and press Share. Under Hide controls, tick what the "
    "class should not touch. The link and its QR code are there, too. What is hidden stays hidden from "
    "lesson to lesson."
)
LIMITS_TEXT: Final = message(
    "What the picture does not say: two parameters are few, and a slice through many is not the whole. "
    "Heights on a logarithmic scale look milder than they are. Made-up data are kinder than the real "
    "world."
)
THEME: Final = "&theme=projector"


@route("teacher", "notes", computes=True)
def notes_response() -> flask.Response:
    """Return the notes in the language of the query or, without one, of the browser."""
    home = dash.get_app().get_relative_path("/")  # type: ignore[no-untyped-call]
    response = flask.Response(notes_html(home, resolve_language(flask.request.args.get("lang", AUTO)).key))
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=8)
def notes_html(home: str, lang: str = ENGLISH) -> str:
    """Return the page; the numbers in it are computed from the runs of the lessons.

    ``home`` is the path of the page in the browser.
    """
    language = LANGUAGES[lang]
    blocks = groupby(enumerate(LESSONS.values(), 1), lambda numbered: numbered[1].block)
    block_count = len({lesson.block for lesson in LESSONS.values()})
    texts = {
        "title": NOTES_TITLE,
        "use": USE_TEXT.format(n=len(LESSONS), blocks=block_count, theme=THEME),
        "prepare": PREPARE_TEXT,
        "limits": LIMITS_TEXT,
    }
    return flask.render_template(
        "teacher_notes.html",
        lang=lang,
        blocks=[
            {
                "title": language.translate(message("Block {n}", n=block)),
                "lessons": [notes_on(number, lesson, home, language) for number, lesson in numbered_lessons],
            }
            for block, numbered_lessons in blocks
        ],
        **language.translate(texts),
    )


def notes_on(number: int, lesson: Lesson, home: str, language: Language) -> dict[str, Any]:
    """Return the translated texts about one lesson.

    Each of ``entries`` has a title and a list of texts, each with whether it is emphasized.
    """
    answer = str(lesson.correct_choice) if lesson.choices else "0,0"
    state, _ = parse(f"?s={lesson.key}&a={answer}")
    card: LessonCard = language.translate(lesson_card(lesson.key, answer, Experiment(state)))
    assert card.answer is not None  # it is answered
    choices = enumerate(map(Markup, card.choices))
    entries: dict[str, list[tuple[str, bool]]] = {
        message("On the card"): [(Markup(card.introduction), False)],
        message("Question"): [(Markup(card.question), False)],
        message("Choices"): [
            (Markup("✓ {}").format(text), True) if i == lesson.correct_choice else (text, False)
            for i, text in choices
        ],
        message("Answer"): [(Markup(card.answer.explanation), False)],
        message("To drag"): [(Markup(card.answer.suggestion), False)],
        message("Aha"): [(card.title, True)],
        message("To say"): [(language.translate(lesson.note), False)],
    }
    return {
        "number": number,
        "key": lesson.key,
        "title": language.translate(lesson.title),
        "link": f"{home}?s={lesson.key}" + ("" if language.key == ENGLISH else f"&lang={language.key}"),
        "entries": [
            (language.translate(name), texts)
            for name, texts in entries.items()
            if any(text for text, _ in texts)
        ],
    }
