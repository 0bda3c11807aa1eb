"""The HTML of the page, which contains the first scene: that of the link that was opened."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import flask
from dash import Dash
from dash.development.base_component import Component

from losses.core.messages import message

from ..api.served_course import picture_url
from ..browser_assets.module_bundle import SCRIPT_NAME, STYLESHEET_NAME
from ..browser_assets.palette import assets_folder
from ..browser_assets.plotly_bundle import plotly_javascript
from ..common import ids
from ..common.environment import FRAME_ANCESTORS
from ..i18n.alternates import alternate_links
from ..i18n.markdown import without_markup
from ..i18n.translation import ENGLISH, Language, resolve_language
from ..lessons import LESSONS
from ..page.layout import page_layout
from ..page.scene import scene
from ..protocol.base import encode_for_html
from ..protocol.catalogue import TextCatalogue
from ..protocol.scene import Scene
from ..url_state.state import parse
from .static_files import assets_version

NO_SCRIPT: Final = message("Losslab needs JavaScript, which this browser has switched off.")
UNUSED_COMPONENTS: Final = ("/dash/dcc/", "/dash/dash_table/")
"""Parts of the addresses of the components that the page does not use: 121 kB of scripts, compressed."""
PREVIEW_SIZE: Final = 1200, 630
"""Width and height, in pixels, of the picture that is shown beside a shared link."""


def preview_image(lesson: str) -> str:
    """Return the path among the assets of a link's picture: its lesson's or that of the first screen."""
    name = f"images/lesson-{lesson}.jpg"
    has_picture = lesson in LESSONS and (assets_folder() / name).exists()
    return name if has_picture else "images/picture.png"


def social_texts(first_scene: Scene) -> tuple[str, str]:
    """Return title and description of a shared link, from the scene that it opens."""
    lesson = first_scene.lesson
    if lesson:
        return f"{lesson.title} · Losslab", f"{lesson.number}. {without_markup(lesson.question)}"
    about = message("{title}. See the loss surface and walk down it.", title=first_scene.title)
    return f"{first_scene.title} · Losslab", about


@lru_cache(maxsize=8)
def catalogue_json(language: Language) -> str:
    """Return the translations that the browser needs, as JSON; empty for English.

    They are the texts of the layout, which Dash serves in English, and those of the browser modules.
    """
    if language.key == ENGLISH:
        return ""
    layout_texts = {str(text): language.translate(text) for text in translatable_texts(page_layout())}
    return encode_for_html(text_catalogue(language, layout_texts))


def text_catalogue(language: Language, layout_texts: Mapping[str, str]) -> TextCatalogue:
    """Return the translations of the texts in browser modules and those of the layout."""
    return TextCatalogue(
        language=language.key,
        texts={**language.browser_texts, **layout_texts},
        plurals=language.browser_plurals,
        decimal_mark=language.decimal_mark,
    )


def translatable_texts(component: Any) -> Iterator[Any]:
    """Yield the translatable texts of a Dash component and its children: strings of a subclass of ``str``."""
    if isinstance(component, Component):
        component = component.to_plotly_json()["props"].values()  # type: ignore[no-untyped-call]
    if isinstance(component, str):
        yield from [component] if type(component) is not str else []
    elif isinstance(component, Iterable):
        for part in component:
            yield from translatable_texts(part)


def without_page_token(config: str) -> str:
    """Return the script element of Dash's configuration without ``end_id``.

    That random token of each page protects background callbacks, of which there are none. Without it every
    worker sends the same page for a link, so that browsers and proxies can keep it.
    """
    opening, _, rest = config.partition(">")
    text, _, closing = rest.rpartition("<")
    entries = json.loads(text)
    entries.pop("end_id", None)
    return f"{opening}>{encode_for_html(entries)}<{closing}"


def without_unused_components(scripts: str) -> str:
    """Return the script elements, one a line, without those of ``UNUSED_COMPONENTS``."""
    lines = scripts.splitlines()
    return "\n".join(line for line in lines if not any(part in line for part in UNUSED_COMPONENTS))


class Losslab(Dash):
    """Dash with an index page of our own, which contains the first scene."""

    def asset_url(self, path: str) -> str:
        """Return the address of an asset, which changes with the assets."""
        return str(self.get_asset_url(f"{assets_version()}/{path}"))

    def picture_of(self, lesson: str) -> str:
        """Return the address of the picture of a link."""
        own = picture_url(LESSONS[lesson]) if lesson in LESSONS else ""
        return own or self.asset_url(preview_image(lesson))

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Return the HTML of the page for the link of the current request.

        Dash also asks for paths below the page, which are answered with 404.
        """
        if flask.request.path != self.config.routes_pathname_prefix:
            flask.abort(404)
        state, notices = parse(flask.request.query_string.decode("utf-8", "replace"))
        language = resolve_language(state.lang)
        first_scene = language.translate(scene(state, notices))
        social_title, about = map(language.translate, social_texts(first_scene))
        prefix = self.config.requests_pathname_prefix
        return flask.render_template(
            "index.html",
            ids=ids,
            lang=language.key,
            theme=state.theme,
            frames="" if (frames := FRAME_ANCESTORS.read()) == FRAME_ANCESTORS.default else frames,
            alternates=alternate_links(prefix, s=state.lesson),
            title=first_scene.title,
            social_title=social_title,
            about=about,
            icon=self.asset_url("images/icon.svg"),
            picture=flask.request.host_url.rstrip("/") + self.picture_of(state.lesson),
            style_sheet=self.asset_url(STYLESHEET_NAME),
            script=self.asset_url(SCRIPT_NAME),
            plotly=f"{prefix}static/{plotly_javascript().name}",
            prefix=prefix,
            catalogue=catalogue_json(language),
            first_scene=encode_for_html(first_scene),
            noscript=language.translate(NO_SCRIPT),
            app_entry=parts["app_entry"],
            config=without_page_token(parts["config"]),
            scripts=without_unused_components(parts["scripts"]),
            renderer=parts["renderer"],
        )
