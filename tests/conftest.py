"""Before anything imports NumPy: as many threads for its products as the page has."""

from hypothesis import settings

import app  # noqa: F401

settings.register_profile("steady", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile("steady")
