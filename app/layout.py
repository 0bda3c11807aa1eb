"""The shell of the page. What fills it comes as data and is drawn in the browser."""

from functools import lru_cache
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.lessons import LESSONS
from losses.checked import CHECKS, HEADS


def layout() -> Component:
    return html.Div(
        id=ids.SHELL,
        children=[
            html.A("Skip to the map", href=f"#{ids.MAP}", className="skip"),
            _header(),
            html.Main(
                [
                    html.Div(id=ids.NOTICE, role="status", className="notice", hidden=True),
                    html.Section(id=ids.LESSON, className="card lesson", hidden=True, **_named("Lesson")),
                    html.H1(id=ids.SENTENCE, className="sentence"),
                    html.Div(
                        className="bench",
                        children=[
                            _view(
                                ids.LANDSCAPE,
                                "Landscape",
                                "every place is a choice, its height is the loss",
                                _camera_keys(),
                            ),
                            _view(ids.LANDSCAPE_2, "Beside it", ""),
                            _view(ids.MAP, "Map", "drag the ring to start elsewhere", _map_keys()),
                            _view(ids.MAP_2, "Map beside it", ""),
                            _view(ids.DATA, "Data", "step 0"),
                            _detail(),
                            _dock(),
                            html.Section(id=ids.SLIDERS, className="card sliders", **_named("Settings")),
                        ],
                    ),
                ]
            ),
            _words(),
            _checked(),
            html.Dialog(id=ids.SHARE_DIALOG, className="card dialog share", **_named("Share")),
            html.Dialog(id=ids.PASTE_DIALOG, className="card dialog paste", **_named("Your own data")),
            html.Div(id=ids.STATUS, role="status", className="unseen"),
            html.Div(id=ids.ALERT, role="alert", className="unseen"),
            dcc.Store(id=ids.REQUEST),
            dcc.Store(id=ids.ANSWER),
            dcc.Store(id=ids.RECEIVED),
        ],
    )


def _named(label: str) -> dict[str, Any]:
    return {"aria-label": label}


def _button(name: str, text: str, **more: Any) -> Component:
    return html.Button(text, id=name, type="button", **more)


def _lessons() -> Component:
    """The way into the lessons, and to the teacher's notes."""
    links = [html.Li(html.A(lesson.title, href=f"?s={lesson.key}")) for lesson in LESSONS.values()]
    notes = html.P(html.A("Teacher's notes", href="teacher"))
    keys = html.P("Shift and an arrow turn from one to the next.")
    return html.Details(
        [html.Summary("Lessons"), html.Div([html.Ol(links), notes, keys], className="card list")],
        id=ids.LESSONS,
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
                    _button(
                        ids.AGAIN, "↺", title="Back to the link", hidden=True, **_named("Back to the link")
                    ),
                    _lessons(),
                    _button(ids.FULL, "", title="Full screen", **_named("Full screen")),
                    _button(ids.THEME, "◐", title="Light or dark", **_named("Light or dark")),
                    _button(ids.SHARE, "Share", className="dark"),
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
            html.Div(id=name, className="plot", role="img", **_named(title)),
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
            html.Div(id=ids.DETAIL, className="plot", role="img", **_named("Detail")),
            html.Div(id=ids.DETAIL_TABLE, className="table", tabIndex=0, hidden=True, **_named("Numbers")),
        ],
    )


def _map_keys() -> Component:
    return html.Div(
        className="keys",
        role="group",
        children=[
            _button(ids.GHOST, "Ghost", title="Keep this run in sight", **{"aria-pressed": "false"}),
            _button(
                ids.BASINS,
                "Basins",
                title="Paint which minimum each start finds",
                **{"aria-pressed": "false"},
            ),
        ],
        **_named("Map"),
    )


def _camera_keys() -> Component:
    return html.Div(
        className="keys camera",
        role="group",
        children=[
            _button(ids.FOG, "Fog", **{"aria-pressed": "false"}),
            _button(ids.TOP, "Top"),
            _button(ids.SIDE, "Side"),
            _button(ids.HOME, "Reset view"),
        ],
        **_named("Camera"),
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
                    _button(ids.PLAY, "Play", className="dark play"),
                    _button(ids.BACK, "Back"),
                    _button(ids.STEP, "Step"),
                    html.Div(id=ids.SCRUB, className="scrub"),
                    _button(ids.RESET, "Reset"),
                    _button(ids.SPEED, "×1", **_named("Speed")),
                ],
                **_named("Player"),
            ),
        ],
        **_named("This moment"),
    )


def _words() -> Component:
    """The moment and every figure in sentences, and the steps as a table."""
    keys = [
        _button(ids.DESCRIBE, "Describe this moment", **{"aria-keyshortcuts": "F2"}),
        _button(ids.STEPS_FILE, "Every step as CSV"),
        _button(ids.SOUND, "Sound while stepping", **{"aria-pressed": "false"}),
    ]
    return html.Details(
        className="card fold",
        id=ids.WORDS,
        children=[
            html.Summary("In words and numbers"),
            html.P(id=ids.WORDS_MOMENT),
            html.Dl(id=ids.WORDS_FIGURES),
            html.Div(keys, className="tools"),
            html.Div(id=ids.STEPS, className="wide", role="region", tabIndex=0, **_named("Every step")),
        ],
    )


@lru_cache(maxsize=1)
def _checked() -> Component:
    """The published values that the mathematics reproduces, computed when the page is first served."""
    head = html.Tr([html.Th(text, scope="col") for text in HEADS])
    rows = [html.Tr([html.Td(text) for text in check.row()]) for check in CHECKS]
    return html.Details(
        className="card fold",
        id=ids.CHECKED,
        children=[
            html.Summary("Checked against"),
            html.P(
                "Published values, what this page's mathematics computes for them, and how many digits "
                "agree (NIST's log relative error)."
            ),
            html.Div(html.Table([html.Thead(head), html.Tbody(rows)]), className="wide", tabIndex=0),
        ],
    )
