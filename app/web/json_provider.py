"""JSON as the house writes and reads it: by orjson, ten times as quick as Python's own; what is no number is null."""

from typing import Any

import flask
import orjson
from flask.json.provider import JSONProvider


class OrjsonProvider(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> flask.Response:
        made = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return flask.Response(made, mimetype="application/json")
