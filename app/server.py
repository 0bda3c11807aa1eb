"""Build the web application: the Dash page, its other routes and the middleware."""

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
from .browser_assets.module_bundle import page_bundles
from .browser_assets.palette import assets_folder
from .browser_assets.plotly_bundle import plotly_javascript
from .lessons import LESSONS
from .page.callbacks import register_callbacks
from .page.layout import page_layout
from .problem_setup.registry import SUBJECTS
from .web import health, static_files
from .web.index_page import Losslab
from .web.json_provider import OrjsonProvider
from .web.middleware import Middleware


def create_app(**config: Any) -> Losslab:
    """Return the Dash application; ``create_app().server`` is its WSGI application.

    ``config`` is passed on to Dash, for example ``url_base_pathname``.
    """
    app = Losslab(
        "app",
        title="Losslab",
        update_title="",
        assets_folder=str(assets_folder()),
        assets_url_path=f"assets/{static_files.assets_version()}",
        assets_ignore=r"\.(css|mjs)$",
        compress=False,
        **config,
    )
    app.server.json = OrjsonProvider(app.server)
    app.layout = page_layout()
    register_callbacks(app)
    views: dict[str, Callable[..., flask.Response]] = {
        "static/<name>": static_files.serve_plotly,
        "assets/<other>/<path:name>": static_files.serve_asset,
        "healthz": health.healthz,
        "readyz": health.readyz,
        "metrics": health.metrics,
    }
    views |= {
        f"assets/{static_files.assets_version()}/{name}": partial(static_files.serve_bundle, name)
        for name in page_bundles()
    }
    for rule, view in views.items():
        app.server.add_url_rule(app.config.routes_pathname_prefix + rule, f"losslab {rule}", view)
    for api_module in (
        csv_upload,
        export,
        rate_preview,
        menu_formulas,
        start_preview,
        teacher_notes,
        reference_table,
    ):
        api_module.register(app.server, app.config.routes_pathname_prefix)
    Middleware(app).install()
    return app


def wsgi() -> flask.Flask:
    """Return the WSGI application with warm caches, for ``gunicorn "app.server:wsgi()"``.

    It has already served the pages of every dataset and lesson and compressed Plotly's script, so that
    workers forked from this process share these caches.
    """
    server: flask.Flask = create_app().server
    client = server.test_client()
    for link in ("", *(f"?data={key}" for key in SUBJECTS), *(f"?s={key}" for key in LESSONS)):
        client.get(f"/{link}")
    assert plotly_javascript().encodings  # computed on first access
    return server
