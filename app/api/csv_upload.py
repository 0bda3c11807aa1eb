"""The route that reads pasted data. Nothing of it is kept."""

from typing import Final

import flask

from losses.core.messages import say

from ..common import limits
from ..i18n.translation import AUTO, spoken
from ..problem_setup.csv_import import offer

PATH: Final = "paste"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", "paste", _answer, methods=["GET", "POST"])


def _answer() -> flask.Response:
    """What the dialog shows of the body, a text, under the choices in the query."""
    language = spoken(flask.request.args.get("lang", AUTO))
    if flask.request.method != "POST":
        return flask.Response(language.of(say("Data are posted here.")) + "\n", 405, mimetype="text/plain")
    flask.request.max_content_length = limits.PASTE
    choice = flask.request.args
    columns = [int(i) for i in choice.get("inputs", "").split(",") if i.isdecimal() and len(i) < 4]
    target = choice.get("target", "")
    said = offer(
        flask.request.get_data().decode("utf-8", "replace"),
        {"1": True, "0": False}.get(choice.get("header", "")),
        tuple(columns),
        int(target) if target.isdecimal() and len(target) < 4 else None,
        choice.get("task", ""),
    )
    return flask.jsonify(language.of(said))
