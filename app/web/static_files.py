"""Static files with cache headers; their addresses contain a hash, so that caches may keep them for ever."""

import gzip
import hashlib
import re
from functools import lru_cache
from os.path import splitext
from pathlib import Path
from typing import Final

import flask
from isal import igzip

from ..browser_assets import module_bundle
from ..browser_assets.palette import assets_folder
from ..browser_assets.plotly_bundle import plotly_javascript
from ..common.routes import route
from .response_cache import CachedResponse

CACHE_FOREVER: Final = "public, max-age=31536000, immutable"
CACHE_BRIEFLY: Final = "public, max-age=0, s-maxage=60, must-revalidate"
"""Policy of pages: a proxy keeps them for a minute, for a class that opens one link; browsers revalidate."""
REVALIDATE: Final = "no-cache"
PLOTLY_NAME: Final = re.compile(r"plotly-[0-9a-zA-Z.]{1,64}\.js")
"""The names of Plotly's script in all versions of the page."""
CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".map": "application/json",
}
"""Content types by suffix. ``mimetypes`` reads the registry of Windows, which may call a script text/plain;
with ``nosniff`` browsers would not run it."""


@lru_cache(maxsize=1)
def assets_version() -> str:
    """Return a hash of all assets, which is part of their path: a page loads only files of its version.

    It holds what the bundles are made of, not the bundles, which the first answer does not need.
    """
    digest = hashlib.sha256(Path(module_bundle.__file__).read_bytes())
    for path in sorted(path for path in assets_folder().rglob("*") if path.is_file()):
        digest.update(path.relative_to(assets_folder()).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@route("assets/<version>/<path:name>", "file")
def serve_asset(version: str, name: str) -> flask.Response:
    """Return an asset, or the bundle of the page's modules or of its style sheets.

    ``version`` may be another one: while replicas are updated one by one, a page of one version may request
    its files from a replica of another.
    """
    bundles = module_bundle.page_bundles()
    if name in bundles:
        return flask.Response(bundles[name], content_type=CONTENT_TYPES[splitext(name)[1]])
    return flask.send_from_directory(assets_folder(), name)


@route("static/<name>", "script")
def serve_plotly(name: str) -> flask.Response:
    """Return Plotly's script in the smallest encoding that the browser accepts."""
    script = plotly_javascript()
    is_current = name == script.name
    if not is_current and not PLOTLY_NAME.fullmatch(name):
        flask.abort(404)
    accepted = flask.request.accept_encodings
    encoding = next((name for name in script.encodings if accepted[name] > 0), None)
    response = flask.Response(
        script.encodings[encoding] if encoding else script.source, mimetype="text/javascript"
    )
    policy = CACHE_FOREVER if is_current else REVALIDATE  # for a page of another version: see serve_asset
    response.headers.update({"Cache-Control": policy, "Vary": "Accept-Encoding"})
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def cache_policy(response: flask.Response) -> str:
    """Return the ``Cache-Control`` of a file: for ever if its address contains a hash of its content.

    Dash marks its own such scripts with a ``max-age``.
    """
    is_versioned = bool(response.cache_control.max_age) or assets_version() in flask.request.path
    return CACHE_FOREVER if is_versioned else REVALIDATE


def to_cached_response(response: flask.Response, cache_control: str) -> CachedResponse:
    """Compress a response of Dash or Flask for a response cache.

    Pages are compressed with isal, which takes an eighth of zlib's time; files, which are compressed once for
    the life of the process, with zlib's highest level.
    """
    response.direct_passthrough = False
    body = response.get_data()
    response.close()
    content_type = CONTENT_TYPES.get(splitext(flask.request.path)[1]) or response.headers["Content-Type"]
    vary = (("Vary", "Accept-Language"),) if cache_control == CACHE_BRIEFLY else ()
    headers = (("Content-Type", content_type), ("Cache-Control", cache_control), *vary)
    compressed = (
        igzip.compress(body, 3, mtime=0)
        if cache_control == CACHE_BRIEFLY
        else gzip.compress(body, 9, mtime=0)
    )
    return CachedResponse(compressed, headers, hashlib.sha256(body).hexdigest()[:16])
