"""The teacher's notes: every lesson with its answer and advice, on a page to print."""

import html
from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import flask

from losses.core.messages import message

from ..experiment.experiment import Experiment
from ..i18n.translation import AUTO, ENGLISH, LANGUAGES, Language, resolve_language
from ..lessons import LESSONS, lesson_card
from ..lessons.lesson import Lesson
from ..protocol.narration import LessonCard
from ..url_state.state import parse

PATH: Final = "teacher"
NOTES_TITLE: Final = message("Teacher's notes")
USE_TEXT: Final = message(
    "{n} lessons in {blocks} blocks of a quarter of an hour. Each asks before it shows. Shift and an arrow "
    "turn from one lesson to the next. On a projector add {theme}: everything is large, and a clicker's Page "
    "keys turn, too. Start over brings back the link as you opened it."
)
PREPARE_TEXT: Final = message(
    "To prepare a link of your own, set everything up, press Share and tick under Hide controls what the "
    "class shall not touch; from there come the link and its QR code. What is hidden stays hidden from "
    "lesson to lesson."
)
LIMITS_TEXT: Final = message(
    "What the picture does not say: two parameters are few, and a slice of many is not the whole; heights on "
    "a logarithmic scale look milder than they are; made-up data are kinder than the world."
)
THEME: Final = "&theme=projector"
PAGE_TEMPLATE: Final = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Losslab</title>
<link rel="icon" href="data:,">
<style>
body {{ max-width: 48rem; margin: 2rem auto; padding: 0 1rem; \
font: 16px/1.5 system-ui, sans-serif; color: #1b2130; }}
h1 {{ font-size: 1.6rem; margin: 0; }} h3 {{ font-size: 1.15rem; margin: 0 0 .3rem; }} a {{ color: #9a3412; }}
h2 {{ font-size: 1rem; margin: 2.2rem 0 0; padding-top: .6rem; \
border-top: 2px solid #1b2130; break-after: avoid; }}
p {{ margin: .6rem 0; }} .said, dt {{ color: #586073; }} \
code {{ color: #586073; font-size: .85em; font-weight: 400; }}
section {{ break-inside: avoid; margin: 1.2rem 0; }}
dl {{ display: grid; grid-template-columns: 6.5rem 1fr; gap: .15rem 1rem; margin: 0; }} dd {{ margin: 0; }}
@media (max-width: 36rem) {{ dl {{ display: block; }} dd {{ margin-bottom: .4rem; }} }}
@page {{ margin: 14mm; }}
@media print {{ body {{ max-width: none; margin: 0; padding: 0; font-size: 9pt; line-height: 1.35; }} \
h1 {{ font-size: 1.4rem; }} h2 {{ margin-top: 1rem; }}
section {{ margin: .7rem 0; }} a {{ color: inherit; text-decoration: none; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{use}</p>
<p>{prepare}</p>
{lessons}
<p class="said">{limits}</p>
</main>
</body>
</html>
"""


def register(server: flask.Flask, prefix: str) -> None:
    """Add the route to the server, below the path prefix of the page."""
    server.add_url_rule(f"{prefix}{PATH}", "teacher", lambda: notes_response(prefix))


def notes_response(prefix: str) -> flask.Response:
    """Return the notes in the language of the query or, without one, of the browser."""
    response = flask.Response(notes_html(prefix, resolve_language(flask.request.args.get("lang", AUTO)).key))
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=8)
def notes_html(prefix: str, lang: str = ENGLISH) -> str:
    """Return the page; the numbers in it are computed from the runs of the lessons."""
    translate = LANGUAGES[lang].translate
    blocks = groupby(enumerate(LESSONS.values(), 1), lambda numbered: numbered[1].block)
    lessons = "\n".join(
        f"<h2>{translate(message('Block {n}', n=block))}</h2>"
        + "".join(_section(number, lesson, prefix, LANGUAGES[lang]) for number, lesson in numbered_lessons)
        for block, numbered_lessons in blocks
    )
    block_count = len({lesson.block for lesson in LESSONS.values()})
    texts = {
        "title": NOTES_TITLE,
        "use": USE_TEXT.format(n=len(LESSONS), blocks=block_count, theme=THEME),
        "prepare": PREPARE_TEXT,
        "limits": LIMITS_TEXT,
    }
    escaped = {name: html.escape(translate(text)) for name, text in texts.items()}
    return PAGE_TEMPLATE.format(lang=lang, lessons=lessons, **escaped)


def _section(number: int, lesson: Lesson, prefix: str, language: Language) -> str:
    """Return the part about one lesson as HTML."""
    translate, escape = language.translate, html.escape
    answer = str(lesson.correct_choice) if lesson.choices else "0,0"
    state, _ = parse(f"?s={lesson.key}&a={answer}")
    card: LessonCard = translate(lesson_card(lesson.key, answer, Experiment(state)))
    assert card.answer is not None  # it is answered
    parts = {
        message("On the card"): escape(card.introduction),
        message("Question"): escape(card.question),
        message("Choices"): _choices(lesson, translate),
        message("Answer"): escape(card.answer.explanation),
        message("To drag"): escape(card.answer.suggestion),
        message("Aha"): f"<b>{escape(card.answer.conclusion)}</b>",
        message("To say"): html.escape(translate(lesson.note)),
    }
    entries = "".join(f"<dt>{translate(name)}</dt><dd>{text}</dd>" for name, text in parts.items() if text)
    language_query = "" if language.key == ENGLISH else f"&amp;lang={language.key}"
    link = f'<a href="{html.escape(prefix)}?s={lesson.key}{language_query}">{escape(card.title)}</a>'
    return f"<section><h3>{number}. {link} <code>?s={lesson.key}</code></h3><dl>{entries}</dl></section>"


def _choices(lesson: Lesson, translate: Callable[[Any], Any]) -> str:
    """Return the choices as HTML, the correct one with a check mark."""
    marked = (
        f"<b>✓ {html.escape(text)}</b>" if i == lesson.correct_choice else html.escape(text)
        for i, text in enumerate(map(translate, lesson.choices))
    )
    return " · ".join(marked)
