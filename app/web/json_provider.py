"""JSON of Flask and Dash by orjson, which is about ten times as fast as the standard library."""

from typing import Any

import flask
import orjson
from flask.json.provider import JSONProvider


class OrjsonProvider(JSONProvider):
    """Flask's JSON provider with orjson; NaN and infinity become null, options of ``json`` are ignored."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> flask.Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return flask.Response(body, mimetype="application/json")
