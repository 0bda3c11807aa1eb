"""The teacher's notes: every lesson with its answer and what to say, on a page to print."""

import html
from functools import lru_cache
from typing import Final

import flask

from app.cast import Cast
from app.lessons import LESSONS, card
from app.lessons.record import Lesson
from app.state import parse

PATH: Final = "teacher"
LIMITS: Final = (
    "What the picture does not say: two parameters are few, and a slice of many is not the whole; heights on a "
    "logarithmic scale look milder than they are; made-up data are kinder than the world."
)
PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Teacher's notes · Losslab</title>
<link rel="icon" href="data:,">
<style>
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b2130; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.15rem; margin: 1.6rem 0 .2rem; }}
p {{ margin: .3rem 0; }} .said {{ color: #586073; }} a {{ color: #9a3412; }}
section {{ break-inside: avoid; }}
</style>
</head>
<body>
<main>
<h1>Teacher's notes</h1>
<p>Twelve lessons in four blocks of a quarter of an hour. Each asks before it shows. Shift and an arrow
turn from one lesson to the next. On a projector add <code>&amp;theme=projector</code>: everything is large, and a
clicker's Page keys turn, too. <em>Start over</em> brings back the link as you opened it.</p>
<p>To prepare a link of your own, set everything up, press <em>Share</em> and tick under <em>Hide controls</em> what the
class shall not touch; from there come the link and its QR code. What is hidden stays hidden from lesson to lesson.</p>
{lessons}
<p class="said">{limits}</p>
</main>
</body>
</html>
"""


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", "teacher", lambda: notes(prefix))


@lru_cache(maxsize=4)
def notes(prefix: str) -> str:
    """The page, its numbers computed by the runs of the lessons."""
    return PAGE.format(
        lessons="\n".join(_section(lesson, prefix) for lesson in LESSONS.values()), limits=LIMITS
    )


def _section(lesson: Lesson, prefix: str) -> str:
    answer = str(lesson.right) if lesson.choices else "0,0"
    state, _ = parse(f"?s={lesson.key}&a={answer}")
    shown = card(lesson.key, answer, Cast(state))
    expected = lesson.choices[lesson.right] if lesson.choices else "See below."
    parts = {
        "text": shown["text"],
        "asked": f"Question: {shown['question']}",
        "expected": f"Answer: {expected}",
        "seen": shown["reveal"],
        "aha": shown["aha"],
    }
    said = "".join(f"<p>{html.escape(text)}</p>" for text in parts.values())
    note = f'<p class="said">{html.escape(lesson.note)}</p>'
    title = f'<h2><a href="{html.escape(prefix)}?s={lesson.key}">{html.escape(lesson.title)}</a></h2>'
    return f"<section>{title}<p>Block {lesson.block}</p>{said}{note}</section>"
