"""The web application: Dash with a first picture in the page itself and a careful door."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flask

from app import export, fan, formulas, glimpse, published, teacher, upload
from app.bundle import plotly
from app.callbacks import register
from app.layout import layout
from app.lessons import LESSONS
from app.modules import whole
from app.problems import SUBJECTS
from app.theme import assets_folder
from app.web import files, health
from app.web.json import Quick
from app.web.page import Losslab
from app.web.porter import Porter


def create_app(**config: Any) -> Losslab:
    """The Dash application; ``create_app().server`` is its WSGI application."""
    app = Losslab(
        "app",
        title="Losslab",
        update_title="",
        assets_folder=str(assets_folder()),
        assets_url_path=f"assets/{files.version()}",
        assets_ignore=r"\.(css|mjs)$",
        compress=False,
        **config,
    )
    app.server.json = Quick(app.server)
    app.layout = layout()
    register(app)
    rules: dict[str, Callable[..., flask.Response]] = {
        "static/<name>": files.plotly_script,
        "assets/<other>/<path:name>": files.asset,
        "healthz": health.healthz,
        "readyz": health.readyz,
        "metrics": health.metrics,
    }
    rules |= {f"assets/{files.version()}/{name}": partial(files.joined, name) for name in whole()}
    for rule, view in rules.items():
        app.server.add_url_rule(app.config.routes_pathname_prefix + rule, f"losslab {rule}", view)
    for part in (upload, export, fan, formulas, glimpse, teacher, published):
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
