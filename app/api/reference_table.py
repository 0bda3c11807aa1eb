"""The published values that the mathematics reproduces, as a table that is fetched when someone opens it."""

import html
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import flask

from losses.reference_values import COLUMN_TITLES, REFERENCE_VALUES

from ..i18n.translation import AUTO, LANGUAGES, resolve_language

PATH: Final = "published"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, reference_table_response)


def reference_table_response() -> flask.Response:
    """The table in the language that is asked for, or the browser's."""
    response = flask.Response(
        reference_table_html(resolve_language(flask.request.args.get("lang", AUTO)).key)
    )
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=len(LANGUAGES))
def reference_table_html(lang: str) -> str:
    """A piece of HTML; its values are computed when it is first asked for."""
    tell = LANGUAGES[lang].translate

    def row(tag: str, texts: Iterable[str]) -> str:
        cells = "".join(f"<{tag}>{html.escape(tell(text))}</{tag}>" for text in texts)
        return f"<tr>{cells}</tr>"

    head = row("th", COLUMN_TITLES)
    body = "".join(row("td", check.table_row()) for check in REFERENCE_VALUES)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
