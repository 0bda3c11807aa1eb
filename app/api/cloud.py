"""The cloud of a class: runs from many starts with many rates, in one batch. It knows nothing of a class."""

from http import HTTPStatus
from typing import Final

import flask
from werkzeug.exceptions import UnsupportedMediaType

from losses.core.messages import message

from ..common import limits
from ..common.routes import route
from ..experiment.cloud import compute_cloud, has_rate
from ..i18n.translation import AUTO, resolve_language
from ..protocol.cloud import WrongOrder, read_order
from ..protocol.responses import json_response
from ..url_state.state import parse

NO_RATE: Final = message("This optimizer finds its rate by itself: there is none to try.")


@route("cloud", "cloud", methods=("POST",), max_body_bytes=limits.MAX_CLOUD_BYTES, computes=True)
def cloud_response() -> flask.Response:
    """Return the runs that the body asks for as JSON, or as many of the first as are affordable.

    What is wrong with a body is said with status 400.
    """
    request, language = flask.request, resolve_language(flask.request.args.get("lang", AUTO))
    if request.mimetype != "application/json" or request.content_encoding not in (None, "", "identity"):
        raise UnsupportedMediaType
    try:
        order = read_order(request.get_data())
        state, _ = parse(order.link)
        if not has_rate(state):
            raise WrongOrder(NO_RATE)
    except WrongOrder as error:
        sentence = language.translate(error.args[0])
        return flask.Response(f"{sentence}\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    return json_response(compute_cloud(state, order.starts, order.rates), language)
