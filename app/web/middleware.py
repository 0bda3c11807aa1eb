"""Stands at the door: everything that happens to a request before the page sees it and after."""

from contextlib import ExitStack
from http import HTTPStatus
from time import perf_counter
from typing import Final

import flask
from dash import Dash
from dash.exceptions import DependencyException, InvalidResourceError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ..common import limits, prometheus_metrics
from ..i18n.translation import spoken
from . import access_log, static_files
from .admission import Full, Room
from .request_validation import Refused, enter, refusal, route
from .response_cache import Pantry, compress
from .security_headers import dress, policy

QUIET: Final = ("health", "metrics")
"""Routes that machines ask for every few seconds; they are counted and not written down."""


class Porter:
    """The hooks of one application, with its shelves and its room."""

    def __init__(self, app: Dash) -> None:
        self.server: flask.Flask = app.server
        self.prefix: str = app.config.routes_pathname_prefix
        self.csp = policy(app.csp_hashes())
        self.room = Room()
        self.shelves = {
            "page": Pantry("page", limits.PAGES),
            "fan": Pantry("fan", limits.FANS),
            "file": Pantry("file", limits.FILES),
            "shell": Pantry("file", limits.FILES),
        }

    def stand(self) -> None:
        self.server.config["MAX_CONTENT_LENGTH"] = limits.PASTE
        self.server.before_request(self.arrive)
        self.server.after_request(self.leave)
        self.server.teardown_request(lambda _: flask.g.pop("held", ExitStack()).close())
        for kind in (InvalidResourceError, DependencyException):
            self.server.register_error_handler(kind, lambda _: refusal(Refused(HTTPStatus.NOT_FOUND)))
        self.server.register_error_handler(HTTPException, refusal)
        self.server.register_error_handler(Full, lambda _: self.full())
        self.server.register_error_handler(Exception, self.broken)

    def arrive(self) -> Response | None:
        """Names, checks and seats a request; answers it where the answer is at hand."""
        flask.g.begin, flask.g.id, flask.g.held = perf_counter(), access_log.request_id(), ExitStack()
        flask.g.kept = False
        flask.g.route = to = route(flask.request.path, self.prefix, self.server.debug)
        if flask.request.path + "/" == self.prefix:
            return flask.redirect(self.prefix, HTTPStatus.PERMANENT_REDIRECT)
        enter(to)
        shelf = self.shelves.get(to.name)
        found = shelf.get(self.key()) if shelf else None
        if found:
            flask.g.kept = True
            return found.response()
        if to.computes:
            flask.g.held.enter_context(self.room.seat())
        return None

    def leave(self, response: flask.Response) -> flask.Response:
        """Keeps, compresses, dresses, counts and writes down an answer."""
        to = flask.g.route
        response = self.keep(to.name, response) if to.name in self.shelves else compress(response)
        seconds = perf_counter() - flask.g.begin
        prometheus_metrics.REQUESTS.labels(to.name, str(response.status_code)).inc()
        prometheus_metrics.LATENCY.labels(to.name).observe(seconds)
        if to.name not in QUIET:
            access_log.note(
                id=flask.g.id,
                route=to.name,
                method=flask.request.method if to.methods else "",
                status=response.status_code,
                ms=round(1e3 * seconds, 1),
            )
        return dress(response, self.csp)

    def key(self) -> object:
        """What tells one kept answer from another."""
        asked = flask.request
        if flask.g.route.name in ("file", "shell"):
            return asked.path
        return asked.host_url, asked.path, asked.query_string, spoken().key

    def keep(self, name: str, response: flask.Response) -> flask.Response:
        """The answer as it will be given from now on, put on its shelf."""
        if flask.g.kept or response.status_code != HTTPStatus.OK or self.server.debug:
            return response
        lasting = static_files.lasting(response) if name == "file" else static_files.BRIEFLY
        ready = static_files.ready(response, lasting)
        if lasting != static_files.CHECKED:
            self.shelves[name].put(self.key(), ready)
        return ready.response()

    def full(self) -> flask.Response:
        return refusal(Refused(HTTPStatus.SERVICE_UNAVAILABLE, **{"Retry-After": str(limits.COME_AGAIN)}))

    def broken(self, error: Exception) -> flask.Response:
        access_log.LOGGER.exception("broken", extra={"facts": {"id": flask.g.id}})
        return refusal(Refused(HTTPStatus.INTERNAL_SERVER_ERROR))
