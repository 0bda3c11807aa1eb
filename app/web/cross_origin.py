"""Let pages without an origin use the page: a frame with ``sandbox`` and no ``allow-same-origin``.

All answers are public and depend on the request alone: there are no cookies, no accounts and no addresses
that only some may read. Whoever may send a request may therefore read its answer, from any origin.
"""

from http import HTTPStatus
from typing import Final

import flask

HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After, X-Losslab-Version",
}
"""Headers of every response."""
PREFLIGHT_HEADERS: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, X-CSRFToken",
    "Access-Control-Max-Age": "86400",
}


def preflight_response() -> flask.Response | None:
    """Return the answer to a browser that asks whether it may send a request from another origin."""
    if "Access-Control-Request-Method" not in flask.request.headers:
        return None
    return flask.Response(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT_HEADERS)
