"""JSON of Flask and Dash by orjson, which is about ten times as fast as the standard library."""

from typing import Any

import flask
import orjson
from flask.json.provider import DefaultJSONProvider


class OrjsonProvider(DefaultJSONProvider):
    """Read request bodies and write responses with orjson; NaN and infinity become null."""

    loads = staticmethod(orjson.loads)  # type: ignore[assignment]

    def response(self, *args: Any, **kwargs: Any) -> flask.Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return flask.Response(body, mimetype="application/json")
