"""The route of the table of reference values. The browser fetches it when the table is opened."""

import html
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import flask

from losses.reference_values import COLUMN_TITLES, REFERENCE_VALUES

from ..i18n.translation import AUTO, LANGUAGES, resolve_language

PATH: Final = "published"


def register(server: flask.Flask, prefix: str) -> None:
    """Add the route to the server, below the path prefix of the page."""
    server.add_url_rule(f"{prefix}{PATH}", PATH, reference_table_response)


def reference_table_response() -> flask.Response:
    """Return the table in the language of the query or, without one, of the browser."""
    response = flask.Response(
        reference_table_html(resolve_language(flask.request.args.get("lang", AUTO)).key)
    )
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=len(LANGUAGES))
def reference_table_html(lang: str) -> str:
    """Return an HTML table of published and computed values; the first call computes them."""
    translate = LANGUAGES[lang].translate

    def row(tag: str, texts: Iterable[str]) -> str:
        cells = "".join(f"<{tag}>{html.escape(translate(text))}</{tag}>" for text in texts)
        return f"<tr>{cells}</tr>"

    head = row("th", COLUMN_TITLES)
    body = "".join(row("td", value.table_row()) for value in REFERENCE_VALUES)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
