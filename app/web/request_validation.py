"""Turns away, with a sentence, what the page would never ask for, before Dash trips over it."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Never

import flask
from werkzeug.exceptions import HTTPException

from losses.core.messages import message

from ..api import csv_upload, menu_formulas, rate_preview, reference_table, start_preview, teacher_notes
from ..api.export import EXPORT_FOLDER
from ..common import ids, limits
from ..i18n.translation import AUTO, resolve_language
from ..page.request import InvalidRequest, Request

SAFE_METHODS: Final = ("GET", "HEAD")


@dataclass(frozen=True)
class Route:
    """What is behind a path: its name in logs and metrics, and how it may be asked for."""

    name: str
    methods: tuple[str, ...] = SAFE_METHODS
    max_body_bytes: int = limits.MAX_BODY_BYTES
    computes: bool = False
    """Whether it takes a seat among those that compute."""


UNKNOWN: Final = Route("nowhere", ())
ROUTES: Final = {
    "": Route("page", computes=True),
    "_dash-update-component": Route("answer", ("POST",), computes=True),
    "_dash-layout": Route("shell"),
    "_dash-dependencies": Route("shell"),
    menu_formulas.PATH: Route("shell"),
    csv_upload.PATH: Route("paste", ("POST",), limits.MAX_PASTE_BYTES),
    rate_preview.PATH: Route("fan", computes=True),
    start_preview.PATH: Route("glimpse", computes=True),
    teacher_notes.PATH: Route("notes"),
    reference_table.PATH: Route("notes"),
    "healthz": Route("health"),
    "readyz": Route("health"),
    "metrics": Route("metrics"),
}
ROUTES_BY_PREFIX: Final = {
    **{name: Route("file") for name in ("assets/", "_dash-component-suites/")},
    "static/": Route("script"),
    EXPORT_FOLDER: Route("export", (*SAFE_METHODS, "POST"), computes=True),
}
DEV_TOOLS: Final = {name: Route("workshop") for name in ("_reload-hash", "_favicon.ico", "_dash_dev/")}
"""What Dash's development tools ask for, and nobody else may."""

ERROR_TEXTS: Final = {
    HTTPStatus.NOT_FOUND: message("There is no such page here."),
    HTTPStatus.METHOD_NOT_ALLOWED: message("That cannot be done with this address."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: message(
        "A request holds at most {most} bytes.", most=limits.MAX_BODY_BYTES
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: message(
        "An address asks for at most {most} characters.", most=limits.MAX_QUERY_BYTES
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: message("A request is plain application/json."),
    HTTPStatus.SERVICE_UNAVAILABLE: message("Everyone asks at once. Please come again in a moment."),
    HTTPStatus.INTERNAL_SERVER_ERROR: message("Something went wrong here. It has been written down."),
}


class RequestRejected(HTTPException):
    """A request that is not let in: a status and a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str = "", **headers: str) -> None:
        super().__init__(sentence or ERROR_TEXTS[status])
        self.code, self.headers = status, headers


def error_response(error: HTTPException) -> flask.Response:
    """The answer to what went wrong: plain text, so that nothing in it is markup."""
    status = HTTPStatus(error.code or 500)
    other = ERROR_TEXTS.get(status, message("This cannot be read."))
    said = error.description if isinstance(error, RequestRejected) else other
    language = resolve_language(flask.request.args.get("lang", AUTO))
    response = flask.Response(f"{language.translate(said)}\n", status, mimetype="text/plain")
    response.headers.update(getattr(error, "headers", {}))
    response.headers["Cache-Control"] = "no-store"
    return response


def route_for(path: str, prefix: str, dev_tools: bool = False) -> Route:
    """What a path leads to under the page's prefix."""
    if not path.startswith(prefix):
        return UNKNOWN
    name = path.removeprefix(prefix)
    folders = ROUTES_BY_PREFIX | (DEV_TOOLS if dev_tools else {})
    return ROUTES.get(name) or next((to for start, to in folders.items() if name.startswith(start)), UNKNOWN)


def validate(route: Route) -> None:
    """Raises Refused for a request that its route does not take."""
    asked = flask.request
    if route is UNKNOWN:
        raise RequestRejected(HTTPStatus.NOT_FOUND)
    if asked.method not in route.methods:
        raise RequestRejected(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(route.methods))
    if len(asked.query_string) > limits.MAX_QUERY_BYTES:
        raise RequestRejected(HTTPStatus.REQUEST_URI_TOO_LONG)
    if (asked.content_length or 0) > route.max_body_bytes:
        raise RequestRejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if route.name == "answer":
        try:
            Request.parse(_callback_value(_json_body()))
        except InvalidRequest as wrong:
            raise RequestRejected(HTTPStatus.BAD_REQUEST, wrong.args[0]) from None


def _json_body() -> Any:
    """The body as JSON, within the limits. Raises BadRequest for what is not."""
    asked = flask.request
    if asked.query_string:
        raise InvalidRequest(message("A request has nothing behind its address."))
    if asked.mimetype != "application/json" or asked.content_encoding not in (None, "", "identity"):
        raise RequestRejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        body = json.loads(asked.get_data().decode(), parse_constant=_reject_constant)
    except (ValueError, RecursionError) as wrong:
        raise (
            wrong if isinstance(wrong, InvalidRequest) else InvalidRequest(message("This is not JSON."))
        ) from None
    if not _is_within_depth(body, limits.MAX_JSON_DEPTH):
        raise InvalidRequest(message("This is nested deeper than {depth}.", depth=limits.MAX_JSON_DEPTH))
    return body


def _reject_constant(name: str) -> Never:
    raise InvalidRequest(message("{name} is not a number of JSON.", name=name))


def _is_within_depth(value: Any, depth: int) -> bool:
    """Whether a JSON value has at most ``depth`` levels, the value itself being the first."""
    level = [value]
    for _ in range(depth):
        inner = list[Any]()
        for part in level:
            if isinstance(part, dict):
                inner += part.values()
            elif isinstance(part, list):
                inner += part
        if not inner:
            return True
        level = inner
    return False


def _callback_value(body: Any) -> Any:
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
    raise InvalidRequest(message("This is not a request of the page."))
