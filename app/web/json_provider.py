"""JSON as the house writes and reads it: by orjson, ten times as quick as Python's own; what is no number is null."""

from typing import Any

import flask
import orjson
from flask.json.provider import DefaultJSONProvider


class OrjsonProvider(DefaultJSONProvider):
    """Bodies of requests and responses by orjson."""

    loads = staticmethod(orjson.loads)  # type: ignore[assignment]

    def response(self, *args: Any, **kwargs: Any) -> flask.Response:
        made = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return flask.Response(made, mimetype="application/json")
