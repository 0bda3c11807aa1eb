"""Responses of routes: a value of the protocol, translated and encoded."""

from typing import Any

import flask

from ..i18n.translation import Language
from .base import encode


def json_response(value: Any, language: Language | None = None) -> flask.Response:
    """Return a value of the protocol as JSON, its texts in a language."""
    translated = language.translate(value) if language else value
    return flask.Response(encode(translated), mimetype="application/json")
