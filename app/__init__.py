"""The page: links to pictures, with the mathematics in ``losses``."""

import gc
import os

# Before NumPy is imported: answers share the cores, and small products only wait for each other in threads.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# Modules and answers are many objects and no cycles: looking for cycles after each 700 new ones was a tenth of a start.
gc.set_threshold(20_000, 20, 50)
