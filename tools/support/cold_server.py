"""The WSGI application without the pages that ``app.server.wsgi`` computes before it serves."""

from flask import Flask

from app.server import create_app


def wsgi() -> Flask:
    """Return the application, which computes each page when it is asked for first."""
    server: Flask = create_app().server
    return server
