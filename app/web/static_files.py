"""The files of the page: named by their content, so that browsers and proxies keep them for ever."""

import gzip
import hashlib
from functools import lru_cache
from os.path import splitext
from typing import Final

import flask
from isal import igzip

from ..browser_assets import module_bundle
from ..browser_assets.palette import assets_folder
from ..browser_assets.plotly_bundle import plotly_javascript
from .response_cache import CachedResponse

CACHE_FOREVER: Final = "public, max-age=31536000, immutable"
CACHE_BRIEFLY: Final = "public, max-age=0, s-maxage=60, must-revalidate"
"""What a proxy may keep for a class that opens one link, and a browser asks about each time."""
REVALIDATE: Final = "no-cache"
CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".map": "application/json",
}
"""Stated here, because a Windows registry may call a script text/plain, which ``nosniff`` forbids to run."""


@lru_cache(maxsize=1)
def assets_version() -> str:
    """The name of this set of assets. It stands in their path, so that modules import their own kind."""
    digest = hashlib.sha256("".join(module_bundle.page_bundles().values()).encode())
    for path in sorted(path for path in assets_folder().rglob("*") if path.is_file()):
        digest.update(path.relative_to(assets_folder()).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def serve_bundle(name: str) -> flask.Response:
    """The page's modules, or its styles, in one."""
    return flask.Response(module_bundle.page_bundles()[name], content_type=CONTENT_TYPES[splitext(name)[1]])


def serve_asset(other: str, name: str) -> flask.Response:
    """A file of another version's page, of the time when replicas are renewed one by one."""
    return (
        serve_bundle(name)
        if name in module_bundle.page_bundles()
        else flask.send_from_directory(assets_folder(), name)
    )


def serve_plotly(name: str) -> flask.Response:
    """Plotly's script in the best coding that the browser takes, compressed once."""
    script = plotly_javascript()
    if name != script.name:
        flask.abort(404)
    taken = flask.request.accept_encodings
    coding = next((coding for coding in script.encodings if taken[coding] > 0), None)
    response = flask.Response(
        script.encodings[coding] if coding else script.source, mimetype="text/javascript"
    )
    response.headers.update({"Cache-Control": CACHE_FOREVER, "Vary": "Accept-Encoding"})
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


def cache_policy(response: flask.Response) -> str:
    """For ever where the address names the content; Dash says so of its scripts by an age."""
    named = bool(response.cache_control.max_age) or assets_version() in flask.request.path
    return CACHE_FOREVER if named else REVALIDATE


def to_cached_response(response: flask.Response, cache_control: str) -> CachedResponse:
    """An answer of Dash or Flask as one to keep: a page packed in an eighth of zlib's time, a file as small as it gets."""
    response.direct_passthrough = False
    body = response.get_data()
    response.close()
    kind = CONTENT_TYPES.get(splitext(flask.request.path)[1]) or response.headers["Content-Type"]
    vary = (("Vary", "Accept-Language"),) if cache_control == CACHE_BRIEFLY else ()
    headers = (("Content-Type", kind), ("Cache-Control", cache_control), *vary)
    packed = (
        igzip.compress(body, 3, mtime=0)
        if cache_control == CACHE_BRIEFLY
        else gzip.compress(body, 9, mtime=0)
    )
    return CachedResponse(packed, headers, hashlib.sha256(body).hexdigest()[:16])
