"""What opens below the figures: the moment in words, and what the mathematics is checked against."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from app import ids
from losses.words import say


def named(label: str) -> dict[str, Any]:
    return {"aria-label": label}


def button(name: str, text: str, **more: Any) -> Component:
    return html.Button(text, id=name, type="button", **more)


def in_words() -> Component:
    """The moment and every figure in sentences, and the steps as a table."""
    keys = [
        button(ids.DESCRIBE, say("Describe this moment"), **{"aria-keyshortcuts": "F2"}),
        button(ids.STEPS_FILE, say("Every step as CSV")),
        button(ids.SOUND, say("Sound while stepping"), **{"aria-pressed": "false"}),
    ]
    return html.Details(
        className="card fold",
        id=ids.WORDS,
        children=[
            html.Summary(say("In words and numbers")),
            html.P(id=ids.WORDS_MOMENT),
            html.Dl(id=ids.WORDS_FIGURES),
            html.Div(keys, className="tools"),
            html.Div(id=ids.STEPS, className="wide", role="region", tabIndex=0, **named(say("Every step"))),
        ],
    )


def checked() -> Component:
    """The published values that the mathematics reproduces; they come when it is opened."""
    return html.Details(
        className="card fold",
        id=ids.CHECKED,
        children=[
            html.Summary(say("Checked against")),
            html.P(
                say(
                    "Published values, what this page's mathematics computes for them, and how many digits "
                    "agree (NIST's log relative error)."
                )
            ),
            html.Div(
                id=ids.PUBLISHED,
                className="wide",
                role="region",
                tabIndex=0,
                **named(say("Checked against")),
            ),
        ],
    )
