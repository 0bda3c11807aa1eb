"""The web application: Dash with a first picture in the page itself and a careful door."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flask

from .api import (
    csv_upload,
    export,
    menu_formulas,
    rate_preview,
    reference_table,
    start_preview,
    teacher_notes,
)
from .browser_assets.module_bundle import whole
from .browser_assets.palette import assets_folder
from .browser_assets.plotly_bundle import plotly
from .lessons import LESSONS
from .page.callbacks import register
from .page.layout import layout
from .problem_setup.registry import SUBJECTS
from .web import health, static_files
from .web.index_page import Losslab
from .web.json_provider import Quick
from .web.middleware import Porter


def create_app(**config: Any) -> Losslab:
    """The Dash application; ``create_app().server`` is its WSGI application."""
    app = Losslab(
        "app",
        title="Losslab",
        update_title="",
        assets_folder=str(assets_folder()),
        assets_url_path=f"assets/{static_files.version()}",
        assets_ignore=r"\.(css|mjs)$",
        compress=False,
        **config,
    )
    app.server.json = Quick(app.server)
    app.layout = layout()
    register(app)
    rules: dict[str, Callable[..., flask.Response]] = {
        "static/<name>": static_files.plotly_script,
        "assets/<other>/<path:name>": static_files.asset,
        "healthz": health.healthz,
        "readyz": health.readyz,
        "metrics": health.metrics,
    }
    rules |= {
        f"assets/{static_files.version()}/{name}": partial(static_files.joined, name) for name in whole()
    }
    for rule, view in rules.items():
        app.server.add_url_rule(app.config.routes_pathname_prefix + rule, f"losslab {rule}", view)
    for part in (
        csv_upload,
        export,
        rate_preview,
        menu_formulas,
        start_preview,
        teacher_notes,
        reference_table,
    ):
        part.register(app.server, app.config.routes_pathname_prefix)
    Porter(app).stand()
    return app


def wsgi() -> flask.Flask:
    """What a WSGI server is pointed at: ``gunicorn "app.server:wsgi()"``.

    It has compressed the script and shown everything that a class opens first,
    so that workers forked from here have all that in common and ready.
    """
    server: flask.Flask = create_app().server
    visitor = server.test_client()
    for link in ("", *(f"?data={key}" for key in SUBJECTS), *(f"?s={key}" for key in LESSONS)):
        visitor.get(f"/{link}")
    assert plotly().codings
    return server
