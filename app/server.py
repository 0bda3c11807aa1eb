"""The web application: Dash with a first picture in the page itself and a careful door."""

import gzip
import html
import json
from typing import Any, Final

import flask
from dash import Dash

from app import ids
from app.bundle import plotly
from app.callbacks import register
from app.exchange import BadRequest, Request
from app.layout import layout
from app.scene import scene
from app.state import parse
from app.theme import assets_folder

MAX_BODY: Final = 64_000
CALLBACK: Final = "_dash-update-component"
DASH_PATHS: Final = ("_dash-", "_favicon.ico", "_reload-hash", "assets/", "static/")
INDEX: Final = """<!DOCTYPE html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<meta name="description" content="{title}. See the loss surface and walk down it.">
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="Losslab">
<meta property="og:image" content="{picture}">
<meta name="twitter:card" content="summary_large_image">
<link rel="icon" type="image/svg+xml" href="{icon}">
{css}
<script id="{first_scene}" type="application/json">{scene}</script>
<script src="{plotly}" defer></script>
</head>
<body>
{app_entry}
<footer hidden>{config}{scripts}{renderer}</footer>
</body>
</html>"""


class Losslab(Dash):
    """Dash whose index already holds the scene of the link that was opened."""

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        state, notices = parse(flask.request.query_string.decode("utf-8", "replace"))
        first = scene(state, notices)
        return INDEX.format(
            theme=state.theme,
            title=html.escape(f"{first['title']} · Losslab"),
            icon=self.get_asset_url("icon.svg"),
            picture=flask.request.url_root.rstrip("/") + self.get_asset_url("picture.png"),
            first_scene=ids.FIRST_SCENE,
            scene=json.dumps(first, separators=(",", ":")).replace("<", "\\u003c"),
            plotly=f"{self.config.requests_pathname_prefix}static/{plotly().name}",
            **{name: parts[name] for name in ("css", "app_entry", "config", "scripts", "renderer")},
        )


def create_app(**config: Any) -> Losslab:
    """The Dash application; ``create_app().server`` is its WSGI application."""
    app = Losslab(
        "app",
        title="Losslab",
        update_title="",
        assets_folder=str(assets_folder()),
        assets_ignore=r"^(?!main\.mjs$).*\.mjs$",
        compress=False,
        **config,
    )
    app.layout = layout
    register(app)
    prefix = app.config.routes_pathname_prefix
    app.server.add_url_rule(f"{prefix}static/<name>", "static_plotly", _serve_plotly)
    app.server.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.server.before_request(lambda: _guard(prefix))
    app.server.after_request(_compress)
    return app


def wsgi() -> flask.Flask:
    """What a WSGI server is pointed at: ``gunicorn "app.server:wsgi()"``."""
    server: flask.Flask = create_app().server
    return server


def _refusal(status: int, sentence: str) -> flask.Response:
    return flask.Response(sentence + "\n", status, mimetype="text/plain")


def _guard(prefix: str) -> flask.Response | None:
    """Turn away what the page would never ask for, before Dash trips over it."""
    path = flask.request.path.removeprefix(prefix)
    if path and not path.startswith(DASH_PATHS):
        return _refusal(404, "There is no such page here.")
    if path != CALLBACK:
        return None
    try:
        Request.parse(_inputs(flask.request.get_json(silent=True)))
    except RecursionError:
        return _refusal(400, "This is nested too deep.")
    except BadRequest as wrong:
        return _refusal(400, str(wrong))
    return None


def _inputs(body: Any) -> Any:
    """The one value that the page's one server callback is called with."""
    expected = {
        "output": f"{ids.ANSWER}.data",
        "outputs": {"id": ids.ANSWER, "property": "data"},
        "changedPropIds": [f"{ids.REQUEST}.data"],
    }
    match body:
        case {"inputs": [{"id": ids.REQUEST, "property": "data", "value": value}]} if all(
            body.get(key) == part for key, part in expected.items()
        ):
            return value
    raise BadRequest("This is not a request of the page.")


def _serve_plotly(name: str) -> flask.Response:
    script = plotly()
    if name != script.name:
        return _refusal(404, "There is no such file here.")
    taken = flask.request.accept_encodings
    coding = next((coding for coding in script.codings if taken[coding] > 0), None)
    response = flask.Response(script.codings[coding] if coding else script.source, mimetype="text/javascript")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


def _compress(response: flask.Response) -> flask.Response:
    """Gzip what is worth it; the fast level, because scenes are made for one reader each."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if (
        not flask.request.accept_encodings["gzip"]
        or "Content-Encoding" in response.headers
        or response.direct_passthrough
        or response.status_code != 200
        or len(response.get_data()) < 1000
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), 4))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response
