"""The shell of the page. What fills it comes as data and is drawn in the browser."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from losses.core.messages import say

from ..common import ids
from ..i18n.translation import LANGUAGES
from ..lessons import LESSONS


def layout() -> Component:
    return html.Div(
        id=ids.SHELL,
        children=[
            html.A(say("Skip to the map"), href=f"#{ids.MAP}", className="skip"),
            _header(),
            html.Main(
                [
                    html.Div(id=ids.NOTICE, role="status", className="notice", hidden=True),
                    html.Section(id=ids.LESSON, className="card lesson", hidden=True, **named(say("Lesson"))),
                    html.H1(id=ids.SENTENCE, className="sentence"),
                    html.Div(
                        className="bench",
                        children=[
                            _view(
                                ids.LANDSCAPE,
                                say("Landscape"),
                                say("every place is a choice, its height is the loss"),
                                _camera_keys(),
                            ),
                            _view(ids.LANDSCAPE_2, say("Beside it"), ""),
                            _view(ids.MAP, say("Map"), say("drag the ring to start elsewhere"), _map_keys()),
                            _view(ids.MAP_2, say("Map beside it"), ""),
                            _view(ids.DATA, say("Data"), say("step {k}", k=0)),
                            _detail(),
                            _dock(),
                            html.Section(id=ids.SLIDERS, className="card sliders", **named(say("Settings"))),
                        ],
                    ),
                ]
            ),
            in_words(),
            checked(),
            html.Dialog(id=ids.SHARE_DIALOG, className="card dialog share", **named(say("Share"))),
            html.Dialog(id=ids.PASTE_DIALOG, className="card dialog paste", **named(say("Your own data"))),
            html.Div(id=ids.STATUS, role="status", className="unseen"),
            html.Div(id=ids.ALERT, role="alert", className="unseen"),
            html.Data(id=ids.REQUEST),
            html.Data(id=ids.ANSWER),
        ],
    )


def _lessons() -> Component:
    """The way into the lessons, and to the teacher's notes."""
    links = [html.Li(html.A(lesson.title, href=f"?s={lesson.key}")) for lesson in LESSONS.values()]
    notes = html.P(html.A(say("Teacher's notes"), href="teacher"))
    keys = html.P(say("Shift and an arrow turn from one to the next."))
    return html.Details(
        [html.Summary(say("Lessons")), html.Div([html.Ol(links), notes, keys], className="card list")],
        id=ids.LESSONS,
        className="hung",
    )


def _languages() -> Component:
    """The languages by their own names; the summary is the code of the one that is spoken."""
    names = [html.Li(html.Button(each.name, type="button", lang=each.key)) for each in LANGUAGES.values()]
    return html.Details(
        [html.Summary(say("EN"), **named(say("EN: language"))), html.Ul(names, className="card list")],
        id=ids.LANGUAGE,
        className="hung",
    )


def _header() -> Component:
    return html.Header(
        className="top",
        children=[
            html.A(
                [html.Span("Loss"), html.Span("lab", className="accent")],
                href="?",
                className="brand",
                id=ids.BRAND,
            ),
            html.Div(
                [
                    button(
                        ids.AGAIN,
                        "↺",
                        title=say("Back to the link"),
                        hidden=True,
                        **named(say("Back to the link")),
                    ),
                    _lessons(),
                    button(ids.FULL, "", title=say("Full screen"), **named(say("Full screen"))),
                    button(ids.THEME, "◐", title=say("Light or dark"), **named(say("Light or dark"))),
                    _languages(),
                    button(ids.SHARE, say("Share"), className="dark"),
                ],
                className="tools",
            ),
        ],
    )


def _view(name: str, title: str, caption: str, extra: Component | None = None) -> Component:
    heading = [html.B(title), html.Span(caption, id=f"{name}-caption")]
    return html.Section(
        className=f"card view {name}",
        children=[
            html.H2(heading, className="caption"),
            html.Div(id=name, className="plot", role="img", **named(title)),
            *([extra] if extra else []),
        ],
    )


def _detail() -> Component:
    """The changing card: its title is a menu, its body a figure or a table."""
    return html.Section(
        className="card view detail",
        children=[
            html.H2(
                [html.Span(id=ids.DETAIL_WORD), html.Span(id=f"{ids.DETAIL}-caption")], className="caption"
            ),
            html.Div(id=ids.DETAIL, className="plot", role="img", **named(say("Detail"))),
            html.Div(
                id=ids.DETAIL_TABLE, className="table", tabIndex=0, hidden=True, **named(say("Numbers"))
            ),
        ],
    )


def _map_keys() -> Component:
    return html.Div(
        className="keys",
        role="group",
        children=[
            button(ids.GHOST, say("Ghost"), title=say("Keep this run in sight"), **{"aria-pressed": "false"}),
            button(
                ids.BASINS,
                say("Basins"),
                title=say("Paint which minimum each start finds"),
                **{"aria-pressed": "false"},
            ),
        ],
        **named(say("Map")),
    )


def _camera_keys() -> Component:
    return html.Div(
        className="keys camera",
        role="group",
        children=[
            button(ids.FOG, say("Fog"), **{"aria-pressed": "false"}),
            button(ids.TOP, say("Top")),
            button(ids.SIDE, say("Side")),
            button(ids.HOME, say("Reset view")),
        ],
        **named(say("Camera")),
    )


def _dock() -> Component:
    return html.Section(
        className="card dock",
        children=[
            html.P(id=ids.VERDICT, className="verdict"),
            html.Div(id=ids.BESIDE, className="beside"),
            html.P(
                [html.Span(id=ids.NUMBERS), " ", html.B(id=ids.UPDATE, className="update")],
                className="numbers",
            ),
            html.Div(
                className="player",
                role="group",
                children=[
                    button(ids.PLAY, say("Play"), className="dark play"),
                    button(ids.BACK, say("Back")),
                    button(ids.STEP, say("Step")),
                    html.Div(id=ids.SCRUB, className="scrub"),
                    button(ids.RESET, say("Reset")),
                    button(ids.SPEED, "×1", **named(say("Speed"))),
                ],
                **named(say("Player")),
            ),
            html.P(say("It walks once you have answered."), className="later"),
        ],
        **named(say("This moment")),
    )


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
