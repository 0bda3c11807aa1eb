"""The route that parses pasted CSV text. The server stores nothing of it."""

from typing import Final

import flask

from losses.core.messages import message

from ..common import limits
from ..i18n.translation import AUTO, resolve_language
from ..problem_setup.csv_import import preview_table
from ..protocol.responses import json_response

PATH: Final = "paste"


def register(server: flask.Flask, prefix: str) -> None:
    """Add the route to the server, below the path prefix of the page."""
    server.add_url_rule(f"{prefix}{PATH}", "paste", _preview_response, methods=["GET", "POST"])


def _preview_response() -> flask.Response:
    """Return the preview of the posted text as JSON; the query has the choices made in the dialog.

    ``inputs`` and ``target`` are column indices, ``header`` is 1 or 0 (guessed if missing) and ``task`` the
    kind of problem. Invalid choices are ignored.
    """
    language = resolve_language(flask.request.args.get("lang", AUTO))
    if flask.request.method != "POST":
        return flask.Response(
            language.translate(message("Data are posted here.")) + "\n", 405, mimetype="text/plain"
        )
    flask.request.max_content_length = limits.MAX_PASTE_BYTES
    query = flask.request.args
    inputs = [int(i) for i in query.get("inputs", "").split(",") if _is_column_index(i)]
    target = query.get("target", "")
    table_preview = preview_table(
        flask.request.get_data().decode("utf-8", "replace"),
        {"1": True, "0": False}.get(query.get("header", "")),
        tuple(inputs),
        int(target) if _is_column_index(target) else None,
        query.get("task", ""),
    )
    return json_response(table_preview, language)


def _is_column_index(text: str) -> bool:
    return text.isdecimal() and len(text) < 4
