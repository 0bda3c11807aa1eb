"""The routes for monitoring: ``readyz`` and ``metrics``.

Dash itself serves ``healthz``, which tells that the process is alive.
"""

from http import HTTPStatus

import flask
import numpy as np

import losses

from ..api.served_course import EXTENSION
from ..common import limits, prometheus_metrics
from ..common.routes import route
from ..url_state.state import parse
from .access_log import LOGGER
from .request_validation import RequestRejected


@route("readyz", "health", computes=True, longest_wait=limits.READINESS_SECONDS)
def readyz() -> flask.Response:
    """Answer that the process can compute; the check is a small surface, which must be finite.

    It takes its turn: a process whose slots are taken for long is not ready.

    Raises RequestRejected with status 503 if it is not, if it cannot be computed, or with what is wrong in
    the course file of this server.
    """
    if wrong := flask.current_app.extensions.get(EXTENSION):
        raise RequestRejected(HTTPStatus.SERVICE_UNAVAILABLE, wrong)
    try:
        z = losses.surface(parse("")[0].problem, size=5).z
        is_ready = bool(np.isfinite(z).all())
    except Exception:  # any failure means not ready; the log has the reason
        LOGGER.exception("not ready")
        is_ready = False
    if not is_ready:
        raise RequestRejected(HTTPStatus.SERVICE_UNAVAILABLE, "This server cannot compute just now.")
    return flask.Response("ready\n", mimetype="text/plain")


@route("metrics", "metrics")
def metrics() -> flask.Response:
    """Return the metrics of all workers in Prometheus' text format."""
    return flask.Response(prometheus_metrics.exposition(), content_type=prometheus_metrics.CONTENT_TYPE)
