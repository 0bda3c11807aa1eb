"""Turns away, with a sentence, what the page would never ask for, before Dash trips over it."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Never

import flask
from werkzeug.exceptions import HTTPException

from losses.core.messages import say

from ..api import csv_upload, menu_formulas, rate_preview, reference_table, start_preview, teacher_notes
from ..api.export import FOLDER
from ..common import ids, limits
from ..i18n.translation import AUTO, spoken
from ..page.request import BadRequest, Request

READ: Final = ("GET", "HEAD")


@dataclass(frozen=True)
class Route:
    """What is behind a path: its name in logs and metrics, and how it may be asked for."""

    name: str
    methods: tuple[str, ...] = READ
    body: int = limits.BODY
    computes: bool = False
    """Whether it takes a seat among those that compute."""


NOWHERE: Final = Route("nowhere", ())
ROUTES: Final = {
    "": Route("page", computes=True),
    "_dash-update-component": Route("answer", ("POST",), computes=True),
    "_dash-layout": Route("shell"),
    "_dash-dependencies": Route("shell"),
    menu_formulas.PATH: Route("shell"),
    csv_upload.PATH: Route("paste", ("POST",), limits.PASTE),
    rate_preview.PATH: Route("fan", computes=True),
    start_preview.PATH: Route("glimpse", computes=True),
    teacher_notes.PATH: Route("notes"),
    reference_table.PATH: Route("notes"),
    "healthz": Route("health"),
    "readyz": Route("health"),
    "metrics": Route("metrics"),
}
FOLDERS: Final = {
    **{name: Route("file") for name in ("assets/", "_dash-component-suites/")},
    "static/": Route("script"),
    FOLDER: Route("export", (*READ, "POST"), computes=True),
}
WORKSHOP: Final = {name: Route("workshop") for name in ("_reload-hash", "_favicon.ico", "_dash_dev/")}
"""What Dash's development tools ask for, and nobody else may."""

SENTENCES: Final = {
    HTTPStatus.NOT_FOUND: say("There is no such page here."),
    HTTPStatus.METHOD_NOT_ALLOWED: say("That cannot be done with this address."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: say("A request holds at most {most} bytes.", most=limits.BODY),
    HTTPStatus.REQUEST_URI_TOO_LONG: say("An address asks for at most {most} characters.", most=limits.QUERY),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: say("A request is plain application/json."),
    HTTPStatus.SERVICE_UNAVAILABLE: say("Everyone asks at once. Please come again in a moment."),
    HTTPStatus.INTERNAL_SERVER_ERROR: say("Something went wrong here. It has been written down."),
}


class Refused(HTTPException):
    """A request that is not let in: a status and a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str = "", **headers: str) -> None:
        super().__init__(sentence or SENTENCES[status])
        self.code, self.headers = status, headers


def refusal(wrong: HTTPException) -> flask.Response:
    """The answer to what went wrong: plain text, so that nothing in it is markup."""
    status = HTTPStatus(wrong.code or 500)
    other = SENTENCES.get(status, say("This cannot be read."))
    said = wrong.description if isinstance(wrong, Refused) else other
    language = spoken(flask.request.args.get("lang", AUTO))
    response = flask.Response(f"{language.of(said)}\n", status, mimetype="text/plain")
    response.headers.update(getattr(wrong, "headers", {}))
    response.headers["Cache-Control"] = "no-store"
    return response


def route(path: str, prefix: str, workshop: bool = False) -> Route:
    """What a path leads to under the page's prefix."""
    if not path.startswith(prefix):
        return NOWHERE
    name = path.removeprefix(prefix)
    folders = FOLDERS | (WORKSHOP if workshop else {})
    return ROUTES.get(name) or next((to for start, to in folders.items() if name.startswith(start)), NOWHERE)


def enter(to: Route) -> None:
    """Raises Refused for a request that its route does not take."""
    asked = flask.request
    if to is NOWHERE:
        raise Refused(HTTPStatus.NOT_FOUND)
    if asked.method not in to.methods:
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(to.methods))
    if len(asked.query_string) > limits.QUERY:
        raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG)
    if (asked.content_length or 0) > to.body:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if to.name == "answer":
        try:
            Request.parse(_value(_body()))
        except BadRequest as wrong:
            raise Refused(HTTPStatus.BAD_REQUEST, wrong.args[0]) from None


def _body() -> Any:
    """The body as JSON, within the limits. Raises BadRequest for what is not."""
    asked = flask.request
    if asked.query_string:
        raise BadRequest(say("A request has nothing behind its address."))
    if asked.mimetype != "application/json" or asked.content_encoding not in (None, "", "identity"):
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        body = json.loads(asked.get_data().decode(), parse_constant=_not_a_number)
    except (ValueError, RecursionError) as wrong:
        raise wrong if isinstance(wrong, BadRequest) else BadRequest(say("This is not JSON.")) from None
    if not _shallow(body, limits.DEPTH):
        raise BadRequest(say("This is nested deeper than {depth}.", depth=limits.DEPTH))
    return body


def _not_a_number(name: str) -> Never:
    raise BadRequest(say("{name} is not a number of JSON.", name=name))


def _shallow(value: Any, left: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left > 0 and all(_shallow(part, left - 1) for part in inner)


def _value(body: Any) -> Any:
    """The one value that the page's one server callback is called with."""
    expected = {
        "output": f"{ids.ANSWER}.value",
        "outputs": {"id": ids.ANSWER, "property": "value"},
        "changedPropIds": [f"{ids.REQUEST}.value"],
    }
    match body:
        case {"inputs": [{"id": ids.REQUEST, "property": "value", "value": value}]} if all(
            body.get(key) == part for key, part in expected.items()
        ) and not set(body) - {*expected, "inputs", "parsedChangedPropsIds"}:
            return value
    raise BadRequest(say("This is not a request of the page."))
