"""The page: links to pictures, with the mathematics in ``losses``."""

import gc
import os

# Before NumPy is imported: answers share the cores, and small products only wait for each other in threads.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A start makes a hundred thousand objects and an answer leaves fourteen in cycles: looking for them was a tenth of a start.
gc.set_threshold(200_000, 20, 50)
