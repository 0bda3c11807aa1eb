"""The HTML of the page, which contains the first scene: that of the link that was opened."""

import html
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
from ..protocol.base import encode
from ..protocol.catalogue import TextCatalogue
from ..protocol.scene import Scene
from ..url_state.state import parse

INDEX_TEMPLATE: Final = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<meta name="description" content="{about}">
<meta property="og:title" content="{social_title}">
<meta property="og:description" content="{about}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Losslab">
<meta property="og:image" content="{picture}">
<meta property="og:image:alt" content="{social_title}">
<meta name="twitter:card" content="summary_large_image">
<link rel="icon" type="image/svg+xml" href="{icon}">
<link rel="stylesheet" href="{style_sheet}">
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
"""Width and height, in pixels, of the picture that is shown beside a shared link."""


def preview_image(lesson: str) -> str:
    """Return the path below ``assets/`` of a link's picture: its lesson's or that of the first screen."""
    name = f"images/lesson-{lesson}.jpg"
    return name if lesson and (assets_folder() / name).exists() else "images/picture.png"


def social_texts(first_scene: Scene) -> tuple[str, str]:
    """Return title and description of a shared link, from the scene that it opens."""
    lesson = first_scene.lesson
    if lesson:
        return f"{lesson.title} · Losslab", f"{lesson.number}. {lesson.question}"
    about = message("{title}. See the loss surface and walk down it.", title=first_scene.title)
    return f"{first_scene.title} · Losslab", about


def json_for_html(value: Any) -> str:
    """Return JSON that is safe inside a ``<script>`` element: it has no ``<``."""
    return encode(value).decode().replace("<", "\\u003c")


@lru_cache(maxsize=8)
def catalogue_script(language: Language) -> str:
    """Return an inline script of JSON with the translations that the browser needs; empty for English.

    They are the texts of the layout, which Dash serves in English, and those of the browser modules.
    """
    if language.key == ENGLISH:
        return ""
    layout_texts = {str(text): language.translate(text) for text in translatable_texts(page_layout())}
    texts = {**language.browser_texts, **layout_texts}
    catalogue = json_for_html(TextCatalogue(texts=texts, decimal_mark=language.decimal_mark))
    return f'<script id="{ids.CATALOGUE}" type="application/json">{catalogue}</script>\n'


def translatable_texts(component: Any) -> Iterator[Any]:
    """Yield the translatable texts of a Dash component and its children: strings of a subclass of ``str``."""
    if isinstance(component, Component):
        component = component.to_plotly_json()["props"].values()  # type: ignore[no-untyped-call]
    if isinstance(component, str):
        yield from [component] if type(component) is not str else []
    elif isinstance(component, Iterable):
        for part in component:
            yield from translatable_texts(part)


class Losslab(Dash):
    """Dash with an index page of our own, which contains the first scene."""

    def _config(self) -> dict[str, Any]:
        """Return Dash's configuration of the page without two entries.

        ``end_id`` is a token for background callbacks, of which there are none; without it the page of a link
        is the same for everyone and can be cached. ``validation_layout`` serves to check callbacks in the
        browser; a test checks ours.
        """
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        for unused in ("end_id", "validation_layout"):
            config.pop(unused, None)
        return config

    @cached_property
    def _constant_parts(self) -> tuple[str, str]:
        """The configuration and the script elements, which Dash would generate again for each page.

        The page uses only ``dash.html``, so the scripts of Dash's other component packages are left out.
        """
        scripts = super()._generate_scripts_html()
        config = f'<script id="_dash-config" type="application/json">{json_for_html(self._config())}</script>'
        return config, UNUSED_SCRIPTS.sub("", scripts)

    def _generate_config_html(self) -> str:
        return self._constant_parts[0]

    def _generate_scripts_html(self) -> str:
        return self._constant_parts[1]

    def index(self, *path: str, **named: str) -> str:
        """Return the page, or 404 for a path below it, for which Dash would return the page, too."""
        if path or named:
            flask.abort(404)
        return super().index()  # type: ignore[no-untyped-call, no-any-return]

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Return the HTML of the page for the link of the current request."""
        state, notices = parse(flask.request.query_string.decode("utf-8", "replace"))
        language = resolve_language(state.lang)
        first_scene = language.translate(scene(state, notices))
        social_title, about = map(language.translate, social_texts(first_scene))
        picture = flask.request.host_url.rstrip("/") + self.get_asset_url(preview_image(state.lesson))
        return INDEX_TEMPLATE.format(
            theme=state.theme,
            lang=language.key,
            language=catalogue_script(language),
            title=html.escape(f"{first_scene.title} · Losslab"),
            social_title=html.escape(social_title),
            about=html.escape(about),
            icon=self.get_asset_url("images/icon.svg"),
            picture=html.escape(picture),
            first_scene=ids.FIRST_SCENE,
            scene=json_for_html(first_scene),
            style_sheet=self.get_asset_url(STYLESHEET_NAME),
            script=self.get_asset_url(SCRIPT_NAME),
            plotly=f"{self.config.requests_pathname_prefix}static/{plotly_javascript().name}",
            prefix=self.config.requests_pathname_prefix,
            **{name: parts[name] for name in ("app_entry", "config", "scripts", "renderer")},
        )
