"""The gallery of lessons: a page that a teacher can link, and the lab's menu of lessons."""

from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import dash
import flask

from losses.core.messages import message, plural

from ..browser_assets.module_bundle import STYLESHEET_NAME
from ..browser_assets.palette import assets_folder, palette
from ..common.routes import route
from ..experiment.experiment import Experiment
from ..i18n.alternates import alternate_links
from ..i18n.translation import Language, Rendered, resolve_language
from ..lessons import LESSONS, numbered_blocks
from ..lessons.lesson import Lesson
from ..url_state.state import parse, to_query
from .served_course import picture_url

TITLE: Final = message("Lessons")
ABOUT: Final = message("Each lesson asks first, then shows. Pick one; they build on each other.")
LAB: Final = message("Open the lab")
NOTES: Final = message("Teacher's notes")
PICTURE_SIZE: Final = 480, 300
"""Width and height of the picture of a lesson, in pixels."""
LASTING_KEYS: Final = ("hide", "embed", "theme", "lang")
"""Keys of the query that the links to lessons take over, as `assets/js/core/link.mjs` does."""


@route("lessons", "notes", computes=True)
def gallery_response() -> flask.Response:
    """Return the gallery in the language of the query or, without one, of the browser."""
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    app: Any = dash.get_app()  # type: ignore[no-untyped-call]
    lasting = [pair for pair in parse_qsl(to_query(state).lstrip("?")) if pair[0] in LASTING_KEYS]
    language = resolve_language(state.lang)
    response = flask.Response(
        flask.render_template(
            "lesson_gallery.html",
            lang=language.key,
            alternates=alternate_links(app.get_relative_path("/lessons")),
            theme=state.theme,
            dark=palette("dark"),
            home=app.get_relative_path("/"),
            query=urlencode(lasting),
            style_sheet=app.asset_url(STYLESHEET_NAME),
            icon=app.asset_url("images/icon.svg"),
            picture_size=PICTURE_SIZE,
            blocks=translated_blocks(language),
            picture_of=picture_of,
            **language.translate({"title": TITLE, "about": ABOUT, "lab": LAB, "notes": NOTES}),
        )
    )
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=8)
def translated_blocks(language: Language) -> list[dict[str, Any]]:
    """Return the title and the lessons of each block; the numbers in questions come from their runs."""
    return [
        {
            "title": language.translate(title),
            "lessons": [card_texts(number, lesson, language) for number, lesson in lessons],
        }
        for title, lessons in numbered_blocks()
    ]


def card_texts(number: int, lesson: Lesson, language: Language) -> dict[str, Any]:
    """Return what the gallery shows of a lesson: nothing that its answer reveals."""
    question = lesson.question
    if "{" in question:  # only then its numbers, which take a run, are needed
        question = lesson.text_formatter(Experiment(parse(f"?s={lesson.key}")[0]))(question)
    question = Rendered(question)
    return {
        "number": number,
        "key": lesson.key,
        **language.translate(
            {
                "title": lesson.title,
                "question": question,
                "minutes": plural("{n} minute", "{n} minutes", n=lesson.minutes),
            }
        ),
    }


def picture_of(key: str) -> str:
    """Return the address of a lesson's picture; empty if it has none."""
    if own := picture_url(LESSONS[key]):
        return own
    name = f"images/gallery/{key}.webp"
    app: Any = dash.get_app()  # type: ignore[no-untyped-call]
    return str(app.asset_url(name)) if (assets_folder() / name).exists() else ""
