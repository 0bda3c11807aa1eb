"""The pages of a live class for its phones: the field for a code, and the class itself."""

import time
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import dash
import flask

from losses.core.messages import message

from ..browser_assets.module_bundle import PHONE_SCRIPT_NAME, PHONE_STYLESHEET_NAME, bundled_modules
from ..common import limits
from ..common.routes import route
from ..i18n.translation import AUTO, ENGLISH, Language, resolve_language
from ..protocol.base import encode_for_html
from ..protocol.catalogue import TextCatalogue
from ..web.index_page import NO_SCRIPT
from .codes import clean_code
from .routes import NO_CLASS, REFUSALS, classroom, end_class, start_class
from .store import ClassNotFound, StoreUnavailable

TITLE: Final = message("Join a class")
CODE_LABEL: Final = message("The six letters on the wall")
JOIN: Final = message("Join")
NOT_A_CODE: Final = message("A code has six letters. Please look at the wall again.")


@route("class", "class", light=True)
def class_page_without_slash() -> flask.Response:
    """Go on to the page with a field for a code, whose address somebody typed."""
    classroom()
    return flask.redirect("class/", HTTPStatus.MOVED_PERMANENTLY)  # type: ignore[return-value]


@route("class/", "class", methods=("GET", "POST"), max_body_bytes=limits.MAX_TEACHER_BYTES, light=True)
def class_page() -> flask.Response:
    """Return the page with a field for a code, or go on to its class; POST starts a class."""
    if flask.request.method == "POST":
        return start_class()
    typed = flask.request.args.get("code", "")
    return _find_class(typed) if typed else code_page()


def _find_class(typed: str) -> flask.Response:
    """Go on to the class of a typed code, or return the field again with what is wrong with it."""
    room, code = classroom(), clean_code(typed)
    if not code:
        return code_page(typed, NOT_A_CODE, HTTPStatus.NOT_FOUND)
    try:
        room.store.find(code, time.time())
    except (ClassNotFound, StoreUnavailable) as error:
        status, sentence = REFUSALS[type(error)]
        if not room.budget.take():
            status = HTTPStatus.TOO_MANY_REQUESTS
        return code_page(typed, sentence, status)
    return flask.redirect(code, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def code_page(typed: str = "", sentence: str = "", status: HTTPStatus = HTTPStatus.OK) -> flask.Response:
    """Return the page with a field for a code."""
    classroom()
    language = resolve_language(flask.request.args.get("lang", AUTO))
    texts = {"title": TITLE, "label": CODE_LABEL, "join": JOIN, "sentence": sentence}
    page = flask.render_template(
        "classroom_code.html", lang=language.key, typed=typed[:20], **language.translate(texts)
    )
    return _as_page(page, status)


@route(
    "class/<code>", "class", methods=("GET", "DELETE"), max_body_bytes=limits.MAX_TEACHER_BYTES, light=True
)
def phone_page(code: str) -> flask.Response:
    """Return the phone's page, the same for every class; DELETE ends the class."""
    if flask.request.method == "DELETE":
        return end_class(code)
    classroom()
    cleaned = clean_code(code)
    if not cleaned:
        return code_page(code, NO_CLASS, HTTPStatus.NOT_FOUND)
    if cleaned != code:
        return flask.redirect(cleaned, HTTPStatus.FOUND)  # type: ignore[return-value]
    language, app = resolve_language(), dash.get_app()  # type: ignore[no-untyped-call]
    page = flask.render_template(
        "classroom_phone.html",
        lang=language.key,
        title=language.translate(message("Class")),
        noscript=language.translate(NO_SCRIPT),
        style_sheet=app.asset_url(PHONE_STYLESHEET_NAME),
        script=app.asset_url(PHONE_SCRIPT_NAME),
        icon=app.asset_url("images/icon.svg"),
        catalogue=phone_catalogue(language),
    )
    return _as_page(page)


def _as_page(page: str, status: HTTPStatus = HTTPStatus.OK) -> flask.Response:
    response = flask.Response(page, status)
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=8)
def phone_catalogue(language: Language) -> str:
    """Return the translations that the phone's page needs, as JSON; empty for English."""
    if language.key == ENGLISH:
        return ""
    files = {f"assets/js/{name}.mjs" for name in bundled_modules("classroom/phone")}
    needed = {
        entry.id if isinstance(entry.id, str) else entry.id[0]
        for entry in language.catalogue
        if any(file in files for file, _ in entry.locations)
    }
    catalogue = TextCatalogue(
        language=language.key,
        texts={text: language.browser_texts[text] for text in sorted(needed & language.browser_texts.keys())},
        plurals={
            one: language.browser_plurals[one] for one in sorted(needed & language.browser_plurals.keys())
        },
        decimal_mark=language.decimal_mark,
    )
    return encode_for_html(catalogue)
