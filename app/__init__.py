"""The web application of Losslab, a Dash page; the mathematics is the package ``losses``.

Importing the package sets how many threads linear algebra uses, which must come before NumPy is imported.
"""

import os

# Linear algebra uses one thread, unless the environment says otherwise: requests already share the cores, and
# the products here are so small that threads would mostly wait for each other.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
