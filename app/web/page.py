"""The page itself, with the scene of the link that was opened in it."""

import html
import json
from typing import Any, Final

import flask
from dash import Dash

from app import ids
from app.bundle import plotly
from app.scene import scene
from app.state import parse

INDEX: Final = """<!DOCTYPE html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<meta name="description" content="{about}">
<meta property="og:title" content="{named}">
<meta property="og:description" content="{about}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Losslab">
<meta property="og:image" content="{picture}">
<meta property="og:image:alt" content="{named}">
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


PREVIEW: Final = 1200, 630
"""Pixels of the picture that stands beside a link where it is shared."""


def preview(lesson: str) -> str:
    """The picture of a link: the lesson's own, or the first screen."""
    return f"lesson-{lesson}.jpg" if lesson else "picture.png"


def told(first: dict[str, Any]) -> tuple[str, str]:
    """What a link is called where it is shared, and what is said of it there."""
    lesson = first["lesson"]
    if lesson:
        return f"{lesson['title']} · Losslab", f"{lesson['number']}. {lesson['question']}"
    return f"{first['title']} · Losslab", f"{first['title']}. See the loss surface and walk down it."


class Losslab(Dash):
    """Dash whose index already holds the scene of the link that was opened."""

    def _config(self) -> dict[str, Any]:
        """Less the token that Dash gives each page for jobs in the background: there are none here,
        and without it a link's page is the same for everyone, so it can be kept."""
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        config.pop("end_id", None)
        return config

    def index(self, *path: str, **named: str) -> str:
        """Dash gives the page for any path that nothing else wants; this one gives it for its own."""
        if path or named:
            flask.abort(404)
        return super().index()  # type: ignore[no-untyped-call, no-any-return]

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        state, notices = parse(flask.request.query_string.decode("utf-8", "replace"))
        first = scene(state, notices)
        named, about = told(first)
        picture = flask.request.host_url.rstrip("/") + self.get_asset_url(preview(state.s))
        return INDEX.format(
            theme=state.theme,
            title=html.escape(f"{first['title']} · Losslab"),
            named=html.escape(named),
            about=html.escape(about),
            icon=self.get_asset_url("icon.svg"),
            picture=html.escape(picture),
            first_scene=ids.FIRST_SCENE,
            scene=json.dumps(first, separators=(",", ":")).replace("<", "\\u003c"),
            plotly=f"{self.config.requests_pathname_prefix}static/{plotly().name}",
            **{name: parts[name] for name in ("css", "app_entry", "config", "scripts", "renderer")},
        )
