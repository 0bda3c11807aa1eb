"""The web application of Losslab, a Dash page; the mathematics is the package ``losses``.

Importing the package sets two process-wide defaults, which must come before NumPy and Dash are imported.
"""

import gc
import os

# Linear algebra uses one thread, unless the environment says otherwise: requests already share the cores, and
# the products here are so small that threads would mostly wait for each other.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# Collect garbage less often. Start-up creates about 100,000 objects that stay, and a response leaves about 14
# in reference cycles, so Python's default thresholds search much and find little. From start to first
# response they cost 0.71 s of processor time instead of 0.65 s, with 203 young collections and one full one
# instead of 16 and 0 (Python 3.11; best of 10).
gc.set_threshold(200_000, 20, 50)
