"""Flask hooks: what happens to each request before a view function gets it, and to each response after."""

import os
import re
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Final, Never

import flask
from dash import Dash
from dash.exceptions import DependencyException, InvalidResourceError
from isal import igzip
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from losses.core.checkpoint import checked_by

from ..common import limits, prometheus_metrics
from ..common.routes import SAFE_METHODS
from ..i18n.translation import resolve_language
from ..url_state.link_repair import is_mangled
from ..url_state.state import parse, to_query
from . import access_log, cross_origin, static_files
from .admission import AdmissionQueue, Overloaded
from .patience import Stopped, stop_if_useless
from .request_validation import (
    RequestRejected,
    error_response,
    parse_callback_body,
    read_body,
    route_for,
    validate,
)
from .response_cache import ResponseCache, accepts_gzip
from .security_headers import security_headers

MIN_COMPRESSIBLE_BYTES: Final = 1000
"""Bytes below which compression gains nothing."""
VERSION_HEADER: Final = "X-Losslab-Version"
"""The version of the page that a server sends; an older page in a browser then loads itself again."""
UNLOGGED_ROUTES: Final = ("health", "metrics")
"""Routes that monitoring requests every few seconds; they are counted but not logged."""
LIGHT: Final = "losslab.light"
"""The key of the WSGI environment that tells the server whether a request ages its worker."""


class Middleware:
    """The hooks of one application, with its response caches and its admission queue.

    What the hooks of one request share is in ``flask.g``: ``id`` and ``route``; ``started_at``, in seconds of
    ``perf_counter``; ``is_cached``, whether the response came from a cache; ``exit_stack`` with its place
    among the computing requests, which teardown releases.
    """

    def __init__(self, app: Dash) -> None:
        self.server: flask.Flask = app.server
        self.prefix: str = app.config.routes_pathname_prefix
        self.browser_prefix: str = app.config.requests_pathname_prefix
        self.headers = security_headers(app.csp_hashes())
        self.admission_queue = AdmissionQueue()
        page_cache = ResponseCache("page", limits.PAGE_CACHE_BYTES)
        self.caches = {
            "page": page_cache,
            "notes": page_cache,
            "fan": ResponseCache("fan", limits.PREVIEW_CACHE_BYTES),
            "file": ResponseCache("file", limits.FILE_CACHE_BYTES),
            "shell": ResponseCache("file", limits.FILE_CACHE_BYTES),
        }

    def install(self) -> None:
        """Register the hooks and error handlers with the Flask application."""
        self.server.config["MAX_CONTENT_LENGTH"] = limits.MAX_PASTE_BYTES
        self.server.before_request(self.before_request)
        self.server.after_request(self.after_request)
        self.server.teardown_request(lambda _: flask.g.pop("exit_stack", ExitStack()).close())
        for dash_error in (InvalidResourceError, DependencyException):
            self.server.register_error_handler(
                dash_error, lambda _: error_response(RequestRejected(HTTPStatus.NOT_FOUND))
            )
        self.server.register_error_handler(HTTPException, error_response)
        self.server.register_error_handler(Overloaded, unavailable)
        self.server.register_error_handler(Stopped, unavailable)
        self.server.register_error_handler(Exception, internal_error_response)

    def before_request(self) -> Response | None:
        """Validate a request and wait until it may compute; return its cached response if there is one.

        Its body is read completely before it takes a place among the computing requests.
        Raises RequestRejected, or Overloaded if too many requests wait.
        """
        flask.g.started_at, flask.g.exit_stack, flask.g.is_cached = perf_counter(), ExitStack(), False
        proxy_id = flask.request.headers.get("X-Request-ID", "")
        flask.g.id = proxy_id if access_log.REQUEST_ID.fullmatch(proxy_id) else os.urandom(16).hex()
        flask.g.route = route = route_for(flask.request.path, self.prefix, self.server.debug)
        if redirect := self.redirect_to_canonical_path():
            return redirect
        if flask.request.method == "OPTIONS" and (preflight := cross_origin.preflight_response()):
            return preflight
        validate(route)
        if flask.request.method not in SAFE_METHODS:
            read_body(route.max_body_bytes)
        if route.name == "answer":
            parse_callback_body()
        if route.name == "page" and (query := repaired_query()):
            return flask.redirect(flask.request.path + query)
        cache = self.caches.get(route.name)
        cached = cache.get(self.key()) if cache else None
        if route.computes and not cached:
            self.admit(route.longest_wait)
            # While it waited another request may have got the same answer, as when a class opens one link.
            cached = cache.find(self.key()) if cache else None
        flask.g.is_cached = cached is not None
        return cached.response() if cached else None

    def redirect_to_canonical_path(self) -> Response | None:
        """Return a redirect to the canonical path of the current request; None if it was sent to that."""
        sent_path = flask.request.environ["PATH_INFO"]  # Flask's own has no second slash at its beginning
        path = canonical_path(sent_path, self.prefix)
        if path == sent_path:
            return None
        query = flask.request.query_string.decode("latin-1")
        address = self.browser_prefix + path.removeprefix(self.prefix) + (query and f"?{query}")
        return flask.redirect(address, HTTPStatus.PERMANENT_REDIRECT)

    def admit(self, longest_wait: float | None) -> None:
        """Wait until the current request may compute; between the steps it gives way or is stopped."""
        ticket = flask.g.exit_stack.enter_context(self.admission_queue.slot(longest_wait))
        stop = partial(stop_if_useless, flask.g.started_at, flask.request.environ)

        def check() -> None:
            stop()
            self.admission_queue.give_way(ticket, stop)

        flask.g.exit_stack.enter_context(checked_by(check, every=limits.CHECKPOINT_SECONDS))

    def after_request(self, response: flask.Response) -> flask.Response:
        """Cache or compress a response, count and log it, and add the security headers."""
        route = flask.g.route
        response = (
            self.cache_response(route.name, response)
            if route.name in self.caches
            else compress_response(response)
        )
        seconds = perf_counter() - flask.g.started_at
        prometheus_metrics.REQUESTS.labels(route.name, str(response.status_code)).inc()
        prometheus_metrics.LATENCY.labels(route.name).observe(seconds)
        flask.request.environ[LIGHT] = route.light
        if route.name not in UNLOGGED_ROUTES and not route.light:
            facts = {
                "id": flask.g.id,
                "route": route.name,
                "method": flask.request.method if route.methods else "",
                "status": response.status_code,
                "ms": round(1e3 * seconds, 1),
            }
            access_log.LOGGER.info("request", extra={"facts": facts})
        response.headers.setdefault("Cache-Control", "no-store")
        if route.light and response.status_code == HTTPStatus.NOT_MODIFIED:
            return response  # its browser has the headers already
        present = {name.lower() for name, _ in response.headers}
        for name, text in (self.headers | cross_origin.HEADERS).items():
            if name.lower() not in present:
                response.headers.add(name, text)
        response.headers["X-Request-ID"] = flask.g.id
        response.headers[VERSION_HEADER] = static_files.assets_version()
        return response

    def key(self) -> object:
        """Return the cache key of the current request: everything on which its response depends."""
        request = flask.request
        if flask.g.route.name in ("file", "shell"):
            return request.path
        return request.host_url, request.path, request.query_string, resolve_language().key

    def cache_response(self, name: str, response: flask.Response) -> flask.Response:
        """Return a response as its cache gives it from now on, and store it if it may be cached.

        Debug mode has no cache.
        """
        if flask.g.is_cached or response.status_code != HTTPStatus.OK or self.server.debug:
            return response
        policy = static_files.cache_policy(response) if name == "file" else static_files.CACHE_BRIEFLY
        cached = static_files.to_cached_response(response, policy)
        if policy != static_files.REVALIDATE:
            self.caches[name].put(self.key(), cached)
        return cached.response()


def unavailable(error: Overloaded | Stopped) -> flask.Response:
    """Return status 503 with ``Retry-After`` and, of a computation that was stopped, why."""
    retry_after = {"Retry-After": str(limits.RETRY_AFTER_SECONDS)}
    sentence = error.args[0] if isinstance(error, Stopped) else ""
    return error_response(RequestRejected(HTTPStatus.SERVICE_UNAVAILABLE, sentence, **retry_after))


def repaired_query() -> str:
    """Return the right query of a link that something mangled; empty if it is right, or has real mistakes."""
    query = flask.request.query_string.decode("utf-8", "replace")
    if not is_mangled(query) or len(query) > limits.MAX_LINK_CHARACTERS:
        return ""
    state, notices = parse(query)
    return "" if notices else to_query(state) or "?"


def canonical_path(path: str, prefix: str) -> str:
    """Return ``path`` with each run of slashes as one, and the page's own with its slash at the end.

    A browser takes an address that begins with two slashes for one of another host, so the page could not
    write its state into the address.
    """
    path = re.sub("/{2,}", "/", path)
    return prefix if path + "/" == prefix else path


def internal_error_response(error: Exception) -> flask.Response:
    """Log an unexpected error with its traceback and the request's id; return status 500."""
    access_log.LOGGER.error("broken", exc_info=error, extra={"facts": {"id": flask.g.id}})
    return error_response(RequestRejected(HTTPStatus.INTERNAL_SERVER_ERROR))


def fail_callback(error: Exception) -> Never:
    """Let a callback that raised an error fail with status 500; for ``on_error`` of Dash.

    Dash would answer with status 200 and no update. In debug mode its development tools show the error.
    A computation that was stopped is no error.
    """
    if isinstance(error, Stopped | Overloaded):
        raise error
    if not flask.current_app.debug:
        access_log.LOGGER.error("broken", exc_info=error, extra={"facts": {"id": flask.g.id}})
        raise RequestRejected(HTTPStatus.INTERNAL_SERVER_ERROR) from None
    raise error


def compress_response(response: flask.Response) -> flask.Response:
    """Compress a response that is not cached, if it is large enough and the client accepts gzip.

    ``igzip`` at level 1 compresses as much as zlib's fast level in a seventh of its time.
    """
    if (
        response.status_code != 200
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or len(body := response.get_data()) < MIN_COMPRESSIBLE_BYTES
        or not accepts_gzip(flask.request.headers.get("Accept-Encoding", ""))
    ):
        return response
    response.set_data(igzip.compress(body, 1, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response
