"""The route that reads pasted data. Nothing of it is kept."""

from typing import Final

import flask

from losses.core.messages import message

from ..common import limits
from ..i18n.translation import AUTO, resolve_language
from ..problem_setup.csv_import import preview

PATH: Final = "paste"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", "paste", _preview_response, methods=["GET", "POST"])


def _preview_response() -> flask.Response:
    """What the dialog shows of the body, a text, under the choices in the query."""
    language = resolve_language(flask.request.args.get("lang", AUTO))
    if flask.request.method != "POST":
        return flask.Response(
            language.translate(message("Data are posted here.")) + "\n", 405, mimetype="text/plain"
        )
    flask.request.max_content_length = limits.MAX_PASTE_BYTES
    choice = flask.request.args
    columns = [int(i) for i in choice.get("inputs", "").split(",") if i.isdecimal() and len(i) < 4]
    target = choice.get("target", "")
    said = preview(
        flask.request.get_data().decode("utf-8", "replace"),
        {"1": True, "0": False}.get(choice.get("header", "")),
        tuple(columns),
        int(target) if target.isdecimal() and len(target) < 4 else None,
        choice.get("task", ""),
    )
    return flask.jsonify(language.translate(said))
