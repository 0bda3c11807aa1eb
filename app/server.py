"""Build the web application: the Dash page, its other routes and the middleware."""

from typing import Any

import flask

from .api import (  # noqa: F401  # each declares its routes when it is imported
    cloud,
    completion_slip,
    csv_upload,
    export,
    lesson_form,
    lesson_gallery,
    loss_bending,
    menu_formulas,
    rate_preview,
    reference_table,
    scorm_package,
    start_preview,
    teacher_notes,
)
from .api.served_course import install_course
from .browser_assets.module_bundle import page_bundles
from .browser_assets.palette import assets_folder
from .browser_assets.plotly_bundle import plotly_javascript
from .classroom import pages, remote_routes, routes  # noqa: F401  # these, too
from .classroom.classroom import install as install_classes
from .lessons import LESSONS
from .page.callbacks import register_callbacks
from .page.layout import page_layout
from .problem_setup.registry import SUBJECTS
from .web import health, static_files  # noqa: F401  # these, too
from .web.index_page import Losslab
from .web.json_provider import OrjsonProvider
from .web.middleware import Middleware, fail_callback
from .web.request_validation import HEALTH_ENDPOINT


def create_app(*, lessons: str = "", **config: Any) -> Losslab:
    """Return the Dash application; ``create_app().server`` is its WSGI application.

    ``lessons`` is the path of a course file, by default that of the environment. ``config`` is passed on to
    Dash, for example ``url_base_pathname``.
    """
    app = Losslab(
        __package__,
        title="Losslab",
        update_title="",
        assets_folder=str(assets_folder()),
        assets_ignore=r"\.(css|mjs)$",
        health_endpoint=HEALTH_ENDPOINT,
        on_error=fail_callback,
        compress=False,
        **config,
    )
    app.server.json = OrjsonProvider(app.server)
    install_course(app.server, lessons)
    app.layout = page_layout()
    register_callbacks(app)
    Middleware(app).install()
    install_classes(app.server)
    return app


def wsgi() -> flask.Flask:
    """Return the WSGI application with warm caches, for ``gunicorn "losslab.server:wsgi()"``.

    It has already served the pages of every dataset and lesson, read Plotly's script and joined the page's,
    so that workers forked from this process share these caches.
    """
    app = create_app()
    client = app.server.test_client()
    for link in ("", "lessons", *(f"?data={key}" for key in SUBJECTS), *(f"?s={key}" for key in LESSONS)):
        client.get(app.config.routes_pathname_prefix + link)
    plotly_javascript()
    page_bundles()
    server: flask.Flask = app.server
    return server
