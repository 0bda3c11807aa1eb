"""Before anything imports NumPy: as many threads for its products as the page has."""

import app  # noqa: F401
