"""The published values that the mathematics reproduces, as a table that is fetched when someone opens it."""

import html
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import flask

from losses.reference_values import CHECKS, HEADS

from ..i18n.translation import AUTO, LANGUAGES, spoken

PATH: Final = "published"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, answer)


def answer() -> flask.Response:
    """The table in the language that is asked for, or the browser's."""
    response = flask.Response(table(spoken(flask.request.args.get("lang", AUTO)).key))
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=len(LANGUAGES))
def table(lang: str) -> str:
    """A piece of HTML; its values are computed when it is first asked for."""
    tell = LANGUAGES[lang].of

    def row(tag: str, texts: Iterable[str]) -> str:
        cells = "".join(f"<{tag}>{html.escape(tell(text))}</{tag}>" for text in texts)
        return f"<tr>{cells}</tr>"

    head = row("th", HEADS)
    body = "".join(row("td", check.row()) for check in CHECKS)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
