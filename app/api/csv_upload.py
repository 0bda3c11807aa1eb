"""The route that parses pasted CSV text. The server stores nothing of it."""

import flask

from ..common import limits
from ..common.routes import route
from ..i18n.translation import AUTO, resolve_language
from ..problem_setup.csv_import import preview_table
from ..protocol.responses import json_response


@route("paste", "paste", methods=("POST",), max_body_bytes=limits.MAX_PASTE_BYTES)
def table_preview_response() -> flask.Response:
    """Return the preview of the posted text as JSON; the query has the choices made in the dialog.

    ``inputs`` and ``target`` are column indices, ``header`` is 1 or 0 (guessed if missing) and ``task`` the
    kind of problem. Invalid choices are ignored.
    """
    language = resolve_language(flask.request.args.get("lang", AUTO))
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
