"""The route of the table of reference values. The browser fetches it when the table is opened."""

from functools import lru_cache

import flask

from losses.reference_values import COLUMN_TITLES, REFERENCE_VALUES

from ..common.routes import route
from ..i18n.translation import AUTO, LANGUAGES, resolve_language


@route("published", "notes", computes=True)
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
    return flask.render_template(
        "reference_table.html",
        titles=map(translate, COLUMN_TITLES),
        rows=[map(translate, value.table_row()) for value in REFERENCE_VALUES],
    )
