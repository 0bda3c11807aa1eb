"""Settings of all tests: the process defaults of the application and the profiles of hypothesis."""

from hypothesis import settings

import app  # noqa: F401  # sets the number of BLAS threads; must come before NumPy

settings.register_profile("steady", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile("steady")
