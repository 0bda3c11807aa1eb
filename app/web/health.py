"""Whether this process is alive, and whether it can do its work."""

from http import HTTPStatus

import flask
import numpy as np

import losses

from ..common import prometheus_metrics
from ..url_state.state import parse
from .access_log import LOGGER
from .request_validation import RequestRejected


def healthz() -> flask.Response:
    """Alive: it answers."""
    return _text_response("alive\n")


def readyz() -> flask.Response:
    """Ready: a tiny surface comes out finite."""
    try:
        z = losses.surface(parse("")[0].problem, size=5).z
        sound = bool(np.isfinite(z).all())
    except Exception:  # whatever it is, the answer is no, and the log says why
        LOGGER.exception("not ready")
        sound = False
    if not sound:
        raise RequestRejected(HTTPStatus.SERVICE_UNAVAILABLE, "This server cannot compute just now.")
    return _text_response("ready\n")


def metrics() -> flask.Response:
    return flask.Response(prometheus_metrics.exposition(), content_type=prometheus_metrics.CONTENT_TYPE)


def _text_response(text: str) -> flask.Response:
    response = flask.Response(text, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
