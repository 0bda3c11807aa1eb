"""What tests of the app share."""

import pytest

from app.server import create_app


@pytest.fixture(scope="module")
def client():
    """A client of a new application."""
    return create_app().server.test_client()
