"""The route that parses pasted text and uploaded files. The server stores nothing of them."""

from collections.abc import Mapping

import flask
import msgspec

from ..common import limits
from ..common.routes import route
from ..i18n.translation import AUTO, resolve_language
from ..problem_setup.custom_dataset import TableError
from ..problem_setup.tables.csv_import import Choices, preview_table
from ..problem_setup.tables.file_decoding import decode_file
from ..protocol.csv_preview import CsvPreview
from ..protocol.responses import json_response
from ..url_state.points_check import points_check


@route("paste", "paste", methods=("POST",), max_body_bytes=limits.MAX_PASTE_BYTES, computes=True)
def table_preview_response() -> flask.Response:
    """Return the preview of the posted text or file as JSON; the query has the choices made in the dialog.

    A body of the type ``text/plain`` is pasted text in UTF-8, any other is a file. ``inputs`` and ``target``
    are column indices, ``header`` is 1 or 0 (guessed if missing), ``task`` the kind of problem, ``decimal`` a
    decimal mark, ``unlabeled`` is ``keep`` for a class of rows without a label, ``total`` the number of lines
    of which the text is a sample, ``sheet`` the index of a sheet. Invalid choices are ignored.
    """
    query = flask.request.args
    language = resolve_language(query.get("lang", AUTO))
    content = flask.request.get_data()
    if flask.request.mimetype == "text/plain":
        preview = preview_table(content.decode("utf-8", "replace"), _choices(query))
        return json_response(_with_check(preview), language)
    try:
        file = decode_file(content, _index(query.get("sheet", "")))
    except TableError as error:
        return json_response(CsvPreview(problem=error.args[0]), language)
    preview = _with_check(preview_table(file.text, _choices(query)))
    shown = msgspec.structs.replace(
        preview, file_notes=file.notes, text=file.text, sheets=file.sheets, sheet=file.sheet
    )
    return json_response(shown, language)


def _with_check(preview: CsvPreview) -> CsvPreview:
    """Return a preview with the check of its data, under which the browser stores what fits no link."""
    return msgspec.structs.replace(preview, check=points_check(preview.points) if preview.points else "")


def _choices(query: Mapping[str, str]) -> Choices:
    """Return the choices in a query; invalid ones are left out."""
    total = query.get("total", "")
    return Choices(
        header={"1": True, "0": False}.get(query.get("header", "")),
        inputs=tuple(i for text in query.get("inputs", "").split(",") if (i := _index(text)) is not None),
        target=_index(query.get("target", "")),
        task=query.get("task", ""),
        decimal=query.get("decimal", ""),
        keep_unlabeled=query.get("unlabeled") == "keep",
        total_lines=int(total) if total.isdecimal() and len(total) < 12 else None,
    )


def _index(text: str) -> int | None:
    """Return the index that a text holds, or None."""
    return int(text) if text.isdecimal() and len(text) < 4 else None
