"""Reject, with a sentence, requests that the page never sends, before they reach Dash."""

import time
from contextlib import nullcontext
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

import flask
import msgspec
from werkzeug.exceptions import BadRequest, HTTPException

from losses.core.messages import message

from ..common import limits
from ..common.routes import ROUTES, Route
from ..i18n.translation import AUTO, resolve_language
from ..protocol.request import CallbackBody, explain
from .body_deadline import BODY_SECONDS, DEADLINES, SOCKET

HEALTH_ENDPOINT: Final = "healthz"
UNKNOWN: Final = Route("nowhere", ())
DASH_ROUTES: Final = {
    "": Route("page", computes=True),
    "_dash-update-component": Route("answer", ("POST",), computes=True),
    "_dash-layout": Route("shell"),
    "_dash-dependencies": Route("shell"),
    "_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Route("file"),
    HEALTH_ENDPOINT: Route("health"),
}
"""Routes of Dash that the page uses, by their rule."""
DEV_TOOLS: Final = {rule: Route("workshop") for rule in ("_reload-hash", "_favicon.ico", "_dash_dev/<name>")}
"""Routes that Dash's development tools use; they exist only in debug mode."""

TOO_LARGE: Final = message("A request holds at most {most} bytes.")
ERROR_TEXTS: Final = {
    HTTPStatus.NOT_FOUND: message("There is no such page here."),
    HTTPStatus.METHOD_NOT_ALLOWED: message("That cannot be done with this address."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE.format(most=limits.MAX_BODY_BYTES),
    HTTPStatus.REQUEST_URI_TOO_LONG: message(
        "An address asks for at most {most} characters.", most=limits.MAX_QUERY_BYTES
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: message("A request is plain application/json."),
    HTTPStatus.REQUEST_TIMEOUT: message("The request did not arrive in time."),
    HTTPStatus.SERVICE_UNAVAILABLE: message("Too many requests right now. Please try again in a moment."),
    HTTPStatus.INTERNAL_SERVER_ERROR: message("Something went wrong here. It has been written down."),
}


class RequestRejected(HTTPException):
    """A rejected request, with the status and the sentence of its response."""

    def __init__(self, status: HTTPStatus, sentence: str = "", **headers: str) -> None:
        super().__init__(sentence or ERROR_TEXTS[status])
        self.code, self.headers = status, headers


def error_response(error: HTTPException) -> flask.Response:
    """Return the response to an error: a translated sentence, as plain text so that it has no markup."""
    status = HTTPStatus(error.code or 500)
    default_sentence = ERROR_TEXTS.get(status, message("This cannot be read."))
    sentence = error.description if isinstance(error, RequestRejected) else default_sentence
    language = resolve_language(flask.request.args.get("lang", AUTO))
    response = flask.Response(f"{language.translate(sentence)}\n", status, mimetype="text/plain")
    response.headers.update(getattr(error, "headers", {}))
    response.headers["Cache-Control"] = "no-store"
    return response


def route_for(path: str, prefix: str, dev_tools: bool = False) -> Route:
    """Return the route of a path, or ``UNKNOWN``; ``prefix`` is the path under which the page is served."""
    if not path.startswith(prefix):
        return UNKNOWN
    name, (by_path, by_ends) = path.removeprefix(prefix), _route_tables(dev_tools)
    matches = (
        route
        for (start, end), route in by_ends.items()
        if name.startswith(start) and name.endswith(end) and len(name) > len(start) + len(end)
    )
    return by_path.get(name) or next(matches, UNKNOWN)


@lru_cache(maxsize=2)
def _route_tables(dev_tools: bool) -> tuple[dict[str, Route], dict[tuple[str, str], Route]]:
    """Return the routes by their path, and those with a variable part by what stands before and after it.

    Of two that match a path, the one with the longer end comes first.
    """
    routes = DASH_ROUTES | ROUTES | (DEV_TOOLS if dev_tools else {})
    return (
        {rule: route for rule, route in routes.items() if "<" not in rule},
        {
            (rule.partition("<")[0], rule.rpartition(">")[2]): route
            for rule, route in sorted(routes.items(), key=lambda item: -len(item[0].rpartition(">")[2]))
            if "<" in rule
        },
    )


msgspec.json.Decoder(CallbackBody)
"""It resolves the types once, here: msgspec crashes when two threads resolve those of a struct at once."""


def validate(route: Route) -> None:
    """Check the head of the current request. Raises RequestRejected if its route does not accept it."""
    request = flask.request
    if route is UNKNOWN:
        raise RequestRejected(HTTPStatus.NOT_FOUND)
    if request.method not in route.methods:
        raise RequestRejected(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(route.methods))
    if len(request.query_string) > limits.MAX_QUERY_BYTES:
        raise RequestRejected(HTTPStatus.REQUEST_URI_TOO_LONG)
    if (request.content_length or 0) > route.max_body_bytes:
        raise _too_large(route.max_body_bytes)


def parse_callback_body() -> None:
    """Parse the request of the page's callback into ``flask.g.page_request``.

    Raises RequestRejected if it is invalid.
    """
    try:
        flask.g.page_request = msgspec.convert(_json_body(), CallbackBody).inputs[0].value
    except msgspec.ValidationError as error:
        raise RequestRejected(HTTPStatus.BAD_REQUEST, explain(error)) from None


def _json_body() -> Any:
    """Return the body of the current request, parsed from JSON; Dash gets the same value.

    Raises RequestRejected if it is not JSON, or of another type or encoding.
    """
    request = flask.request
    if request.query_string:
        raise RequestRejected(HTTPStatus.BAD_REQUEST, message("A request has nothing behind its address."))
    if request.mimetype != "application/json" or request.content_encoding not in (None, "", "identity"):
        raise RequestRejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return request.get_json()
    except BadRequest:
        raise RequestRejected(HTTPStatus.BAD_REQUEST, message("This is not JSON.")) from None


def read_body(max_bytes: int) -> None:
    """Read the body of the current request, which then finds it in memory.

    Raises RequestRejected: with status 408 if it is not complete after ``BODY_SECONDS``, 400 if it is cut or
    its chunks are malformed, 413 if it has more than ``max_bytes``, which chunks do not say beforehand.
    """
    request = flask.request
    request.max_content_length = max_bytes + 1  # at which Werkzeug cuts a chunked body without an error
    connection, begin = request.environ.get(SOCKET), time.monotonic()
    try:
        with DEADLINES.limit(connection, BODY_SECONDS) if connection else nullcontext():
            size = len(request.get_data())
        is_complete = size >= (request.content_length or 0)
    except Exception:  # each server has its own errors of broken connections and malformed chunks
        size, is_complete = 0, False
    if size > max_bytes:
        raise _too_large(max_bytes)
    if not is_complete and time.monotonic() - begin >= BODY_SECONDS:
        raise RequestRejected(HTTPStatus.REQUEST_TIMEOUT)
    if not is_complete:
        raise RequestRejected(HTTPStatus.BAD_REQUEST, message("The request is damaged."))


def _too_large(max_bytes: int) -> RequestRejected:
    return RequestRejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE.format(most=max_bytes))
