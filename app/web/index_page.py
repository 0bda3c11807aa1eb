"""The page itself, with the scene of the link that was opened in it."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, Final

import flask
from dash import Dash
from dash.development.base_component import Component

from losses.core.messages import message

from ..browser_assets.module_bundle import SCRIPT_NAME, STYLESHEET_NAME
from ..browser_assets.palette import assets_folder
from ..browser_assets.plotly_bundle import plotly_javascript
from ..common import ids
from ..i18n.translation import ENGLISH, Language, resolve_language
from ..page.layout import page_layout
from ..page.scene import scene
from ..url_state.state import parse

INDEX_TEMPLATE: Final = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
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
<link rel="stylesheet" href="{sheet}">
<link rel="preload" as="fetch" crossorigin="anonymous" href="{prefix}_dash-layout">
<link rel="preload" as="fetch" crossorigin="anonymous" href="{prefix}_dash-dependencies">
{language}<script id="{first_scene}" type="application/json">{scene}</script>
<script src="{plotly}" defer></script>
<script src="{script}" type="module"></script>
</head>
<body>
{app_entry}
<footer hidden>{config}{scripts}{renderer}</footer>
</body>
</html>"""


UNUSED_SCRIPTS: Final = re.compile(r'<script src="[^"]*/dash/(?:dcc|dash_table)/[^"]*"></script>\n?')
PREVIEW_SIZE: Final = 1200, 630
"""Pixels of the picture that stands beside a link where it is shared."""


def preview_image(lesson: str) -> str:
    """The picture of a link: the lesson's own where one has been drawn, else the first screen."""
    name = f"images/lesson-{lesson}.jpg"
    return name if lesson and (assets_folder() / name).exists() else "images/picture.png"


def social_texts(first_scene: dict[str, Any]) -> tuple[str, str]:
    """What a link is called where it is shared, and what is said of it there."""
    lesson = first_scene["lesson"]
    if lesson:
        return f"{lesson['title']} · Losslab", f"{lesson['number']}. {lesson['question']}"
    about = message("{title}. See the loss surface and walk down it.", title=first_scene["title"])
    return f"{first_scene['title']} · Losslab", about


def json_for_html(value: Any) -> str:
    """JSON that may stand in a page."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


@lru_cache(maxsize=8)
def catalogue_script(language: Language) -> str:
    """What a page brings along to say the shell's and the scripts' texts in its language; English nothing."""
    if language.key == ENGLISH:
        return ""
    shell = {str(text): language.translate(text) for text in translatable_texts(page_layout())}
    whole = json_for_html({"texts": {**language.browser_texts, **shell}, "mark": language.decimal_mark})
    return f'<script id="{ids.CATALOGUE}" type="application/json">{whole}</script>\n'


def translatable_texts(component: Any) -> Iterator[Any]:
    """Every text of a component that can be translated."""
    if isinstance(component, Component):
        component = component.to_plotly_json()["props"].values()  # type: ignore[no-untyped-call]
    if isinstance(component, str):
        yield from [component] if type(component) is not str else []
    elif isinstance(component, Iterable):
        for part in component:
            yield from translatable_texts(part)


class Losslab(Dash):
    """Dash whose index already holds the scene of the link that was opened."""

    def _config(self) -> dict[str, Any]:
        """Less the token that Dash gives each page for jobs in the background: there are none here,
        and without it a link's page is the same for everyone, so it can be kept. And less the layout that
        callbacks made later would be checked against: a test checks the one that there is."""
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        for needless in ("end_id", "validation_layout"):
            config.pop(needless, None)
        return config

    @cached_property
    def _constant_parts(self) -> tuple[str, str]:
        """The configuration and the scripts of every page, which Dash would make anew for each.

        Of Dash's components the page has none but HTML's, so it loads no others.
        """
        scripts = super()._generate_scripts_html()
        config = f'<script id="_dash-config" type="application/json">{json_for_html(self._config())}</script>'
        return config, UNUSED_SCRIPTS.sub("", scripts)

    def _generate_config_html(self) -> str:
        return self._constant_parts[0]

    def _generate_scripts_html(self) -> str:
        return self._constant_parts[1]

    def index(self, *path: str, **named: str) -> str:
        """Dash gives the page for any path that nothing else wants; this one gives it for its own."""
        if path or named:
            flask.abort(404)
        return super().index()  # type: ignore[no-untyped-call, no-any-return]

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        state, notices = parse(flask.request.query_string.decode("utf-8", "replace"))
        language = resolve_language(state.lang)
        first = language.translate(scene(state, notices))
        named, about = map(language.translate, social_texts(first))
        picture = flask.request.host_url.rstrip("/") + self.get_asset_url(preview_image(state.lesson))
        return INDEX_TEMPLATE.format(
            theme=state.theme,
            lang=language.key,
            language=catalogue_script(language),
            title=html.escape(f"{first['title']} · Losslab"),
            named=html.escape(named),
            about=html.escape(about),
            icon=self.get_asset_url("images/icon.svg"),
            picture=html.escape(picture),
            first_scene=ids.FIRST_SCENE,
            scene=json_for_html(first),
            sheet=self.get_asset_url(STYLESHEET_NAME),
            script=self.get_asset_url(SCRIPT_NAME),
            plotly=f"{self.config.requests_pathname_prefix}static/{plotly_javascript().name}",
            prefix=self.config.requests_pathname_prefix,
            **{name: parts[name] for name in ("app_entry", "config", "scripts", "renderer")},
        )
