"""The static layout of the page. Its contents come as data and are drawn in the browser."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from losses.core.messages import message

from ..common import ids, limits
from ..common.environment import CLASSES
from ..i18n.translation import LANGUAGES
from ..lessons import LESSONS

BENDING: Final = message("From squared to absolute error")


def page_layout() -> Component:
    page = html.Div(
        id=ids.SHELL,
        children=[
            html.A(message("Skip to the map"), href=f"#{ids.MAP}", className="skip"),
            _header(),
            html.Main(
                [
                    html.Div(id=ids.NOTICE, role="status", className="notice", hidden=True),
                    html.Section(
                        id=ids.LESSON, className="card lesson", hidden=True, **aria_label(message("Lesson"))
                    ),
                    html.H1(id=ids.SENTENCE, className="sentence"),
                    _stage(),
                ]
            ),
            description_section(),
            reference_values_section(),
            html.Dialog(
                id=ids.SHARE_DIALOG,
                className="card dialog share",
                **aria_label(message("Share")) | {"data-classes": "off" if CLASSES.read() == "off" else "on"},
            ),
            html.Dialog(id=ids.BEND_DIALOG, className="card dialog bending", **aria_label(BENDING)),
            html.Dialog(
                id=ids.PASTE_DIALOG,
                className="card dialog paste",
                **aria_label(message("Your own data")) | {"data-max-bytes": str(limits.MAX_PASTE_BYTES)},
            ),
            html.Div(id=ids.STATUS, role="status", className="unseen"),
            html.Div(id=ids.ALERT, role="alert", className="unseen"),
            html.Data(id=ids.REQUEST),
            html.Data(id=ids.ANSWER),
        ],
    )
    return _in_fixed_order(page)


def _in_fixed_order(component: Component) -> Component:
    """Return a component whose attributes, and those of its children, have an order of their own.

    Dash's is that of a set, which differs from worker to worker, and so would the bytes of its answer.
    """
    for name in sorted(vars(component)):
        if name.startswith(("aria-", "data-")):
            value = getattr(component, name)
            delattr(component, name)
            setattr(component, name, value)
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if isinstance(child, Component):
            _in_fixed_order(child)
    return component


def _stage() -> Component:
    """Return the stage: the cards of the views, the switch between them, the player and the sliders."""
    pictures = [
        html.Div(id=ids.VIEWS, className="switch", role="group", **aria_label(message("View shown largest"))),
        _figure_card(
            ids.LANDSCAPE,
            message("Landscape"),
            message("every place is a choice; its height is the loss"),
            _camera_buttons(),
            _marks_key(),
        ),
        _figure_card(ids.LANDSCAPE_2, message("Second landscape"), "", _bend_button()),
        _figure_card(
            ids.MAP,
            message("Map"),
            message("drag the ring to start elsewhere"),
            _map_buttons(),
            _marks_key(),
        ),
        _figure_card(ids.MAP_2, message("Second map"), "", _bend_button()),
        _figure_card(ids.DATA, message("Data"), message("step {k}", k=0)),
        _detail_card(),
    ]
    return html.Div([html.Div(pictures, className="pictures"), _dock()], className="stage")


def _lessons_menu() -> Component:
    """Return the menu of the lessons, with a link to the teacher's notes.

    The browser replaces its list by the gallery of ``/lessons`` when it is opened.
    """
    links = [html.Li(html.A(lesson.title, href=f"?s={lesson.key}")) for lesson in LESSONS.values()]
    more = [
        html.A(message("All lessons on a page"), href="lessons"),
        html.A(message("Teacher's notes"), href="teacher"),
    ]
    keys = html.P(message("Shift + → goes to the next lesson."))
    content = [html.Div(html.Ol(links), className="gallery"), html.P(more, className="tools"), keys]
    return html.Details(
        [html.Summary(message("Lessons")), html.Div(content, className="card list")],
        id=ids.LESSONS,
        className="hung",
    )


def _language_menu() -> Component:
    """Return the menu of the languages by their own names; its summary is the code of the current one."""
    names = [html.Li(html.Button(each.name, type="button", lang=each.key)) for each in LANGUAGES.values()]
    return html.Details(
        [
            html.Summary(message("EN"), **aria_label(message("EN: language"))),
            html.Ul(names, className="card list"),
        ],
        id=ids.LANGUAGE,
        className="hung",
    )


def _seldom_menu() -> Component:
    """Return the menu of what is seldom used, for a projector; the browser fills it when it is opened."""
    label = message("More")
    return html.Details(
        [html.Summary("…", title=label, **aria_label(label)), html.Div(className="card list")],
        id=ids.SELDOM,
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
                        title=message("Back to the link"),
                        hidden=True,
                        **aria_label(message("Back to the link")),
                    ),
                    _lessons_menu(),
                    button(ids.FULL, "", title=message("Full screen"), **aria_label(message("Full screen"))),
                    button(
                        ids.THEME, "◐", title=message("Light or dark"), **aria_label(message("Light or dark"))
                    ),
                    _language_menu(),
                    _seldom_menu(),
                    button(ids.SHARE, message("Share"), className="dark"),
                ],
                className="tools",
            ),
        ],
    )


def _figure_card(name: str, title: str, caption: str, *extra: Component) -> Component:
    heading = [html.B(title), html.Span(caption, id=f"{name}-caption")]
    return html.Section(
        className=f"card view {name}",
        **_attributes({"data-view": name}),
        children=[
            html.H2(heading, className="caption"),
            html.Div(id=name, className="plot", role="img", **aria_label(title)),
            *extra,
        ],
    )


def _marks_key() -> Component:
    """Return the key to the marks on the landscape and on the map, which opens in a corner of their card."""
    marks = {
        "start": message("start: drag it"),
        "now": message("where the run is"),
        "next": message("where the next step lands"),
        "slope": message("downhill"),
        "lowest": message("a lowest point"),
    }
    rows = [
        html.Li([html.Span(className=f"sign {name}", **_attributes({"aria-hidden": "true"})), text])
        for name, text in marks.items()
    ]
    label = message("Key to the marks")
    return html.Details(
        [html.Summary("?", title=label, **aria_label(label)), html.Ul(rows)], className="legend"
    )


def _bend_button() -> Component:
    """Return a button that opens the dialog in which one loss is bent into the other."""
    text = message("Bend one into the other")
    return html.Button(text, type="button", className="bend", hidden=True)


def _detail_card() -> Component:
    """Return the detail card: its title is a menu of views, its body a figure or a table."""
    return html.Section(
        className="card view detail",
        **_attributes({"data-view": ids.DETAIL}),
        children=[
            html.H2(
                [html.Span(id=ids.DETAIL_WORD), html.Span(id=f"{ids.DETAIL}-caption")], className="caption"
            ),
            html.Div(id=ids.DETAIL, className="plot", role="img", **aria_label(message("Detail"))),
            html.Div(
                id=ids.DETAIL_TABLE,
                className="table",
                tabIndex=0,
                hidden=True,
                **aria_label(message("Numbers")),
            ),
        ],
    )


def _map_buttons() -> Component:
    return html.Div(
        className="keys",
        role="group",
        children=[
            button(
                ids.SCALE,
                message("Same scale"),
                title=message("Make a unit as long on one axis as on the other"),
                hidden=True,
                **{"aria-pressed": "false"},
            ),
            button(
                ids.GHOST,
                message("Ghost"),
                title=message("Keep this run in sight"),
                **{"aria-pressed": "false"},
            ),
            button(
                ids.BASINS,
                message("Basins"),
                title=message("Color every start by the minimum it ends in"),
                **{"aria-pressed": "false", "aria-describedby": ids.WHY_NO_BASINS},
            ),
            html.Span(id=ids.WHY_NO_BASINS, className="unseen"),
        ],
        **aria_label(message("Map")),
    )


def _camera_buttons() -> Component:
    return html.Div(
        className="keys camera",
        role="group",
        children=[
            button(ids.FOG, message("Fog"), **{"aria-pressed": "false"}),
            button(ids.TOP, message("Top")),
            button(ids.SIDE, message("Side")),
            button(ids.HOME, message("Reset view")),
        ],
        **aria_label(message("Camera")),
    )


def _dock() -> Component:
    """Return the card below the pictures: what is said of the step, the player and the sliders."""
    moment = [
        html.P(id=ids.VERDICT, className="verdict"),
        html.Div(id=ids.BESIDE, className="beside"),
        html.P(
            [html.Span(id=ids.NUMBERS), " ", html.B(id=ids.UPDATE, className="update")], className="numbers"
        ),
    ]
    player = [
        button(ids.PLAY, message("Play"), className="dark play"),
        button(ids.BACK, message("Back")),
        button(ids.STEP, message("Step")),
        html.Div(id=ids.SCRUB, className="scrub"),
        button(ids.RESET, message("Reset")),
        button(ids.SPEED, "×1", **aria_label(message("Speed"))),
    ]
    return html.Section(
        className="card dock",
        children=[
            html.Div(moment, className="moment"),
            html.Div(player, className="player", role="group", **aria_label(message("Player"))),
            html.Section(id=ids.SLIDERS, className="sliders", **aria_label(message("Settings"))),
            html.P(message("Answer first – then watch it walk."), className="later plays"),
            html.P(message("Answer first – then try it yourself."), className="later"),
        ],
        **aria_label(message("This moment")),
    )


def _attributes(values: dict[str, Any]) -> dict[str, Any]:
    """Return attributes whose names are no identifiers."""
    return values


def aria_label(label: str) -> dict[str, Any]:
    return {"aria-label": label}


def button(name: str, text: str, **attributes: Any) -> Component:
    return html.Button(text, id=name, type="button", **attributes)


def description_section() -> Component:
    """Return the details section that describes the current step and each figure, with a table of steps."""
    keys = [
        button(ids.DESCRIBE, message("Describe this moment"), **{"aria-keyshortcuts": "F2"}),
        button(ids.STEPS_FILE, message("Every step as CSV")),
        button(ids.SOUND, message("Sound while stepping"), **{"aria-pressed": "false"}),
    ]
    return html.Details(
        className="card fold",
        id=ids.WORDS,
        children=[
            html.Summary(message("Every step as a table")),
            html.P(id=ids.WORDS_MOMENT),
            html.Dl(id=ids.WORDS_FIGURES),
            html.Div(keys, className="tools"),
            html.Div(
                id=ids.STEPS, className="wide", role="region", tabIndex=0, **aria_label(message("Every step"))
            ),
        ],
    )


def reference_values_section() -> Component:
    """Return the details section of the reference values, which are loaded when it is opened."""
    return html.Details(
        className="card fold",
        id=ids.CHECKED,
        children=[
            html.Summary(message("How accurate is this?")),
            html.P(
                message(
                    "Published values, what this page's mathematics computes for them, and how many digits "
                    "agree (NIST's log relative error)."
                )
            ),
            html.Div(
                id=ids.PUBLISHED,
                className="wide",
                role="region",
                tabIndex=0,
                **aria_label(message("How accurate is this?")),
            ),
        ],
    )
