"""A SCORM 1.2 package of lessons: a zip whose launch page shows them in a frame and records them in an LMS.

The lessons stay on this server. The launch page tells the learning platform, in the browser, which of them
are answered, and the share of right answers. The manifest follows the SCORM 1.2 content aggregation model
(ADL, 2001).
"""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import flask

from losses.core.messages import message, plural

from ..browser_assets.module_bundle import script_bundle
from ..common.routes import route
from ..i18n.markdown import without_markup
from ..i18n.translation import Language, resolve_language
from ..lessons import LESSONS, lesson_of
from ..lessons.lesson_link import LinkError
from ..protocol.base import encode_for_html
from ..url_state.state import parse

ALL: Final = "all"
"""Stands for all lessons of the menu."""
MAX_LESSONS: Final = 24
PACKAGE_KEYS: Final = ("hide", "theme", "lang")
"""Keys of the query that each lesson of the package keeps."""
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The date of each file in the zip, so that the same package has the same bytes."""
TEXTS: Final = {
    "silent": message(
        "The lessons do not show here. Their server may not allow this site to show them in a frame: whoever "
        "runs it names this site in LOSSLAB_FRAME_ANCESTORS."
    ),
    "alone": message("No learning platform is around this page: nothing is recorded."),
    "done": message("answered"),
    "open": message("not answered yet"),
    "score": message("right:"),
}
"""Sentences of the launch page, by the names under which its script knows them."""


@route("scorm/<lessons>.zip", "scorm", computes=True)
def package_response(lessons: str) -> flask.Response:
    """Return the package of the lessons whose keys are joined by commas; ``all`` are those of the menu.

    The query may have a language, a theme and what is hidden, as every link.
    """
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    language = resolve_language(state.lang)
    keys = tuple(LESSONS) if lessons == ALL else tuple(dict.fromkeys(lessons.split(",")))
    try:
        titles = {key: without_markup(language.translate(lesson_of(key).title)) for key in keys}
    except (KeyError, LinkError):
        sentence = message("There is no such lesson. Lessons are {keys}.", keys=", ".join(LESSONS))
        return _refusal(sentence, 404, language)
    if len(keys) > MAX_LESSONS:
        return _refusal(message("A package has at most {most} lessons.", most=MAX_LESSONS), 400, language)
    root = flask.request.base_url.partition("scorm/")[0]
    lasting = {key: value for key in PACKAGE_KEYS if (value := flask.request.args.get(key, ""))}
    lasting["lang"] = language.key
    content = package(titles, root, lasting, language)
    response = flask.Response(content, mimetype="application/zip")
    name = keys[0] if len(keys) == 1 and keys[0] in LESSONS else "lessons"
    response.headers.set("Content-Disposition", "attachment", filename=f"losslab-{name}.zip")
    response.vary.add("Accept-Language")
    return response


def _refusal(sentence: str, status: int, language: Language) -> flask.Response:
    return flask.Response(language.translate(sentence) + "\n", status, mimetype="text/plain")


def package(titles: dict[str, str], root: str, lasting: dict[str, str], language: Language) -> bytes:
    """Return the bytes of the zip; the same for the same arguments.

    ``titles`` are those of the lessons by key, ``root`` is the address of the page, ``lasting`` are values
    that each of its links has.
    """
    address = {key: f"{root}?{urlencode({'s': key, 'embed': '1'} | lasting)}" for key in titles}
    parts = urlsplit(root)
    content = {
        "origin": f"{parts.scheme}://{parts.netloc}",
        "lessons": [{"key": key, "title": title, "address": address[key]} for key, title in titles.items()],
        "texts": language.translate(TEXTS),
    }
    number = len(titles)
    name = next(iter(titles.values()))
    if number > 1:
        name = "Losslab: " + language.translate(plural("{n} lesson", "{n} lessons", n=number))
    texts: dict[str, Any] = {"title": name, "lang": language.key}
    digest = hashlib.sha256(repr(sorted(address.values())).encode()).hexdigest()[:16]
    return zipped(
        [
            ("imsmanifest.xml", flask.render_template("scorm_manifest.xml", identifier=digest, **texts)),
            (
                "launch.html",
                flask.render_template(
                    "scorm_launch.html",
                    package=encode_for_html(content),
                    open_elsewhere=language.translate(message("Open the lesson in a tab of its own")),
                    **texts,
                ),
            ),
            ("launch.js", script_bundle("scorm")),
        ]
    )


def zipped(files: Sequence[tuple[str, str]]) -> bytes:
    """Return a zip of texts by their names, whose bytes follow from them alone.

    Nothing is compressed, as each version of zlib compresses in its own way.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in files:
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, text.encode())
    return out.getvalue()
